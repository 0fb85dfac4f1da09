//! `usher serve`: the composition root.

use crate::output;
use crate::settings::{LogFormat, Secret, ServeFlags, Settings, load};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use usher_engine::{Compiler, Engine, EngineOptions};
use usher_model::CallBounds;
use usher_server::{AdminKey, Host, ServerConfig, serve};
use usher_store::{Postgres, PostgresOptions, Sqlite, SqliteOptions, Store};

/// Starts a host and serves until a signal says stop.
pub(crate) async fn run(flags: ServeFlags) -> anyhow::Result<ExitCode> {
    let settings = load(&flags)?;
    if flags.print_config {
        output::line(&toml::to_string_pretty(&settings.shown()?)?);
        return Ok(ExitCode::SUCCESS);
    }
    start_log(&settings)?;
    let (host, listener) = start(&settings, admin_key()?).await?;
    let address = listener.local_addr()?;
    output::aside(&format!("usher listens on http://{address}"));
    if !host.has_keys() {
        let secret = host.create_admin_key().await?;
        output::aside(&format!("admin key, shown this once: {secret}"));
    }
    serve(host, listener, stop()).await;
    tracing::info!("stopped; everything acknowledged is on disk");
    Ok(ExitCode::SUCCESS)
}

/// A host on these settings, and where it will listen.
pub(crate) async fn start(settings: &Settings, admin: Option<AdminKey>) -> anyhow::Result<(Arc<Host>, TcpListener)> {
    create_private(&settings.data)?;
    let store = open_store(settings).await?;
    let engine = Arc::new(Engine::new(engine_options(settings)?)?);
    tracing::info!(instances = ?engine.allocation(), "engine ready");
    let config = ServerConfig {
        clock: settings.clock.into(),
        limits: settings.limits.clone(),
        breaker: settings.breaker.clone(),
        daily_actions: settings.daily_actions.clone(),
        ledger: settings.ledger,
        webhooks: settings.webhooks.clone(),
        plugin_logs: settings.plugin_logs.clone(),
        registries: settings.registries.clone(),
        pushes: settings.pushes.clone(),
    };
    let host = Host::start(config, store, engine, admin).await.context("the host can't start")?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("can't listen on {}; choose another address with --listen", settings.listen))?;
    Ok((host, listener))
}

/// The admin key of the environment: for tests and automation.
fn admin_key() -> anyhow::Result<Option<AdminKey>> {
    match std::env::var("USHER_ADMIN_KEY") {
        Ok(secret) => AdminKey::new(&secret).map(Some).map_err(|law| anyhow::anyhow!("USHER_ADMIN_KEY: {law}")),
        Err(_) => Ok(None),
    }
}

async fn open_store(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    let limits = &settings.store;
    if let Some(Secret(url)) = &settings.database_url {
        let mut options = PostgresOptions::new(url.parse()?);
        options.connections = limits.connections;
        options.answer_ms = limits.answer_ms;
        options.queue_commits_max = limits.queue_commits;
        options.batch_commits_max = limits.batch_commits;
        tracing::info!(database = %options.url, "several hosts may share this database");
        return Ok(Arc::new(Postgres::open(options).await?));
    }
    let mut options = SqliteOptions::new(settings.data.join("usher.sqlite"));
    options.readers = limits.readers;
    options.scanners = limits.scanners;
    options.scanner_start = usher_server::low_priority;
    options.summers = limits.summers;
    options.summer_start = usher_server::idle_priority;
    options.queue_commits_max = limits.queue_commits;
    options.batch_commits_max = limits.batch_commits;
    options.fold_pages = limits.fold_pages;
    Ok(Arc::new(Sqlite::open(options).await?))
}

pub(crate) fn engine_options(settings: &Settings) -> anyhow::Result<EngineOptions> {
    Ok(EngineOptions {
        cache_dir: Some(settings.cache.clone().unwrap_or_else(|| settings.data.join("cache"))),
        cache_disk_bytes: settings.cache_disk_bytes,
        compiler: Compiler::Child(this_program()?),
        compile: settings.compile.clone(),
        instances: settings.instances,
        resident_bytes: settings.resident_bytes,
        instances_wait_ms: settings.instances_wait_ms,
        stack_bytes: settings.stack_bytes,
        upload: settings.plugins.clone(),
        calls: CallBounds { default: settings.calls.clone(), ceiling: settings.calls_max.clone() },
    })
}

/// This very program, to compile in: where the kernel names it, it is found also when its file was replaced meanwhile.
fn this_program() -> anyhow::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe().context("the program does not know where it lies")
}

/// Logs go to standard error; what people wait for goes to standard output.
fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log).context("`log` is no filter of tracing")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colour = std::io::IsTerminal::is_terminal(&std::io::stderr());
    match settings.log_format {
        LogFormat::Text => builder.with_ansi(colour).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// The data folder holds what members wrote and code that the host runs: nobody else's business.
fn create_private(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)))
        .with_context(|| format!("the data folder `{}` can't be made this user's alone", dir.display()))
}

/// Resolves at Ctrl-C or SIGTERM.
async fn stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tracing::info!("stopping: no new requests, those under way may end");
}
