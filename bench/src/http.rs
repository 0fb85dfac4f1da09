//! Decisions per second over HTTP, every one durable, against a handler that only parses and answers.

use crate::disk;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use usher_bench::load::{self, GROUPS, Load, Requests, load};
use usher_bench::report::met;
use usher_bench::rounds::median;
use usher_guests::Guest;

pub(crate) const KEY: &str = "a-key-for-the-bench-only";

/// Connections that send at once.
pub(crate) const CONNECTIONS: usize = 64;
/// So many that the processor is what they wait for, and no longer the disk.
const MANY_CONNECTIONS: usize = 256;

/// Where this binary was built: the host's binary lies beside it, the plugins one folder up.
fn profile_dir() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.parent().map(PathBuf::from).unwrap_or_default()
}

/// `target`.
pub(crate) fn target_dir() -> PathBuf {
    profile_dir().parent().map(PathBuf::from).unwrap_or_default()
}

/// A line on standard output, read by the parent process.
#[expect(clippy::print_stdout, reason = "the parent reads the address")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A server in a process of its own, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    _data: Option<tempfile::TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    /// A server that was told where to listen.
    pub(crate) fn started(mut command: Command, address: String, data: tempfile::TempDir) -> anyhow::Result<Self> {
        Ok(Self { child: command.spawn()?, address, _data: Some(data) })
    }

    /// A server that says where it listens.
    fn spawn(mut command: Command, data: Option<tempfile::TempDir>) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        BufReader::new(child.stdout.take().context("piped")?).read_line(&mut said)?;
        let address = said.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        Ok(Self { child, address, _data: data })
    }

    pub(crate) fn echo() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--echo");
        Self::spawn(command, None)
    }

    /// A host with these plugins enabled for all groups of one brand.
    pub(crate) fn usher(plugins: &[Vec<u8>]) -> anyhow::Result<Self> {
        Self::usher_with(plugins, &[])
    }

    /// The same, with some of its settings.
    pub(crate) fn usher_with(plugins: &[Vec<u8>], settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir_in(target_dir())?;
        let server = Self::spawn(host(data.path(), settings), Some(data))?;
        server.brand("b", plugins)?;
        Ok(server)
    }

    /// A brand with groups, and these plugins enabled for all of them.
    pub(crate) fn brand(&self, brand: &str, plugins: &[Vec<u8>]) -> anyhow::Result<()> {
        self.put(&format!("/v1/brands/{brand}"), &json!({}))?;
        for group in 0..GROUPS {
            self.put(&format!("/v1/brands/{brand}/groups/g{group}"), &json!({}))?;
        }
        for component in plugins {
            let facts = self.send("POST", "/v1/plugins", "application/wasm", component)?;
            let name = facts["name"].as_str().unwrap_or_default();
            self.put(&format!("/v1/brands/{brand}/plugins/{name}"), &json!({"version": facts["version"]}))?;
        }
        Ok(())
    }

    /// A host on this data, with some of its settings.
    pub(crate) fn on(data: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::spawn(host(data, settings), None)
    }

    /// Resident memory of the process, in bytes.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id()))?;
        let pages: u64 = statm.split(' ').nth(1).context("the fields of a process")?.parse()?;
        Ok(pages * 4096)
    }

    /// Processor time that the process has used: all its threads, in the kernel too.
    fn processor(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The 14th and 15th field, in ticks of 10 ms; the second is a name in brackets, which may hold anything.
        let (_, fields) = stat.rsplit_once(')').context("the fields of a process")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.send("PUT", path, "application/json", body.to_string().as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("http://{}{path}", self.address);
        let request = ureq::get(&url).header("Authorization", format!("Bearer {KEY}"));
        Ok(serde_json::from_str(&request.call()?.body_mut().read_to_string()?)?)
    }

    /// Sends lines of a batch; an error is the first line that was refused.
    pub(crate) fn batch(&self, brand: &str, lines: String) -> anyhow::Result<()> {
        let url = format!("http://{}/v1/brands/{brand}/events/batch", self.address);
        let request = ureq::post(&url).header("Authorization", format!("Bearer {KEY}"));
        let request = request.header("Content-Type", "application/x-ndjson");
        let answers = request.send(lines)?.body_mut().with_config().limit(1 << 30).read_to_string()?;
        match answers.lines().find(|line| line.contains(r#""problem":"#)) {
            Some(refused) => bail!("{refused}"),
            None => Ok(()),
        }
    }

    pub(crate) fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> anyhow::Result<Value> {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let url = format!("http://{}{path}", self.address);
        let request = if method == "PUT" { agent.put(&url) } else { agent.post(&url) };
        let request = request.header("Authorization", format!("Bearer {KEY}")).header("Content-Type", media_type);
        let mut response = request.send(body)?;
        let answer = response.body_mut().read_to_string()?;
        if !response.status().is_success() {
            bail!("{method} {path}: {answer}");
        }
        Ok(serde_json::from_str(&answer)?)
    }
}

fn host(data: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(profile_dir().join("usher"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data"]);
    command.arg(data).env("USHER_ADMIN_KEY", KEY).env("USHER_CLOCK", "events").envs(settings.iter().copied());
    command
}

/// A server under load, round by round.
pub(crate) struct Row {
    name: &'static str,
    pub(crate) server: Server,
    pub(crate) requests: Requests,
    rounds: Vec<Round>,
}

/// What a round came to.
pub(crate) struct Round {
    pub(crate) load: Load,
    /// The server's processor time for each answer.
    processor_us: f64,
}

impl Row {
    pub(crate) fn new(name: &'static str, server: Server, requests: &Requests) -> Self {
        Self { name, server, requests: requests.clone(), rounds: Vec::new() }
    }

    /// Answers per second beside another's, round by round.
    fn ratio_to(&self, other: &Row) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(a, b)| a.load.per_second / b.load.per_second).collect())
    }

    /// The median over the rounds.
    pub(crate) fn median(&self, what: fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().map(what).collect())
    }
}

