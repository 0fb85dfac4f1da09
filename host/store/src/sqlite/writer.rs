//! The one connection that writes, and the task that commits what is queued.
//!
//! A sync of the disk costs the same for one commit as for hundreds, so whatever waits when the disk is free becomes
//! one transaction. There is no timer: under load batches grow by themselves, and a lone commit waits for nobody.

use super::commit;
use crate::StoreError;
use crate::journal::{Commit, CommitError, Committed, Ticket};
use futures_util::FutureExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Transaction};
use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

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
}

/// What is given back when the store closes: first the connection, then the lock on the file.
#[derive(Debug)]
struct Hold {
    /// None after a batch failed: the next user opens a fresh one.
    connection: Option<SqliteConnection>,
    _lock: File,
}

impl Writer {
    pub(super) fn new(connect: SqliteConnectOptions, connection: SqliteConnection, lock: File) -> Self {
        Self { connect, hold: Mutex::new(Some(Hold { connection: Some(connection), _lock: lock })) }
    }

    pub(super) async fn connection(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, StoreError> {
        let mut guard = self.hold.lock().await;
        let hold = guard.as_mut().ok_or(StoreError::Closed)?;
        if hold.connection.is_none() {
            hold.connection = Some(self.connect.connect().await?);
        }
        MutexGuard::try_map(guard, |hold| hold.as_mut()?.connection.as_mut()).map_err(|_| StoreError::Closed)
    }

    /// After a failure nothing is known about the connection, so nobody uses it again.
    async fn distrust(&self) {
        if let Some(hold) = self.hold.lock().await.as_mut() {
            hold.connection = None;
        }
    }

    pub(super) async fn close(&self) {
        let Some(hold) = self.hold.lock().await.take() else { return };
        if let Some(connection) = hold.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; nothing that was acknowledged is lost");
        }
    }

    /// Commits a batch, or fails as a whole.
    async fn commit(&self, commits: Vec<Commit>) -> Result<Vec<Committed>, StoreError> {
        let batch = async { commit::write(&mut *self.connection().await?, &commits).await };
        let result = contain(batch).await;
        if result.is_err() {
            self.distrust().await;
        }
        result
    }

    async fn run(&self, mut queue: mpsc::Receiver<Queued>, batch_commits_max: usize, closing: &Notify) {
        let mut batch = Vec::with_capacity(batch_commits_max);
        loop {
            tokio::select! {
                count = queue.recv_many(&mut batch, batch_commits_max) => if count == 0 { break },
                // From here on nothing is accepted; what was accepted is still received and committed.
                () = closing.notified() => queue.close(),
            }
            if !batch.is_empty() {
                let (commits, acks): (Vec<_>, Vec<_>) = batch.drain(..).map(|q| (q.commit, q.ack)).unzip();
                acknowledge(acks, self.commit(commits).await);
            }
        }
    }
}

/// Turns a panic of the batch into its failure: one bad batch must not stop all decisions of the host.
async fn contain<T>(batch: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    // Safe to go on after: all that the batch shares is the connection, which is thrown away.
    AssertUnwindSafe(batch).catch_unwind().await.unwrap_or(Err(StoreError::Panicked))
}

type Ack = oneshot::Sender<Result<Committed, CommitError>>;

/// Who has dropped a ticket does not want to know: that is not an error.
fn acknowledge(acks: Vec<Ack>, result: Result<Vec<Committed>, StoreError>) {
    match result {
        Ok(all) => {
            for (ack, committed) in acks.into_iter().zip(all) {
                let _ = ack.send(Ok(committed));
            }
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                commits = acks.len(),
                "a batch of commits failed"
            );
            let error = Arc::new(error);
            for ack in acks {
                let _ = ack.send(Err(CommitError::Batch(Arc::clone(&error))));
            }
        }
    }
}

#[derive(Debug)]
struct Queued {
    commit: Commit,
    ack: Ack,
}

/// Where commits wait for the disk.
#[derive(Debug)]
pub(super) struct Queue {
    commits: mpsc::Sender<Queued>,
    closing: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    pub(super) fn start(writer: Arc<Writer>, queue_commits_max: usize, batch_commits_max: usize) -> Self {
        let (commits, queue) = mpsc::channel(queue_commits_max);
        let closing = Arc::new(Notify::new());
        let task = tokio::spawn({
            let closing = Arc::clone(&closing);
            async move { writer.run(queue, batch_commits_max, &closing).await }
        });
        Self { commits, closing, task: Mutex::new(Some(task)) }
    }

    pub(super) async fn push(&self, commit: Commit) -> Result<Ticket, CommitError> {
        let (ack, ticket) = oneshot::channel();
        self.commits.send(Queued { commit, ack }).await.map_err(|_| CommitError::Closed)?;
        Ok(Ticket(ticket))
    }

    /// Accepts nothing more, and returns when all that was accepted has been committed.
    pub(super) async fn drain(&self) {
        self.closing.notify_one();
        // Held while waiting, so that a second caller returns no earlier than the first.
        if let Some(task) = self.task.lock().await.take()
            && task.await.is_err()
        {
            tracing::error!("the writer's task ended early; commits without an answer may not be durable");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_failure_of_its_batch_alone() {
        let broken = async {
            tokio::task::yield_now().await;
            panic!("as a bug would")
        };
        assert!(matches!(contain::<()>(broken).await, Err(StoreError::Panicked)));
    }
}
