//! Connections for long reads: pages of journals, sums of ledgers. What an event looks up does not wait behind them, and
//! their threads may give way to those that decide.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use std::thread;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Rows that a connection reads ahead.
const PAGE_ROWS: usize = 4096;

/// Opens so many. A connection's thread has the priority of the thread that opens it (`sched(7)`), so that is one which has
/// started in the way given; they stay open until the pool is closed.
pub(super) async fn connect(options: SqliteConnectOptions, connections: u32, start: fn()) -> sqlx::Result<SqlitePool> {
    let (runtime, (told, opened)) = (Handle::current(), oneshot::channel());
    let opener = thread::Builder::new().name("scan-opener".into()).spawn(move || {
        start();
        told.send(runtime.block_on(open(options, connections))).ok();
    });
    opener?;
    opened.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

async fn open(options: SqliteConnectOptions, connections: u32) -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None);
    // Most pages in one piece: thread and reader would else wake each other for every few rows.
    let options = options.row_buffer_size(PAGE_ROWS);
    let pool = pool.test_before_acquire(false).connect_with(options).await?;
    let mut all = Vec::new();
    for _ in 0..connections {
        all.push(pool.acquire().await?);
    }
    drop(all);
    Ok(pool)
}
