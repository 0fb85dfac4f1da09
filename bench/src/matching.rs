//! One call where the host does the matching: a plugin that asks for the hits of a list of a thousand phrases.

use crate::calls::{Bench, failed, over};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use usher_bench::rounds::{Variant, interleave};
use usher_guests::Guest;
use usher_model::Event;
use usher_text::{Folded, WordList};

/// Phrases of the list that stand in some of the messages; the others stand in none.
const FOUND: [&str; 6] = ["兼职", "日结", "免费领", "红包", "cheap followers", "半价"];
const PHRASES: usize = 1000;

/// Opens the list, asks for its hits, and makes a finding when there are any. It gives back the memory the hits came
/// in, as an instance that is called again and again must.
fn asking() -> Guest {
    let manifest = r#"{"name":"asking","version":"0.1.0","events":["message.created"],"capabilities":["word-lists"]}"#;
    Guest::with_manifest(manifest)
        .import("text", "[static]word-list.open", "$open (param i32 i32 i32)")
        .import("text", "[method]word-list.hits", "$hits (param i32 i32)")
        .import("text", "[resource-drop]word-list", "$drop_list (param i32)")
        .import("effects", "[constructor]finding", "$finding (param i32 i32 i32) (result i32)")
        .items(r#"(data (i32.const 256) "phrases") (data (i32.const 272) "word")"#)
        .check(
            "(call $open (i32.const 256) (i32.const 7) (i32.const 64))
             (call $hits (i32.load (i32.const 68)) (i32.const 80))
             (if (i32.load (i32.const 84))
               (then (drop (call $finding (i32.const 272) (i32.const 4) (i32.const 2)))))
             (call $drop_list (i32.load (i32.const 68)))
             (global.set $bump (i32.const 65536))",
        )
}

/// The same verdicts first, then the figures.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let others = (FOUND.len()..PHRASES).map(|number| format!("优惠券{number}号"));
    let phrases: Vec<String> = FOUND.into_iter().map(str::to_owned).chain(others).collect();
    let list = Arc::new(WordList::new(&phrases, &[])?);
    let bench = Bench::new()?.with_list("phrases", list.clone())?;
    let native = |event: &Arc<Event>| Ok(usize::from(!list.hits(&Folded::new(&event.text)).is_empty()));
    let asking = bench.bake(&asking().component())?;
    let (mut reused, mut calls) = (bench.reuse(&asking)?, 0_u32);
    for event in &bench.events {
        let found = [native(event)?, bench.check(&asking, event)?];
        anyhow::ensure!(found[0] == found[1], "{found:?}: {}", event.text);
    }
    let mut variants = [
        Variant { name: "native Rust: fold and match", work: over(&bench.events, native) },
        Variant {
            name: "reused instance",
            work: over(&bench.events, |event| {
                // The guest keeps its findings, and there is an end to what an instance may keep.
                calls += 1;
                if calls.is_multiple_of(10_000) {
                    reused = bench.reuse(&asking)?;
                }
                reused.check(&bench.input(event)).map_err(failed)
            }),
        },
        Variant {
            name: "**fresh instance of a snapshot** (Usher)",
            work: over(&bench.events, |event| bench.check(&asking, event)),
        },
    ];
    let measured = interleave(&mut variants, rounds, round)?;
    let mut text = format!(
        "\n## One check where the host matches\n\nThe plugin asks for the hits of {PHRASES} phrases and makes a finding when \
         there are any.\n\n| variant | µs per message | µs over native | x native |\n| --- | ---: | ---: | ---: |\n"
    );
    let Some(native) = measured.first() else { return Ok(text) };
    for row in &measured {
        let (us, over) = (row.median() * 1e6, (row.median() - native.median()) * 1e6);
        writeln!(text, "| {} | {us:.2} | {over:.2} | {:.2} |", row.name, row.ratio_to(native))?;
    }
    Ok(text)
}
