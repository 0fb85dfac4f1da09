//! A host in this process, for as long as a command takes: the same engine, the same limits and the same rooms as in
//! production, an empty database, and the events' own clock.

use super::api::{Api, ApiError};
use super::cache::user_cache;
use crate::serve::start;
use crate::settings::{ClockFlag, Settings};
use anyhow::Context;
use serde_json::{Value, json};
use std::future::pending;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use usher_server::{AdminKey, new_secret, serve};

/// It ends with the command.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) api: Api,
    _data: TempDir,
}

impl Local {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let data = tempfile::tempdir().context("no folder for the time of this command")?;
        let settings = Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.path().to_owned(),
            cache: cache(),
            clock: ClockFlag::Events,
            ..Settings::default()
        };
        let key = new_secret().map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
        let admin = AdminKey::new(&key).map_err(|law| anyhow::anyhow!("{law}"))?;
        let (host, listener) = start(&settings, Some(admin)).await?;
        let api = Api::new(&format!("http://{}", listener.local_addr()?), &key)?;
        tokio::spawn(serve(host, listener, pending()));
        Ok(Self { api, _data: data })
    }

    /// Uploads a component and returns what it is.
    pub(super) async fn take(&self, component: &Path) -> anyhow::Result<Facts> {
        let bytes = std::fs::read(component).with_context(|| format!("`{}` can't be read", component.display()))?;
        let size_bytes = bytes.len();
        let all = self.api.upload(bytes).await.with_context(|| format!("`{}` is no plugin", component.display()))?;
        let text = |name: &str| all[name].as_str().unwrap_or_default().to_owned();
        Ok(Facts { name: text("name"), version: text("version"), size_bytes, all })
    }

    /// A brand with one group, where the plugin is in force.
    pub(super) async fn enable(
        &self,
        place: &Place,
        facts: &Facts,
        group: &Value,
        settings: &Value,
    ) -> Result<(), ApiError> {
        self.api.put(&format!("/v1/brands/{}", place.brand), &json!({})).await?;
        self.api.put(&place.path(""), group).await?;
        let enablement = json!({"version": facts.version, "settings": settings});
        self.api.put(&place.path(&format!("/plugins/{}", facts.name)), &enablement).await?;
        Ok(())
    }
}

/// Compiled plugins are kept from one command to the next: a large one takes many seconds.
fn cache() -> Option<PathBuf> {
    let said = std::env::var_os("USHER_CACHE").filter(|value| !value.is_empty()).map(PathBuf::from);
    said.or_else(|| Some(user_cache()?.join("compiled")))
}

/// What a component is, as the host says.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) size_bytes: usize,
    pub(super) all: Value,
}

/// Where a story happens: a brand of its own, so that stories share nothing.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) brand: String,
}

impl Place {
    pub(super) const GROUP: &str = "group";

    pub(super) fn numbered(number: usize) -> Self {
        Self { brand: format!("case-{number}") }
    }

    /// Something of the group.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/brands/{}/groups/{}{rest}", self.brand, Self::GROUP)
    }
}
