//! Guests that are large, or move much at a time.

use super::{Hostile, forever, named};
use crate::Guest;

/// Nearly all memory that a call has by default.
const PAGES: u32 = 1000;

/// Bytes of a data segment.
const DATA_BYTES: usize = 1 << 20;

pub(super) fn guests() -> Vec<Hostile> {
    let hostile = |what, guest, outcome| Hostile { what, guest, outcome };
    let data = format!("\"{}\"", "x".repeat(DATA_BYTES));
    vec![
        hostile(
            "begins with megabytes of data, near and far",
            named("laden").pages(PAGES).items(&format!(
                "(data (i32.const 0x200000) {data}) (data (i32.const 0x1f00003) {data}) (data (i32.const 0x3d00000) {data})"
            )),
            "abstain",
        ),
        hostile(
            "writes to every page that it begins with",
            named("spreads").pages(PAGES).check(
                "(local $at i32)
                 (loop $next
                   (i32.store8 (i32.add (i32.const 131072) (local.get $at)) (i32.const 1))
                   (local.set $at (i32.add (local.get $at) (i32.const 4096)))
                   (br_if $next (i32.lt_u (local.get $at) (i32.const 65000000))))",
            ),
            "abstain",
        ),
        hostile(
            "fills its memory over and over",
            named("fills").pages(PAGES).check(&forever("(memory.fill (i32.const 131072) (i32.const 7) (i32.const 65000000))")),
            "failed(deadline)",
        ),
        hostile(
            "copies its memory over and over",
            named("moves")
                .pages(PAGES)
                .check(&forever("(memory.copy (i32.const 131072) (i32.const 131073) (i32.const 65000000))")),
            "failed(deadline)",
        ),
        hostile(
            "fills a table over and over",
            named("rows")
                .items("(table $t 40000 funcref)")
                .check(&forever("(table.fill $t (i32.const 0) (ref.null func) (i32.const 40000))")),
            "failed(deadline)",
        ),
        hostile("has the host look for words in giant texts", searches(), "failed(deadline)"),
        hostile("loops in a component with another in it", named("nests").nesting().check(&forever("")), "failed(deadline)"),
        hostile(
            "drops the event that it only borrowed, twice",
            named("lets-go").check("(call $drop_event (local.get $event))"),
            "failed(trap)",
        ),
    ]
}

/// Asks for the hits of the list `rule` in a mebibyte of ones, over and over: with the entry `1` there are as many as there
/// may be, each time.
fn searches() -> Guest {
    named("searches-texts")
        .pages(PAGES)
        .import("text", "[static]word-list.open", "$open (param i32 i32 i32)")
        .import("text", "[method]word-list.hits-in", "$hits (param i32 i32 i32 i32)")
        .check(&format!(
            "(call $open (i32.const 256) (i32.const 4) (i32.const 64))
             (memory.fill (i32.const 0x1000000) (i32.const 49) (i32.const 0x100000))
             {}",
            forever("(call $hits (i32.load (i32.const 68)) (i32.const 0x1000000) (i32.const 0x100000) (i32.const 80))")
        ))
}
