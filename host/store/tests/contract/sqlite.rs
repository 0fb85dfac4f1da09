//! What a SQLite file has to keep to beside the common laws.

use crate::fixtures::{all_pages, commit, commit_all, commit_one, entry, everything, group};
use crate::places::{Place, SqlitePlace};
use sqlx::{ConnectOptions, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use std::error::Error;
use std::fs;
use usher_store::journal::{Commit, CommitError, Committed};
use usher_store::{OpenError, Sqlite, SqliteOptions, Store};

/// A connection beside the host's, as a tool would have it.
async fn beside(options: &SqliteOptions) -> SqliteConnection {
    SqliteConnectOptions::new().filename(&options.path).connect().await.unwrap()
}

#[tokio::test]
async fn a_second_host_on_the_same_file_is_refused() {
    let place = SqlitePlace::new();
    let first = place.open().await;
    let refused = Sqlite::open(place.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }));
    assert!(refused.to_string().contains("is in use by another usher: stop that one"), "{refused}");

    let mut by_link = place.options();
    by_link.path.set_file_name("link.db");
    std::os::unix::fs::symlink(place.options().path, &by_link.path).unwrap();
    assert!(matches!(Sqlite::open(by_link).await, Err(OpenError::InUse { .. })));

    first.close().await;
    place.open().await.close().await;
}

#[tokio::test]
async fn a_store_that_is_dropped_lets_go_of_the_file() {
    let place = SqlitePlace::new();
    let store = place.open().await;
    let ticket = store.commit(commit("g", 0, "e")).await.unwrap();
    drop(store);
    assert_eq!(ticket.durable().await.unwrap(), Committed::Done);
    while matches!(Sqlite::open(place.options()).await, Err(OpenError::InUse { .. })) {
        tokio::task::yield_now().await;
    }
}

/// Nothing but what is on the disk at the moment of the acknowledgement: the file and its log.
#[tokio::test]
async fn an_acknowledged_commit_survives_a_crash() {
    let (place, after) = (SqlitePlace::new(), SqlitePlace::new());
    // Never, so that the file and its log are of one moment though they are copied one after the other.
    let store = Sqlite::open(SqliteOptions { fold_pages: u32::MAX, ..place.options() }).await.unwrap();
    let commits: Vec<Commit> = (0..20).map(|n| commit("g", n, &format!("e{n}"))).collect();
    for (n, one) in commits.iter().enumerate() {
        assert_eq!(commit_one(&store, one).await, Committed::Done);
        for suffix in ["", "-wal"] {
            let (mut from, mut to) = (place.options().path.into_os_string(), after.options().path.into_os_string());
            from.push(suffix);
            to.push(suffix);
            fs::copy(from, to).unwrap();
        }
        let recovered = after.open().await;
        assert_eq!(recovered.head(&group("g")).await.unwrap().sequence, n as u64 + 1);
        let newest = all_pages(&*recovered, &everything()).await.remove(0);
        assert_eq!(newest, entry(one, n as u64 + 1));
        recovered.close().await;
    }
}

#[tokio::test]
async fn a_failed_batch_fails_its_own_tickets_and_no_others() {
    let place = SqlitePlace::new();
    let store = place.open().await;
    let mut tool = beside(&place.options()).await;
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON journal WHEN new.event_id = 'poison' \
                BEGIN SELECT raise(ABORT, 'as a full disk would'); END";
    tool.execute(trap).await.unwrap();
    assert_eq!(commit_one(&*store, &commit("g", 0, "before")).await, Committed::Done);

    let (innocent, poison) = (commit("h", 0, "innocent"), commit("g", 1, "poison"));
    let tickets = [store.commit(innocent.clone()).await.unwrap(), store.commit(poison).await.unwrap()];
    for ticket in tickets {
        let Err(CommitError::Batch(error)) = ticket.durable().await else { panic!("the batch should fail") };
        assert!(error.source().unwrap().to_string().contains("as a full disk would"));
    }
    assert_eq!(store.head(&group("h")).await.unwrap().sequence, 0);
    assert_eq!(commit_one(&*store, &innocent).await, Committed::Done);
    assert_eq!(commit_one(&*store, &commit("g", 1, "after")).await, Committed::Done);
    store.close().await;
}

#[tokio::test]
async fn a_full_queue_makes_commits_wait_and_loses_none() {
    let place = SqlitePlace::new();
    let options = SqliteOptions { queue_commits_max: 2, batch_commits_max: 3, ..place.options() };
    let store = Sqlite::open(options).await.unwrap();
    let commits: Vec<Commit> = (0..50).map(|n| commit("g", n, &format!("e{n}"))).collect();
    assert!(commit_all(&store, &commits).await.iter().all(|committed| *committed == Committed::Done));
    store.close().await;
}

#[tokio::test]
async fn the_log_begins_anew_while_commits_go_on() {
    let place = SqlitePlace::new();
    let options = SqliteOptions { fold_pages: 200, ..place.options() };
    let mut log = options.path.clone().into_os_string();
    log.push("-wal");
    let store = Sqlite::open(options).await.unwrap();
    let mut begun_anew = false;
    let mut first_salt = None;
    for n in 0..1000 {
        assert_eq!(commit_one(&store, &commit("g", n, &format!("e{n}"))).await, Committed::Done);
        // The salt in its header is another each time (https://sqlite.org/fileformat2.html#walformat).
        let salt = fs::read(&log).unwrap()[16..24].to_vec();
        begun_anew = *first_salt.get_or_insert(salt.clone()) != salt;
        if begun_anew {
            break;
        }
    }
    assert!(begun_anew, "in far fewer commits than SQLite itself would wait for");
    store.close().await;
}

#[tokio::test]
async fn a_file_of_a_newer_usher_is_left_alone() {
    let place = SqlitePlace::new();
    place.open().await.close().await;
    let mut tool = beside(&place.options()).await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', true, x'00', 0)";
    tool.execute(later).await.unwrap();
    let refused = Sqlite::open(place.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::NewerSchema { found: 9999, .. }), "{refused:?}");
    assert!(refused.to_string().contains("run the newer usher that wrote it"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_opened_says_what_to_do() {
    let place = SqlitePlace::new();
    let mut nowhere = place.options();
    nowhere.path = nowhere.path.with_file_name("missing").join("usher.db");
    let refused = Sqlite::open(nowhere).await.unwrap_err();
    assert!(matches!(refused, OpenError::NotWritable { .. }), "{refused:?}");
    assert!(refused.to_string().contains("create its directory"), "{refused}");

    fs::write(place.options().path, "a letter to a friend, in a file of that name".repeat(100)).unwrap();
    let refused = Sqlite::open(place.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Database { .. }), "{refused:?}");
    assert!(refused.to_string().contains("see that it is an usher database"), "{refused}");
}
