//! What `usher serve` can be told: by flags, `USHER_*` in the environment, and a TOML file, in this order of weight.

use anyhow::Context;
use clap::{Args, ValueEnum};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use usher_engine::{CompileLimits, EngineOptions, UploadLimits};
use usher_model::{CallLimits, DailyCaps};
use usher_server::{
    BreakerLimits, Clock, LedgerSettings, Limits, PluginLogLimits, PushQuotas, Registries, WebhookLimits, daily_actions,
};
use usher_store::{DatabaseUrl, InvalidUrl, PostgresOptions, SqliteOptions};

/// Where the time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClockFlag {
    /// The wall clock.
    Wall,
    /// The events' own times: for tests, demos and simulations.
    Events,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs, one JSON object a line.
    Json,
}

/// Flags of `usher serve`.
#[derive(Debug, Args, Serialize)]
pub(crate) struct ServeFlags {
    /// Address to listen on [default: 127.0.0.1:8080; env: USHER_LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Folder for the database and the cache of compiled plugins [default: ./usher-data; env: USHER_DATA]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Folder for compiled plugins, which hosts of one user may share [default: cache in the data folder; env: USHER_CACHE]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<PathBuf>,
    /// A PostgreSQL database instead of the file in the data folder; several hosts may share it. Others on this machine
    /// see flags: if the address has a password, set the variable instead [env: USHER_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<Secret>,
    /// Where the time comes from [default: wall; env: USHER_CLOCK]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<ClockFlag>,
    /// How the log is written [default: text; env: USHER_LOG_FORMAT]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
    /// What is logged, as `tracing` filters, for example `info,usher_server=debug` [default: info; env: USHER_LOG]
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    /// A TOML file with the same keys, and tables; `--print-config` shows all of them
    #[arg(long, value_name = "FILE", env = "USHER_CONFIG")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// Print the settings in force, as TOML, and end
    #[arg(long)]
    #[serde(skip)]
    pub(crate) print_config: bool,
}

/// Settings of a host.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// Address to listen on.
    pub(crate) listen: SocketAddr,
    /// Folder for the database and the cache.
    pub(crate) data: PathBuf,
    /// Folder for compiled plugins, if it is not `cache` in the data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache: Option<PathBuf>,
    /// A PostgreSQL database, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, instead of the file in the data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_url: Option<Secret>,
    /// Where the time comes from.
    pub(crate) clock: ClockFlag,
    /// How the log is written.
    pub(crate) log_format: LogFormat,
    /// What is logged.
    pub(crate) log: String,
    /// Instances of plugins that may live at once.
    pub(crate) instances: u32,
    /// Bytes of each instance's memory that stay resident.
    pub(crate) resident_bytes: usize,
    /// How long a call waits for room when so many are alive, in milliseconds.
    pub(crate) instances_wait_ms: u64,
    /// Stack of a call, in bytes.
    pub(crate) stack_bytes: usize,
    /// Compiled code on disk, in bytes.
    pub(crate) cache_disk_bytes: u64,
    /// The HTTP surface and what is kept in memory.
    pub(crate) limits: Limits,
    /// What a component may be.
    pub(crate) plugins: UploadLimits,
    /// What compiling a component may use.
    pub(crate) compile: CompileLimits,
    /// What one call of a plugin may use where its enablement says nothing.
    pub(crate) calls: CallLimits,
    /// The most that an enablement may ask for.
    pub(crate) calls_max: CallLimits,
    /// When a plugin is taken out of the way for a while.
    pub(crate) breaker: BreakerLimits,
    /// The most actions of a kind that are done in a day without a person, where an enablement says nothing.
    pub(crate) daily_actions: DailyCaps,
    /// Whether activity is counted.
    pub(crate) ledger: LedgerSettings,
    /// How webhooks are told.
    pub(crate) webhooks: WebhookLimits,
    /// How much is kept of what plugins write to their logs.
    pub(crate) plugin_logs: PluginLogLimits,
    /// Where plugins may be pulled from.
    pub(crate) registries: Registries,
    /// How often somebody may be pushed at.
    pub(crate) pushes: PushQuotas,
    /// The database.
    pub(crate) store: StoreSettings,
}

