//! The one connection of this host that commits decisions.

use super::commit;
use super::no_answer;
use super::open::{IDLE_TRUSTED, Session};
use crate::StoreError;
use crate::journal::queue::contain;
use crate::journal::{Commit, Committed, queue};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The connection that commits.
#[derive(Debug)]
pub(super) struct Writer {
    session: Session,
    answer_within: Duration,
    /// With the time of its last use. None before the first batch and after one failed: the next opens a fresh one.
    connection: Mutex<Option<(PgConnection, Instant)>>,
}

impl Writer {
    pub(super) fn new(session: Session, answer_within: Duration) -> Self {
        Self { session, answer_within, connection: Mutex::default() }
    }

    async fn write(&self, commits: &[Commit]) -> Result<Vec<Committed>, StoreError> {
        // Taken out, and given back only when all went well: after a failure nothing is known about the connection.
        let mut kept = self.connection.lock().await;
        let mut connection = match kept.take() {
            Some((connection, used)) => self.still_there(connection, used).await?,
            None => self.session.connect().await?,
        };
        let committed = commit::write(&mut connection, commits).await?;
        *kept = Some((connection, Instant::now()));
        Ok(committed)
    }

    /// This connection, or a fresh one when it was lost while idle, most likely as the server was restarted.
    async fn still_there(&self, mut connection: PgConnection, used: Instant) -> Result<PgConnection, StoreError> {
        if used.elapsed() < IDLE_TRUSTED || connection.ping().await.is_ok() {
            return Ok(connection);
        }
        Ok(self.session.connect().await?)
    }

    pub(super) async fn close(&self) {
        if let Some((connection, _)) = self.connection.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; nothing that was acknowledged is lost");
        }
    }
}

impl queue::Writer for Writer {
    async fn commit(&self, commits: Vec<Commit>) -> Result<Vec<Committed>, StoreError> {
        let batch = tokio::time::timeout(self.answer_within, contain(self.write(&commits)));
        batch.await.unwrap_or_else(|_| Err(no_answer(self.answer_within)))
    }
}
