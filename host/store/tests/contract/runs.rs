//! Laws of runs: each appears as a whole and never changes.

use crate::fixtures::{at, brand};
use std::sync::Arc;
use usher_model::{GroupId, RunId, RunKind};
use usher_store::Store;
use usher_store::run::{NewRun, Run, RunQuery, RunRow, RunScope};
use uuid::Uuid;

crate::laws! {
    a_run_reads_back_as_it_was,
    a_large_run_is_kept_as_a_whole,
    a_run_that_is_there_stands,
    runs_are_listed_newest_first,
    the_latest_run_is_that_of_the_latest_moment,
    what_is_finished_is_not_forgotten,
    runs_of_long_ago_are_given_up_save_the_last_of_their_scope,
}

fn id(number: u128) -> RunId {
    RunId::new(Uuid::from_u128(number))
}

fn group(name: &str) -> Option<GroupId> {
    (!name.is_empty()).then(|| GroupId::new(name).unwrap())
}

fn new_run(number: u128, kind: RunKind, group_name: &str, at_ms: u64, rows: u32) -> NewRun {
    let row = |position| RunRow {
        position,
        id: format!("群-{position}").into(),
        body: format!(r#"{{"score":{position}.5,"why":"红包 \u0000"}}"#).into(),
    };
    let run = Run {
        id: id(number),
        brand: brand("acme"),
        kind,
        group: group(group_name),
        series: "vip".into(),
        at: at(at_ms),
        written_by: "key_1".into(),
        written_at: at(at_ms + 1),
        summary: r#"{"members":3}"#.into(),
    };
    NewRun { run, rows: (0..rows).map(row).collect(), inputs: vec![7; rows as usize * 100] }
}

async fn a_run_reads_back_as_it_was(store: Arc<dyn Store>) {
    let new = new_run(1, RunKind::Score, "g", 100, 5);
    assert_eq!(store.run(&brand("acme"), id(1)).await.unwrap(), None);
    assert_eq!(store.run_inputs(id(1)).await.unwrap(), None);
    assert!(store.put_run(new.clone()).await.unwrap());
    assert_eq!(store.run(&brand("acme"), id(1)).await.unwrap(), Some(new.run));
    assert_eq!(store.run(&brand("other"), id(1)).await.unwrap(), None);
    assert_eq!(store.run_rows(id(1), None, 100).await.unwrap(), new.rows);
    assert_eq!(store.run_rows(id(1), Some(1), 2).await.unwrap(), new.rows[2..4]);
    assert_eq!(store.run_rows(id(2), None, 100).await.unwrap(), []);
    assert_eq!(store.run_inputs(id(1)).await.unwrap(), Some(new.inputs));
    let empty = new_run(2, RunKind::Rank, "", 100, 0);
    assert!(store.put_run(empty.clone()).await.unwrap());
    assert_eq!(store.run_inputs(id(2)).await.unwrap(), Some(Vec::new()));
    assert_eq!(store.run(&brand("acme"), id(2)).await.unwrap(), Some(empty.run));
}

async fn a_large_run_is_kept_as_a_whole(store: Arc<dyn Store>) {
    let mut new = new_run(1, RunKind::Score, "", 100, 5_000);
    new.rows[3].body = "x".repeat(2 << 20).into();
    new.inputs = (0..3_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    assert!(store.put_run(new.clone()).await.unwrap());
    let mut rows = Vec::new();
    while let page = store.run_rows(id(1), rows.last().map(|row: &RunRow| row.position), 999).await.unwrap()
        && !page.is_empty()
    {
        rows.extend(page);
    }
    assert!(rows == new.rows);
    assert!(store.run_inputs(id(1)).await.unwrap() == Some(new.inputs));
}

async fn a_run_that_is_there_stands(store: Arc<dyn Store>) {
    let (first, second) = (new_run(1, RunKind::Score, "g", 100, 2), new_run(1, RunKind::Score, "g", 200, 3));
    assert!(store.put_run(first.clone()).await.unwrap());
    assert!(!store.put_run(second).await.unwrap());
    assert_eq!(store.run(&brand("acme"), id(1)).await.unwrap(), Some(first.run));
    assert_eq!(store.run_rows(id(1), None, 9).await.unwrap(), first.rows);
    let (one, other) = (new_run(2, RunKind::Score, "g", 300, 2_000), new_run(2, RunKind::Score, "g", 300, 2_000));
    let (one, other) = tokio::join!(store.put_run(one), store.put_run(other));
    assert_eq!(u8::from(one.unwrap()) + u8::from(other.unwrap()), 1, "of two at once, one stands");
    assert_eq!(store.run_rows(id(2), None, 9_999).await.unwrap().len(), 2_000);
}

async fn runs_are_listed_newest_first(store: Arc<dyn Store>) {
    for (number, kind, group) in [
        (3, RunKind::Score, "g"),
        (1, RunKind::Score, "g"),
        (2, RunKind::Rank, "g"),
        (4, RunKind::Score, "h"),
        (5, RunKind::Score, ""),
    ] {
        store.put_run(new_run(number, kind, group, 100, 0)).await.unwrap();
    }
    let query = RunQuery { brand: brand("acme"), group: None, kind: None, series: None, before: None, limit: 10 };
    let ids = async |query: RunQuery| {
        let runs = store.runs(&query).await.unwrap();
        runs.iter().map(|run| run.id.uuid().as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(query.clone()).await, [5, 4, 3, 2, 1]);
    assert_eq!(ids(RunQuery { before: Some(id(4)), limit: 2, ..query.clone() }).await, [3, 2]);
    assert_eq!(ids(RunQuery { group: group("g"), kind: Some(RunKind::Score), ..query.clone() }).await, [3, 1]);
    assert_eq!(ids(RunQuery { series: Some("vip".into()), limit: 1, ..query.clone() }).await, [5]);
    assert_eq!(ids(RunQuery { series: Some("other".into()), ..query.clone() }).await, [0; 0]);
    assert_eq!(ids(RunQuery { brand: brand("other"), ..query }).await, [0; 0]);
}

async fn the_latest_run_is_that_of_the_latest_moment(store: Arc<dyn Store>) {
    for (number, at_ms, group) in [(1, 300, "g"), (2, 100, "g"), (3, 100, "g"), (4, 900, ""), (5, 900, "h")] {
        store.put_run(new_run(number, RunKind::Score, group, at_ms, 0)).await.unwrap();
    }
    let latest = async |group_name: &str, kind, until: Option<u64>| {
        let scope = RunScope { brand: brand("acme"), kind, group: group(group_name), series: "vip".into() };
        store.latest_run(&scope, until.map(at)).await.unwrap().map(|run| run.id)
    };
    assert_eq!(latest("g", RunKind::Score, None).await, Some(id(1)));
    assert_eq!(latest("g", RunKind::Score, Some(299)).await, Some(id(3)));
    assert_eq!(latest("g", RunKind::Score, Some(99)).await, None);
    assert_eq!(latest("", RunKind::Score, None).await, Some(id(4)));
    assert_eq!(latest("g", RunKind::Rank, None).await, None);
    let other = RunScope { brand: brand("acme"), kind: RunKind::Score, group: group("g"), series: "other".into() };
    assert_eq!(store.latest_run(&other, None).await.unwrap(), None);
}

async fn what_is_finished_is_not_forgotten(store: Arc<dyn Store>) {
    store.put_run(new_run(1, RunKind::Score, "g", 100, 9)).await.unwrap();
    assert_eq!(store.forget_unfinished_runs(at(1_000_000)).await.unwrap(), 0);
    assert_eq!(store.run_rows(id(1), None, 10).await.unwrap().len(), 9);
}

async fn runs_of_long_ago_are_given_up_save_the_last_of_their_scope(store: Arc<dyn Store>) {
    for (number, at_ms, group) in [(1, 100, "g"), (2, 200, "g"), (3, 300, "g"), (4, 100, "h"), (5, 100, "")] {
        store.put_run(new_run(number, RunKind::Score, group, at_ms, 2_000)).await.unwrap();
    }
    let kept = async || {
        let query = RunQuery { brand: brand("acme"), group: None, kind: None, series: None, before: None, limit: 10 };
        let runs = store.runs(&query).await.unwrap();
        runs.iter().map(|run| run.id.uuid().as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(store.give_up_runs(at(201), 10).await.unwrap(), 1, "the second was written then");
    assert_eq!(kept().await, [5, 4, 3, 2]);
    assert_eq!(store.give_up_runs(at(1_000), 10).await.unwrap(), 1);
    assert_eq!(kept().await, [5, 4, 3]);
    assert_eq!(store.run_rows(id(1), None, 1).await.unwrap(), []);
    assert_eq!(store.run_inputs(id(1)).await.unwrap(), None);
    assert_eq!(store.forget_unfinished_runs(at(1_000)).await.unwrap(), 2);
    assert_eq!(store.forget_unfinished_runs(at(1_000)).await.unwrap(), 0);
    assert_eq!(store.run_rows(id(3), None, 9_999).await.unwrap().len(), 2_000);
}
