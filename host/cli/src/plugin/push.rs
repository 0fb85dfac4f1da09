//! `usher plugin push`

use super::api::Api;
use super::{ComponentFile, HostFlags};
use crate::output;
use anyhow::Context;
use clap::Args;
use std::process::ExitCode;

/// Flags of `usher plugin push`.
#[derive(Debug, Args)]
#[command(
    after_help = "The same bytes again change nothing. Other bytes need another version: raise it in the plugin."
)]
pub(crate) struct PushFlags {
    #[command(flatten)]
    component: ComponentFile,
    #[command(flatten)]
    host: HostFlags,
}

pub(super) async fn run(flags: PushFlags) -> anyhow::Result<ExitCode> {
    let path = &flags.component.path;
    let bytes = std::fs::read(path).with_context(|| format!("`{}` can't be read", path.display()))?;
    let facts = Api::new(&flags.host.host, &flags.host.key)?.upload(bytes).await?;
    let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
    output::line(&format!("{} {} is on {}", text("name"), text("version"), flags.host.host));
    output::line(&format!("next: usher plugin enable {} {} --brand BRAND", text("name"), text("version")));
    Ok(ExitCode::SUCCESS)
}
