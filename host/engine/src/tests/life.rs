//! From bytes to a decision's outcome.

use super::{bake, bake_bytes, check, engine, failure, rules};
use crate::{BakeError, Engine, EngineOptions, Hook, InspectError, Rejected, Road, UploadLimits};
use usher_guests::{Guest, unsnapshottable};
use usher_model::{FailureKind, PluginName};

/// Counts its calls and finds one rule per call so far: what is left over from another call would show.
fn counter() -> Guest {
    Guest::finder("counter", "0.1.0", "called", 1)
        .items("(global $calls (mut i32) (i32.const 0))")
        .configure("(global.set $calls (local.get $len))")
        .check(
            "(loop $again
               (drop (call $finding (i32.const 256) (i32.const 6) (i32.const 1)))
               (global.set $calls (i32.sub (global.get $calls) (i32.const 1)))
               (br_if $again (i32.gt_s (global.get $calls) (i32.const 0))))",
        )
}

#[test]
fn a_component_says_what_it_is() {
    let facts = engine().inspect(&Guest::finder("finder", "1.2.3", "r", 1).component()).unwrap();
    assert_eq!(facts.manifest.name.as_str(), "finder");
    assert_eq!(facts.manifest.version.as_str(), "1.2.3");
    assert!(facts.hooks.contains(&Hook::Check) && facts.hooks.len() == 1);
    assert!(facts.imports.contains("usher:plugin/effects@0.1.0"), "{:?}", facts.imports);
}

#[test]
fn every_call_starts_from_the_configured_snapshot() {
    let engine = engine();
    let snapshot = bake(&engine, &counter(), "123");
    assert_eq!(snapshot.road(), Road::Baked);
    for _ in 0..3 {
        assert_eq!(rules(&check(&engine, &snapshot)), ["called"; 3]);
    }
}

#[test]
fn what_can_not_be_snapshotted_behaves_the_same() {
    let engine = engine();
    for bytes in [unsnapshottable(&counter().component()), counter().nesting().component()] {
        let snapshot = bake_bytes(&engine, &bytes, "123");
        assert_eq!(snapshot.road(), Road::Configured);
        for _ in 0..3 {
            assert_eq!(rules(&check(&engine, &snapshot)), ["called"; 3]);
        }
    }
}

#[test]
fn what_leaves_a_large_memory_is_configured_in_each_instance() {
    let upload = UploadLimits { image_bytes: 1 << 20, ..UploadLimits::default() };
    let engine = Engine::new(EngineOptions { instances: 8, upload, ..EngineOptions::default() }).unwrap();
    // It writes to every word of 2 MiB, so that no page of it is left out of the image.
    let fill = "(drop (memory.grow (i32.const 32)))
        (memory.fill (i32.const 65536) (i32.const 1) (i32.const 2097152))
        (global.set $calls (local.get $len))";
    let snapshot = bake(&engine, &counter().configure(fill), "123");
    assert_eq!(snapshot.road(), Road::Configured);
    assert_eq!(rules(&check(&engine, &snapshot)), ["called"; 3]);
    assert_eq!(bake(&engine, &counter(), "123").road(), Road::Baked);
}

#[test]
fn fuel_is_the_same_every_time() {
    let engine = engine();
    let snapshot = bake(&engine, &counter(), "12345");
    let fuel: Vec<u64> = (0..3).map(|_| check(&engine, &snapshot).cost.fuel).collect();
    assert!(fuel[0] > 0 && fuel.iter().all(|f| *f == fuel[0]), "{fuel:?}");
}

#[test]
fn compiled_code_is_found_again_and_damage_to_it_is_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let options = || EngineOptions { cache_dir: Some(dir.path().to_owned()), instances: 8, ..EngineOptions::default() };
    let engine = Engine::new(options()).unwrap();
    let snapshot = bake(&engine, &counter(), "12");
    assert_eq!(rules(&check(&engine, &snapshot)), ["called"; 2]);
    let files = || {
        let folder = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect::<Vec<_>>()
    };
    assert_eq!(files().len(), 2, "the instrumented component, and the baked one");
    for file in files() {
        // Beside and renamed, as the cache itself does: the file in place may be mapped.
        let damaged = dir.path().join("damaged");
        std::fs::write(&damaged, b"not compiled code").unwrap();
        std::fs::rename(damaged, file).unwrap();
    }
    let engine = Engine::new(options()).unwrap();
    let snapshot = bake(&engine, &counter(), "12");
    assert_eq!(rules(&check(&engine, &snapshot)), ["called"; 2]);
}

#[test]
fn a_refusal_of_settings_is_told_in_the_plugins_words() {
    let refuses = Guest::named("refuses")
        .items("(data (i32.const 256) \"no such list\")")
        .configure("(return (call $return_error (i32.const 256) (i32.const 12)))");
    let name = PluginName::new("refuses").unwrap();
    for bytes in [refuses.component(), unsnapshottable(&refuses.component())] {
        match engine().bake(&name, &bytes, "{}") {
            Err(BakeError::Refused(words)) => assert_eq!(words, "no such list"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_error_of_check_drops_what_was_said_before() {
    let errs = Guest::finder("errs", "0.1.0", "said", 4).items("(data (i32.const 512) \"gave up\")").check(
        "(drop (call $finding (i32.const 256) (i32.const 4) (i32.const 4)))
         (call $drop_event (local.get $event))
         (return (call $return_error (i32.const 512) (i32.const 7)))",
    );
    let engine = engine();
    let report = check(&engine, &bake(&engine, &errs, "{}"));
    assert_eq!(failure(&report), Some(FailureKind::Error));
    assert_eq!(report.failure.unwrap().message, "gave up");
}

#[test]
fn what_is_no_plugin_is_refused_with_the_reason() {
    let refused = |bytes: &[u8]| match engine().inspect(bytes) {
        Err(InspectError::Rejected(rejected)) => rejected,
        other => panic!("{other:?}"),
    };
    let guest = Guest::named("guest");
    assert_eq!(refused(&wat(&guest)), Rejected::CoreModule);
    assert_eq!(refused(b"hello"), Rejected::NoWasm);
    let component = guest.component();
    assert!(matches!(refused(&component[..component.len() / 2]), Rejected::Invalid(_)));
    assert_eq!(refused(b"\0asm\x0d\0\x01\0"), Rejected::NoPlugin { exports: vec![] });
}

fn wat(guest: &Guest) -> Vec<u8> {
    wat::parse_str(guest.wat()).unwrap()
}
