//! Folding the log back into the file, beside the commits instead of within one of them.
//!
//! SQLite folds within the commit that finds the log long, and that commit and all behind it wait for thousands of pages.
//! Here another connection writes most of them meanwhile, and the writer only what has come since.

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// The first takes longest; each later one takes what came during the one before.
const PASSES_MAX: usize = 8;

/// So few pages are left to the writer.
const REST_PAGES: i64 = 256;

/// Transactions between two looks at the log: each is a trip to the connection's thread.
const LOOK_EVERY: u32 = 8;

/// When the log is folded, and by whom.
#[derive(Debug)]
pub(super) struct Fold {
    connect: SqliteConnectOptions,
    every_pages: u32,
    transactions: AtomicU32,
    /// Set when the rest is small enough to be written between two transactions, after which the log begins anew.
    rest: Arc<AtomicBool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Fold {
    pub(super) fn new(connect: SqliteConnectOptions, every_pages: u32) -> Self {
        let (transactions, rest, task) = (AtomicU32::default(), Arc::default(), Mutex::default());
        Self { connect, every_pages, transactions, rest, task }
    }

    /// Between two transactions: writes the rest, when most of the log is in the file, and begins to fold when it is long.
    pub(super) async fn keep_up(&self, writer: &mut SqliteConnection) {
        if let Err(error) = self.try_keep_up(writer).await {
            tell(&error);
        }
    }

    async fn try_keep_up(&self, writer: &mut SqliteConnection) -> sqlx::Result<()> {
        if self.rest.swap(false, Ordering::Relaxed) {
            checkpoint(writer).await?;
        }
        if !self.transactions.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOK_EVERY) {
            return Ok(());
        }
        let mut task = self.task.lock().await;
        if task.as_ref().is_none_or(JoinHandle::is_finished) && pending_pages(writer).await? >= self.every_pages {
            let (connect, rest) = (self.connect.clone(), Arc::clone(&self.rest));
            *task = Some(tokio::spawn(async move {
                match fold(&connect).await {
                    Ok(()) => rest.store(true, Ordering::Relaxed),
                    Err(error) => tell(&error),
                }
            }));
        }
        Ok(())
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
    let mut before = 0;
    for _ in 0..PASSES_MAX {
        let folded = checkpoint(&mut connection).await?.folded;
        if folded - before < REST_PAGES {
            break;
        }
        before = folded;
    }
    sqlx::Connection::close(connection).await
}

/// What SQLite says of its log, in pages.
struct Log {
    pages: i64,
    /// How many of these are in the file.
    folded: i64,
}

/// Looks, and does nothing (`SQLITE_CHECKPOINT_NOOP`, since SQLite 3.51).
async fn pending_pages(connection: &mut SqliteConnection) -> sqlx::Result<u32> {
    let log = ask(connection, "PRAGMA wal_checkpoint(NOOP)").await?;
    Ok(u32::try_from(log.pages - log.folded).unwrap_or(0))
}

/// Writes to the file what no reader still needs in the log, and waits for nobody.
async fn checkpoint(connection: &mut SqliteConnection) -> sqlx::Result<Log> {
    ask(connection, "PRAGMA wal_checkpoint(PASSIVE)").await
}

async fn ask(connection: &mut SqliteConnection, pragma: &'static str) -> sqlx::Result<Log> {
    let (_, pages, folded): (i64, i64, i64) = sqlx::query_as(pragma).fetch_one(connection).await?;
    Ok(Log { pages, folded })
}

fn tell(error: &sqlx::Error) {
    tracing::warn!(%error, "the database's log was not folded into its file; it grows until that goes well");
}
