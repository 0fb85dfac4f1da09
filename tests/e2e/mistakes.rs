//! Mistakes that authors make, and what the tool says to each: in a file, to be read as a stranger would.
//!
//! A message that is meant to change is accepted with `INSTA_UPDATE=always`, read, and committed.

use std::path::Path;
use tempfile::TempDir;
use usher_guests::{Guest, parse};
use usher_tests::author_in;

/// A folder with files in it, where the author stands.
struct Desk(TempDir);

impl Desk {
    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.and(name, content)
    }

    fn and(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// What the tool says and that it fails, with the time that differs each time left out.
    #[track_caller]
    fn told(&self, arguments: &[&str]) -> String {
        let output = author_in(self.0.path(), &[&["plugin"], arguments].concat());
        let text = String::from_utf8([output.stdout.as_slice(), output.stderr.as_slice()].concat()).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        let here = self.0.path().canonicalize().unwrap();
        without_times(&text).replace(&here.display().to_string(), "/home/author/plugin")
    }
}

/// `(12 µs)` says something else each time.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.split_once(" (") {
        Some((before, after)) if after.ends_with(" µs)") => before.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Compares with the file of that name.
macro_rules! told {
    ($name:literal, $told:expr) => {
        insta::with_settings!({ snapshot_path => "mistakes", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $told);
        })
    };
}

fn check(component: impl AsRef<[u8]>) -> String {
    Desk::with("my.wasm", component).told(&["check", "my.wasm"])
}

fn run(guest: &Guest) -> String {
    Desk::with("my.wasm", guest.component()).told(&["run", "my.wasm", "--text", "hello"])
}

/// A component of these exports, whose functions are never called.
fn exporting(exports: &str) -> Vec<u8> {
    parse(&format!(
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
                (func (export "none") (result i32) unreachable)
                (func (export "text") (param i32 i32) (result i32) unreachable))
            (core instance $i (instantiate $m))
            (func $describe (result string) (canon lift (core func $i "none") (memory $i "memory")))
            (func $configure (param "settings" string) (result (result (error string)))
                (canon lift (core func $i "text") (memory $i "memory") (realloc (func $i "realloc"))))
            (instance $plugin (export "describe" (func $describe)) (export "configure" (func $configure)))
            {exports})"#
    ))
}

const PLUGIN: &str = r#"(export "usher:plugin/plugin@0.1.0" (instance $plugin))"#;

fn describing(manifest: &str) -> Vec<u8> {
    Guest::with_manifest(manifest).component()
}

#[test]
fn no_file() {
    told!("no_file", Desk::with("a", "").told(&["check", "build/plugin.wasm"]));
}

#[test]
fn not_wasm() {
    told!("not_wasm", check("#!/usr/bin/env python3"));
}

#[test]
fn core_module() {
    told!("core_module", check(b"\0asm\x01\0\0\0"));
}

#[test]
fn cut_off() {
    let component = Guest::named("cut-off").component();
    told!("cut_off", check(&component[..component.len() / 2]));
}

#[test]
fn huge_component() {
    // A custom section without meaning.
    let mut component = Guest::named("huge").component();
    let size = 33_u32 << 20;
    component.push(0);
    component.extend((0..5).map(|n| u8::try_from((size >> (7 * n)) & 0x7f).unwrap() | if n < 4 { 0x80 } else { 0 }));
    component.extend(std::iter::repeat_n(0, size as usize));
    told!("huge_component", check(component));
}

#[test]
fn no_export_at_all() {
    told!("no_export_at_all", check(parse("(component)")));
}

