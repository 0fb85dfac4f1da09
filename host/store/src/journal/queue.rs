//! Where commits wait for the disk, and the task that commits what is queued.
//!
//! A sync of the disk costs the same for one commit as for hundreds, so whatever waits when the disk is free becomes
//! one transaction. There is no timer: under load batches grow by themselves, and a lone commit waits for nobody.

use crate::StoreError;
use crate::journal::{Commit, CommitError, Committed, Ticket};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Writes what is queued.
pub(crate) trait Writer: Send + Sync + 'static {
    /// Commits a batch, or fails as a whole.
    fn commit(&self, commits: Vec<Commit>) -> impl Future<Output = Result<Vec<Committed>, StoreError>> + Send;
}

/// Turns a panic of the batch into its failure: one bad batch must not stop all decisions of the host.
pub(crate) async fn contain<T>(batch: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
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
enum Queued {
    Commit(Box<Commit>, Ack),
    /// Wants to know when all that was queued before has been tried.
    Settled(oneshot::Sender<()>),
}

async fn run(writer: &impl Writer, mut queue: mpsc::Receiver<Queued>, batch_commits_max: usize, closing: &Notify) {
    let mut batch = Vec::with_capacity(batch_commits_max);
    loop {
        tokio::select! {
            count = queue.recv_many(&mut batch, batch_commits_max) => if count == 0 { break },
            // From here on nothing is accepted; what was accepted is still received and committed.
            () = closing.notified() => queue.close(),
        }
        let (mut commits, mut acks, mut waiting) = (Vec::with_capacity(batch.len()), Vec::new(), Vec::new());
        for queued in batch.drain(..) {
            match queued {
                Queued::Commit(commit, ack) => {
                    commits.push(*commit);
                    acks.push(ack);
                }
                Queued::Settled(ack) => waiting.push(ack),
            }
        }
        if !commits.is_empty() {
            acknowledge(acks, writer.commit(commits).await);
        }
        for ack in waiting {
            let _ = ack.send(());
        }
    }
}

/// Where commits wait for the disk.
#[derive(Debug)]
pub(crate) struct Queue {
    commits: mpsc::Sender<Queued>,
    closing: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    pub(crate) fn start(writer: Arc<impl Writer>, queue_commits_max: usize, batch_commits_max: usize) -> Self {
        let (commits, queue) = mpsc::channel(queue_commits_max);
        let closing = Arc::new(Notify::new());
        // On a thread of its own: a batch is several answers of the database one after another, and where requests are
        // served each would wait for its turn among theirs.
        let task = tokio::task::spawn_blocking({
            let closing = Arc::clone(&closing);
            move || Handle::current().block_on(run(&*writer, queue, batch_commits_max, &closing))
        });
        Self { commits, closing, task: Mutex::new(Some(task)) }
    }

    pub(crate) async fn push(&self, commit: Commit) -> Result<Ticket, CommitError> {
        let (ack, ticket) = oneshot::channel();
        self.commits.send(Queued::Commit(Box::new(commit), ack)).await.map_err(|_| CommitError::Closed)?;
        Ok(Ticket(ticket))
    }

    /// Waits until all that was queued before has been tried.
    pub(crate) async fn settled(&self) -> Result<(), StoreError> {
        let (ack, settled) = oneshot::channel();
        self.commits.send(Queued::Settled(ack)).await.map_err(|_| StoreError::Closed)?;
        settled.await.map_err(|_| StoreError::Closed)
    }

    /// Accepts nothing more, and returns when all that was accepted has been committed.
    pub(crate) async fn drain(&self) {
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
