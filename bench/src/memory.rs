//! What it costs that plugins remember, and that events of the past can be decided once more.

use crate::http::{CONNECTIONS, KEY, Row, Server, measure, ms, table, target_dir};
use anyhow::{Context, ensure};
use serde_json::json;
use std::fmt::Write;
use std::time::{Duration, Instant};
use usher_bench::load::{self, GROUPS, Requests, load};

/// Events in a group whose past is short.
const SHORT: u64 = 1_000;

/// Events that a backtest goes through, about.
const BACKTESTED: Duration = Duration::from_secs(10);

fn plugin(name: &str) -> anyhow::Result<Vec<u8>> {
    let path = target_dir().join("plugins").join(format!("{name}.wasm"));
    std::fs::read(&path).with_context(|| path.display().to_string())
}

/// The same message again and again, to all groups.
fn saying(text: &'static str) -> Requests {
    std::sync::Arc::new(move |number| {
        let body = json!({"id": format!("e-{number}"), "kind": "message.created", "at": "2026-11-22T12:00:00Z",
            "actor": {"id": format!("u-{}", number % 1000)}, "text": text});
        load::post(&format!("/v1/brands/b/groups/g{}/events", number % GROUPS), KEY, &body.to_string())
    })
}

/// All three.
pub(crate) fn run(rounds: usize, round: Duration, events: u64) -> anyhow::Result<String> {
    let mut text = String::from("\n## Memory and the past\n");
    text.push_str(&remembering(rounds, round)?);
    text.push_str(&pasts(rounds, round, events)?);
    text.push_str(&backtests(round)?);
    Ok(text)
}

/// A plugin that remembers beside the same plugin when it does not.
fn remembering(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let scripted = plugin("scripted")?;
    let row = |name, text: &'static str, component: &[u8]| {
        anyhow::Ok(Row::new(name, Server::usher(&[component.to_vec()])?, &saying(text)))
    };
    let mut rows = [
        row("remembers nothing", "", &scripted)?,
        row("reads a value that is not there", "get k", &scripted)?,
        row("writes a value", "put k v", &scripted)?,
        row("counts, and asks for the sum of a minute", "add c 1;sum c 60000", &scripted)?,
        row("looks back at the messages of a minute", "count message 60000", &scripted)?,
        row("flood-guard: counts, history by similarity", "大家早上好", &plugin("flood-guard")?)?,
    ];
    measure(&mut rows, CONNECTIONS, rounds, round)?;
    let table = table(&rows)?.replace("x bare", "x the first").replace("| server |", "| a plugin that |");
    Ok(format!(
        "\nDecisions that remember beside one that does not: {CONNECTIONS} connections, {GROUPS} groups, every decision \
         durable together with what it remembers.\n\n{table}"
    ))
}

/// One sender after another, so that nothing but the past makes the difference.
fn pasts(rounds: usize, round: Duration, events: u64) -> anyhow::Result<String> {
    let server = Server::usher(&[])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let groups = [("short", SHORT), ("long", events)];
    for (group, events) in groups {
        server.put(&format!("/v1/brands/b/groups/{group}"), &json!({}))?;
        let mut sent = 0;
        while sent < events {
            let part = Duration::from_secs(1);
            let filled = runtime.block_on(load(&server.address, &chatting(group), CONNECTIONS, part))?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of a second")]
            let answers = filled.per_second as u64;
            sent += answers;
        }
    }
    for name in ["flood-guard", "ad-guard"] {
        server.send("POST", "/v1/plugins", "application/wasm", &plugin(name)?)?;
        server.put(&format!("/v1/brands/b/plugins/{name}"), &json!({"version": "0.1.0"}))?;
    }
    let mut figures = [Vec::new(), Vec::new()];
    for counted in (0..=rounds).map(|number| number > 0) {
        for ((group, _), figures) in groups.iter().zip(&mut figures) {
            let alone = runtime.block_on(load(&server.address, &chatting(group), 1, round))?;
            if counted {
                figures.push(alone);
            }
        }
    }
    let mut text = String::from(
        "\nAn event with a past behind it, one sender, ad-guard and flood-guard (which looks back) in force:\n\n\
         | events before it, at least | p50 ms | p99 ms |\n| ---: | ---: | ---: |\n",
    );
    for ((_, events), figures) in groups.iter().zip(&figures) {
        let median = |what: fn(&load::Load) -> u64| {
            usher_bench::rounds::median(figures.iter().map(|load| ms(what(load))).collect())
        };
        let (p50, p99) = (median(|load| load.p50_us), median(|load| load.p99_us));
        writeln!(text, "| {events} | {p50:.2} | {p99:.2} |")?;
    }
    Ok(text)
}

/// Messages of the corpus in one group.
fn chatting(group: &'static str) -> Requests {
    let messages = load::messages_of("b", KEY, 1);
    std::sync::Arc::new(move |number| messages(number).replacen("/groups/g0/", &format!("/groups/{group}/"), 1))
}

/// Plugins, each with settings that differ from those in force: one that judges a message by itself, one that remembers.
fn backtests(round: Duration) -> anyhow::Result<String> {
    let mut text = String::from(
        "\nBacktests with settings that differ, beside the same events when they happened:\n\n\
         | plugin | events | live, per second | again, per second | x live | decisions that would differ |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (name, settings) in [
        ("ad-guard", json!({"contact_severity": "high"})),
        ("flood-guard", json!({"too_many": {"severity": "high", "most": 3}})),
    ] {
        text.push_str(&backtest(name, &settings, round)?);
    }
    Ok(text)
}

fn backtest(name: &str, settings: &serde_json::Value, round: Duration) -> anyhow::Result<String> {
    let server = Server::usher(&[plugin(name)?])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let span = BACKTESTED.min(round * 4);
    let live = runtime.block_on(load(&server.address, &load::messages(KEY), CONNECTIONS, span))?;
    let asked = json!({"plugin": name, "version": "0.1.0", "settings": settings});
    let started = Instant::now();
    let path = "/v1/brands/b/backtests";
    let begun = server.send("POST", path, "application/json", asked.to_string().as_bytes())?;
    let id = begun["id"].as_str().context("a backtest has an id")?.to_owned();
    let done = loop {
        let seen = server.get(&format!("{path}/{id}?limit=1"))?;
        match seen["state"].as_str() {
            Some("running") => std::thread::sleep(Duration::from_millis(20)),
            _ => break seen,
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let events = done["events"].as_f64().context("a backtest counts its events")?;
    let differing = done["differing"].as_u64().unwrap_or_default();
    ensure!(done["state"] == "done" && events > 0.0 && differing > 0, "the backtest did not end well: {done}");
    let (live, again) = (live.per_second, events / seconds);
    Ok(format!("| {name} | {events:.0} | {live:.0} | {again:.0} | {:.2} | {differing} |\n", again / live))
}
