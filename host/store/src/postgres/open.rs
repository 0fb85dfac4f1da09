//! Connecting: the server must keep what it acknowledges, and the tables must be those that this version knows.

use futures_util::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

/// A connection that was idle for longer is tried before it is used: the server may have been restarted.
pub(super) const IDLE_TRUSTED: Duration = Duration::from_secs(1);

/// How long an operation waits for a connection of the pool, or for a new one.
const ACQUIRE_WITHIN: Duration = Duration::from_secs(5);

/// The oldest server that the statements are written for.
const SERVER_VERSION_MIN: i32 = 13;

/// Where a database is and how to enter it. It prints without the password.
#[derive(Clone)]
pub struct DatabaseUrl(Box<PgConnectOptions>);

impl FromStr for DatabaseUrl {
    type Err = InvalidUrl;
    fn from_str(url: &str) -> Result<Self, InvalidUrl> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(InvalidUrl);
        }
        url.parse().map(|options| Self(Box::new(options))).map_err(|_: sqlx::Error| InvalidUrl)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.get_socket().map_or(self.0.get_host().into(), |socket| socket.to_string_lossy());
        let database = self.0.get_database().unwrap_or(self.0.get_username());
        write!(f, "postgres://{}@{host}:{}/{database}", self.0.get_username(), self.0.get_port())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// It is no address of a database. What was given is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the database's address is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
pub struct InvalidUrl;

/// Which database, and how much of what.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Where it is.
    pub url: DatabaseUrl,
    /// Connections beside the one that commits; by default 8.
    pub connections: u32,
    /// How long the database may take for one operation, in milliseconds; by default 30,000.
    pub answer_ms: u64,
    /// Commits that wait for the writer before [`commit`](crate::Store::commit) itself waits; by default 4,096.
    pub queue_commits_max: usize,
    /// Commits that share one transaction and one sync; by default 512.
    pub batch_commits_max: usize,
    /// Entries that one page of decisions looks at, at most: beyond, the page ends early and names where to go on.
    /// By default 10,000.
    pub scan_entries_max: u32,
}

impl PostgresOptions {
    /// Connections, by default.
    pub const CONNECTIONS: u32 = 8;
    /// How long one operation may take by default, in milliseconds.
    pub const ANSWER_MS: u64 = 30_000;

    /// This database, and the defaults.
    pub fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            connections: Self::CONNECTIONS,
            answer_ms: Self::ANSWER_MS,
            queue_commits_max: 4096,
            batch_commits_max: 512,
            scan_entries_max: 10_000,
        }
    }
}

/// Why the database could not be opened, and what to do about it.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Nobody there, or nobody who lets us in.
    #[error("cannot connect to {url}: see that PostgreSQL runs there, and that user, password and database exist")]
    Connect {
        /// Where.
        url: DatabaseUrl,
        /// What went wrong.
        source: sqlx::Error,
    },
    /// The server is too old, or its settings would lose or garble things.
    #[error("{url} can't be used: {law}")]
    Unfit {
        /// Where.
        url: DatabaseUrl,
        /// What must hold.
        law: String,
    },
    /// A later version wrote it.
    #[error("{url} has schema {found}, this usher knows schemas up to {known}: run the newer usher that wrote it")]
    NewerSchema {
        /// Where.
        url: DatabaseUrl,
        /// The database's schema.
        found: i64,
        /// The newest that this version knows.
        known: i64,
    },
    /// The tables could not be created or upgraded.
    #[error("cannot create or upgrade the tables of {url}: see that the user may create tables there")]
    Upgrade {
        /// Where.
        url: DatabaseUrl,
        /// What went wrong.
        source: MigrateError,
    },
}

/// What opening gives.
pub(super) struct Opened {
    pub pool: PgPool,
    pub session: Session,
}

/// How every connection begins.
#[derive(Debug, Clone)]
pub(super) struct Session {
    connect: PgConnectOptions,
    settings: String,
}

impl Session {
    pub(super) fn new(options: &PostgresOptions) -> Self {
        let connect = PgConnectOptions::clone(&options.url.0).disable_statement_logging();
        let connect = match connect.get_application_name() {
            Some(_) => connect,
            None => connect.application_name("usher"),
        };
        // The server gives up on a statement when we do, and on a host that has a transaction open and is gone: others
        // wait for its locks. An index that gives the order is always taken, whatever the statistics say: no question
        // makes the database read all to sort it. `off` would acknowledge before the disk; the other values are for the
        // operator to choose.
        let settings = format!(
            "SET statement_timeout = {0}; SET idle_in_transaction_session_timeout = {0}; SET lock_timeout = {0}; \
             SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off; \
             SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            options.answer_ms
        );
        Self { connect, settings }
    }