/// Interleaves the servers and compares each round with the bare handler's.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let ad_guard = std::fs::read(target_dir().join("plugins/ad-guard.wasm"))?;
    let four: Vec<Vec<u8>> =
        ["a", "b", "c", "d"].iter().map(|name| Guest::finder(name, "0.1.0", "found", 0).component()).collect();
    let five: Vec<Vec<u8>> = four.into_iter().chain([ad_guard.clone()]).collect();
    let messages = load::messages(KEY);
    let row = |name, server| Row::new(name, server, &messages);
    let mut rows = [
        row("bare axum: parse the event, answer a decision", Server::echo()?),
        row("Usher, no plugin", Server::usher(&[])?),
        row("**Usher, ad-guard**", Server::usher(&[ad_guard])?),
        row("Usher, ad-guard and four small plugins", Server::usher(&five)?),
        row("Usher, no plugin, a sync for each", Server::usher_with(&[], &[("USHER_STORE__BATCH_COMMITS", "1")])?),
    ];
    let mut text = format!(
        "\n## Decisions per second over HTTP\n\nEvery decision durable in SQLite (WAL, synchronous FULL) before it is answered, every call of a plugin on a\n\
         fresh instance. {GROUPS} groups, one event a request; the load runs on the same machine.\n"
    );
    for connections in [CONNECTIONS, MANY_CONNECTIONS] {
        measure(&mut rows, connections, rounds, round)?;
        writeln!(text, "\n{connections} connections:\n\n{}", table(&rows)?.trim_end())?;
    }
    let [bare, _, one, five, _] = &rows;
    let (one, five) = (one.ratio_to(bare), five.ratio_to(bare));
    write!(
        text,
        "\nGoals, at {MANY_CONNECTIONS} connections:\n\n- one plugin at 0.60 of the bare handler: {one:.2}, {}\n\
         - five at 0.35: {five:.2}, {}\n",
        met(one >= 0.60),
        met(five >= 0.35)
    )?;
    text.push_str(&disk::table(&target_dir(), round)?);
    Ok(text)
}

/// Puts each server under load in each round; the first round warms up and is not counted.
pub(crate) fn measure(rows: &mut [Row], connections: usize, rounds: usize, round: Duration) -> anyhow::Result<()> {
    for row in &mut *rows {
        row.rounds.clear();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    for counted in (0..=rounds).map(|number| number > 0) {
        for row in &mut *rows {
            let (started, before) = (Instant::now(), row.server.processor()?);
            let load = runtime.block_on(load(&row.server.address, &row.requests, connections, round))?;
            let answers = load.per_second * started.elapsed().as_secs_f64();
            let processor_us = row.server.processor()?.saturating_sub(before).as_secs_f64() * 1e6 / answers;
            if counted {
                row.rounds.push(Round { load, processor_us });
            }
        }
    }
    Ok(())
}

/// What was measured, each row beside the first.
pub(crate) fn table(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = String::from(
        "| server | requests per second | x bare | µs of processor per request | p50 ms | p99 ms |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let Some(bare) = rows.first() else { return Ok(text) };
    for row in rows {
        writeln!(
            text,
            "| {} | {:.0} | {:.2} | {:.1} | {:.2} | {:.2} |",
            row.name,
            row.median(|round| round.load.per_second),
            row.ratio_to(bare),
            row.median(|round| round.processor_us),
            row.median(|round| ms(round.load.p50_us)),
            row.median(|round| ms(round.load.p99_us))
        )?;
    }
    Ok(text)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a request are far below 2^52")]
pub(crate) fn ms(us: u64) -> f64 {
    us as f64 / 1e3
}
