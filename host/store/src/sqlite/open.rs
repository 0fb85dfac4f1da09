//! Opening the file: nobody else may have it, and its tables must be those that this version knows.

use super::lock::FileLock;
use super::scan;
use sqlx::ConnectOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

pub(crate) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a connection waits for another's lock: only for tools beside the host, who should be quick.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages in the log before a commit folds them into the file itself (128 MiB): only where [`fold`](super::fold), which
/// does it beside the commits, did not get that far.
const CHECKPOINT_PAGES: u32 = 32_768;

/// Memory for pages of the writer (32 MiB): a batch that outgrows it would write its pages twice.
const WRITER_CACHE_KIB: u32 = 32 << 10;

/// The log is cut back to this size once it has been folded: a burst must not keep its disk space for ever.
const LOG_BYTES_MAX: u32 = 128 << 20;

/// Which file, and how much of what.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The database file. Its log and its lock lie beside it, so its directory must be writable.
    pub path: PathBuf,
    /// Connections that look something up at the same time; by default 4.
    pub readers: u32,
    /// Connections for long reads beside them; by default 2.
    pub scanners: u32,
    /// What the thread that opens those does first: their threads have its priority. By default nothing.
    pub scanner_start: fn(),
    /// Connections for sums of what members did; by default 1.
    pub summers: u32,
    /// As `scanner_start`, of those.
    pub summer_start: fn(),
    /// Commits that wait for the writer before [`commit`](crate::Store::commit) itself waits; by default 4,096.
    pub queue_commits_max: usize,
    /// Commits that share one transaction and one sync; by default 512.
    pub batch_commits_max: usize,
    /// Pages of the log, of 4 KiB, after which it begins anew; by default 16,384. It is folded into the file beside the
    /// commits, in portions; the last pages the writer folds itself, so events feel how often that is.
    pub fold_pages: u32,
    /// Entries that one page of decisions looks at, at most: beyond, the page ends early and names where to go on.
    /// By default 10,000.
    pub scan_entries_max: u32,
}

impl SqliteOptions {
    /// This file, and the defaults.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            scanners: 2,
            scanner_start: || {},
            summers: 1,
            summer_start: || {},
            queue_commits_max: 4096,
            batch_commits_max: 512,
            fold_pages: 16_384,
            scan_entries_max: 10_000,
        }
    }
}

/// Why the database could not be opened, and what to do about it.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file system refuses.
    #[error("cannot write {}: create its directory, and let this user write to the file and the directory", path.display())]
    NotWritable {
        /// Which file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// Another host has it.
    #[error("{} is in use by another usher: stop that one, or give this one a file of its own", path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// A later version wrote it.
    #[error(
        "{} has schema {found}, this usher knows schemas up to {known}: run the newer usher that wrote it, \
         or restore the copy from before the upgrade",
        path.display()
    )]
    NewerSchema {
        /// Which file.
        path: PathBuf,
        /// The file's schema.
        found: i64,
        /// The newest that this version knows.
        known: i64,
    },
    /// The tables could not be created or upgraded.
    #[error("cannot upgrade the tables of {}: restore a copy, or report this with the cause", path.display())]
    Upgrade {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: MigrateError,
    },
    /// SQLite refuses.
    #[error("cannot open {}: see that it is an usher database and that the disk is sound and not full", path.display())]
    Database {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        source: sqlx::Error,
    },
}

/// What opening gives.
pub(super) struct Opened {
    pub readers: SqlitePool,
    pub scanners: SqlitePool,
    pub summers: SqlitePool,
    pub connection: SqliteConnection,
    pub connect: SqliteConnectOptions,
    pub lock: FileLock,
}

pub(super) async fn open(options: SqliteOptions) -> Result<Opened, OpenError> {
    // Through links to the file itself: two names of one file must meet at one lock.
    let path = fs::canonicalize(&options.path).unwrap_or_else(|_| options.path.clone());
    let lock = lock(&path)?;
    match connect_all(connect_options(&path), &options, lock).await {
        Ok(opened) => Ok(opened),
        Err(error) => Err(refusal(path, error)),
    }
}

async fn connect_all(
    connect: SqliteConnectOptions,
    options: &SqliteOptions,
    lock: FileLock,
) -> Result<Opened, MigrateError> {
    let writer = connect.clone().pragma("cache_size", format!("-{WRITER_CACHE_KIB}"));
    let mut connection = writer.connect().await?;
    // What `run` calls; the compiler cannot see that the future of `run` itself may be sent between threads.
    MIGRATOR.run_direct(None, &mut connection, false).await?;
    let reader = connect.read_only(true);
    let scanners = scan::connect(reader.clone(), options.scanners, options.scanner_start).await?;
    let summers = scan::connect(reader.clone(), options.summers, options.summer_start).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.readers)
        // A local file does not go away, and the check would be a trip to the connection's thread for every read.
        .test_before_acquire(false)
        .connect_with(reader)
        .await?;
    Ok(Opened { readers, scanners, summers, connection, connect: writer, lock })
}

fn refusal(path: PathBuf, error: MigrateError) -> OpenError {
    let known = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0);
    match error {
        MigrateError::VersionMissing(found) if found > known => OpenError::NewerSchema { path, found, known },
        MigrateError::Execute(source) => OpenError::Database { path, source },
        source => OpenError::Upgrade { path, source },
    }
}

/// Keeps a second host away, and sees that the file can be written.
fn lock(path: &Path) -> Result<FileLock, OpenError> {
    let not_writable = |source| OpenError::NotWritable { path: path.to_owned(), source };
    let Some(lock) = FileLock::take(path).map_err(not_writable)? else {
        return Err(OpenError::InUse { path: path.to_owned() });
    };
    // Asked here, because SQLite opens a file that it cannot write for reading, and complains much later. Only under
    // the lock: closing a file takes away this process's SQLite locks on it.
    File::options().create(true).append(true).open(path).map_err(not_writable)?;
    Ok(lock)
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("journal_size_limit", LOG_BYTES_MAX.to_string())
        // What undoes one statement of many rows: in memory, or every page that a batch touches is written twice.
        .pragma("temp_store", "memory")
        // A page of the listing, or a batch, in one go; the default wakes both threads every 50 rows.
        .row_buffer_size(1024)
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection;

    #[tokio::test]
    async fn every_commit_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.db");
        File::create(&path).unwrap();
        let mut connection = connect_options(&path).connect().await.unwrap();
        let pragmas: (String, i64, i64) = sqlx::query_as(
            "SELECT journal_mode, synchronous, foreign_keys \
             FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!(pragmas, ("wal".to_owned(), 2, 1), "2 is FULL");
    }

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let versions: Vec<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
        let expected: Vec<i64> = (1..).take(versions.len()).collect();
        assert_eq!(versions, expected);
        assert!(MIGRATOR.iter().all(|migration| !migration.no_tx), "a migration applies as a whole or not at all");
    }

    #[tokio::test]
    async fn all_migrations_apply_to_an_empty_database_and_then_change_nothing() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for _ in 0..2 {
            MIGRATOR.run(&mut connection).await.unwrap();
            let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
                .fetch_all(&mut connection)
                .await
                .unwrap();
            assert_eq!(applied, MIGRATOR.iter().map(|migration| migration.version).collect::<Vec<_>>());
        }
        let broken: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(broken, Vec::<String>::new());
    }
}
