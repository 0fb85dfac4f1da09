//! Each limit ends a call, and its setting is named in what people read.

use super::{bake, check_under, engine, message};
use crate::{BakeError, Call, Engine, EngineError, EngineOptions, Grants, STACK_BYTES_MAX};
use std::sync::Arc;
use std::sync::mpsc::channel;
use usher_guests::{Guest, unsnapshottable};
use usher_model::{CallBounds, CallLimits, Failure, FailureKind, PluginName};

const AT: (&str, &str, &str) = ("events", "[method]event.at", "$at (param i32) (result i64)");
const FOLD: (&str, &str, &str) = ("text", "fold", "$fold (param i32 i32 i32)");

/// Says, spans, logs, grows and folds, as much as the default limits allow with ease.
fn busy() -> Guest {
    Guest::finder("busy", "0.1.0", "rule", 1)
        .import("effects", "[method]finding.span", "$span (param i32 i32 i32)")
        .import("effects", "[method]finding.evidence", "$evidence (param i32 i32 i32 i32 i32)")
        .import("effects", "[method]finding.message", "$message (param i32 i32 i32)")
        .import("log", "write", "$log (param i32 i32 i32)")
        .import(FOLD.0, FOLD.1, FOLD.2)
        .items("(table $t 10 funcref)")
        .check(
            "(local $finding i32)
             (local.set $finding (call $finding (i32.const 256) (i32.const 4) (i32.const 1)))
             (call $span (local.get $finding) (i32.const 0) (i32.const 4))
             (call $evidence (local.get $finding) (i32.const 256) (i32.const 4) (i32.const 256) (i32.const 4))
             (call $message (local.get $finding) (i32.const 256) (i32.const 4))
             (call $log (i32.const 1) (i32.const 256) (i32.const 4))
             (call $fold (i32.const 1024) (i32.const 64) (i32.const 64))
             (drop (memory.grow (i32.const 16)))
             (if (i32.eq (i32.const -1) (table.grow $t (ref.null func) (i32.const 100))) (then (unreachable)))",
        )
}

fn ended(engine: &Engine, guest: &Guest, limits: CallLimits) -> Failure {
    check_under(engine, &bake(engine, guest, "{}"), limits).failure.expect("a failure")
}

#[test]
fn each_limit_is_named_where_it_ends_a_call() {
    let engine = engine();
    let snapshot = bake(&engine, &busy(), "{}");
    let fine = CallLimits::default();
    assert_eq!(check_under(&engine, &snapshot, fine.clone()).failure, None);
    let cases = [
        ("fuel", FailureKind::Deadline, CallLimits { fuel: 500, ..fine.clone() }),
        ("table_elements", FailureKind::Memory, CallLimits { table_elements: 50, ..fine.clone() }),
        ("host_calls", FailureKind::HostCalls, CallLimits { host_calls: 2, ..fine.clone() }),
        ("host_call_bytes", FailureKind::Output, CallLimits { host_call_bytes: 3, ..fine.clone() }),
        ("answer_bytes", FailureKind::HostCalls, CallLimits { answer_bytes: 70, ..fine.clone() }),
        ("findings", FailureKind::Output, CallLimits { findings: 0, ..fine.clone() }),
        ("spans", FailureKind::Output, CallLimits { spans: 0, ..fine.clone() }),
        ("evidence", FailureKind::Output, CallLimits { evidence: 0, ..fine.clone() }),
        ("effect_bytes", FailureKind::Output, CallLimits { effect_bytes: 9, ..fine.clone() }),
        ("text_bytes", FailureKind::Output, CallLimits { text_bytes: 3, ..fine.clone() }),
        ("log_lines", FailureKind::Output, CallLimits { log_lines: 0, ..fine }),
    ];
    for (setting, kind, limits) in cases {
        let failure = check_under(&engine, &snapshot, limits).failure.expect(setting);
        assert_eq!(failure.kind, kind, "{}", failure.message);
        assert!(failure.message.contains(&format!("(`{setting}`)")), "{setting}: {}", failure.message);
    }
    let grows =
        Guest::named("grows").check("(if (i32.eq (i32.const -1) (memory.grow (i32.const 32))) (then (unreachable)))");
    let failure = ended(&engine, &grows, CallLimits { memory_bytes: 1 << 20, ..CallLimits::default() });
    assert_eq!(failure.message, "the plugin asked for more than 1048576 bytes of memory (`memory_bytes`)");
}

#[test]
fn memory_that_a_call_takes_costs_what_its_pages_cost() {
    let engine = engine();
    let cost = |guest: &Guest| check_under(&engine, &bake(&engine, guest, "{}"), CallLimits::default());
    let nothing = cost(&Guest::named("nothing").check("(drop (i32.const 16))"));
    let grows = cost(&Guest::named("grows").check("(drop (memory.grow (i32.const 16)))"));
    assert_eq!(grows.usage.memory_bytes - nothing.usage.memory_bytes, 1 << 20);
    let more = grows.cost.fuel - nothing.cost.fuel;
    assert!((1 << 18..1 << 19).contains(&more), "{more}");
    // What `configure` took is there when the call begins.
    let configured = cost(
        &Guest::named("configured").configure("(drop (memory.grow (i32.const 16)))").check("(drop (i32.const 16))"),
    );
    assert_eq!((configured.usage.memory_bytes, configured.cost.fuel), (grows.usage.memory_bytes, nothing.cost.fuel));
}

