//! What a PostgreSQL database has to keep to beside the common laws: several hosts share it, and it may go away.

use crate::fixtures::{all_pages, at, commit, commit_all, commit_one, everything, group, next_decision};
use crate::places::{Place, PostgresPlace};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_model::DecisionId;
use usher_store::change::Changed;
use usher_store::document::{Collection, DocumentKey, NewDocument, Precondition};
use usher_store::journal::{Commit, CommitError, Committed, Turn};
use usher_store::{ConnectError, Postgres, PostgresOptions, Store, StoreError};
use uuid::Uuid;

/// A connection beside the hosts', as a tool would have it.
async fn beside(place: &PostgresPlace) -> PgConnection {
    PgConnection::connect(place.address()).await.unwrap()
}

/// Commits an event on the head that stands, as often as others come first. Returns the decision that stands for it.
async fn insist(store: &dyn Store, group_name: &str, event: &str) -> DecisionId {
    loop {
        let head = store.head(&group(group_name)).await.unwrap();
        let expected_decision = head.decision;
        let attempt = Commit { expected_decision, ..commit(group_name, head.sequence, event) };
        match commit_one(store, &attempt).await {
            Committed::Done => return attempt.decision_id,
            Committed::Duplicate(entry) => return entry.decision_id,
            Committed::Raced => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_write_the_same_groups_lose_and_double_nothing() {
    let place = PostgresPlace::new();
    let hosts = [place.open().await, place.open().await, place.open().await];
    let mut tasks = Vec::new();
    for worker in 0..12_usize {
        let store = Arc::clone(&hosts[worker % 3]);
        tasks.push(tokio::spawn(async move {
            let mut stand = Vec::new();
            for number in 0..25 {
                // Each event comes from three workers on three hosts, and the groups are made as they are needed.
                let (name, event) = (format!("g{}", (number + worker) % 5), format!("e{}-{number}", worker / 3));
                stand.push(((name.clone(), event.clone()), insist(&*store, &name, &event).await));
            }
            stand
        }));
    }
    let mut stands: BTreeMap<(String, String), DecisionId> = BTreeMap::new();
    for task in tasks {
        for (event, decision) in task.await.unwrap() {
            assert_eq!(*stands.entry(event.clone()).or_insert(decision), decision, "{event:?}");
        }
    }
    let mut numbers: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for entry in all_pages(&*hosts[0], &everything()).await {
        let event = (entry.group.group.to_string(), entry.event_id.to_string());
        assert_eq!(stands.remove(&event), Some(entry.decision_id), "{event:?}");
        numbers.entry(event.0).or_default().push(entry.sequence);
    }
    assert!(stands.is_empty(), "{stands:?}");
    for (name, mut numbers) in numbers {
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "{name}");
    }
    for host in hosts {
        host.close().await;
    }
}

#[tokio::test]
async fn in_a_turn_nobody_else_comes_first() {
    let place = PostgresPlace::new();
    let [a, b] = [place.open().await, place.open().await];
    commit_one(&*a, &commit("g", 0, "e1")).await;
    let (mine, others) = (Turn(Uuid::from_u128(1)), Turn(Uuid::from_u128(2)));
    assert!(a.take_turn(&group("g"), mine, 3_600_000).await.unwrap());
    assert!(a.take_turn(&group("g"), mine, 3_600_000).await.unwrap(), "it is mine already");
    assert!(!b.take_turn(&group("g"), others, 3_600_000).await.unwrap());
    assert_eq!(commit_one(&*b, &commit("g", 1, "e2")).await, Committed::Raced);
    let in_turn = |turn, event| Commit { turn: Some(turn), ..commit("g", 1, event) };
    assert_eq!(commit_one(&*b, &in_turn(others, "e2")).await, Committed::Raced);
    assert!(matches!(commit_one(&*b, &commit("g", 1, "e1")).await, Committed::Duplicate(_)), "what stands is told");
    assert_eq!(commit_one(&*b, &commit("h", 0, "e2")).await, Committed::Done, "other groups go on");
    assert_eq!(commit_one(&*a, &in_turn(mine, "e3")).await, Committed::Done);
    assert_eq!(commit_one(&*b, &commit("g", 2, "e2")).await, Committed::Done, "the turn ended with its commit");
}

#[tokio::test]
async fn a_turn_of_a_host_that_is_gone_comes_to_its_end() {
    let place = PostgresPlace::new();
    let store = place.open().await;
    commit_one(&*store, &commit("g", 0, "e1")).await;
    assert!(store.take_turn(&group("g"), Turn(Uuid::from_u128(1)), 0).await.unwrap());
    assert_eq!(commit_one(&*store, &commit("g", 1, "e2")).await, Committed::Done);
    assert!(store.take_turn(&group("g"), Turn(Uuid::from_u128(1)), 0).await.unwrap());
    assert!(store.take_turn(&group("g"), Turn(Uuid::from_u128(2)), 0).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_batches_of_two_hosts_over_the_same_groups_all_come_through() {
    let place = PostgresPlace::new();
    let hosts = [place.open().await, place.open().await];
    // In opposite orders: two that locked as they were asked would wait for each other.
    let batch = |host: usize| -> Vec<Commit> {
        let one = |n: usize| commit(&format!("g{}", if host == 0 { n } else { 63 - n }), 0, &format!("e{host}"));
        (0..64).map(one).collect()
    };
    let (first, second) = (batch(0), batch(1));
    let (first, second) = tokio::join!(commit_all(&*hosts[0], &first), commit_all(&*hosts[1], &second));
    for (n, committed) in first.iter().enumerate() {
        let one_of_both = [committed, &second[63 - n]].iter().filter(|done| ***done == Committed::Done).count();
        assert_eq!(one_of_both, 1, "group {n}: {committed:?} and {:?}", second[63 - n]);
    }
}

#[tokio::test]
async fn a_number_that_another_host_took_is_not_taken_for_ones_own() {
    let place = PostgresPlace::new();
    let [a, b] = [place.open().await, place.open().await];
    let (ours, theirs) = (commit("g", 0, "ours"), commit("g", 0, "theirs"));
    assert_eq!(commit_one(&*a, &theirs).await, Committed::Done);
    let after_ours = Commit { expected_decision: Some(ours.decision_id), ..commit("g", 1, "next") };
    assert_eq!(commit_all(&*b, [&ours, &after_ours]).await, [Committed::Raced, Committed::Raced]);
}

#[tokio::test]
async fn a_failed_batch_fails_its_own_tickets_and_no_others() {
    let place = PostgresPlace::new();
    let store = place.open().await;
    let mut tool = beside(&place).await;
    let trap = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN IF new.event_id = 'poison' THEN RAISE 'as a bug would'; END IF; RETURN new; END $$; \
                CREATE TRIGGER trap BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION trap()";
    tool.execute(trap).await.unwrap();
    let (innocent, poison) = (commit("h", 0, "innocent"), commit("g", 0, "poison"));
    let tickets = [store.commit(innocent.clone()).await.unwrap(), store.commit(poison).await.unwrap()];
    for ticket in tickets {
        assert!(matches!(ticket.durable().await, Err(CommitError::Batch(_))));
    }
    assert_eq!(store.head(&group("h")).await.unwrap().sequence, 0);
    assert_eq!(commit_one(&*store, &innocent).await, Committed::Done);
    store.close().await;
}

/// Every connection but the tool's own ends, as when the server is restarted.
async fn restart(tool: &mut PgConnection, place: &PostgresPlace) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE pid <> pg_backend_pid() AND application_name = '{}'",
        place.name()
    );
    tool.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn a_lost_connection_is_temporary_and_an_event_sent_again_is_decided_once() {
    let place = PostgresPlace::new();
    let store = place.open().await;
    let mut tool = beside(&place).await;
    let mut sequence = 0;
    for round in 0..5 {
        let one = commit("g", sequence, &format!("e{round}"));
        let ticket = store.commit(one.clone()).await.unwrap();
        restart(&mut tool, &place).await;
        // It came through, or it did not, or nobody knows: the next time tells.
        match ticket.durable().await {
            Ok(committed) => assert_eq!(committed, Committed::Done),
            Err(CommitError::Batch(error)) => assert!(matches!(*error, StoreError::Unavailable(_)), "{error:?}"),
            Err(CommitError::Closed) => panic!("the store is open"),
        }
        let again = Commit { decision_id: next_decision(), ..one };
        let stands = loop {
            match store.commit(again.clone()).await.unwrap().durable().await {
                Ok(committed) => break committed,
                Err(error) => assert!(matches!(error, CommitError::Batch(_))),
            }
        };
        assert!(matches!(stands, Committed::Done | Committed::Duplicate(_)), "{stands:?}");
        sequence += 1;
        while !matches!(store.head(&group("g")).await, Ok(head) if head.sequence == sequence) {}
    }
    assert_eq!(all_pages(&*store, &everything()).await.len(), 5);
    store.close().await;
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_said_to_be_temporary() {
    let place = PostgresPlace::new();
    let patient = place.open().await;
    assert_eq!(commit_one(&*patient, &commit("g", 0, "e1")).await, Committed::Done);
    // The row is held until it has given up, so it does not matter how quick the machine is.
    let store = Postgres::open(PostgresOptions { answer_ms: 500, ..place.options() }).await.unwrap();
    let mut tool = beside(&place).await;
    let mut held = tool.begin().await.unwrap();
    held.execute("SELECT * FROM groups FOR UPDATE").await.unwrap();
    let Err(CommitError::Batch(error)) = store.commit(commit("g", 1, "e2")).await.unwrap().durable().await else {
        panic!("another has the group's row")
    };
    assert!(matches!(*error, StoreError::Unavailable(_)), "{error:?}");
    held.rollback().await.unwrap();
    assert_eq!(commit_one(&*patient, &commit("g", 1, "e2")).await, Committed::Done);
    store.close().await;
    patient.close().await;
}

#[tokio::test]
async fn hosts_are_told_what_others_changed_in_its_order() {
    let place = PostgresPlace::new();
    let [a, b] = [place.open().await, place.open().await];
    let key = |collection, id: &str| DocumentKey { collection, brand: "acme".to_owned(), id: id.to_owned() };
    let put = async |key: &DocumentKey, body| {
        let (key, written_by) = (key.clone(), "key_1".to_owned());
        a.put_document(NewDocument { key, body, written_by, written_at: at(1) }, Precondition::None).await.unwrap()
    };
    let told = async |after| -> Vec<Changed> {
        b.changes(after).await.unwrap().into_iter().filter_map(|change| change.what).collect()
    };
    let (g, h, plan) = (key(Collection::Groups, "g"), key(Collection::Groups, "h"), key(Collection::Plans, "p"));
    assert_eq!(b.last_change().await.unwrap(), 0);
    for (key, body) in [(&g, json!(1)), (&h, json!(1)), (&plan, json!(1)), (&g, json!(2)), (&g, json!(2))] {
        put(key, body).await;
    }
    assert_eq!(told(0).await, [Changed::Document(h.clone()), Changed::Document(g.clone())]);
    let last = b.last_change().await.unwrap();
    assert_eq!(told(last).await, []);
    a.delete_document(&h, Precondition::None).await.unwrap();
    assert_eq!(told(last).await, [Changed::Document(h)]);
    assert_eq!(b.last_change().await.unwrap(), last + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_missed_while_many_are_made() {
    let place = PostgresPlace::new();
    let [a, b] = [place.open().await, place.open().await];
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = if writer % 2 == 0 { Arc::clone(&a) } else { Arc::clone(&b) };
            tokio::spawn(async move {
                for n in 0..25 {
                    let key = DocumentKey {
                        collection: Collection::Members,
                        brand: "acme".to_owned(),
                        id: format!("g/{writer}-{n}"),
                    };
                    let written_by = "key_1".to_owned();
                    let document = NewDocument { key, body: json!(n), written_by, written_at: at(1) };
                    store.put_document(document, Precondition::None).await.unwrap();
                }
            })
        })
        .collect();
    let (mut after, mut seen) = (0, 0);
    while seen < 100 {
        for change in b.changes(after).await.unwrap() {
            assert_eq!(change.number, after + 1, "each change once, and none is left out");
            (after, seen) = (change.number, seen + 1);
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_database_of_a_newer_usher_is_left_alone() {
    let place = PostgresPlace::new();
    place.open().await.close().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', true, ''::bytea, 0)";
    beside(&place).await.execute(later).await.unwrap();
    let refused = Postgres::open(place.options()).await.unwrap_err();
    assert!(matches!(refused, ConnectError::NewerSchema { found: 9999, .. }), "{refused:?}");
}

#[tokio::test]
async fn two_hosts_may_make_the_tables_at_the_same_time() {
    let place = PostgresPlace::new();
    let (a, b) = tokio::join!(place.open(), place.open());
    assert_eq!(commit_one(&*a, &commit("g", 0, "e1")).await, Committed::Done);
    assert_eq!(commit_one(&*b, &commit("g", 1, "e2")).await, Committed::Done);
}

#[tokio::test]
async fn where_nobody_listens_the_refusal_says_what_to_do() {
    let url = "postgres://usher:s3cret@localhost/usher?host=/nowhere".parse().unwrap();
    let refused = Postgres::open(PostgresOptions::new(url)).await.unwrap_err();
    assert!(refused.to_string().contains("see that PostgreSQL runs there"), "{refused}");
    assert!(!format!("{refused:?}").contains("s3cret"), "{refused:?}");
}
