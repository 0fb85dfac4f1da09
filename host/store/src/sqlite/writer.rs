//! The one connection that writes.

use super::commit;
use super::fold::Fold;
use super::lock::FileLock;
use crate::StoreError;
use crate::journal::queue::contain;
use crate::journal::{Commit, Committed, queue};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Transaction};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// Starts a transaction that may write: taking the lock at once, it cannot fail half-way for want of it.
pub(super) async fn begin(connection: &mut SqliteConnection) -> Result<Transaction<'_, sqlx::Sqlite>, StoreError> {
    Ok(connection.begin_with("BEGIN IMMEDIATE").await?)
}

/// The connection that writes. Batches and administrators take turns, in the order in which they came.
#[derive(Debug)]
pub(super) struct Writer {
    connect: SqliteConnectOptions,
    /// None once the store is closed.
    hold: Mutex<Option<Hold>>,
    fold: Fold,
}

/// What is given back when the store closes: first the connection, then the lock on the file.
#[derive(Debug)]
struct Hold {
    /// None after a batch failed: the next user opens a fresh one.
    connection: Option<SqliteConnection>,
    _lock: FileLock,
}

impl Writer {
    pub(super) fn new(
        connect: SqliteConnectOptions,
        connection: SqliteConnection,
        lock: FileLock,
        fold_pages: u32,
    ) -> Self {
        let fold = Fold::new(connect.clone(), fold_pages);
        Self { connect, hold: Mutex::new(Some(Hold { connection: Some(connection), _lock: lock })), fold }
    }

    /// The connection, when it is its turn.
    pub(super) async fn connection(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        let mut guard = self.hold.lock().await;
        let hold = guard.as_mut().ok_or(StoreError::Closed)?;
        if hold.connection.is_none() {
            hold.connection = Some(self.connect.connect().await?);
        }
        let mut connection =
            MutexGuard::try_map(guard, |hold| hold.as_mut()?.connection.as_mut()).map_err(|_| StoreError::Closed)?;
        self.fold.keep_up(&mut connection).await;
        Ok(connection)
    }

    /// After a failure nothing is known about the connection, so nobody uses it again.
    async fn distrust(&self) {
        if let Some(hold) = self.hold.lock().await.as_mut() {
            hold.connection = None;
        }
    }

    pub(super) async fn close(&self) {
        self.fold.close().await;
        let Some(hold) = self.hold.lock().await.take() else { return };
        if let Some(connection) = hold.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; nothing that was acknowledged is lost");
        }
    }
}

impl queue::Writer for Writer {
    async fn commit(&self, commits: Vec<Commit>) -> Result<Vec<Committed>, StoreError> {
        let batch = async {
            let mut connection = self.connection().await?;
            commit::write(&mut connection, &commits).await
        };
        let result = contain(batch).await;
        if result.is_err() {
            self.distrust().await;
        }
        result
    }
}
