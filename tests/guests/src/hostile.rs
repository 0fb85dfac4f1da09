//! Guests that do what no plugin should, and how each must end.

mod giants;

use crate::Guest;

/// A hostile guest, what it does, and how its part must end.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// In words, after "a plugin that".
    pub what: &'static str,
    /// Does it in `check`.
    pub guest: Guest,
    /// How its part of a decision ends.
    pub outcome: &'static str,
}

const FINDING: (&str, &str, &str) = ("effects", "[constructor]finding", "$finding (param i32 i32 i32) (result i32)");
const ADD: (&str, &str, &str) = ("state", "add", "$add (param i32 i32 i32)");
const LOG: (&str, &str, &str) = ("log", "write", "$log (param i32 i32 i32)");

/// A guest that may do a few things.
fn named(name: &str) -> Guest {
    let manifest = format!(
        r#"{{"name":"{name}","version":"0.1.0","events":["message.created"],
            "capabilities":["action:warn","state","timers","word-lists"]}}"#
    );
    Guest::with_manifest(&manifest).items("(data (i32.const 256) \"rule\")")
}

fn with(guest: Guest, (interface, function, signature): (&str, &str, &str)) -> Guest {
    guest.import(interface, function, signature)
}

fn forever(body: &str) -> String {
    format!("(loop $forever {body} (br $forever))")
}

