//! Many groups on one host: memory, start-up, and whether an event notices how many there are.

use crate::http::{CONNECTIONS, KEY, Row, Server, measure, ms, target_dir};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use usher_bench::load::{self, Requests};
use usher_guests::Guest;

/// Groups of each host.
const SIZES: [u64; 3] = [10, 1_000, 10_000];
/// Groups that events are sent to while the latency is measured: the same number on every host.
const BUSY: u64 = 10;
/// Requests at once while a host is filled.
const FILLERS: u64 = 8;

/// What a host came to.
struct Host {
    groups: u64,
    settings: u64,
    enabling: Duration,
    starting: Duration,
    resident_idle: u64,
    /// The first event of each group, all of them.
    waking: Duration,
    resident_awake: u64,
}

/// Plugins: one that is real, and four that are small.
fn plugins() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut plugins: Vec<(String, Vec<u8>)> =
        ["a", "b", "c", "d"].map(|name| (name.to_owned(), Guest::finder(name, "0.1.0", "found", 0).component())).into();
    plugins.push(("ad-guard".into(), std::fs::read(target_dir().join("plugins/ad-guard.wasm"))?));
    Ok(plugins)
}

/// Settings that no other kind of group has.
fn settings(plugin: &str, kind: u64) -> Value {
    if plugin == "ad-guard" { json!({"allowed_domains": [format!("{kind}.example")]}) } else { json!({"kind": kind}) }
}

/// In parts, at the same time.
fn in_parts(count: u64, work: impl Fn(u64) -> anyhow::Result<()> + Sync) -> anyhow::Result<()> {
    let parts = (0..FILLERS).map(|number| number * count / FILLERS..(number + 1) * count / FILLERS);
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = parts.map(|mut part| scope.spawn(move || part.try_for_each(work))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
    })
}

/// A host with so many groups, each of one of `kinds` kinds, and five plugins for each kind.
fn fill(data: &Path, groups: u64, kinds: u64) -> anyhow::Result<Duration> {
    let server = Server::on(data, &[])?;
    server.put("/v1/brands/b", &json!({}))?;
    in_parts(groups, |group| {
        let body = json!({"kind": format!("kind-{}", group % kinds)});
        server.put(&format!("/v1/brands/b/groups/g{group}"), &body).map(|_| ())
    })?;
    let plugins = plugins()?;
    for (_, component) in &plugins {
        server.send("POST", "/v1/plugins", "application/wasm", component)?;
    }
    let started = Instant::now();
    for kind in 0..kinds {
        for (plugin, _) in &plugins {
            let body = json!({"version": "0.1.0", "settings": settings(plugin, kind)});
            server.put(&format!("/v1/brands/b/kinds/kind-{kind}/plugins/{plugin}"), &body)?;
        }
    }
    Ok(started.elapsed())
}

/// Starts it again, and wakes every group with an event.
fn wake(data: &Path, groups: u64, kinds: u64, enabling: Duration) -> anyhow::Result<(Host, Server)> {
    let started = Instant::now();
    let server = Server::on(data, &[])?;
    let starting = started.elapsed();
    let resident_idle = server.resident_bytes()?;
    let started = Instant::now();
    in_parts(groups, |group| {
        let event =
            json!({"id": "first", "kind": "message.created", "at": "2026-11-22T12:00:00Z", "text": "大家早上好"});
        let path = format!("/v1/brands/b/groups/g{group}/events");
        server.send("POST", &path, "application/json", event.to_string().as_bytes()).map(|_| ())
    })?;
    let waking = started.elapsed();
    let resident_awake = server.resident_bytes()?;
    let settings = kinds * 5;
    Ok((Host { groups, settings, enabling, starting, resident_idle, waking, resident_awake }, server))
}

/// Hosts of three sizes at the same time, under the same load in turn.
pub(crate) fn run(rounds: usize, round: Duration, kinds: u64) -> anyhow::Result<String> {
    let mut hosts = Vec::new();
    let mut rows = Vec::new();
    let messages = load::messages_to(KEY, BUSY);
    let mut folders = Vec::new();
    for groups in SIZES {
        let (data, kinds) = (tempfile::tempdir_in(target_dir())?, kinds.min(groups));
        let enabling = fill(data.path(), groups, kinds)?;
        let (host, server) = wake(data.path(), groups, kinds, enabling)?;
        hosts.push(host);
        rows.push(row(server, &messages));
        folders.push(data);
    }
    measure(&mut rows, CONNECTIONS, rounds, round)?;
    table(&hosts, &rows)
}

fn row(server: Server, messages: &Requests) -> Row {
    Row::new("", server, messages)
}

#[expect(clippy::cast_precision_loss, reason = "bytes and microseconds far below 2^52")]
fn table(hosts: &[Host], rows: &[Row]) -> anyhow::Result<String> {
    const MIB: f64 = 1_048_576.0;
    let mut text = format!(
        "\n## Many groups\n\nFive plugins for each group, ad-guard among them. *Enabling* is per distinct settings of a plugin, baked then; \
         *start* until the host listens, with compiled code on disk; *first events* is one for each group after that; *p50* and *p99* \
         under the same load on {BUSY} of the groups, in rounds that take turns between the hosts.\n\n"
    );
    writeln!(
        text,
        "| groups | settings | enabling, ms | start, s | first events, s | MiB at start | MiB then | p50 ms | p99 ms |"
    )?;
    writeln!(text, "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for (host, row) in hosts.iter().zip(rows) {
        let enabling = host.enabling.as_secs_f64() * 1e3 / host.settings as f64;
        let (p50, p99) = (row.median(|round| ms(round.load.p50_us)), row.median(|round| ms(round.load.p99_us)));
        writeln!(
            text,
            "| {} | {} | {enabling:.0} | {:.2} | {:.1} | {:.0} | {:.0} | {p50:.2} | {p99:.2} |",
            host.groups,
            host.settings,
            host.starting.as_secs_f64(),
            host.waking.as_secs_f64(),
            host.resident_idle as f64 / MIB,
            host.resident_awake as f64 / MIB
        )?;
    }
    if let (Some(small), Some(large)) = (hosts.get(1), hosts.last()) {
        let more = (large.groups - small.groups) as f64;
        let slope = |bytes: fn(&Host) -> u64| (bytes(large) as f64 - bytes(small) as f64) / more / 1024.0;
        let (idle, awake) = (slope(|host| host.resident_idle), slope(|host| host.resident_awake));
        writeln!(
            text,
            "\nFrom {} groups to {}, each more costs {idle:.1} KiB at the start and {awake:.1} KiB once it had an event.",
            small.groups, large.groups
        )?;
    }
    Ok(text)
}
