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

/// Tomorrow's contract: today's with `flush` in `log`.
fn grown_contract() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(Guest::named("any").contract).unwrap() {
        let path = file.unwrap().path();
        let wit = std::fs::read_to_string(&path).unwrap();
        let grown = wit.replace("  write: func(level: level", "  flush: func();\n  write: func(level: level");
        std::fs::write(dir.path().join(path.file_name().unwrap()), grown).unwrap();
    }
    dir
}

fn uses_flush(contract: &std::path::Path) -> Guest {
    let mut guest = Guest::finder("grown", "0.1.0", "flushed", 1).import("log", "flush", "$flush");
    contract.clone_into(&mut guest.contract);
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
    let contract = grown_contract();
    let grown = uses_flush(contract.path());
    let tomorrow = tomorrow();
    assert_eq!(rules(&check(&tomorrow, &bake(&tomorrow, &grown, "{}"))), ["flushed"]);
    match engine().inspect(&grown.component()) {
        Err(InspectError::Unfit(reason)) => assert!(reason.contains("flush"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
