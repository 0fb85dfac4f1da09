//! Plugins with a language's engine inside: by which road each call gets its configured instance, and what that costs per
//! event and per settings.

use crate::http::target_dir;
use anyhow::{Context, bail};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use usher_bench::corpus;
use usher_bench::rounds::{Measured, Variant, interleave};
use usher_engine::{
    Call, CheckInput, Engine, EngineOptions, EventFacts, Grants, GroupFacts, Memory, Road, Snapshot, UploadLimits,
    WordLists,
};
use usher_model::{CallLimits, Event, GroupKey, PluginName};

const SETTINGS: &str = r#"{"words":["兼职","微信","whatsapp","https"]}"#;

/// Guests, and what is inside.
const GUESTS: [(&str, &str); 3] = [
    ("words-quickjs", "TypeScript (QuickJS)"),
    ("words-starlingmonkey", "JavaScript (StarlingMonkey)"),
    ("words-python", "Python (CPython 3.14)"),
];

/// A way to a configured instance.
struct Way {
    name: &'static str,
    road: Road,
    resident_bytes: usize,
}

static WAYS: [Way; 4] = [
    Way { name: "baked, 1 MiB resident", road: Road::Baked, resident_bytes: 1 << 20 },
    Way { name: "baked, 16 MiB resident", road: Road::Baked, resident_bytes: 16 << 20 },
    Way { name: "configured in each instance, 1 MiB resident", road: Road::Configured, resident_bytes: 1 << 20 },
    Way { name: "configured in each instance, 16 MiB resident", road: Road::Configured, resident_bytes: 16 << 20 },
];

/// A guest on one way, ready to judge.
struct Ready {
    way: &'static Way,
    engine: Engine,
    snapshot: Snapshot,
    setting_up: Duration,
}

impl Way {
    /// Compiled code is shared between the ways, so that the time is that of the first settings only where it says so.
    fn engine(&self, cache: &tempfile::TempDir) -> anyhow::Result<Engine> {
        let bake_bytes = if self.road == Road::Baked { usize::MAX } else { 0 };
        Ok(Engine::new(EngineOptions {
            cache_dir: Some(cache.path().to_owned()),
            instances: 8,
            resident_bytes: self.resident_bytes,
            upload: UploadLimits { bake_bytes, image_bytes: usize::MAX, ..UploadLimits::default() },
            ..EngineOptions::default()
        })?)
    }

    /// With settings that nobody had before, and then with those that are measured. None when the guest is built in a way
    /// that can't be baked.
    fn ready(&'static self, cache: &tempfile::TempDir, guest: &str, component: &[u8]) -> anyhow::Result<Option<Ready>> {
        let (engine, name) = (self.engine(cache)?, PluginName::new(guest)?);
        engine.bake(&name, component, r#"{"words":["first"]}"#)?;
        let new = format!(r#"{{"words":["{:?} {}"]}}"#, self.road, self.resident_bytes);
        let started = Instant::now();
        engine.bake(&name, component, &new)?;
        let setting_up = started.elapsed();
        let snapshot = engine.bake(&name, component, SETTINGS)?;
        anyhow::ensure!(self.road == Road::Baked || snapshot.road() == self.road, "{guest} was baked");
        Ok((snapshot.road() == self.road).then_some(Ready { way: self, engine, snapshot, setting_up }))
    }
}

impl Ready {
    fn check(&self, input: &Arc<CheckInput>) -> anyhow::Result<usize> {
        match self.engine.check(&self.snapshot, input, &Arc::new(Grants::default()), &Arc::new(CallLimits::default())) {
            Call::Done(report) => match report.failure {
                None => Ok(report.effects.findings.len()),
                Some(failure) => bail!("{}: {}", failure.kind.as_str(), failure.message),
            },
            Call::Missing(key, _) => bail!("{key:?}"),
        }
    }
}

fn inputs() -> anyhow::Result<Vec<Arc<CheckInput>>> {
    let key = GroupKey { brand: "b".parse()?, group: "g".parse()? };
    let group = GroupFacts { key, record: Arc::default(), time_zone: "UTC".into() };
    let input = |(index, text): (usize, String)| {
        let json = serde_json::json!({"id": format!("m-{index}"), "kind": "message.created",
            "at": "2026-11-22T12:00:00Z", "actor": {"id": "u-1"}, "text": text});
        let event: Event = serde_json::from_value(json)?;
        let event = Arc::new(EventFacts::new(Arc::new(event)));
        Ok(Arc::new(CheckInput::new(event, group.clone(), Arc::new(WordLists::default()), Memory::default())))
    };
    corpus::messages().into_iter().take(64).enumerate().map(input).collect()
}

/// Whether the guests are there: they take tools of other languages.
pub(crate) fn is_built() -> bool {
    GUESTS.iter().all(|(guest, _)| path(guest).exists())
}

fn path(guest: &str) -> PathBuf {
    target_dir().join("guests").join(format!("{guest}.wasm"))
}

/// Each guest by each way; the same verdicts first, then the figures.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let inputs = inputs()?;
    let mut text = format!(
        "\n## Heavy guests\n\nThe same plugin in three engines, fresh and configured for each event, {} messages; verdicts compared before \
         timing. *New settings* is what enabling takes once the component is compiled. The host takes the first road up to \
         `plugins.bake_bytes`, and the second above; so does what can't be baked, as components within components.\n\n",
        inputs.len()
    );
    writeln!(text, "| guest | MiB | compiled in s | road | µs per event | new settings |")?;
    writeln!(text, "| --- | ---: | ---: | --- | ---: | ---: |")?;
    for (guest, inside) in GUESTS {
        let component = std::fs::read(path(guest)).context("`cargo xtask guests` builds the heavy guests")?;
        let cache = tempfile::tempdir_in(target_dir())?;
        let started = Instant::now();
        WAYS[0].engine(&cache)?.inspect(&component)?;
        let compiled = started.elapsed();
        let mut ready = Vec::with_capacity(WAYS.len());
        for way in &WAYS {
            ready.extend(way.ready(&cache, guest, &component)?);
        }
        for input in &inputs {
            let found = ready.iter().map(|ready| ready.check(input)).collect::<Result<Vec<_>, _>>()?;
            anyhow::ensure!(found.windows(2).all(|pair| pair[0] == pair[1]), "{guest}: {found:?}");
        }
        let measured = measure(&ready, &inputs, rounds, round)?;
        #[expect(clippy::cast_precision_loss, reason = "a component is far below 2^52 bytes")]
        let mib = component.len() as f64 / 1_048_576.0;
        for (row, ready) in measured.iter().zip(&ready) {
            let (us, setting_up) = (row.median() * 1e6, ready.setting_up.as_secs_f64());
            let compiled = compiled.as_secs_f64();
            writeln!(text, "| {inside} | {mib:.1} | {compiled:.1} | {} | {us:.0} | {setting_up:.2} s |", row.name)?;
        }
    }
    Ok(text)
}

fn measure(
    ready: &[Ready],
    inputs: &[Arc<CheckInput>],
    rounds: usize,
    round: Duration,
) -> anyhow::Result<Vec<Measured>> {
    let mut variants: Vec<Variant<'_>> = ready
        .iter()
        .map(|ready| {
            let mut inputs = inputs.iter().cycle();
            let work = move || {
                for input in inputs.by_ref().take(8) {
                    std::hint::black_box(ready.check(input)?);
                }
                Ok(8)
            };
            Variant { name: ready.way.name, work: Box::new(work) }
        })
        .collect();
    interleave(&mut variants, rounds, round)
}
