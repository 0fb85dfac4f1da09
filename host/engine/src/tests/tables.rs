//! Scorers and rankers: what they see, what they may say, and how it ends when they say something else.

use super::{bake, bake_bytes, engine};
use crate::{Engine, Hook, InspectError, Population, Snapshot, TableInput, TableReport};
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_guests::{Guest, GuestHook, unsnapshottable};
use usher_model::{CallLimits, FailureKind};

const NUMBERS: (&str, &str, &str) = ("tables", "[method]table.numbers", "$numbers (param i32 i32 i32 i32)");
const QUANTILES: (&str, &str, &str) =
    ("tables", "[method]table.quantiles", "$quantiles (param i32 i32 i32 i32 i32 i32)");
const CONTRIBUTE: (&str, &str, &str) =
    ("tables", "[method]table.contribute", "$contribute (param i32 i32 i32 i32 i32 i32)");
const EXCLUDE: (&str, &str, &str) = ("tables", "[method]table.exclude", "$exclude (param i32 i32 i32 i32)");
const LABEL: (&str, &str, &str) = ("tables", "[method]table.label", "$label (param i32 i32 i32 i32)");

/// Where the texts of the guests stand: a column, a reason, and what may go wrong.
const DATA: &str =
    r#"(data (i32.const 256) "messages@30d") (data (i32.const 288) "reason") (data (i32.const 304) "likes")"#;

/// Hands on what the host refused: the error of the result at 64 becomes the plugin's own.
const HAND_ON: &str = "(if (i32.load8_u (i32.const 64)) (then (call $drop_table (local.get $table))
     (return (call $return_error (i32.load (i32.const 68)) (i32.load (i32.const 72))))))";

/// Contributes a column as it is, excludes the first row and labels the last.
fn scorer(hook: GuestHook) -> Guest {
    of(hook, &[NUMBERS, CONTRIBUTE, EXCLUDE, LABEL]).check(&format!(
        "(call $numbers (local.get $table) (i32.const 256) (i32.const 12) (i32.const 64))
         {HAND_ON}
         (call $contribute (local.get $table) (i32.const 288) (i32.const 6)
            (i32.load (i32.const 68)) (i32.load (i32.const 72)) (i32.const 64))
         {HAND_ON}
         (call $exclude (local.get $table) (i32.const 0) (i32.const 288) (i32.const 6))
         (call $label (local.get $table) (i32.const 2) (i32.const 288) (i32.const 6))"
    ))
}

fn of(hook: GuestHook, imports: &[(&str, &str, &str)]) -> Guest {
    let columns: &[&str] = if hook == GuestHook::RANK { &["reads@30d"] } else { &["messages@30d"] };
    let guest = Guest::of_tables("guest", hook, columns).items(DATA);
    imports.iter().fold(guest, |guest, (interface, function, signature)| guest.import(interface, function, signature))
}

fn table(values: &[f64]) -> Arc<TableInput> {
    let ids = (0..values.len()).map(|row| format!("u-{row}").into()).collect();
    let numbers = BTreeMap::from([("messages@30d".into(), values.to_vec())]);
    let population = Arc::new(Population::new([("messages@30d".into(), values.to_vec())]));
    Arc::new(TableInput { ids, numbers, population, ..TableInput::default() })
}

fn score(engine: &Engine, snapshot: &Snapshot, limits: CallLimits) -> TableReport {
    let report = engine.score(Hook::Score, snapshot, &table(&[1.0, 2.0, 3.0]), &Arc::new(limits));
    let said = report.contributions.len() + report.exclusions.len() + report.labels.len();
    assert!(said == 0 || report.failure.is_none(), "a failed call has said nothing");
    report
}

fn failure(guest: &Guest) -> (FailureKind, String) {
    let engine = engine();
    let failure = score(&engine, &bake(&engine, guest, "{}"), CallLimits::default()).failure.expect("a failure");
    (failure.kind, failure.message)
}

#[test]
fn what_a_plugin_says_of_a_table_comes_back_in_order() {
    let engine = engine();
    for (guest, hook) in [(GuestHook::SCORE, Hook::Score), (GuestHook::RANK, Hook::Rank)] {
        let component = scorer(guest).component();
        let facts = engine.inspect(&component).unwrap();
        assert!(facts.hooks.contains(&hook) && facts.hooks.len() == 1);
        for bytes in [component.clone(), unsnapshottable(&component)] {
            let snapshot = bake_bytes(&engine, &bytes, "{}");
            assert!(snapshot.has(hook) && !snapshot.has(Hook::Check));
            for _ in 0..2 {
                let report = engine.score(hook, &snapshot, &table(&[1.0, 2.0, 3.0]), &Arc::default());
                assert_eq!(report.failure, None);
                assert_eq!((report.contributions.len(), &*report.contributions[0].reason), (1, "reason"));
                assert_eq!(report.contributions[0].points, [1.0, 2.0, 3.0]);
                assert_eq!((report.exclusions[0].row, report.labels[0].row), (0, 2));
                assert!(report.cost.fuel > 0);
            }
        }
    }
}