    pub(super) async fn connect(&self) -> sqlx::Result<PgConnection> {
        let begin = async {
            let mut connection = self.connect.connect().await?;
            self.prepare(&mut connection).await?;
            Ok(connection)
        };
        tokio::time::timeout(ACQUIRE_WITHIN, begin).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn prepare(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        connection.execute(AssertSqlSafe(self.settings.clone())).await.map(drop)
    }
}

pub(super) async fn open(options: &PostgresOptions) -> Result<Opened, ConnectError> {
    let url = &options.url;
    let unreachable = |source| ConnectError::Connect { url: url.clone(), source };
    let session = Session::new(options);
    // Without the session's settings: an upgrade takes as long as it takes.
    let mut connection = session.connect.connect().await.map_err(unreachable)?;
    check_server(url, &mut connection).await?;
    MIGRATOR.run_direct(None, &mut connection, false).await.map_err(|error| refusal(url, error))?;
    connection.close().await.map_err(unreachable)?;
    let pool = pool(&session, options.connections).await.map_err(unreachable)?;
    Ok(Opened { pool, session })
}

/// What is asked of a server before anything is written to it.
async fn check_server(url: &DatabaseUrl, connection: &mut PgConnection) -> Result<(), ConnectError> {
    let (version, encoding, fsync): (i32, String, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'), \
         current_setting('fsync')",
    )
    .fetch_one(connection)
    .await
    .map_err(|source| ConnectError::Connect { url: url.clone(), source })?;
    let law = if version < SERVER_VERSION_MIN {
        format!("it is PostgreSQL {version}, and {SERVER_VERSION_MIN} or later is needed")
    } else if encoding != "UTF8" {
        format!("its encoding is {encoding}: create the database with ENCODING 'UTF8'")
    } else if fsync != "on" {
        "the server has `fsync = off`, so a decision that was acknowledged could be lost".into()
    } else {
        return Ok(());
    };
    Err(ConnectError::Unfit { url: url.clone(), law })
}

async fn pool(session: &Session, connections: u32) -> sqlx::Result<PgPool> {
    let begin = session.clone();
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_WITHIN)
        .after_connect(move |connection, _| -> BoxFuture<'_, sqlx::Result<()>> {
            let begin = begin.clone();
            Box::pin(async move { begin.prepare(connection).await })
        })
        .test_before_acquire(false)
        .before_acquire(|connection, about| -> BoxFuture<'_, sqlx::Result<bool>> {
            Box::pin(async move {
                if about.idle_for > IDLE_TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(session.connect.clone())
        .await
}

fn refusal(url: &DatabaseUrl, error: MigrateError) -> ConnectError {
    let (url, known) = (url.clone(), MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0));
    match error {
        MigrateError::VersionMissing(found) if found > known => ConnectError::NewerSchema { url, found, known },
        source => ConnectError::Upgrade { url, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let url: DatabaseUrl = "postgres://usher:s3cret@db.example:5433/usher?sslmode=require".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://usher@db.example:5433/usher");
        assert_eq!(format!("{url:?}"), url.to_string());
        let query: DatabaseUrl = "postgresql://db.example/usher?user=u&password=s3cret".parse().unwrap();
        assert!(!query.to_string().contains("s3cret"), "{query}");
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for wrong in ["mysql://u:s3cret@h/d", "s3cret", "postgres://u:s3cret@h:port/d"] {
            let refused = wrong.parse::<DatabaseUrl>().unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("s3cret"), "{wrong}");
        }
    }

    #[tokio::test]
    async fn every_commit_waits_for_the_disk() {
        let url = private_postgres::database().unwrap();
        for (given, expected) in [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")] {
            let url = format!("{url}&options[synchronous_commit]={given}");
            let session = Session::new(&PostgresOptions::new(url.parse().unwrap()));
            let mut connection = session.connect().await.unwrap();
            let setting: String =
                sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut connection).await.unwrap();
            assert_eq!(setting, expected, "{given}");
        }
    }

    #[test]
    fn migrations_are_numbered_as_those_of_sqlite() {
        let names = |migrator: &Migrator| {
            migrator.iter().map(|one| (one.version, one.description.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(names(&MIGRATOR), names(&crate::sqlite::open::MIGRATOR));
        assert!(MIGRATOR.iter().all(|migration| !migration.no_tx), "a migration applies as a whole or not at all");
    }
}
