//! How long a recommendation takes, by how many contents there are to choose from.

use super::{host, recommend};
use serde_json::json;
use std::fmt::Write as _;
use std::time::Instant;
use usher_bench::rounds::median;

/// What is shown and read, so that every column has something in it.
const SHOWN: u64 = 500;

pub(super) fn run(ranker: &[u8], rounds: usize, quick: bool) -> anyhow::Result<String> {
    let server = host(ranker)?;
    server.put("/v1/brands/b", &json!({}))?;
    server.put("/v1/brands/b/groups/g", &json!({"kind": "interest"}))?;
    server.put("/v1/brands/b/plugins/slot-ranker", &json!({"version": "0.1.0"}))?;
    let sizes: &[u64] = if quick { &[100, 300] } else { &[100, 1_000, 10_000] };
    let mut text = "\n## A recommendation, by how many contents there are\n\nTen contents for a slot of a group, over HTTP: read, ranked by slot-ranker, held against \
         what was seen, near-duplicates, topics, authors and formats, and kept with all that it was made of.\n\n\
         | contents | ms, the middle one | ms, the slowest | µs for each content |\n| ---: | ---: | ---: | ---: |\n"
        .to_owned();
    let mut there = 0;
    for &size in sizes {
        for number in there..size {
            server.put(&format!("/v1/brands/b/contents/c-{number:05}"), &content(number))?;
        }
        if there == 0 {
            server.batch("b", reads())?;
        }
        there = size;
        let mut seconds = Vec::new();
        for round in 0..rounds.max(5) {
            let at = format!("2026-11-22T13:{:02}:00Z", round % 60);
            let asked = json!({"slot": "evening", "limit": 10, "at": at, "variety":
                {"per_topic": 2, "per_author": 2, "per_format": 4, "window_days": 3}});
            let started = Instant::now();
            recommend(&server, "b", "g", &asked)?;
            seconds.push(started.elapsed().as_secs_f64());
        }
        let slowest = seconds.iter().copied().fold(0.0, f64::max);
        let middle = median(seconds);
        #[expect(clippy::cast_precision_loss, reason = "a few thousand contents")]
        let each = middle * 1e6 / size as f64;
        writeln!(text, "| {size} | {:.1} | {:.1} | {each:.1} |", middle * 1e3, slowest * 1e3)?;
    }
    Ok(text)
}

fn content(number: u64) -> serde_json::Value {
    let formats = ["text", "image", "article", "video"];
    let format = usize::try_from(number % 4).map_or("", |index| formats[index]);
    json!({"title": format!("第{number}期：{}与{}", number * 7919 % 10_007, number * 104_729 % 100_003), "kind": "story",
        "topic": format!("topic-{}", number % 40), "format": format, "author": format!("author-{}", number % 200),
        "valid_from": "2026-11-01T00:00:00Z"})
}

/// Of the first contents, each is shown to somebody, and every third is read.
fn reads() -> String {
    let line = |number: u64, kind: &str| {
        let payload = json!({"content": format!("c-{:05}", number % 90)});
        let event = json!({"id": format!("{kind}-{number}"), "kind": kind, "at": "2026-11-22T12:00:00Z",
            "actor": {"id": format!("u-{number}")}, "payload": payload});
        json!({"group": "g", "event": event}).to_string()
    };
    let shown = (0..SHOWN).map(|number| line(number, "content.shown"));
    let read = (0..SHOWN).step_by(3).map(|number| line(number, "content.read"));
    shown.chain(read).collect::<Vec<_>>().join("\n")
}