#[test]
fn points_that_are_no_numbers_are_refused_in_words_that_the_plugin_can_hand_on() {
    let engine = engine();
    let snapshot = bake(&engine, &scorer(GuestHook::SCORE), "{}");
    for (wrong, words) in [
        (f64::NAN, "the points of row 1 are NaN"),
        (f64::INFINITY, "the points of row 1 are inf"),
        (-1e300, "they must lie between -1e12 and 1e12"),
    ] {
        let report = engine.score(Hook::Score, &snapshot, &table(&[1.0, wrong, 3.0]), &Arc::default());
        let failure = report.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Error);
        assert!(failure.message.contains(words), "{}", failure.message);
        assert!(report.contributions.is_empty() && report.exclusions.is_empty());
    }
}

#[test]
fn points_are_as_many_as_rows() {
    let short = of(GuestHook::SCORE, &[CONTRIBUTE]).check(&format!(
        "(call $contribute (local.get $table) (i32.const 288) (i32.const 6) (i32.const 512) (i32.const 2) (i32.const 64))
         {HAND_ON}"
    ));
    assert_eq!(failure(&short).1, "2 points for 3 rows: there must be one number a row");
}

#[test]
fn a_column_that_the_manifest_did_not_name_is_refused_with_those_that_there_are() {
    let asks = of(GuestHook::SCORE, &[NUMBERS])
        .check(&format!("(call $numbers (local.get $table) (i32.const 304) (i32.const 5) (i32.const 64)) {HAND_ON}"));
    let (kind, message) = failure(&asks);
    assert_eq!(kind, FailureKind::Error);
    assert!(message.contains("no column of numbers `likes`: it has messages@30d;"), "{message}");
}

#[test]
fn a_quantile_is_asked_at_a_share() {
    let asks = of(GuestHook::SCORE, &[QUANTILES]).items("(data (i32.const 512) \"\\00\\00\\00\\00\\00\\00\\00\\40\")").check(
        &format!(
            "(call $quantiles (local.get $table) (i32.const 256) (i32.const 12) (i32.const 512) (i32.const 1) (i32.const 64))
             {HAND_ON}"
        ),
    );
    assert_eq!(failure(&asks).1, "a quantile is asked at a share between 0 and 1, not at 2");
}

/// What no scorer should do: what it does in WAT, how it ends, and what is said of it.
#[test]
fn a_hostile_scorer_fails_and_has_said_nothing() {
    let reason = "(i32.const 288) (i32.const 6)";
    let points = "(i32.const 512) (i32.const 3) (i32.const 64)";
    let contribute = format!("(call $contribute (local.get $table) {reason} {points})");
    let all = of(GuestHook::SCORE, &[CONTRIBUTE, EXCLUDE, LABEL, NUMBERS]);
    let forever = |body: &str| format!("(loop $forever {body} (br $forever))");
    let cases = [
        (forever(""), FailureKind::Deadline, "(`table_fuel`)"),
        (forever(&contribute), FailureKind::Output, "(`contributions`)"),
        (
            forever(&format!("(call $exclude (local.get $table) (i32.const 0) {reason})")),
            FailureKind::Output,
            "(`row_marks`)",
        ),
        (
            forever(&format!("(call $label (local.get $table) (i32.const 0) {reason})")),
            FailureKind::Output,
            "(`row_marks`)",
        ),
        (
            forever("(call $numbers (local.get $table) (i32.const 256) (i32.const 12) (i32.const 64))"),
            FailureKind::HostCalls,
            "(`host_calls`)",
        ),
        (
            format!("(call $contribute (local.get $table) (i32.const 0) (i32.const 5000) {points})"),
            FailureKind::Output,
            "(`text_bytes`)",
        ),
        (
            format!("(call $contribute (local.get $table) {reason} (i32.const 0) (i32.const 16000000) (i32.const 64))"),
            FailureKind::Trap,
            "",
        ),
        (
            format!(
                "(drop (memory.grow (i32.const 64)))
                 (call $contribute (local.get $table) {reason} (i32.const 0) (i32.const 300000) (i32.const 64))"
            ),
            FailureKind::Output,
            "(`host_call_bytes`)",
        ),
        (format!("(call $exclude (local.get $table) (i32.const 3) {reason})"), FailureKind::BadArgument, "no row 3"),
        (format!("(call $label (local.get $table) (i32.const -1) {reason})"), FailureKind::BadArgument, "no row"),
        (
            "(call $label (local.get $table) (i32.const 0) (i32.const 288) (i32.const 0))".into(),
            FailureKind::BadArgument,
            "without words",
        ),
        (format!("{contribute} (unreachable)"), FailureKind::Trap, ""),
        (
            format!("{contribute} (call $label (i32.const 7) (i32.const 0) {reason})"),
            FailureKind::Trap,
            "unknown handle",
        ),
        (
            format!(
                "{contribute} (call $drop_table (local.get $table)) (call $label (local.get $table) (i32.const 0) {reason})"
            ),
            FailureKind::Trap,
            "unknown handle",
        ),
        (
            format!("{contribute} (call $drop_table (local.get $table)) (return (call $return_error {reason}))"),
            FailureKind::Error,
            "reason",
        ),
        ("(return (call $return_ok))".into(), FailureKind::Trap, "borrow"),
    ];
    let engine = engine();
    for (body, kind, words) in cases {
        let snapshot = bake(&engine, &all.clone().check(&body), "{}");
        let limits = CallLimits { table_fuel: 20_000_000, ..CallLimits::default() };
        let failure = score(&engine, &snapshot, limits).failure.expect(&body);
        assert_eq!(failure.kind, kind, "{body}: {}", failure.message);
        assert!(failure.message.contains(words), "{body}: {}", failure.message);
    }
}

