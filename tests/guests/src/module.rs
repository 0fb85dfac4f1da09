//! A guest's core module: the parts that every guest has, around the parts that make it what it is.

use crate::sections::nesting;
use std::path::Path;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, SourceMap, UnresolvedPackageGroup};

/// The highest address that static data may use; above it the guest allocates.
pub const LAST_BYTE: u32 = 65_535;

/// What a guest can be asked, as the contract calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuestHook {
    /// The function, and the beginning of its world's name.
    function: &'static str,
    /// The interface that exports it.
    interface: &'static str,
    /// The interface of the resource that it is handed.
    gives: &'static str,
    /// That resource.
    resource: &'static str,
}

impl GuestHook {
    /// Judges events; the handle is `$event`.
    pub const CHECK: GuestHook =
        GuestHook { function: "check", interface: "checker", gives: "events", resource: "event" };
    /// Scores members; the handle is `$table`.
    pub const SCORE: GuestHook =
        GuestHook { function: "score", interface: "scorer", gives: "tables", resource: "table" };
    /// Ranks items; the handle is `$table`.
    pub const RANK: GuestHook = GuestHook { function: "rank", interface: "ranker", gives: "tables", resource: "table" };
}

/// A guest written by hand.
#[derive(Debug, Clone)]
pub struct Guest {
    /// What it can be asked.
    pub hook: GuestHook,
    /// What `describe` returns.
    pub manifest: String,
    /// Imported functions and further items of the module, as WAT.
    pub items: String,
    /// Body of `describe`, before the manifest is returned.
    pub describe: String,
    /// Body of `configure(ptr, len)`, before it returns ok.
    pub configure: String,
    /// Body of `check(event)`, or of the other hook, before it returns ok.
    pub check: String,
    /// Where its contract is another than ours: what stands there, and what stands there in its place.
    pub contract_edits: Vec<(String, String)>,
    /// Pages of memory that it begins with.
    pub pages: u32,
    /// Whether the component has another one in it.
    pub nests: bool,
    /// The contract's version, as it stands in the names of imports and exports.
    pub version: String,
}

