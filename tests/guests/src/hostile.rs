//! Guests that do what no plugin should, and how each must end.

mod giants;
mod uploads;

pub use uploads::{Upload, uploads};

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