#[test]
fn each_limit_of_a_table_is_named_where_it_ends_a_call() {
    let engine = engine();
    let snapshot = bake(&engine, &scorer(GuestHook::SCORE), "{}");
    let fine = CallLimits::default();
    assert_eq!(score(&engine, &snapshot, fine.clone()).failure, None);
    let cases = [
        ("table_fuel", FailureKind::Deadline, CallLimits { table_fuel: 500, ..fine.clone() }),
        ("table_rows", FailureKind::Unavailable, CallLimits { table_rows: 2, ..fine.clone() }),
        ("contributions", FailureKind::Output, CallLimits { contributions: 0, ..fine.clone() }),
        ("row_marks", FailureKind::Output, CallLimits { row_marks: 1, ..fine.clone() }),
        ("table_text_bytes", FailureKind::Output, CallLimits { table_text_bytes: 9, ..fine.clone() }),
        ("answer_bytes", FailureKind::HostCalls, CallLimits { answer_bytes: 9, ..fine.clone() }),
        ("host_calls", FailureKind::HostCalls, CallLimits { host_calls: 1, ..fine }),
    ];
    for (setting, kind, limits) in cases {
        let failure = score(&engine, &snapshot, limits).failure.expect(setting);
        assert_eq!(failure.kind, kind, "{}", failure.message);
        assert!(failure.message.contains(&format!("(`{setting}`)")), "{setting}: {}", failure.message);
    }
}

#[test]
fn fuel_of_a_table_is_the_same_every_time() {
    let engine = engine();
    let snapshot = bake(&engine, &scorer(GuestHook::SCORE), "{}");
    let fuel: Vec<u64> = (0..3).map(|_| score(&engine, &snapshot, CallLimits::default()).cost.fuel).collect();
    assert!(fuel[0] > 0 && fuel.iter().all(|f| *f == fuel[0]), "{fuel:?}");
}

#[test]
fn a_plugin_is_asked_only_what_it_can_answer() {
    let engine = engine();
    let snapshot = bake(&engine, &scorer(GuestHook::SCORE), "{}");
    let report = engine.score(Hook::Rank, &snapshot, &table(&[1.0]), &Arc::default());
    assert!(report.failure.unwrap().message.contains("no hook `rank`"));
    let failure = super::check(&engine, &snapshot).failure.unwrap();
    assert!(failure.message.contains("no hook `check`"), "{}", failure.message);
}

#[test]
fn a_table_without_a_value_for_each_row_is_no_table() {
    let engine = engine();
    let snapshot = bake(&engine, &scorer(GuestHook::SCORE), "{}");
    let uneven = TableInput { ids: vec!["u-1".into()], ..(*table(&[1.0, 2.0])).clone() };
    let failure = engine.score(Hook::Score, &snapshot, &Arc::new(uneven), &Arc::default()).failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(failure.message.contains("the column `messages@30d`"), "{}", failure.message);
}

#[test]
fn an_unknown_column_is_refused_at_upload_with_what_there_is() {
    let refused = |hook, columns: &[&str]| match engine().inspect(&Guest::of_tables("guest", hook, columns).component())
    {
        Err(InspectError::Manifest(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let message = refused(GuestHook::SCORE, &["name", "likes@30d"]);
    assert!(message.contains("`likes@30d`") && message.contains("messages, messages_blocked"), "{message}");
    let message = refused(GuestHook::RANK, &["messages@30d"]);
    assert!(message.contains("no column of a table of items"), "{message}");
    assert!(refused(GuestHook::CHECK, &["name"]).contains("exports neither"));
}
