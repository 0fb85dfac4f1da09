//! Laws of backtests: kept with what they found until they are forgotten.

use crate::fixtures::{at, brand};
use std::sync::Arc;
use usher_model::BacktestId;
use usher_store::Store;
use usher_store::backtest::{BacktestNote, BacktestRow, GoOn};
use uuid::Uuid;

crate::laws! {
    a_backtest_reads_back_as_it_was_noted_last,
    differences_are_kept_in_their_order_and_read_page_by_page,
    what_is_told_again_is_kept_once,
    who_wants_it_to_end_is_heard_at_the_next_note,
    a_forgotten_backtest_takes_what_it_found_with_it,
}

fn id(number: u128) -> BacktestId {
    BacktestId::new(Uuid::from_u128(number))
}

fn note(progress: &str, has_ended: bool) -> BacktestNote {
    BacktestNote { progress: progress.into(), has_ended, at: at(7) }
}

fn begun(number: u128, of: &str) -> BacktestRow {
    let asked = r#"{"plugin":"红包"}"#.into();
    BacktestRow { id: id(number), brand: brand(of), asked, noted: note("{}", false), is_cancelled: false }
}

fn found(bodies: &[&str]) -> Vec<Box<str>> {
    bodies.iter().map(|body| (*body).into()).collect()
}

async fn a_backtest_reads_back_as_it_was_noted_last(store: Arc<dyn Store>) {
    let (first, second, others) = (begun(1, "acme"), begun(2, "acme"), begun(3, "other"));
    for row in [&first, &second, &others] {
        store.add_backtest(row).await.unwrap();
    }
    assert_eq!(store.backtests(&brand("acme")).await.unwrap(), [second, first.clone()], "the newest first");
    let ended = note(r#"{"events":3}"#, true);
    assert_eq!(store.note_backtest(id(1), &ended, 0, &[]).await.unwrap(), GoOn::Yes);
    let expected = BacktestRow { noted: ended, ..first };
    assert_eq!(store.backtest(&brand("acme"), id(1)).await.unwrap(), Some(expected));
    assert_eq!(store.backtest(&brand("other"), id(1)).await.unwrap(), None);
}

async fn differences_are_kept_in_their_order_and_read_page_by_page(store: Arc<dyn Store>) {
    store.add_backtest(&begun(1, "acme")).await.unwrap();
    let page = async |from, limit| store.differences(id(1), from, limit).await.unwrap();
    assert_eq!(page(0, 10).await, found(&[]));
    let first = found(&["[0]", r#"{"text":"\u0000 \" '"}"#]);
    store.note_backtest(id(1), &note("{}", false), 0, &first).await.unwrap();
    store.note_backtest(id(1), &note("{}", false), 2, &found(&["[2]", "[3]"])).await.unwrap();
    assert_eq!(page(0, 2).await, first);
    assert_eq!(page(2, 10).await, found(&["[2]", "[3]"]));
    assert_eq!(store.differences(id(2), 0, 10).await.unwrap(), found(&[]));
}

/// Who does not know whether a note was kept tells it again, with what came to it meanwhile.
async fn what_is_told_again_is_kept_once(store: Arc<dyn Store>) {
    store.add_backtest(&begun(1, "acme")).await.unwrap();
    store.note_backtest(id(1), &note("{}", false), 0, &found(&["[0]", "[1]"])).await.unwrap();
    let again = found(&["[0]", "[1]", "[2]"]);
    assert_eq!(store.note_backtest(id(1), &note("{}", true), 0, &again).await.unwrap(), GoOn::Yes);
    assert_eq!(store.differences(id(1), 0, 10).await.unwrap(), again);
}

async fn who_wants_it_to_end_is_heard_at_the_next_note(store: Arc<dyn Store>) {
    store.add_backtest(&begun(1, "acme")).await.unwrap();
    assert!(!store.cancel_backtest(&brand("other"), id(1)).await.unwrap());
    assert!(store.cancel_backtest(&brand("acme"), id(1)).await.unwrap());
    assert!(store.backtest(&brand("acme"), id(1)).await.unwrap().unwrap().is_cancelled);
    assert_eq!(store.note_backtest(id(1), &note("{}", true), 0, &[]).await.unwrap(), GoOn::Cancelled);
    assert!(!store.cancel_backtest(&brand("acme"), id(1)).await.unwrap(), "it is over");
}

async fn a_forgotten_backtest_takes_what_it_found_with_it(store: Arc<dyn Store>) {
    store.add_backtest(&begun(1, "acme")).await.unwrap();
    store.note_backtest(id(1), &note("{}", false), 0, &found(&["[0]"])).await.unwrap();
    assert!(!store.forget_backtest(&brand("other"), id(1)).await.unwrap());
    assert!(store.forget_backtest(&brand("acme"), id(1)).await.unwrap());
    assert!(!store.forget_backtest(&brand("acme"), id(1)).await.unwrap());
    assert_eq!(store.differences(id(1), 0, 10).await.unwrap(), found(&[]));
    let late = store.note_backtest(id(1), &note("{}", false), 1, &found(&["[1]"])).await.unwrap();
    assert_eq!((late, store.differences(id(1), 0, 10).await.unwrap()), (GoOn::Gone, found(&[])));
}
