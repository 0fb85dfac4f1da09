//! What is recommended, against what people would read: the invented community knows.

use super::{host, recommend};
use crate::http::Server;
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use usher_life::{Content, Dice, Life, SLOTS, Size, records};

/// Contents of one recommendation.
const LIMIT: usize = 5;
/// Days of which reads count, as slot-ranker has it.
const READS_DAYS: i64 = 30;
/// When the day's recommendations are asked for.
const MORNING_MS: u64 = 6 * 3_600_000;

/// What was found by one way of choosing, summed over all lists.
#[derive(Default)]
struct Found {
    hits: f64,
    appeal: f64,
    topics: f64,
    formats: f64,
    lists: f64,
}

/// What the host and the baselines may know.
#[derive(Default)]
struct Known {
    /// Contents that a group has seen.
    seen: BTreeSet<(usize, String)>,
    /// Reads of a content by day.
    reads: BTreeMap<String, Vec<i64>>,
}

pub(super) fn run(ranker: &[u8], quick: bool) -> anyhow::Result<String> {
    let (learn, days, contents) = if quick { (10, 1, 400) } else { (90, 14, 4_000) };
    let first = "2025-11-22".parse()?;
    let life = Life::new(Size { seed: 5, members: 300, groups: 5, contents, days: learn + days, first });
    let server = settled(ranker, &life)?;
    let mut known = Known::default();
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for day in 0..learn + days {
        if day >= learn {
            for (group, slot) in
                (0..life.groups.len()).flat_map(|group| (0..SLOTS.len()).map(move |slot| (group, slot)))
            {
                one(&server, &life, &known, (day, group, slot), &mut found)?;
            }
        }
        learned(&life, day, &mut known);
        let lines = life.day(day).iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        server.batch("life", lines.join("\n"))?;
    }
    table(&life, learn, days, &found)
}

/// A host with the community's records, and the ranker in force.
fn settled(ranker: &[u8], life: &Life) -> anyhow::Result<Server> {
    let server = host(ranker)?;
    for (path, body) in records(life) {
        let slash = if path.is_empty() { "" } else { "/" };
        server.put(&format!("/v1/brands/life{slash}{path}"), &body)?;
    }
    server.put("/v1/brands/life/plugins/slot-ranker", &json!({"version": "0.1.0"}))?;
    Ok(server)
}

/// What happens on a day, as far as baselines go by it.
fn learned(life: &Life, day: i64, known: &mut Known) {
    for line in life.day(day) {
        let content = line.event.payload["content"].as_str().unwrap_or_default().to_owned();
        match line.event.kind {
            "content.shown" => {
                let group = life.groups.iter().position(|group| group.id == line.group).unwrap_or_default();
                known.seen.insert((group, content));
            }
            "content.read" => known.reads.entry(content).or_default().push(day),
            _ => {}
        }
    }
}

/// The ways of choosing, in the order of the table.
const WAYS: [&str; 5] = [
    "**slot-ranker**, at most 2 of a topic and of a format",
    "slot-ranker, without these limits",
    "newest first",
    "most read",
    "random",
];

/// One slot of one group on one day, in all ways.
fn one(
    server: &Server,
    life: &Life,
    known: &Known,
    (day, group, slot): (i64, usize, usize),
    found: &mut BTreeMap<usize, Found>,
) -> anyhow::Result<()> {
    let kind = life.groups[group].kind;
    let appeal = |content: &Content| content.appeal(kind, slot, day);
    let fresh = |content: &&Content| content.is_valid(day) && !known.seen.contains(&(group, content.id.clone()));
    let mut ideal: Vec<&Content> = life.contents.iter().filter(fresh).collect();
    ideal.sort_by_key(|content| (std::cmp::Reverse(appeal(content)), content.number));
    let relevant = &ideal[..ideal.len().div_ceil(10)];
    let best: u64 = ideal.iter().take(LIMIT).map(|content| appeal(content)).sum();
    for (way, list) in ways(server, life, known, &ideal, (day, group, slot))?.into_iter().enumerate() {
        let list: Vec<&Content> = list.into_iter().take(LIMIT).collect();
        let hits = list.iter().filter(|content| relevant.iter().any(|known| known.number == content.number)).count();
        let found = found.entry(way).or_default();
        found.hits += share(hits as u64, LIMIT as u64);
        found.appeal += share(list.iter().map(|content| appeal(content)).sum(), best);
        found.topics += share(list.iter().map(|content| content.topic).collect::<BTreeSet<_>>().len() as u64, 1);
        found.formats += share(list.iter().map(|content| content.format).collect::<BTreeSet<_>>().len() as u64, 1);
        found.lists += 1.0;
    }
    Ok(())
}

