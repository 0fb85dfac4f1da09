//! Exports stay frozen and imports grow: what was built against today's contract runs on tomorrow's host.

use super::{bake, check, engine, rules};
use crate::{Engine, InspectError};
use usher_guests::Guest;
use wasmtime::StoreContextMut;

/// Tomorrow's host: the same engine with one more function in an imported interface.
fn tomorrow() -> Engine {
    let mut engine = engine();
    let mut log = engine.linker.instance("usher:plugin/log@0.1.0").unwrap();
    log.func_wrap("flush", |_: StoreContextMut<'_, crate::sandbox::Sandbox>, ()| Ok(())).unwrap();
    engine
}

/// Made against tomorrow's contract: today's with `flush` in `log`.
fn uses_flush() -> Guest {
    let guest = Guest::finder("grown", "0.1.0", "flushed", 1)
        .contract_with("  write: func(level: level", "  flush: func();\n  write: func(level: level")
        .import("log", "flush", "$flush");
    let find = guest.check.clone();
    guest.check(&format!("(call $flush) {find}"))
}

#[test]
fn a_component_of_today_runs_on_a_host_of_tomorrow() {
    let tomorrow = tomorrow();
    let today = Guest::finder("today", "0.1.0", "found", 1);
    tomorrow.inspect(&today.component()).unwrap();
    assert_eq!(rules(&check(&tomorrow, &bake(&tomorrow, &today, "{}"))), ["found"]);
}

#[test]
fn a_component_of_tomorrow_uses_the_new_function_and_is_refused_by_name_today() {
    let grown = uses_flush();
    let tomorrow = tomorrow();
    assert_eq!(rules(&check(&tomorrow, &bake(&tomorrow, &grown, "{}"))), ["flushed"]);
    match engine().inspect(&grown.component()) {
        Err(InspectError::Unfit(reason)) => assert!(reason.contains("flush"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