impl Settings {
    /// As they may be shown: the address of the database without its password, and registries without theirs.
    ///
    /// # Errors
    /// [`InvalidUrl`] when it is none.
    pub(crate) fn shown(&self) -> Result<Self, InvalidUrl> {
        let database_url = self.database_url.as_ref().map(|url| url.0.parse::<DatabaseUrl>()).transpose()?;
        let database_url = database_url.map(|url| Secret(url.to_string()));
        Ok(Self { database_url, registries: self.registries.shown(), ..self.clone() })
    }
}

/// Something that is not printed by accident.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Settings of the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoreSettings {
    /// Connections that look something up, of SQLite.
    pub(crate) readers: u32,
    /// Connections for long reads beside them, of SQLite.
    pub(crate) scanners: u32,
    /// Connections that sum up what members did, of SQLite.
    pub(crate) summers: u32,
    /// Connections beside the one that commits, of PostgreSQL.
    pub(crate) connections: u32,
    /// How long PostgreSQL may take for one operation, in milliseconds.
    pub(crate) answer_ms: u64,
    /// Commits that may wait for the disk.
    pub(crate) queue_commits: usize,
    /// Commits that share one disk sync at most.
    pub(crate) batch_commits: usize,
    /// Pages of SQLite's log, of 4 KiB, after which it begins anew.
    pub(crate) fold_pages: u32,
}

impl Default for StoreSettings {
    fn default() -> Self {
        let options = SqliteOptions::new(PathBuf::new());
        Self {
            readers: options.readers,
            scanners: options.scanners,
            summers: options.summers,
            connections: PostgresOptions::CONNECTIONS,
            answer_ms: PostgresOptions::ANSWER_MS,
            queue_commits: options.queue_commits_max,
            batch_commits: options.batch_commits_max,
            fold_pages: options.fold_pages,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        let engine = EngineOptions::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("usher-data"),
            cache: None,
            database_url: None,
            clock: ClockFlag::Wall,
            log_format: LogFormat::Text,
            log: "info".into(),
            instances: engine.instances,
            resident_bytes: engine.resident_bytes,
            instances_wait_ms: engine.instances_wait_ms,
            stack_bytes: engine.stack_bytes,
            cache_disk_bytes: engine.cache_disk_bytes,
            limits: Limits::default(),
            plugins: engine.upload,
            compile: engine.compile,
            calls: engine.calls.default,
            calls_max: engine.calls.ceiling,
            breaker: BreakerLimits::default(),
            daily_actions: daily_actions(),
            ledger: LedgerSettings::default(),
            webhooks: WebhookLimits::default(),
            plugin_logs: PluginLogLimits::default(),
            registries: Registries::default(),
            pushes: PushQuotas::default(),
            store: StoreSettings::default(),
        }
    }
}

impl From<ClockFlag> for Clock {
    fn from(flag: ClockFlag) -> Self {
        match flag {
            ClockFlag::Wall => Clock::Wall,
            ClockFlag::Events => Clock::Events,
        }
    }
}

/// Variables of the environment that are no settings.
const NO_SETTINGS: [&str; 7] =
    ["admin_key", "config", "key", "host", "tools", "registry_username", "registry_password"];

/// Defaults, then the file, then the environment, then the flags. An unknown name is an error.
pub(crate) fn load(flags: &ServeFlags) -> anyhow::Result<Settings> {
    let mut figment = Figment::from(Serialized::defaults(Settings::default()));
    if let Some(path) = &flags.config {
        check_readable(path)?;
        figment = figment.merge(Toml::file_exact(path));
    }
    figment
        .merge(Env::prefixed("USHER_").ignore(&NO_SETTINGS).split("__"))
        .merge(Serialized::defaults(flags))
        .extract()
        .context("the settings can't be read")
}

