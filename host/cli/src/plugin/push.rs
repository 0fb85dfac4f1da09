//! `usher plugin push`

use super::api::Api;
use super::local::{Facts, Local, read_component};
use super::remedy::explained;
use crate::output;
use anyhow::{Context, ensure};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use usher_net::oci::{About, Credentials, Network, Pushed, Reference, push};
use wasmparser::{Parser, Payload};

/// Flags of `usher plugin push`.
#[derive(Debug, Args)]
#[command(
    after_help = "To a host: the same bytes again change nothing. Other bytes need another version: raise it in the \
    plugin.\n\nTo a registry: `usher plugin push oci://ghcr.io/acme/word-guard` stores the component as a standard wasm \
    artifact, under its version where no tag is said, and tells the digest by which hosts pull it."
)]
pub(crate) struct PushFlags {
    /// The component, build/plugin.wasm if not said; and where it goes if that is no host: oci://REGISTRY/REPOSITORY:TAG
    #[arg(value_name = "COMPONENT|oci://…", num_args = 0..=2)]
    what: Vec<String>,
    /// The host's address
    #[arg(long, env = "USHER_HOST", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// A key of the host with the role admin
    #[arg(long, env = "USHER_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Who you are at the registry
    #[arg(long, env = "USHER_REGISTRY_USERNAME", value_name = "NAME", requires = "registry_password")]
    registry_username: Option<String>,
    /// And the password, or a token in its place
    #[arg(
        long,
        env = "USHER_REGISTRY_PASSWORD",
        hide_env_values = true,
        value_name = "SECRET",
        requires = "registry_username"
    )]
    registry_password: Option<String>,
}

pub(super) async fn run(flags: PushFlags) -> anyhow::Result<ExitCode> {
    let (to, files): (Vec<&String>, Vec<&String>) = flags.what.iter().partition(|what| what.contains("://"));
    ensure!(to.len() < 2 && files.len() < 2, "one component, to one place");
    let path = files.first().map_or_else(|| PathBuf::from("build/plugin.wasm"), PathBuf::from);
    match to.first() {
        Some(reference) => to_registry(&flags, &path, &Reference::parse(reference)?).await,
        None => to_host(&flags, &path).await,
    }
}

async fn to_host(flags: &PushFlags, path: &Path) -> anyhow::Result<ExitCode> {
    let key = flags.key.as_ref().context("a host wants a key: `--key`, or USHER_KEY in the environment")?;
    let bytes = read_component(path)?;
    let facts = Api::new(&flags.host, key)?.upload(bytes).await.map_err(|error| explained(error, path))?;
    let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
    output::line(&format!("{} {} is on {}", text("name"), text("version"), flags.host));
    output::line(&format!("next: usher plugin enable {} {} --brand BRAND", text("name"), text("version")));
    Ok(ExitCode::SUCCESS)
}

/// What is no plugin is not pushed: whoever pulls it would be the first to know.
async fn to_registry(flags: &PushFlags, path: &Path, reference: &Reference) -> anyhow::Result<ExitCode> {
    ensure!(
        reference.digest.is_none(),
        "a digest is what a push tells, and not what it is told: leave `@sha256:…` out"
    );
    let facts = Local::start().await?.take(path).await?;
    let bytes = read_component(path)?;
    let about = about(&facts, &bytes);
    let credentials = flags.registry_username.clone().zip(flags.registry_password.clone());
    let credentials = credentials.map(|(username, password)| Credentials { username, password });
    let tag = reference.tag.as_ref().unwrap_or(&facts.version);
    // It is the author's own network.
    let network = Network::new(true)?;
    let place = &reference.place;
    let Pushed { digest, tag } = push(&network, place, tag, credentials.as_ref(), bytes, &about).await?;
    output::line(&format!("{} {} is at oci://{place}:{tag}\n{digest}", facts.name, facts.version));
    output::line(&format!(
        "next: POST /v1/plugins {{\"source\": \"oci://{place}\", \"digest\": \"{digest}\"}} to a host whose setting \
         `registries.allowed` has `{}`",
        place.registry()
    ));
    Ok(ExitCode::SUCCESS)
}

fn about(facts: &Facts, bytes: &[u8]) -> About {
    let imports = facts.all["imports"].as_array().into_iter().flatten();
    About {
        name: facts.name.clone(),
        version: facts.version.clone(),
        summary: facts.all["manifest"]["summary"].as_str().unwrap_or_default().to_owned(),
        imports: imports.filter_map(|import| import.as_str().map(str::to_owned)).collect(),
        exports: exports(bytes),
    }
}

/// The outermost ones.
fn exports(component: &[u8]) -> Vec<String> {
    let (mut depth, mut names) = (0_usize, Vec::new());
    for payload in Parser::new(0).parse_all(component).map_while(Result::ok) {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentExportSection(section) if depth == 1 => {
                names.extend(section.into_iter().map_while(Result::ok).map(|export| export.name.name.to_owned()));
            }
            _ => {}
        }
    }
    names
}
