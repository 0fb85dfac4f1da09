//! The databases that the laws are tried on.

use async_trait::async_trait;
use std::sync::Arc;
use tempfile::TempDir;
use usher_store::{Postgres, PostgresOptions, Sqlite, SqliteOptions, Store};

/// Somewhere to keep things: empty at first, and after closing it opens again with what was kept.
#[async_trait]
pub(crate) trait Place: Send + Sync {
    async fn open(&self) -> Arc<dyn Store>;
}

/// One empty place of every database.
pub(crate) fn places() -> Vec<Box<dyn Place>> {
    vec![Box::new(SqlitePlace::new()), Box::new(PostgresPlace::new())]
}

/// A SQLite file that goes away with this value.
pub(crate) struct SqlitePlace(TempDir);

impl SqlitePlace {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn options(&self) -> SqliteOptions {
        // So few that nearly every listing of the tests ends early and has to go on.
        let path = self.0.path().join("usher.db");
        SqliteOptions { readers: 2, scan_entries_max: 3, fold_pages: 40, ..SqliteOptions::new(path) }
    }
}

#[async_trait]
impl Place for SqlitePlace {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(Sqlite::open(self.options()).await.unwrap())
    }
}

/// A PostgreSQL database; it goes away with the server.
pub(crate) struct PostgresPlace(String);

impl PostgresPlace {
    pub(crate) fn new() -> Self {
        let address = private_postgres::database().unwrap();
        // The server knows its connections by this name.
        let name = address.rsplit_once('=').unwrap().1.to_owned();
        Self(format!("{address}&application_name={name}"))
    }

    pub(crate) fn address(&self) -> &str {
        &self.0
    }

    pub(crate) fn name(&self) -> &str {
        self.0.rsplit_once('=').unwrap().1
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        // As above; and connections are few on a machine with many tests.
        PostgresOptions { connections: 2, scan_entries_max: 3, ..PostgresOptions::new(self.0.parse().unwrap()) }
    }
}

#[async_trait]
impl Place for PostgresPlace {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(Postgres::open(self.options()).await.unwrap())
    }
}
