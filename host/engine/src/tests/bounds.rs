//! Each limit ends a call, and its setting is named in what people read.

use super::{bake, check_under, check_with, engine, message};
use crate::{
    BakeError, Call, Engine, EngineError, EngineOptions, Grants, InspectError, MEMORIES_MAX, STACK_BYTES_MAX,
    TABLES_MAX, UploadLimits,
};
use std::sync::Arc;
use std::sync::mpsc::channel;
use usher_guests::{Guest, unsnapshottable, with_instances};
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

/// Acts, strikes, remembers, starts timers and logs, as much as the default limits allow with ease.
fn doing() -> Guest {
    Guest::named("doing")
        .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
        .import("effects", "strike", "$strike (param i32 i32 i32 i64)")
        .import("state", "put", "$put (param i32 i32 i32 i32)")
        .import("state", "add", "$add (param i32 i32 i32)")
        .import("timers", "start", "$start (param i32 i32 i64 i32 i32)")
        .import("log", "write", "$log (param i32 i32 i32)")
        .items("(data (i32.const 256) \"warn\")")
        .check(
            "(drop (call $action (i32.const 256) (i32.const 4)))
             (call $strike (i32.const 256) (i32.const 4) (i32.const 1) (i64.const 1000))
             (call $strike (i32.const 256) (i32.const 4) (i32.const 1) (i64.const 1000))
             (call $put (i32.const 256) (i32.const 4) (i32.const 256) (i32.const 4))
             (call $add (i32.const 256) (i32.const 4) (i32.const 1))
             (call $start (i32.const 256) (i32.const 4) (i64.const 1000) (i32.const 256) (i32.const 0))
             (call $log (i32.const 1) (i32.const 256) (i32.const 4))",
        )
}

#[test]
fn each_limit_of_what_a_call_does_is_named_where_it_ends_the_call() {
    let engine = engine();
    let snapshot = bake(&engine, &doing(), "{}");
    let granted = ["action:warn", "action:strike", "state", "timers"];
    let fine = CallLimits::default();
    let under = |limits| check_with(&engine, &snapshot, &granted, limits);
    let report = under(fine.clone());
    assert_eq!((report.failure, report.effects.strikes.len()), (None, 2));
    let cases = [
        ("actions", FailureKind::Output, CallLimits { actions: 0, ..fine.clone() }),
        // An action and a strike, and a strike more.
        ("actions", FailureKind::Output, CallLimits { actions: 1, ..fine.clone() }),
        ("state_key_bytes", FailureKind::BadArgument, CallLimits { state_key_bytes: 3, ..fine.clone() }),
        ("state_value_bytes", FailureKind::Output, CallLimits { state_value_bytes: 3, ..fine.clone() }),
        ("state_changes", FailureKind::Output, CallLimits { state_changes: 1, ..fine.clone() }),
        ("timers", FailureKind::Output, CallLimits { timers: 0, ..fine.clone() }),
    ];
    for (setting, kind, limits) in cases {
        let failure = under(limits).failure.expect(setting);
        assert_eq!(failure.kind, kind, "{}", failure.message);
        assert!(failure.message.contains(&format!("(`{setting}`)")), "{setting}: {}", failure.message);
    }
    // What is too long to log is cut off.
    let report = under(CallLimits { log_line_bytes: 2, ..fine });
    assert_eq!((report.failure, report.logs[0].message.as_str()), (None, "wa…"));
}

/// Why a component is refused at its upload.
fn refused(upload: UploadLimits, bytes: &[u8]) -> InspectError {
    let calls =
        CallBounds { default: CallLimits::default(), ceiling: CallLimits { log_lines: 70, ..CallLimits::CEILING } };
    let options = EngineOptions { instances: 8, upload, calls, ..EngineOptions::default() };
    Engine::new(options).unwrap().inspect(bytes).unwrap_err()
}

#[test]
fn each_limit_of_what_a_component_may_be_is_named_where_it_is_refused() {
    let fine = UploadLimits::default();
    let guest = Guest::finder("guest", "0.1.0", "rule", 1);
    let bytes = guest.component();
    let floods = guest
        .clone()
        .import("log", "write", "$log (param i32 i32 i32)")
        .describe("(loop $more (call $log (i32.const 1) (i32.const 0) (i32.const 1)) (br $more))");
    let spins = guest.clone().describe("(loop $forever (br $forever))").component();
    let grows =
        guest.clone().describe("(if (i32.eq (i32.const -1) (memory.grow (i32.const 9000))) (then (unreachable)))");
    let cases = [
        ("(`plugins.component_bytes`)", UploadLimits { component_bytes: 100, ..fine.clone() }, bytes.clone()),
        ("(`plugins.functions`)", UploadLimits { functions: 2, ..fine.clone() }, bytes.clone()),
        ("(`plugins.modules`)", UploadLimits { modules: 1, ..fine.clone() }, bytes.clone()),
        ("(`plugins.imports`)", UploadLimits { imports: 0, ..fine.clone() }, bytes.clone()),
        ("(`plugins.setup_fuel`)", UploadLimits { setup_fuel: 1_000_000, ..fine.clone() }, spins),
        ("(`calls_max.log_lines`)", fine.clone(), floods.component()),
        ("(`calls_max.memory_bytes`)", fine, grows.component()),
    ];
    for (named, upload, bytes) in cases {
        let error = refused(upload, &bytes).to_string();
        assert!(error.contains(named), "{named}: {error}");
    }
}

#[test]
fn what_finds_no_place_in_the_pools_is_refused_by_the_limit_that_it_is_over() {
    let bytes = Guest::named("guest").component();
    let cases = [
        ("at most 8 memories", with_instances(&bytes, "(module (memory 1))", MEMORIES_MAX)),
        ("at most 24 tables", with_instances(&bytes, "(module (table 1 funcref))", TABLES_MAX + 1)),
        ("a module has at most 1 memory", with_instances(&bytes, "(module (memory 1) (memory 1))", 1)),
        ("a module has at most 1 table", with_instances(&bytes, "(module (table 1 funcref) (table 1 funcref))", 1)),
        ("(`plugins.modules`)", with_instances(&bytes, "(module)", 100)),
        ("`calls_max.memory_bytes`", with_instances(&bytes, "(module (memory 9000))", 1)),
        ("`calls_max.table_elements`", with_instances(&bytes, "(module (table 200000 funcref))", 1)),
        ("4194304 bytes beside its memory", {
            let globals = "(global (mut i64) (i64.const 0))".repeat(300_000);
            with_instances(&bytes, &format!("(module {globals})"), 1)
        }),
    ];
    for (named, bytes) in cases {
        let error = refused(UploadLimits::default(), &bytes).to_string();
        assert!(error.starts_with("the host has no room for it") && error.contains(named), "{named}: {error}");
    }
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
