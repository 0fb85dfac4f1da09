//! One call: native, reused, fresh from a snapshot, fresh and configured, on the same messages.

use ad_guard::{Scanner, Settings};
use anyhow::{Context, bail};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use usher_bench::corpus;
use usher_bench::report::met;
use usher_bench::rounds::{Measured, Variant, interleave};
use usher_engine::{
    Call, CheckInput, Engine, EngineOptions, EventFacts, Grants, GroupFacts, Memory, Reused, Road, Snapshot, WordLists,
};
use usher_guests::{Guest, unsnapshottable};
use usher_model::{CallLimits, Event, Failure, GroupKey, PluginName};
use usher_text::{Folded, WordList, fold};

/// Messages of one unit of work.
const CHUNK: usize = 32;

/// Judges one event and returns how many rules spoke; from any thread.
type One<'a> = dyn Fn(&Arc<Event>) -> anyhow::Result<usize> + Sync + 'a;

/// What all variants work on.
pub(crate) struct Bench {
    engine: Engine,
    pub(crate) events: Vec<Arc<Event>>,
    group: GroupFacts,
    word_lists: Arc<WordLists>,
    grants: Arc<Grants>,
    limits: Arc<CallLimits>,
    ad_guard: Vec<u8>,
}

impl Bench {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let engine = Engine::new(EngineOptions::default())?;
        let ad_guard = std::fs::read(crate::http::target_dir().join("plugins/ad-guard.wasm"))
            .context("run this with `cargo xtask bench`")?;
        let facts = engine.inspect(&ad_guard)?;
        let grants = Arc::new(Grants::new(&facts.manifest.capabilities, None));
        let events = corpus::messages().into_iter().enumerate().map(event).collect::<Result<_, _>>()?;
        let key = GroupKey { brand: "b".parse()?, group: "g".parse()? };
        let group = GroupFacts { key, record: Arc::default(), time_zone: "UTC".into() };
        Ok(Self { engine, events, group, word_lists: Arc::default(), grants, limits: Arc::default(), ad_guard })
    }

    /// The same, for a brand that keeps this list.
    pub(crate) fn with_list(mut self, name: &str, list: Arc<WordList>) -> anyhow::Result<Self> {
        self.word_lists = Arc::new(WordLists::new([(name.parse()?, 1, list)]));
        Ok(self)
    }

    /// As the host makes it for every event: nothing is folded yet.
    pub(crate) fn input(&self, event: &Arc<Event>) -> Arc<CheckInput> {
        Arc::new(CheckInput::new(
            Arc::new(EventFacts::new(event.clone())),
            self.group.clone(),
            self.word_lists.clone(),
            Memory::default(),
        ))
    }

    pub(crate) fn bake(&self, bytes: &[u8]) -> anyhow::Result<Snapshot> {
        Ok(self.engine.bake(&PluginName::new("bench")?, bytes, "{}")?)
    }

    /// An instance for many calls.
    pub(crate) fn reuse(&self, snapshot: &Snapshot) -> anyhow::Result<Reused> {
        self.engine.reuse(snapshot, &self.input(&self.events[0]), &self.grants).map_err(failed)
    }

    pub(crate) fn check(&self, snapshot: &Snapshot, event: &Arc<Event>) -> anyhow::Result<usize> {
        match self.engine.check(snapshot, &self.input(event), &self.grants, &self.limits) {
            Call::Done(report) => match report.failure {
                None => Ok(report.effects.findings.len()),
                Some(failure) => Err(failed(failure)),
            },
            Call::Missing(key, _) => bail!("{key:?}"),
        }
    }
}

fn event((index, text): (usize, String)) -> anyhow::Result<Arc<Event>> {
    let json = serde_json::json!({"id": format!("m-{index}"), "kind": "message.created",
        "at": "2026-11-22T12:00:00Z", "actor": {"id": "u-1"}, "text": text});
    Ok(Arc::new(serde_json::from_value(json)?))
}

/// Works through the events in chunks, for ever.
pub(crate) fn over<'a>(
    events: &'a [Arc<Event>],
    mut one: impl FnMut(&Arc<Event>) -> anyhow::Result<usize> + 'a,
) -> Box<dyn FnMut() -> anyhow::Result<u64> + 'a> {
    let mut events = events.iter().cycle();
    Box::new(move || {
        for event in events.by_ref().take(CHUNK) {
            std::hint::black_box(one(event)?);
        }
        Ok(CHUNK as u64)
    })
}