#[test]
fn the_hosts_work_comes_out_of_the_same_budget() {
    let engine = engine();
    let floods = Guest::named("floods")
        .import(AT.0, AT.1, AT.2)
        .check("(loop $forever (drop (call $at (local.get $event))) (br $forever))");
    let limits = CallLimits { fuel: 100_000, host_calls: u64::MAX, ..CallLimits::default() };
    let snapshot = bake(&engine, &floods, "{}");
    let reports: Vec<_> = (0..3).map(|_| check_under(&engine, &snapshot, limits.clone())).collect();
    for report in &reports {
        assert_eq!(report.failure.as_ref().map(|failure| failure.kind), Some(FailureKind::Deadline));
        assert_eq!(report.cost.fuel, reports[0].cost.fuel);
        assert!(report.cost.fuel < 2 * limits.fuel, "{}", report.cost.fuel);
    }
    // Neither the guest nor the host alone is over the budget here; both together are.
    let both = Guest::named("both").import(AT.0, AT.1, AT.2).items("(global $n (mut i32) (i32.const 0))").check(
        "(loop $some (drop (call $at (local.get $event))) (global.set $n (i32.add (global.get $n) (i32.const 1)))
           (br_if $some (i32.lt_u (global.get $n) (i32.const 100))))
         (global.set $n (i32.const 0))
         (loop $spin (global.set $n (i32.add (global.get $n) (i32.const 1)))
           (br_if $spin (i32.lt_u (global.get $n) (i32.const 1500))))",
    );
    let snapshot = bake(&engine, &both, "{}");
    let cost = check_under(&engine, &snapshot, CallLimits::default()).cost.fuel;
    let of = |fuel: u64| check_under(&engine, &snapshot, CallLimits { fuel, ..CallLimits::default() });
    assert_eq!(of(cost).failure, None);
    assert_eq!(of(cost - 1).failure.map(|failure| failure.kind), Some(FailureKind::Deadline));
}

#[test]
fn a_call_that_finds_no_room_waits_for_it() {
    let options = EngineOptions { instances: 1, instances_wait_ms: 600_000, ..EngineOptions::default() };
    let engine = Engine::new(options).unwrap();
    let snapshot = bake(&engine, &Guest::finder("finder", "0.1.0", "found", 1), "{}");
    let grants = Arc::new(Grants::default());
    let occupied = engine.reuse(&snapshot, &message("hello"), &grants).unwrap();
    std::thread::scope(|scope| {
        let (begun, begins) = channel();
        let (engine, snapshot, grants) = (&engine, &snapshot, &grants);
        let waits = scope.spawn(move || {
            begun.send(()).unwrap();
            engine.check(snapshot, &message("hello"), grants, &Arc::default())
        });
        begins.recv().unwrap();
        drop(occupied);
        match waits.join().unwrap() {
            Call::Done(report) => assert_eq!(report.failure, None),
            Call::Missing(key, _) => panic!("{key:?}"),
        }
    });
}

#[test]
fn a_call_that_waited_in_vain_says_which_setting_to_raise() {
    let options = EngineOptions { instances: 1, instances_wait_ms: 0, ..EngineOptions::default() };
    let engine = Engine::new(options).unwrap();
    let snapshot = bake(&engine, &Guest::named("guest"), "{}");
    let _occupied = engine.reuse(&snapshot, &message("hello"), &Arc::new(Grants::default())).unwrap();
    let failure = check_under(&engine, &snapshot, CallLimits::default()).failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(failure.message.contains("(`instances`)"), "{}", failure.message);
}

#[test]
fn what_can_not_be_called_under_its_limits_is_found_out_before_an_event() {
    let engine = engine();
    let large = Guest::named("large").configure("(drop (memory.grow (i32.const 320)))");
    let tight = Arc::new(CallLimits { memory_bytes: 16 << 20, ..CallLimits::default() });
    let snapshot = bake(&engine, &large, "{}");
    assert!(engine.try_out(&snapshot, &Arc::default()).is_ok());
    let refused = |snapshot: &crate::Snapshot, limits: &Arc<CallLimits>| match engine.try_out(snapshot, limits) {
        Err(BakeError::Configure(failure)) => failure.message,
        other => panic!("{other:?}"),
    };
    assert!(refused(&snapshot, &tight).contains("(`memory_bytes`)"));
    // One that configures itself in each call does it out of the call's own budget.
    let slow = Guest::named("slow")
        .items("(global $n (mut i32) (i32.const 0))")
        .configure("(loop $spin (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if $spin (i32.lt_u (global.get $n) (i32.const 100000))))");
    let name = PluginName::new("slow").unwrap();
    let snapshot = engine.bake(&name, &unsnapshottable(&slow.component()), "{}").unwrap();
    assert!(engine.try_out(&snapshot, &Arc::default()).is_ok());
    assert!(refused(&snapshot, &Arc::new(CallLimits { fuel: 1000, ..CallLimits::default() })).contains("(`fuel`)"));
}

#[test]
fn bounds_that_make_no_sense_are_refused_at_the_start() {
    let new = |options: EngineOptions| Engine::new(options).unwrap_err();
    let calls = CallBounds { ceiling: CallLimits { fuel: 1, ..CallLimits::CEILING }, ..CallBounds::default() };
    let error = new(EngineOptions { calls, ..EngineOptions::default() });
    assert_eq!(error.to_string(), "`calls.fuel` is 50000000, above `calls_max.fuel`, which is 1");
    let error = new(EngineOptions { stack_bytes: STACK_BYTES_MAX + 1, ..EngineOptions::default() });
    assert!(matches!(error, EngineError::Stack(_)));
}
