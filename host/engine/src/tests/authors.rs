//! What an author is told about a call that ended early, and what a call used.

use super::{bake, check, check_under, engine, failure};
use crate::{BakeError, InspectError, LogLevel, Report};
use usher_guests::Guest;
use usher_model::{CallLimits, FailureKind, PluginName};

const LOG: (&str, &str, &str) = ("log", "write", "$log (param i32 i32 i32)");

/// A guest with a function that does this, called from another.
fn nested(body: &str) -> Guest {
    let functions = format!("(func $parse_words {body}) (func $look_around (call $parse_words))");
    Guest::named("nested").items(&functions).check("(call $look_around)")
}

/// The lines of the backtrace, without its title.
fn trace(report: &Report) -> Vec<&str> {
    let last = report.logs.last().expect("a line of log");
    assert_eq!(last.level, LogLevel::Error);
    let mut lines = last.message.lines();
    assert_eq!(lines.next(), Some("the plugin was here, innermost first:"));
    lines.map(str::trim).collect()
}

#[test]
fn a_trap_names_the_functions_it_happened_in() {
    let engine = engine();
    let report = check(&engine, &bake(&engine, &nested("(unreachable)"), "{}"));
    assert_eq!(failure(&report), Some(FailureKind::Trap));
    assert_eq!(trace(&report), ["parse_words", "look_around"]);
}

#[test]
fn so_does_a_loop_without_end_and_a_call_that_the_host_refused() {
    let engine = engine();
    let snapshot = bake(&engine, &nested("(loop $forever (br $forever))"), "{}");
    let report = check_under(&engine, &snapshot, CallLimits { fuel: 10_000, ..CallLimits::default() });
    assert_eq!((failure(&report), trace(&report)[0]), (Some(FailureKind::Deadline), "parse_words"));
    let kick = nested("(drop (call $action (i32.const 512) (i32.const 4)))")
        .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
        .items("(data (i32.const 512) \"kick\")");
    let report = check(&engine, &bake(&engine, &kick, "{}"));
    assert_eq!(failure(&report), Some(FailureKind::Capability));
    assert!(trace(&report).contains(&"parse_words"), "{:?}", report.logs);
}

#[test]
fn what_was_written_before_a_trap_is_the_reason_and_the_trace_is_no_part_of_it() {
    let engine = engine();
    let guest = nested("(call $log (i32.const 3) (i32.const 512) (i32.const 4)) (unreachable)")
        .import(LOG.0, LOG.1, LOG.2)
        .items("(data (i32.const 512) \"oops\")");
    let report = check(&engine, &bake(&engine, &guest, "{}"));
    let message = report.failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
    assert_eq!(message, "wasm trap: wasm `unreachable` instruction executed: oops");
    assert_eq!((report.logs[0].message.as_str(), report.usage.log_lines), ("oops", 1));
}

#[test]
fn a_trap_before_any_event_tells_all_in_its_message() {
    let engine = engine();
    let guest = nested("(unreachable)").configure("(call $look_around)");
    let refused = engine.bake(&PluginName::new("nested").unwrap(), &guest.component(), "{}");
    let Err(BakeError::Configure(failure)) = refused else { panic!("it was baked") };
    assert!(failure.message.contains("executed\nthe plugin was here, innermost first:\n  parse_words"), "{failure:?}");
    let guest = nested("(unreachable)").describe("(call $look_around)");
    let refused = engine.inspect(&guest.component());
    let Err(InspectError::Describe(failure)) = refused else { panic!("it was taken") };
    assert!(failure.message.contains("\n  look_around"), "{failure:?}");
}

#[test]
fn what_a_call_used_is_counted() {
    let engine = engine();
    let guest = Guest::finder("counted", "0.1.0", "rule", 1);
    let usage = check(&engine, &bake(&engine, &guest, "{}")).usage;
    assert_eq!((usage.memory_bytes, usage.host_calls, usage.effect_bytes, usage.log_lines), (2 << 16, 1, 0, 0));
}