impl Guest {
    /// A guest of this name that subscribes to messages, asks for nothing and does nothing.
    pub fn named(name: &str) -> Self {
        Self::with_manifest(&format!(r#"{{"name":"{name}","version":"0.1.0","events":["message.created"]}}"#))
    }

    /// A guest with this manifest that does nothing.
    pub fn with_manifest(manifest: &str) -> Self {
        Self {
            hook: GuestHook::CHECK,
            manifest: manifest.to_owned(),
            items: String::new(),
            describe: String::new(),
            configure: String::new(),
            check: String::new(),
            contract_edits: Vec::new(),
            pages: 2,
            nests: false,
            version: "0.1.0".into(),
        }
    }

    /// A guest of this name with another hook, whose tables have these columns.
    pub fn of_tables(name: &str, hook: GuestHook, columns: &[&str]) -> Self {
        let manifest = format!(r#"{{"name":"{name}","version":"0.1.0","columns":{columns:?}}}"#);
        Self { hook, ..Self::with_manifest(&manifest) }
    }

    /// The same guest with this body of `check`, or of its other hook; `$event` is the handle.
    #[must_use]
    pub fn check(mut self, body: &str) -> Self {
        body.clone_into(&mut self.check);
        self
    }

    /// The same guest with this body of `configure`; `$ptr` and `$len` are the settings.
    #[must_use]
    pub fn configure(mut self, body: &str) -> Self {
        body.clone_into(&mut self.configure);
        self
    }

    /// The same guest with this body of `describe`.
    #[must_use]
    pub fn describe(mut self, body: &str) -> Self {
        body.clone_into(&mut self.describe);
        self
    }

    /// The same guest with one more imported function of `interface`: `import("log", "write", "$log (param i32 i32 i32)")`.
    #[must_use]
    pub fn import(mut self, interface: &str, function: &str, signature: &str) -> Self {
        let (name, ty) = signature.split_once(' ').unwrap_or((signature, ""));
        let version = &self.version;
        let import = format!("(import \"usher:plugin/{interface}@{version}\" \"{function}\" (func {name} {ty}))\n");
        self.items.insert_str(0, &import);
        self
    }

    /// The same guest with further items: globals, functions, data.
    #[must_use]
    pub fn items(mut self, items: &str) -> Self {
        self.items.push_str(items);
        self
    }

    /// The same guest, made against a contract with this in place of that.
    #[must_use]
    pub fn contract_with(mut self, ours: &str, theirs: &str) -> Self {
        self.contract_edits.push((ours.to_owned(), theirs.to_owned()));
        self
    }

    /// The same guest with so much memory from the beginning.
    #[must_use]
    pub fn pages(mut self, pages: u32) -> Self {
        self.pages = pages;
        self
    }

    /// The same guest with a component in it that has a memory of its own: valid, without effect, and not to be
    /// snapshotted.
    #[must_use]
    pub fn nesting(mut self) -> Self {
        self.nests = true;
        self
    }

    /// A guest of this name and version that finds `rule`, gravely as told (0 none to 4 severe).
    pub fn finder(name: &str, version: &str, rule: &str, severity: u32) -> Self {
        let manifest = format!(r#"{{"name":"{name}","version":"{version}","events":["message.created"]}}"#);
        Self::with_manifest(&manifest)
            .import("effects", "[constructor]finding", "$finding (param i32 i32 i32) (result i32)")
            .items(&format!("(data (i32.const 256) {rule:?})"))
            .check(&format!("(drop (call $finding (i32.const 256) (i32.const {}) (i32.const {severity})))", rule.len()))
    }

    /// A guest of this name that gives each row the number in a column as its points, for this reason.
    pub fn scorer(name: &str, hook: GuestHook, column: &str, reason: &str) -> Self {
        let (column_bytes, reason_bytes) = (column.len(), reason.len());
        Self::of_tables(name, hook, &[column])
            .import("tables", "[method]table.numbers", "$numbers (param i32 i32 i32 i32)")
            .import("tables", "[method]table.contribute", "$contribute (param i32 i32 i32 i32 i32 i32)")
            .items(&format!("(data (i32.const 256) {column:?}) (data (i32.const 384) {reason:?})"))
            .check(&format!(
                "(call $numbers (local.get $table) (i32.const 256) (i32.const {column_bytes}) (i32.const 64))
                 (if (i32.load8_u (i32.const 64)) (then (unreachable)))
                 (call $contribute (local.get $table) (i32.const 384) (i32.const {reason_bytes})
                   (i32.load (i32.const 68)) (i32.load (i32.const 72)) (i32.const 64))
                 (if (i32.load8_u (i32.const 64)) (then (call $drop_table (local.get $table))
                   (return (call $return_error (i32.load (i32.const 68)) (i32.load (i32.const 72))))))"
            ))
    }

    /// The core module, as WAT.
    pub fn wat(&self) -> String {
        let Self { manifest, items, describe, configure, check, version, pages, .. } = self;
        let GuestHook { function, interface, gives, resource } = self.hook;
        let escaped: Vec<String> = manifest.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        let escaped = escaped.concat();
        let length = manifest.len();
        format!(
            r#"(module
  (import "usher:plugin/{gives}@{version}" "[resource-drop]{resource}" (func $drop_{resource} (param i32)))
  {items}
  (memory (export "memory") {pages})
  (global $bump (mut i32) (i32.const 65536))
  (data (i32.const 1024) "{escaped}")
  (func $realloc (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $bump) (i32.sub (local.get $align) (i32.const 1)))
                            (i32.sub (i32.const 0) (local.get $align))))
    (global.set $bump (i32.add (local.get $at) (local.get $size)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $bump) (i32.mul (memory.size) (i32.const 65536))))
      (br_if $fits (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))))
      (unreachable))
    (memory.copy (local.get $at) (local.get $old) (local.get $old_size))
    (local.get $at))
  (func $return_ok (result i32) (i32.store8 (i32.const 32) (i32.const 0)) (i32.const 32))
  (func $return_error (param $ptr i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 32) (i32.const 1))
    (i32.store (i32.const 36) (local.get $ptr)) (i32.store (i32.const 40) (local.get $len))
    (i32.const 32))
  (func (export "usher:plugin/plugin@{version}#describe") (result i32)
    {describe}
    (i32.store (i32.const 16) (i32.const 1024)) (i32.store (i32.const 20) (i32.const {length}))
    (i32.const 16))
  (func (export "usher:plugin/plugin@{version}#configure") (param $ptr i32) (param $len i32) (result i32)
    {configure}
    (call $return_ok))
  (func (export "usher:plugin/{interface}@{version}#{function}") (param ${resource} i32) (result i32)
    {check}
    (call $drop_{resource} (local.get ${resource}))
    (call $return_ok))
)"#
        )
    }

    /// The component. Panics when the guest's own WAT is broken: that is a mistake in the test.
    #[expect(clippy::expect_used, reason = "a broken guest is a mistake in the test that wrote it")]
    pub fn component(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.wat()).expect("the guest's WAT");
        let mut resolve = Resolve::default();
        let package = resolve.push_group(self.contract()).expect("the contract");
        let world = format!("{}-plugin", self.hook.function);
        let world = resolve.select_world(&[package], Some(&world)).expect("the world of its hook");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("the world's metadata");
        let encoder = ComponentEncoder::default().validate(true).module(&module);
        let component = encoder.and_then(|mut encoder| encoder.encode()).expect("the guest as a component");
        if !self.nests {
            return component;
        }
        nesting(&component, "(component (core module $m (memory 1)) (core instance (instantiate $m)))")
    }

    /// The contract that it is made against.
    #[expect(clippy::expect_used, reason = "a broken contract is a mistake in the test that edited it")]
    fn contract(&self) -> UnresolvedPackageGroup {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/0.1.0");
        let mut sources = SourceMap::new();
        for file in std::fs::read_dir(folder).expect("the contract").map_while(Result::ok) {
            let text = std::fs::read_to_string(file.path()).expect("a file of the contract");
            let edited = |text: String, (ours, theirs): &(String, String)| text.replace(ours, theirs);
            sources.push(&file.path(), self.contract_edits.iter().fold(text, edited));
        }
        sources.parse().map_err(|(_, error)| error).expect("the contract")
    }
}
