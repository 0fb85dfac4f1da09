//! A host in this process, for as long as a command takes: the same engine, the same limits and the same rooms as in
//! production, an empty database, and the events' own clock.

use super::api::{Api, ApiError};
use super::cache::user_cache;
use super::remedy::explained;
use crate::serve::start;
use crate::settings::{ClockFlag, Settings};
use anyhow::Context;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::sync::oneshot;
use usher_server::{AdminKey, new_secret, serve};

/// It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Local {
    pub(super) api: Api,
    pub(super) address: String,
    pub(super) key: String,
    _serving: oneshot::Sender<()>,
    _data: TempDir,
}

impl Local {
    /// A host whose clock is the events', on a port that is free.
    pub(super) async fn start() -> anyhow::Result<Self> {
        Self::start_with(Settings { cache: cache(), ..settings() }).await
    }

    /// The same, and nothing that it runs was compiled before.
    pub(super) async fn start_anew() -> anyhow::Result<Self> {
        Self::start_with(settings()).await
    }

    /// One that listens there, to the wall clock.
    pub(super) async fn start_at(listen: SocketAddr) -> anyhow::Result<Self> {
        Self::start_with(Settings { listen, cache: cache(), clock: ClockFlag::Wall, ..settings() }).await
    }

    async fn start_with(settings: Settings) -> anyhow::Result<Self> {
        let data = tempfile::tempdir().context("no folder for the time of this command")?;
        let settings = Settings { data: data.path().to_owned(), ..settings };
        let key = new_secret().map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
        let admin = AdminKey::new(&key).map_err(|law| anyhow::anyhow!("{law}"))?;
        let (host, listener) = start(&settings, Some(admin)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let api = Api::new(&address, &key)?;
        let (serving, dropped) = oneshot::channel();
        let stop = async move { drop(dropped.await) };
        tokio::spawn(serve(host, listener, stop));
        Ok(Self { api, address, key, _serving: serving, _data: data })
    }

    /// Uploads a component and returns what it is.
    pub(super) async fn take(&self, component: &Path) -> anyhow::Result<Facts> {
        let bytes = read_component(component)?;
        let size_bytes = bytes.len();
        let all = self.api.upload(bytes).await.map_err(|error| explained(error, component))?;
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

/// The bytes of a component.
pub(super) fn read_component(path: &Path) -> anyhow::Result<Vec<u8>> {
    let read = std::fs::read(path).with_context(|| format!("`{}` can't be read", path.display()));
    // Where a build would have put it.
    if path == Path::new("build/plugin.wasm") && !path.exists() {
        return read.context("there is no plugin that was built here: `usher plugin build` makes `build/plugin.wasm`");
    }
    read
}

/// A port that is free, and the events' clock.
fn settings() -> Settings {
    Settings { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clock: ClockFlag::Events, ..Settings::default() }
}

/// Compiled plugins are kept from one command to the next: a large one takes many seconds.
pub(super) fn cache() -> Option<PathBuf> {
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
