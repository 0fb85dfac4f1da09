//! Folding the log back into the file, beside the commits instead of within one of them.
//!
//! SQLite folds within the commit that finds the log long, and that commit and all behind it wait for thousands of pages.
//! Here another connection writes most of them meanwhile, and the writer only what has come since.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// The log is folded in so many portions until it begins anew. What one of them writes to the file goes to the disk in a
/// burst that the commits' syncs wait behind, so they are small.
const PORTIONS: u32 = 128;

/// At the end of the log, the first pass takes longest; each later one takes what came during the one before.
const PASSES_MAX: usize = 8;

/// So few pages are left to the writer, which waits for the disk then, and everybody with it.
const REST_PAGES: i64 = 64;

/// Transactions between two looks at the log: each is a trip to the connection's thread.
const LOOK_EVERY: u32 = 4;

/// When the log is folded, and by whom.
#[derive(Debug)]
pub(super) struct Fold {
    /// A log so long begins anew.
    every_pages: u32,
    transactions: AtomicU32,
    /// Set when the rest is small enough to be written between two transactions, after which the log begins anew.
    rest: Arc<AtomicBool>,
    folder: Arc<Mutex<Folder>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// The connection beside the writer's.
#[derive(Debug)]
struct Folder {
    connect: SqliteConnectOptions,
    /// None until there is something to fold, and after an error.
    connection: Option<SqliteConnection>,
}

impl Fold {
    pub(super) fn new(connect: SqliteConnectOptions, every_pages: u32) -> Self {
        let folder = Arc::new(Mutex::new(Folder { connect, connection: None }));
        Self { every_pages, transactions: AtomicU32::default(), rest: Arc::default(), folder, task: Mutex::default() }
    }

    /// Between two transactions: begins to fold when a portion is there, and writes the rest when the log is to begin anew.
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
        if task.as_ref().is_some_and(|task| !task.is_finished()) {
            return Ok(());
        }
        let log = look(writer).await?;
        if log.pages - log.folded >= i64::from((self.every_pages / PORTIONS).max(1)) {
            let is_long = log.pages >= i64::from(self.every_pages);
            let (folder, rest) = (Arc::clone(&self.folder), Arc::clone(&self.rest));
            *task = Some(tokio::spawn(async move {
                match folder.lock().await.fold(is_long).await {
                    Ok(()) => rest.store(is_long, Ordering::Relaxed),
                    Err(error) => tell(&error),
                }
            }));
        }
        Ok(())
    }

    /// Waits for what is under way.
    pub(super) async fn close(&self) {
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "folding the database's log ended early; the next host does it");
        }
        if let Some(connection) = self.folder.lock().await.connection.take()
            && let Err(error) = connection.close().await
        {
            tell(&error);
        }
    }
}

impl Folder {
    /// What is there of the log; and when it is to begin anew, what comes meanwhile, until little of that is left.
    async fn fold(&mut self, is_long: bool) -> sqlx::Result<()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect.connect().await?,
        };
        let mut before = checkpoint(&mut connection).await?.folded;
        for _ in 1..if is_long { PASSES_MAX } else { 1 } {
            let folded = checkpoint(&mut connection).await?.folded;
            if folded - before < REST_PAGES {
                break;
            }
            before = folded;
        }
        self.connection = Some(connection);
        Ok(())
    }
}

/// What SQLite says of its log, in pages.
struct Log {
    pages: i64,
    /// How many of these are in the file.
    folded: i64,
}

/// Looks, and does nothing (`SQLITE_CHECKPOINT_NOOP`, since SQLite 3.51).
async fn look(connection: &mut SqliteConnection) -> sqlx::Result<Log> {
    ask(connection, "PRAGMA wal_checkpoint(NOOP)").await
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