/// Guests that can be enabled, and do harm when an event comes.
pub fn guests() -> Vec<Hostile> {
    let hostile = |what, guest, outcome| Hostile { what, guest, outcome };
    let finding = |name| with(named(name), FINDING);
    let find = "(drop (call $finding (i32.const 256) (i32.const 4) (i32.const 1)))";
    let others = vec![
        hostile("loops for ever", named("loops").check(&forever("")), "failed(deadline)"),
        hostile(
            "grows its memory until refused, then traps",
            named("grows").check(
                "(loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)",
            ),
            "failed(memory)",
        ),
        hostile(
            "recurses for ever",
            named("recurses")
                .items("(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))")
                .check("(drop (call $deeper (i32.const 0)))"),
            "failed(stack)",
        ),
        hostile("traps", named("traps").check("(unreachable)"), "failed(trap)"),
        hostile("reads outside its memory", named("wild").check("(drop (i32.load (i32.const -8)))"), "failed(trap)"),
        hostile("divides by zero", named("divides").check("(drop (i32.div_u (i32.const 1) (i32.const 0)))"), "failed(trap)"),
        hostile(
            "writes a log without end",
            with(named("chatters"), LOG).check(&forever("(call $log (i32.const 1) (i32.const 256) (i32.const 4))")),
            "failed(output)",
        ),
        hostile(
            "writes one giant line of log",
            with(named("shouts"), LOG)
                .check("(drop (memory.grow (i32.const 64))) (call $log (i32.const 1) (i32.const 0) (i32.const 4000000))"),
            "failed(output)",
        ),
        hostile("makes findings without end", finding("floods").check(&forever(find)), "failed(output)"),
        hostile(
            "names a giant rule",
            finding("rules").check("(drop (call $finding (i32.const 0) (i32.const 60000) (i32.const 1)))"),
            "failed(bad_argument)",
        ),
        hostile(
            "passes a pointer outside its memory",
            finding("points").check("(drop (call $finding (i32.const -16) (i32.const 4) (i32.const 1)))"),
            "failed(trap)",
        ),
        hostile(
            "passes bytes that are no UTF-8",
            finding("mangles")
                .items("(data (i32.const 512) \"\\ff\\fe\\fd\\fc\")")
                .check("(drop (call $finding (i32.const 512) (i32.const 4) (i32.const 1)))"),
            "failed(trap)",
        ),
        hostile(
            "names a severity that does not exist",
            finding("exaggerates").check("(drop (call $finding (i32.const 256) (i32.const 4) (i32.const 77)))"),
            "failed(trap)",
        ),
        hostile(
            "marks a span outside the text",
            finding("strays")
                .import("effects", "[method]finding.span", "$span (param i32 i32 i32)")
                .check("(call $span (call $finding (i32.const 256) (i32.const 4) (i32.const 1)) (i32.const 5) (i32.const 999999))"),
            "failed(bad_argument)",
        ),
        hostile(
            "says a confidence that is no number",
            finding("doubts")
                .import("effects", "[method]finding.confidence", "$confidence (param i32 f32)")
                .check("(call $confidence (call $finding (i32.const 256) (i32.const 4) (i32.const 1)) (f32.const nan))"),
            "failed(bad_argument)",
        ),
        hostile(
            "forges a handle",
            finding("forges")
                .import("effects", "[method]finding.message", "$message (param i32 i32 i32)")
                .check("(call $message (i32.const 41) (i32.const 256) (i32.const 4))"),
            "failed(trap)",
        ),
        hostile(
            "drops a handle twice",
            finding("drops").import("effects", "[resource-drop]finding", "$drop (param i32)").check(
                "(local $finding i32)
                 (local.set $finding (call $finding (i32.const 256) (i32.const 4) (i32.const 1)))
                 (call $drop (local.get $finding))
                 (call $drop (local.get $finding))",
            ),
            "failed(trap)",
        ),
        hostile(
            "keeps the event that it only borrowed",
            named("keeps").check("(return (call $return_ok))"),
            "failed(trap)",
        ),
        hostile(
            "asks for an action that it was not granted",
            named("oversteps")
                .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
                .items("(data (i32.const 512) \"kick\")")
                .check("(drop (call $action (i32.const 512) (i32.const 4)))"),
            "failed(capability)",
        ),
        hostile(
            "calls the host without end",
            named("calls").import("events", "[method]event.at", "$at (param i32) (result i64)").check(&forever(
                "(drop (call $at (local.get $event)))",
            )),
            "failed(host_calls)",
        ),
        hostile(
            "has the host copy the text without end",
            named("copies")
                .import("events", "[method]event.text", "$text (param i32 i32)")
                .check(&forever("(global.set $bump (i32.const 65536)) (call $text (local.get $event) (i32.const 64))")),
            "failed(host_calls)",
        ),
        hostile(
            "makes findings and then fails",
            finding("regrets").items("(data (i32.const 512) \"sorry\")").check(&format!(
                "{find} (call $drop_event (local.get $event)) (return (call $return_error (i32.const 512) (i32.const 5)))"
            )),
            "failed(error)",
        ),
        hostile(
            "returns an error that is nowhere",
            named("lies").check(
                "(call $drop_event (local.get $event)) (return (call $return_error (i32.const -4) (i32.const 1000)))",
            ),
            "failed(trap)",
        ),
        hostile(
            "returns a giant error",
            named("laments").check(
                "(drop (memory.grow (i32.const 64))) (call $drop_event (local.get $event))
                 (return (call $return_error (i32.const 0) (i32.const 4000000)))",
            ),
            "failed(output)",
        ),
        hostile(
            "opens word lists that it never asked for",
            Guest::named("pries")
                .import("text", "[static]word-list.open", "$open (param i32 i32 i32)")
                .items("(data (i32.const 256) \"rule\")")
                .check("(call $open (i32.const 256) (i32.const 4) (i32.const 64))"),
            "failed(capability)",
        ),
        hostile(
            "uses memory of the group that it never asked for",
            with(Guest::named("remembers"), ADD)
                .items("(data (i32.const 256) \"rule\")")
                .check("(call $add (i32.const 256) (i32.const 4) (i32.const 1))"),
            "failed(capability)",
        ),
        hostile(
            "burns its budget in the host",
            named("folds").import("text", "fold", "$fold (param i32 i32 i32)").check(&forever(
                "(global.set $bump (i32.const 65536)) (call $fold (i32.const 8192) (i32.const 40000) (i32.const 64))",
            )),
            "failed(deadline)",
        ),
        hostile(
            "grows a table until refused, then traps",
            named("tables").items("(table $t 1 funcref)").check(
                "(loop $more (br_if $more (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 4096))))) (unreachable)",
            ),
            "failed(memory)",
        ),
        hostile(
            "asks for all of its memory at once",
            named("gulps").check("(if (i32.eq (i32.const -1) (memory.grow (i32.const 60000))) (then (unreachable)))"),
            "failed(memory)",
        ),
        hostile(
            "writes evidence without end",
            finding("proves").import("effects", "[method]finding.evidence", "$evidence (param i32 i32 i32 i32 i32)").check(
                &format!(
                    "(local $f i32) (local.set $f (call $finding (i32.const 256) (i32.const 4) (i32.const 1))) {}",
                    forever("(call $evidence (local.get $f) (i32.const 256) (i32.const 4) (i32.const 256) (i32.const 4))")
                ),
            ),
            "failed(output)",
        ),
        hostile(
            "marks spans without end",
            finding("marks").import("effects", "[method]finding.span", "$span (param i32 i32 i32)").check(&format!(
                "(local $f i32) (local.set $f (call $finding (i32.const 256) (i32.const 4) (i32.const 1))) {}",
                forever("(call $span (local.get $f) (i32.const 0) (i32.const 3))")
            )),
            "failed(output)",
        ),
        hostile(
            "says a message of a megabyte",
            finding("rambles").import("effects", "[method]finding.message", "$message (param i32 i32 i32)").check(
                "(drop (memory.grow (i32.const 64)))
                 (call $message (call $finding (i32.const 256) (i32.const 4) (i32.const 1)) (i32.const 0) (i32.const 1000000))",
            ),
            "failed(output)",
        ),
        hostile(
            "asks for actions without end",
            named("acts")
                .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
                .items("(data (i32.const 512) \"warn\")")
                .check(&forever("(drop (call $action (i32.const 512) (i32.const 4)))")),
            "failed(output)",
        ),
        hostile(
            "takes handles of the group without end",
            named("hoards")
                .import("events", "[method]event.group", "$group (param i32) (result i32)")
                .check(&forever("(drop (call $group (local.get $event)))")),
            "failed(host_calls)",
        ),
        hostile(
            "remembers new keys without end",
            with(named("collects"), ADD).check(
                "(local $n i32)
                 (loop $forever
                   (i32.store (i32.const 512) (i32.add (i32.const 0x30303030) (local.get $n)))
                   (i32.store8 (i32.const 512) (i32.add (i32.const 33) (i32.rem_u (local.get $n) (i32.const 90))))
                   (i32.store8 (i32.const 513) (i32.add (i32.const 33) (i32.div_u (local.get $n) (i32.const 90))))
                   (i32.store16 (i32.const 514) (i32.const 0x3030))
                   (call $add (i32.const 512) (i32.const 4) (i32.const 1))
                   (local.set $n (i32.add (local.get $n) (i32.const 1)))
                   (br_if $forever (i32.lt_u (local.get $n) (i32.const 8000))))",
            ),
            "failed(output)",
        ),
        hostile(
            "remembers a giant value",
            named("bloats").import("state", "put", "$put (param i32 i32 i32 i32)").check(
                "(drop (memory.grow (i32.const 16)))
                 (call $put (i32.const 256) (i32.const 4) (i32.const 0) (i32.const 900000))",
            ),
            "failed(output)",
        ),
        hostile(
            "remembers under a giant key",
            with(named("names"), ADD).check("(call $add (i32.const 0) (i32.const 60000) (i32.const 1))"),
            "failed(bad_argument)",
        ),
        hostile(
            "remembers under no key at all",
            with(named("blank"), ADD).check("(call $add (i32.const 0) (i32.const 0) (i32.const 1))"),
            "failed(bad_argument)",
        ),
        hostile(
            "reads its memory without end",
            named("searches")
                .import("state", "sum", "$sum (param i32 i32 i64) (result i64)")
                .check(&forever("(drop (call $sum (i32.const 256) (i32.const 4) (i64.const -1)))")),
            "failed(host_calls)",
        ),
        hostile(
            "starts timers without end",
            named("ticks").import("timers", "start", "$start (param i32 i32 i64 i32 i32)").check(
                "(local $n i32)
                 (loop $forever
                   (i32.store8 (i32.const 512) (i32.add (i32.const 97) (local.get $n)))
                   (call $start (i32.const 512) (i32.const 1) (i64.const 1000) (i32.const 256) (i32.const 4))
                   (local.set $n (i32.add (local.get $n) (i32.const 1)))
                   (br_if $forever (i32.lt_u (local.get $n) (i32.const 26))))",
            ),
            "failed(output)",
        ),
        hostile(
            "returns something that is neither ok nor an error",
            named("shrugs").check(
                "(call $drop_event (local.get $event)) (i32.store8 (i32.const 32) (i32.const 9)) (return (i32.const 32))",
            ),
            "failed(trap)",
        ),
        hostile(
            "returns a pointer that is not aligned",
            named("leans").check("(call $drop_event (local.get $event)) (return (i32.const 33))"),
            "failed(trap)",
        ),
        hostile(
            "hands out memory where there is none",
            named("misplaces").import("events", "[method]event.text", "$text (param i32 i32)").check(
                "(global.set $bump (i32.const -64)) (call $text (local.get $event) (i32.const 64))",
            ),
            "failed(trap)",
        ),
    ];
    others.into_iter().chain(giants::guests()).collect()
}

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
