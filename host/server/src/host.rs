//! A host: everything that the rooms share.

use crate::act::Act;
use crate::background::{Background, Priority};
use crate::backtest::Backtests;
use crate::catalog::{Catalog, Sources};
use crate::changes::Changes;
use crate::config::ServerConfig;
use crate::directory::Directory;
use crate::follow::Followed;
use crate::keys::{AdminKey, Keys};
use crate::ledger::Recalled;
use crate::members::Members;
use crate::memory::Memories;
use crate::plugin_logs::PluginLogs;
use crate::recent::Recent;
use crate::runs::Runs;
use crate::schedule;
use crate::shares::Shares;
use crate::telemetry::Telemetry;
use crate::turns::Turns;
use crate::worker::Alarm;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::{Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use usher_engine::Engine;
use usher_store::{Store, StoreError};

/// Decisions that a slow reader of the stream may be behind before it loses some.
const STREAM_BEHIND_MAX: usize = 1024;

/// Why a host does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// What it remembers can't be read.
    #[error("what the host remembers can't be read")]
    Store(#[from] StoreError),
    /// Something stored does not hold together.
    #[error("the database holds {what}, which this version can't read")]
    Damaged {
        /// What and where.
        what: String,
    },
    /// Another part of the process took the place of metrics.
    #[error("metrics can't be recorded: {0}")]
    Metrics(String),
    /// The system has no more threads for heavy calls.
    #[error("threads for heavy calls can't be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Nor for what takes long.
    #[error("threads for runs and backtests can't be started")]
    Background(#[source] std::io::Error),
}

/// A decision that was just made durable, for those who watch.
#[derive(Debug, Clone)]
pub(crate) struct Announced {
    pub(crate) brand: usher_model::BrandId,
    pub(crate) decision: Arc<str>,
}

/// Everything that the rooms share.
#[derive(Debug)]
pub struct Host {
    pub(crate) config: ServerConfig,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) catalog: Catalog,
    /// Where plugins may be pulled from.
    pub(crate) sources: Sources,
    pub(crate) directory: Directory,
    pub(crate) members: Members,
    pub(crate) memories: Memories,
    /// Events that later ones may refer to.
    pub(crate) recalled: Recalled,
    pub(crate) alarm: Alarm,
    pub(crate) act: Act,
    /// What plugins wrote lately.
    pub(crate) plugin_logs: PluginLogs,
    pub(crate) backtests: Backtests,
    pub(crate) runs: Runs,
    /// Wakes who looks which schedules are due.
    pub(crate) schedules: schedule::Alarm,
    pub(crate) keys: Keys,
    /// How far what other hosts on the same database have changed is in memory.
    pub(crate) followed: Followed,
    pub(crate) telemetry: Telemetry,
    pub(crate) announced: broadcast::Sender<Announced>,
    pub(crate) recent: Recent,
    /// One for each change of what is kept that may be under way.
    pub(crate) changes: Arc<Shares>,
    /// Those that nobody waits for any more.
    pub(crate) long_changes: Changes,
    /// Replays take turns: each may build the word lists of its time.
    pub(crate) replaying: Semaphore,
    /// One for each request that may be under way.
    pub(crate) places: Semaphore,
    /// Where heavy calls of plugins take turns.
    pub(crate) turns: Arc<Turns>,
    /// Where rankings and backtests are made.
    pub(crate) background: Arc<Background>,
    /// Where scorings are made.
    pub(crate) leisure: Background,
    /// Streams end when this is cancelled.
    pub(crate) closing: CancellationToken,
}

impl Host {
    /// Reads what is remembered and gets ready to serve. `admin` is a key of the environment, kept in memory only.
    ///
    /// # Errors
    /// [`StartError`] when what is remembered can't be read.
    pub async fn start(
        config: ServerConfig,
        store: Arc<dyn Store>,
        engine: Arc<Engine>,
        admin: Option<AdminKey>,
    ) -> Result<Arc<Self>, StartError> {
        // Before anything is read: what changes meanwhile is read again.
        let followed = Followed::up_to(store.last_change().await?);
        let background = Arc::new(Background::new(Priority::Low).map_err(StartError::Background)?);
        let leisure = Background::new(Priority::Idle).map_err(StartError::Background)?;
        let catalog = Catalog::load(store.clone(), engine.clone(), background.clone(), &config.limits).await?;
        let directory = Directory::load(store.as_ref()).await?;
        let keys = Keys::load(store.clone(), admin).await?;
        let members = Members::new(store.clone(), config.limits.members_cached);
        let memories = Memories::new(store.clone(), config.limits.memory_bytes, config.limits.history_events);
        let recalled = Recalled::new(config.ledger.events_cached);
        let act = Act::new(&config.webhooks);
        let sources = Sources::new(&config.registries);
        let plugin_logs = PluginLogs::new(&config.plugin_logs);
        let telemetry = Telemetry::install().map_err(StartError::Metrics)?;
        let (announced, _) = broadcast::channel(STREAM_BEHIND_MAX);
        let places = Semaphore::new(config.limits.requests.min(Semaphore::MAX_PERMITS));
        let turns = Arc::new(Turns::new(&config.limits)?);
        let closing = CancellationToken::new();
        let recent = Recent::new(config.limits.events_remembered);
        let changes = Shares::new(config.limits.changes);
        Ok(Arc::new(Self {
            config,
            store,
            engine,
            catalog,
            sources,
            directory,
            members,
            memories,
            recalled,
            alarm: Alarm::default(),
            act,
            plugin_logs,
            backtests: Backtests::default(),
            runs: Runs::default(),
            schedules: schedule::Alarm::default(),
            keys,
            followed,
            telemetry,
            announced,
            recent,
            changes,
            long_changes: Changes::default(),
            replaying: Semaphore::new(1),
            places,
            turns,
            background,
            leisure,
            closing,
        }))
    }

    /// Whether anybody but the environment holds a key.
    pub fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Makes an admin key and returns its secret, which is kept nowhere.
    ///
    /// # Errors
    /// [`StoreError`] when it can't be kept.
    pub async fn create_admin_key(&self) -> Result<String, StoreError> {
        let (secret, _) = self.keys.create(usher_model::Role::Admin, None, "first".into(), "host").await?;
        Ok(secret)
    }
}