/// What each way chooses of these, best first.
fn ways<'a>(
    server: &Server,
    life: &'a Life,
    known: &Known,
    unseen: &[&'a Content],
    (day, group, slot): (i64, usize, usize),
) -> anyhow::Result<Vec<Vec<&'a Content>>> {
    let asked = |variety: Value| {
        json!({"slot": SLOTS[slot].0, "limit": LIMIT, "explore_percent": 0, "variety": variety,
            "at": life.moment(day, MORNING_MS)})
    };
    let ranked = |variety: Value| -> anyhow::Result<Vec<&'a Content>> {
        let ids = recommend(server, "life", &life.groups[group].id, &asked(variety))?;
        let content = |id: &String| life.contents.iter().find(|content| content.id == *id).context("a content of ours");
        ids.iter().map(content).collect()
    };
    let by = |key: &dyn Fn(&Content) -> u64| {
        let mut list = unseen.to_vec();
        list.sort_by_key(|content| (std::cmp::Reverse(key(content)), content.number));
        list
    };
    let reads = |content: &Content| {
        let reads = known.reads.get(&content.id).map(Vec::as_slice).unwrap_or_default();
        reads.iter().filter(|on| **on > day - READS_DAYS).count() as u64
    };
    let key = |content: &Content| [9, content.number, group as u64, day.unsigned_abs(), slot as u64];
    Ok(vec![
        ranked(json!({"per_topic": 2, "per_author": 2, "per_format": 2, "window_days": 1}))?,
        ranked(json!({"per_topic": 100, "per_author": 100, "window_days": 1}))?,
        by(&|content| (content.from + 1_000).unsigned_abs()),
        by(&reads),
        by(&|content| Dice::of(&key(content)).below(u64::MAX)),
    ])
}

fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts and per mille of a few contents")]
    let (part, whole) = (part as f64, whole.max(1) as f64);
    part / whole
}

fn table(life: &Life, learn: i64, days: i64, found: &BTreeMap<usize, Found>) -> anyhow::Result<String> {
    let lists = found.values().next().map_or(0.0, |found| found.lists);
    let mut text = format!(
        "\n## What slot-ranker finds\n\nOn the invented community of `usher-life` (seed 5: {} members, {} groups, {} contents), \
         which knows what people would read. It posts at random for {learn} days; then, over {days} days, {lists} lists of {LIMIT} are \
         recommended over HTTP, of contents that the group has not seen. Relevant is the tenth that appeals most to the \
         group in that slot. The formats that go well in a slot and the ages of contents are invented in the order in which \
         slot-ranker's default settings have them; topics, authors' talent and luck it has to find out.\n\n\
         | way | precision at {LIMIT} | appeal, of the best possible | topics of {LIMIT} | formats of {LIMIT} |\n\
         | --- | ---: | ---: | ---: | ---: |\n",
        life.members.len(),
        life.groups.len(),
        life.contents.len(),
    );
    for (way, Found { hits, appeal, topics, formats, lists }) in found {
        let name = WAYS.get(*way).context("a way")?;
        let [hits, appeal, topics, formats] = [hits, appeal, topics, formats].map(|sum| sum / lists);
        writeln!(text, "| {name} | {hits:.2} | {:.0} % | {topics:.1} | {formats:.1} |", appeal * 100.0)?;
    }
    Ok(text)
}
