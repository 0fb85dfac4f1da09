//! Uploads that are no plugin, and what the refusal says.

use super::{LOG, forever, with};
use crate::Guest;

/// Something that is uploaded, and must be refused.
#[derive(Debug, Clone)]
pub struct Upload {
    /// In words.
    pub what: &'static str,
    /// As it is sent.
    pub bytes: Vec<u8>,
    /// What the refusal says.
    pub says: &'static str,
}

/// Uploads that are no plugin, under small limits: 200 functions, 8 modules, 1 MiB of memory for setting up, a little fuel.
pub fn uploads() -> Vec<Upload> {
    let guest = |what, guest: Guest, says| Upload { what, bytes: guest.component(), says };
    let wat = |what, text: &str, says| Upload { what, bytes: crate::parse(text), says };
    let many = |count: usize, item: &str| item.repeat(count);
    vec![
        guest("loops in `describe`", Guest::named("g").describe(&forever("")), "`describe` failed (deadline): the plugin used up its budget of 20000000 instructions (`plugins.setup_fuel`)"),
        guest(
            "takes all memory in `describe`",
            Guest::named("g").describe("(if (i32.eq (i32.const -1) (memory.grow (i32.const 32))) (then (unreachable)))"),
            "`describe` failed (memory)",
        ),
        guest(
            "recurses in `describe`",
            Guest::named("g")
                .items("(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))")
                .describe("(drop (call $deeper (i32.const 0)))"),
            "`describe` failed (stack)",
        ),
        guest(
            "calls the host without end in `describe`",
            with(Guest::named("g"), LOG).describe(&forever("(call $log (i32.const 1) (i32.const 256) (i32.const 4))")),
            "`describe` failed (output)",
        ),
        guest(
            "asks for an event in `describe`",
            Guest::named("g")
                .import("effects", "approve", "$approve (param i32 i32)")
                .describe("(call $approve (i32.const 256) (i32.const 4))"),
            "`describe` failed (capability)",
        ),
        guest(
            "describes itself with bytes that are no UTF-8",
            Guest::named("g").describe("(i32.store8 (i32.const 1025) (i32.const 255))"),
            "`describe` failed (trap)",
        ),
        guest(
            "describes itself outside its memory",
            Guest::named("g").describe(
                "(i32.store (i32.const 16) (i32.const -8)) (i32.store (i32.const 20) (i32.const 4096)) (return (i32.const 16))",
            ),
            "`describe` failed (trap)",
        ),
        guest(
            "describes itself without end",
            Guest::named("g").describe(
                "(drop (memory.grow (i32.const 10)))
                 (i32.store (i32.const 16) (i32.const 131072)) (i32.store (i32.const 20) (i32.const 600000)) (return (i32.const 16))",
            ),
            "manifest",
        ),
        guest(
            "loops when it is instantiated",
            Guest::named("g").items("(func $begin (loop $forever (br $forever))) (start $begin)"),
            "`describe` failed (deadline)",
        ),
        guest(
            "has more functions than are allowed",
            Guest::named("g").items(&many(300, "(func)\n")),
            "functions, and at most 200 are allowed",
        ),
        guest(
            "has data where there is no memory",
            Guest::named("g").items("(data (i32.const 0x7fff0000) \"far away\")"),
            "`describe` failed (trap)",
        ),
        guest(
            "needs more memory than there is",
            Guest::named("g").pages(20000),
            "a memory begins with at most `calls_max.memory_bytes`",
        ),
        guest("has two memories", Guest::named("g").items("(memory $second 1)"), "a module has at most 1 memory"),
        guest("has a hundred tables", Guest::named("g").items(&many(100, "(table 1 funcref)\n")), "a module has at most 1 table"),
        guest(
            "has a giant table",
            Guest::named("g").items("(table 2000000 funcref)"),
            "a table begins with at most `calls_max.table_elements`",
        ),
        guest(
            "imports a function in another shape",
            with(Guest::named("g"), ("log", "write", "$log (param i32 i32)"))
                .contract_with("write: func(level: level, message: string)", "write: func(level: level, message: u32)"),
            "the component does not fit the contract",
        ),
        guest(
            "exports a function in another shape",
            Guest::named("g").contract_with(
                "check: func(event: borrow<event>) -> result<_, string>",
                "check: func(event: borrow<event>) -> u32",
            ),
            "and in the contract it is `check: func(event: borrow<event>)",
        ),
        guest("loops in `describe`, in a component with another in it", Guest::named("g").nesting().describe(&forever("")), "(`plugins.setup_fuel`)"),
        wat("has more modules than are allowed", &format!("(component {})", many(20, "(core module)")), "modules, and at most 8 are allowed (`plugins.modules`)"),
        wat(
            "is nested deeper than anyone needs",
            &format!("{}{}", "(component ".repeat(90), ")".repeat(90)),
            "modules, and at most 8",
        ),
        wat(
            "imports what is not there",
            r#"(component (import "usher:plugin/clock@0.1.0" (instance)))"#,
            "usher:plugin/clock@0.1.0",
        ),
        wat(
            "imports a function of the contract in another shape",
            r#"(component (import "usher:plugin/log@0.1.0" (instance (export "write" (func (param "x" u32))))))"#,
            "does not export `usher:plugin/plugin@0.1.0`",
        ),
        wat(
            "was built against another contract",
            r#"(component (import "usher:plugin/events@0.9.0" (instance)))"#,
            "was built against contract 0.9.0, and this host speaks 0.1.0",
        ),
    ]
}