#[test]
fn typo_in_an_interface() {
    told!(
        "typo_in_an_interface",
        check(exporting(&format!(r#"{PLUGIN} (export "usher:plugin/cheker@0.1.0" (instance $plugin))"#)))
    );
}

#[test]
fn typo_in_an_export() {
    let misspelled = r#"(instance $misspelled (export "describe" (func $describe)) (export "configuer" (func $configure)))
        (export "usher:plugin/plugin@0.1.0" (instance $misspelled))"#;
    told!("typo_in_an_export", check(exporting(misspelled)));
}

#[test]
fn wrong_type() {
    let untyped = format!(
        r#"{PLUGIN} (instance $checker (export "check" (func $configure)))
        (export "usher:plugin/checker@0.1.0" (instance $checker))"#
    );
    told!("wrong_type", check(exporting(&untyped)));
}

#[test]
fn missing_export_in_a_folder_of_a_language() {
    let component = exporting(
        r#"(instance $half (export "describe" (func $describe)))
        (export "usher:plugin/plugin@0.1.0" (instance $half))"#,
    );
    let sources = ["Cargo.toml", "src/plugin.ts", "src/app.py", "src/plugin.c", "src/plugin.zig", "src/plugin.go"];
    let told = sources.map(|source| Desk::with("build/plugin.wasm", &component).and(source, "").told(&["check"]));
    told!("missing_export_in_a_folder_of_a_language", told.join("\n\n---\n\n"));
}

#[test]
fn wrong_contract() {
    told!("wrong_contract", check(exporting(r#"(export "usher:plugin/plugin@0.2.0" (instance $plugin))"#)));
}

#[test]
fn wasi() {
    let component = parse(r#"(component (import "wasi:clocks/wall-clock@0.2.6" (instance)))"#);
    told!("wasi", check(&component));
    let rust = Desk::with("build/plugin.wasm", &component).and("Cargo.toml", "");
    told!("wasi_in_rust", rust.told(&["check"]));
}

#[test]
fn unknown_import() {
    told!("unknown_import", check(parse(r#"(component (import "acme:db/query@1.0.0" (instance)))"#)));
}

#[test]
fn manifest_without_a_name() {
    told!("manifest_without_a_name", check(describing(r#"{"version":"0.1.0"}"#)));
}

#[test]
fn manifest_with_a_typo() {
    told!("manifest_with_a_typo", check(describing(r#"{"name":"a","version":"0.1.0","event":["message.created"]}"#)));
}

#[test]
fn manifest_with_a_bad_version() {
    told!("manifest_with_a_bad_version", check(describing(r#"{"name":"a","version":"v1"}"#)));
}

#[test]
fn unknown_capability() {
    told!("unknown_capability", check(describing(r#"{"name":"a","version":"0.1.0","capabilities":["internet"]}"#)));
}

#[test]
fn bad_schema() {
    let manifest =
        r#"{"name":"a","version":"0.1.0","settings_schema":{"type":"object","properties":{"n":{"type":"integr"}}}}"#;
    told!("bad_schema", check(describing(manifest)));
}

#[test]
fn schema_of_no_object() {
    told!(
        "schema_of_no_object",
        check(describing(r#"{"name":"a","version":"0.1.0","settings_schema":{"type":"array"}}"#))
    );
}

#[test]
fn describe_traps() {
    let guest = Guest::named("a").items("(func $read_the_manifest unreachable)").describe("(call $read_the_manifest)");
    told!("describe_traps", check(guest.component()));
}

#[test]
fn panic_in_check() {
    let guest = Guest::named("panics")
        .import("log", "write", "$log (param i32 i32 i32)")
        .items("(data (i32.const 256) \"panicked at src/lib.rs:7:9: index out of bounds\")")
        .items("(func $panic (call $log (i32.const 3) (i32.const 256) (i32.const 47)) unreachable)")
        .items("(func $third_word (call $panic))")
        .check("(call $third_word)");
    told!("panic_in_check", run(&guest));
}

#[test]
fn endless_loop() {
    let guest =
        Guest::named("loops").items("(func $wait_for_it (loop $again (br $again)))").check("(call $wait_for_it)");
    told!("endless_loop", run(&guest));
}

#[test]
fn too_much_memory() {
    let grow = "(loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)";
    let guest =
        Guest::named("grows").items(&format!("(func $keep_everything {grow})")).check("(call $keep_everything)");
    told!("too_much_memory", run(&guest));
}

#[test]
fn endless_recursion() {
    let deeper = "(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))";
    told!(
        "endless_recursion",
        run(&Guest::named("recurses").items(deeper).check("(drop (call $deeper (i32.const 0)))"))
    );
}

#[test]
fn undeclared_capability() {
    let guest = Guest::named("oversteps")
        .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
        .items("(data (i32.const 512) \"kick\")")
        .check("(drop (call $action (i32.const 512) (i32.const 4)))");
    told!("undeclared_capability", run(&guest));
}

/// Wants a number of words, and one word at least.
fn with_settings() -> Desk {
    let manifest = r#"{"name":"words","version":"0.1.0","events":["message.created"],"settings_schema":{"type":"object",
        "properties":{"words":{"type":"array","minItems":1,"items":{"type":"string"}},"most":{"type":"integer","minimum":1}},
        "additionalProperties":false}}"#;
    Desk::with("my.wasm", describing(manifest))
}

#[test]
fn settings_that_do_not_fit() {
    let desk = with_settings().and("settings.json", r#"{"words":["a",7],"most":0,"mots":1}"#);
    told!("settings_that_do_not_fit", desk.told(&["run", "my.wasm", "--text", "x", "--settings", "settings.json"]));
}

#[test]
fn settings_that_are_no_json() {
    let desk = with_settings().and("settings.json", "{words: []}");
    told!("settings_that_are_no_json", desk.told(&["run", "my.wasm", "--text", "x", "--settings", "settings.json"]));
}

#[test]
fn configure_refuses() {
    let guest = Guest::named("picky")
        .items("(data (i32.const 256) \"`words`: at most 1000 of them\")")
        .configure("(return (call $return_error (i32.const 256) (i32.const 29)))");
    told!("configure_refuses", run(&guest));
}

#[test]
fn bad_cases() {
    let desk = with_settings().and("cases/typo.toml", "[[event]]\ntxet = 'a'\n");
    told!("bad_cases_typo", desk.told(&["test", "my.wasm"]));
    let desk = with_settings().and("cases/settings.toml", "settings = { most = 'x' }\n[[event]]\ntext = 'a'\n");
    told!("bad_cases_settings", desk.told(&["test", "my.wasm"]));
    told!("no_cases", with_settings().told(&["test", "my.wasm"]));
}

#[test]
fn a_case_that_went_another_way() {
    let guest = Guest::finder("finder", "0.1.0", "greeting", 2);
    let case =
        "[[event]]\nmember = 'u1'\ntext = 'hello'\nexpect = { verdict = 'allow', findings = [{ rule = 'hello' }] }\n";
    let desk = Desk::with("my.wasm", guest.component()).and("cases/hello.toml", case);
    told!("a_case_that_went_another_way", desk.told(&["test", "my.wasm"]));
}

#[test]
fn a_trap_in_a_case() {
    let guest = Guest::named("traps").items("(func $third_word unreachable)").check("(call $third_word)");
    let case = "[[event]]\nmember = 'u1'\ntext = 'hello'\nexpect = { verdict = 'flag' }\n";
    let desk = Desk::with("my.wasm", guest.component()).and("cases/hello.toml", case);
    told!("a_trap_in_a_case", desk.told(&["test", "my.wasm"]));
}

#[test]
fn no_sources() {
    told!("no_sources", Desk::with("README.md", "").told(&["build"]));
}

#[test]
fn no_host() {
    let desk = Desk::with("my.wasm", Guest::named("a").component());
    told!("no_key", desk.told(&["push", "my.wasm"]));
    // The port of nobody.
    told!("no_host", desk.told(&["push", "my.wasm", "--host", "http://127.0.0.1:1", "--key", "k"]));
    told!("no_registry", desk.told(&["push", "my.wasm", "oci://127.0.0.1:1/acme/a"]));
    told!("no_reference", desk.told(&["push", "my.wasm", "oci://Acme/a"]));
}

#[test]
fn every_message_is_one_that_is_still_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/mistakes");
    let source = include_str!("mistakes.rs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let snapshot = name.strip_suffix(".snap").unwrap();
        assert!(source.contains(&format!("\"{snapshot}\"")), "{name} belongs to no test");
    }
}