fn check_readable(path: &Path) -> anyhow::Result<()> {
    std::fs::metadata(path).with_context(|| format!("the configuration file `{}` can't be read", path.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const PAGE: &str = include_str!("../../../docs/operators/limits.md");

    /// Every number of the settings, as `table.key`.
    fn numbers() -> BTreeMap<String, u64> {
        let settings = serde_json::to_value(Settings::default()).unwrap();
        let mut numbers = BTreeMap::new();
        for (name, value) in settings.as_object().unwrap() {
            numbers.extend(value.as_u64().map(|number| (name.clone(), number)));
            let inner = value.as_object().into_iter().flatten();
            numbers.extend(inner.filter_map(|(key, value)| Some((format!("{name}.{key}"), value.as_u64()?))));
        }
        numbers
    }

    /// Every row of the page that begins with a setting; a third column that is a number is the ceiling.
    fn documented() -> BTreeMap<String, u64> {
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
        let mut documented = BTreeMap::new();
        for row in rows {
            let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_end_matches('`')).collect();
            documented.insert(cells[0].to_owned(), cells[1].parse().unwrap());
            if let Ok(ceiling) = cells[2].parse() {
                documented.insert(cells[0].replacen('.', "_max.", 1), ceiling);
            }
        }
        documented
    }

    /// Every row of the page whose first number is fixed, by what it limits; sizes in bytes.
    fn fixed() -> BTreeMap<&'static str, u64> {
        let (_, table) = PAGE.split_once("## Fixed").unwrap();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
        rows.filter_map(|row| {
            let mut cells = row.split(" | ");
            let (what, most) = (cells.next()?, cells.next()?);
            let (number, unit) = most.split_once(' ').unwrap_or((most, ""));
            let factor = match unit {
                "KiB" => 1 << 10,
                "MiB" => 1 << 20,
                _ => 1,
            };
            Some((what, number.replace(',', "").parse::<u64>().ok()? * factor))
        })
        .collect()
    }

    #[test]
    fn the_page_of_limits_has_what_is_fixed_as_the_code_has_it() {
        let fixed = fixed();
        let code = [
            ("memories of a component, over all its instances", u64::from(usher_engine::MEMORIES_MAX)),
            ("tables of a component, over all its instances", u64::from(usher_engine::TABLES_MAX)),
            ("memories that one module defines", u64::from(usher_engine::MODULE_MEMORIES_MAX)),
            ("tables that one module defines", u64::from(usher_engine::MODULE_TABLES_MAX)),
            ("what the runtime keeps for an instance beside its memory", usher_engine::INSTANCE_BYTES_MAX as u64),
            ("the beginning of a text that `history` compares with others", usher_engine::COMPARED_BYTES as u64),
            ("strikes of a member in a group that are kept apart", usher_model::STRIKES_MAX as u64),
            ("labels that plugins gave to a member in a group", usher_model::LABELS_MAX as u64),
            ("additions of a counter that are kept apart", usher_model::ADDITIONS_MAX as u64),
            ("entries of a word list", usher_text::LIST_ENTRIES_MAX as u64),
            ("an entry of a word list", usher_text::ENTRY_BYTES_MAX as u64),
            ("all entries of a word list together", usher_text::LIST_BYTES_MAX as u64),
            ("hits of a list in a text", usher_text::HITS_MAX as u64),
            ("long changes whose outcome a host remembers", usher_server::COMPILATIONS_MAX as u64),
            ("backtests of a brand that are kept", usher_server::BACKTESTS_MAX as u64),
        ];
        for (what, most) in code {
            assert_eq!(fixed.get(what), Some(&most), "{what}");
        }
    }

    #[test]
    fn the_page_of_limits_has_every_number_that_can_be_set() {
        assert_eq!(documented(), numbers());
    }
}
