//! Folding the log back into the file, beside the commits instead of within one of them.
//!
//! SQLite folds within the commit that finds the log long, and that commit and all behind it wait for thousands of pages.
//! Here another connection writes most of them meanwhile, and the writer only what has come since.

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// The first takes longest; the second takes what came during it.
const PASSES: usize = 2;

/// When the log is folded, and by whom.
#[derive(Debug)]
pub(super) struct Fold {
    connect: SqliteConnectOptions,
    every_commits: usize,
    /// Commits since the last one began.
    commits: AtomicUsize,
    /// Set when the rest is small enough to be written between two batches, after which the log begins anew.
    rest: Arc<AtomicBool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Fold {
    pub(super) fn new(connect: SqliteConnectOptions, every_commits: usize) -> Self {
        let (commits, rest, task) = (AtomicUsize::default(), Arc::default(), Mutex::default());
        Self { connect, every_commits, commits, rest, task }
    }

    /// Before a batch: writes the rest, when most of the log is in the file.
    pub(super) async fn finish(&self, writer: &mut SqliteConnection) {
        if self.rest.swap(false, Ordering::Relaxed)
            && let Err(error) = checkpoint(writer).await
        {
            tell(&error);
        }
    }

    /// After a batch: begins to fold, when there have been enough commits since the last time.
    pub(super) async fn begin_after(&self, commits: usize) {
        let since = self.commits.fetch_add(commits, Ordering::Relaxed) + commits;
        if since < self.every_commits {
            return;
        }
        let mut task = self.task.lock().await;
        if task.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        self.commits.store(0, Ordering::Relaxed);
        let (connect, rest) = (self.connect.clone(), Arc::clone(&self.rest));
        *task = Some(tokio::spawn(async move {
            match fold(&connect).await {
                Ok(()) => rest.store(true, Ordering::Relaxed),
                Err(error) => tell(&error),
            }
        }));
    }

    /// Waits for the one that is under way.
    pub(super) async fn close(&self) {
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "folding the database's log ended early; the next host does it");
        }
    }
}

async fn fold(connect: &SqliteConnectOptions) -> sqlx::Result<()> {
    let mut connection = connect.connect().await?;
    for _ in 0..PASSES {
        checkpoint(&mut connection).await?;
    }
    sqlx::Connection::close(connection).await
}

/// Writes to the file what no reader still needs in the log, and waits for nobody.
async fn checkpoint(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(connection).await.map(|_| ())
}

fn tell(error: &sqlx::Error) {
    tracing::warn!(%error, "the database's log was not folded into its file; it grows until that goes well");
}