/// The same verdicts first, then the figures.
pub(crate) fn one_thread(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let bench = Bench::new()?;
    let scanner = Scanner::new(&Settings::default(), fold);
    let native = |event: &Arc<Event>| Ok(scan_rules(&scanner, &event.text));
    let fresh = bench.bake(&bench.ad_guard)?;
    let configured = bench.bake(&unsnapshottable(&bench.ad_guard))?;
    anyhow::ensure!(fresh.road() == Road::Baked && configured.road() == Road::Configured);
    let nothing = bench.bake(&Guest::named("nothing").component())?;
    let mut reused = bench.reuse(&fresh)?;
    for event in &bench.events {
        let expected = native(event)?;
        let found = [
            bench.check(&fresh, event)?,
            bench.check(&configured, event)?,
            reused.check(&bench.input(event)).map_err(failed)?,
        ];
        anyhow::ensure!(
            found.iter().all(|n| *n == expected),
            "{found:?} where native finds {expected}: {}",
            event.text
        );
    }
    let mut variants = [
        Variant { name: "native Rust: fold and scan", work: over(&bench.events, native) },
        Variant {
            name: "fold alone (the host's part)",
            work: over(&bench.events, |e| Ok(Folded::new(&e.text).as_str().len())),
        },
        Variant {
            name: "reused instance",
            work: over(&bench.events, |e| reused.check(&bench.input(e)).map_err(failed)),
        },
        Variant {
            name: "**fresh instance of a snapshot** (Usher)",
            work: over(&bench.events, |e| bench.check(&fresh, e)),
        },
        Variant {
            name: "fresh instance that configures itself",
            work: over(&bench.events, |e| bench.check(&configured, e)),
        },
        Variant {
            name: "fresh instance of a guest that does nothing",
            work: over(&bench.events, |e| bench.check(&nothing, e)),
        },
    ];
    let measured = interleave(&mut variants, rounds, round)?;
    Ok(table(&measured, bench.engine.allocation()))
}

/// Distinct rules that speak, as the plugin reports one finding a rule.
fn scan_rules(scanner: &Scanner, text: &str) -> usize {
    let folded = Folded::new(text);
    let mut rules = Vec::new();
    for hit in scanner.scan(folded.as_str(), &[]) {
        if !rules.contains(&hit.rule) {
            rules.push(hit.rule);
        }
    }
    rules.len()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn failed(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("{}: {}", failure.kind.as_str(), failure.message)
}

fn table(measured: &[Measured], allocation: usher_engine::Allocation) -> String {
    let mut text = format!(
        "\n## One check of ad-guard\n\n{} messages, one in eight an advertisement; verdicts compared before timing. Instances: {allocation:?}.\n\n\
         | variant | µs per message | x native | x reused |\n| --- | ---: | ---: | ---: |\n",
        corpus::MESSAGES
    );
    let (Some(native), Some(reused)) = (measured.first(), measured.get(2)) else { return text };
    for row in measured {
        let (us, x_native, x_reused) = (row.median() * 1e6, row.ratio_to(native), row.ratio_to(reused));
        let written = writeln!(text, "| {} | {us:.2} | {x_native:.2} | {x_reused:.2} |", row.name);
        debug_assert!(written.is_ok(), "writing to a string can't fail");
    }
    text
}

/// Does one thing only, for so long: for a profiler to look at.
pub(crate) fn repeat(what: &str, round: Duration) -> anyhow::Result<String> {
    let bench = Bench::new()?;
    let scanner = Scanner::new(&Settings::default(), fold);
    let snapshot = match what {
        "nothing" => bench.bake(&Guest::named("nothing").component())?,
        _ => bench.bake(&bench.ad_guard)?,
    };
    let mut reused = bench.reuse(&snapshot)?;
    let work = match what {
        "native" => over(&bench.events, |e| Ok(scan_rules(&scanner, &e.text))),
        "reused" => over(&bench.events, |e| reused.check(&bench.input(e)).map_err(failed)),
        "fresh" | "nothing" => over(&bench.events, |e| bench.check(&snapshot, e)),
        _ => bail!("repeat one of native, reused, fresh, nothing"),
    };
    let [measured] = &interleave(&mut [Variant { name: what, work }], 1, round)?[..] else { bail!("one variant") };
    Ok(format!("{what}: {:.2} µs", measured.median() * 1e6))
}

/// Fresh instances on one thread and on two.
pub(crate) fn two_threads(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let bench = Bench::new()?;
    let fresh = bench.bake(&bench.ad_guard)?;
    let scanner = Scanner::new(&Settings::default(), fold);
    let fresh_one = |event: &Arc<Event>| bench.check(&fresh, event);
    let native_one = |event: &Arc<Event>| Ok(scan_rules(&scanner, &event.text));
    let mut text = String::from(
        "\n## Two threads\n\nEvents per second, and how many times one thread's.\n\n\
         | variant | one thread | two threads | scaling |\n| --- | ---: | ---: | ---: |\n",
    );
    let rows: [(&str, &One<'_>); 2] = [("native Rust", &native_one), ("fresh instance of a snapshot", &fresh_one)];
    let mut reached = 0.0;
    for (name, one) in rows {
        let mut variants = [
            Variant { name: "one", work: Box::new(|| threads(1, &bench.events, one)) },
            Variant { name: "two", work: Box::new(|| threads(2, &bench.events, one)) },
        ];
        let measured = interleave(&mut variants, rounds, round)?;
        let [single, double] = measured.as_slice() else { bail!("two variants") };
        let (a, b, scaling) = (1.0 / single.median(), 1.0 / double.median(), single.ratio_to(double));
        writeln!(text, "| {name} | {a:.0} | {b:.0} | {scaling:.2} |")?;
        reached = scaling;
    }
    write!(text, "\nGoals:\n\n- two threads do 1.9 times the work of one: {reached:.2}, {}\n", met(reached >= 1.9))?;
    Ok(text)
}

/// All events once on each of `n` threads.
fn threads(n: usize, events: &[Arc<Event>], one: &One<'_>) -> anyhow::Result<u64> {
    std::thread::scope(|scope| {
        let work = || events.iter().try_for_each(|event| one(event).map(std::hint::black_box).map(|_| ()));
        let workers: Vec<_> = (0..n).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
        }
        Ok((n * events.len()) as u64)
    })
}
