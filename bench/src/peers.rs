//! Usher beside what a team would pick instead: the same rules, the same messages, the verdicts compared before timing.
//!
//! The peers are in a process of their own, `bench/peers`, which judges all messages by one of them when it is told to.
//! Rounds go back and forth between the two processes.

use crate::http::target_dir;
use anyhow::{Context, ensure};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use usher_bench::contest::{Usher, events, messages, native};
use usher_bench::report::met;
use usher_bench::rounds::{Measured, Variant, interleave, median};
use usher_bench_rules::Found;
use usher_bench_rules::host::{Host, Judged, WordsBy, Written};

/// Judges all messages once, and says how many there are.
type Work<'a> = Box<dyn FnMut() -> anyhow::Result<u64> + 'a>;

/// The process with the peers; it ends with its standard input.
struct Peers {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peers {
    /// Starts it and lets every peer judge every message.
    fn start(dir: &Path, messages: &[Written]) -> anyhow::Result<(Self, Vec<Judged>)> {
        let mut command = Command::new(dir.join("release/usher-peers"));
        command.arg(dir.join("wasm32-unknown-unknown/plugin/extism_guest.wasm"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (to, from) = (child.stdin.take().context("piped")?, child.stdout.take().context("piped")?);
        let mut peers = Self { child, to, from: BufReader::new(from) };
        let judged = peers.ask(&serde_json::to_string(messages)?)?;
        Ok((peers, serde_json::from_str(&judged)?))
    }

    /// All messages once by one peer.
    fn judge(&mut self, peer: usize) -> anyhow::Result<u64> {
        Ok(self.ask(&peer.to_string())?.trim().parse()?)
    }

    fn ask(&mut self, line: &str) -> anyhow::Result<String> {
        writeln!(self.to, "{line}")?;
        let mut answer = String::new();
        ensure!(self.from.read_line(&mut answer)? > 0, "the peers ended");
        Ok(answer)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Compares, measures, and says how near the goals are.
pub(crate) fn run(dir: &Path, rounds: usize, round: Duration) -> anyhow::Result<String> {
    let component =
        std::fs::read(target_dir().join("plugins/house-rules.wasm")).context("run this with `cargo xtask bench`")?;
    let (host, messages) = (Host::new()?, messages());
    let events = events(&messages)?;
    let (listed, own) = (Usher::new(&host, &component, WordsBy::Host)?, Usher::new(&host, &component, WordsBy::Rules)?);
    let by_usher = |usher: &Usher| events.iter().map(|event| usher.judge(event)).collect::<anyhow::Result<_>>();
    let row = |engine: &str, words_by, verdicts| Judged { engine: engine.to_owned(), words_by, keeps: false, verdicts };
    let mut rows = vec![
        row("native Rust", WordsBy::Host, messages.iter().map(|message| native(&host, message)).collect()),
        row("**Usher**", WordsBy::Host, by_usher(&listed)?),
        row("Usher", WordsBy::Rules, by_usher(&own)?),
    ];
    let (peers, judged) = Peers::start(dir, &messages)?;
    rows.extend(judged);
    compare(&rows, &messages)?;

    let peers = RefCell::new(peers);
    let all = messages.len() as u64;
    let judge_all = |usher: &Usher| events.iter().try_for_each(|event| usher.judge(event).map(drop)).map(|()| all);
    let mut works: Vec<Work<'_>> = vec![
        Box::new(|| {
            for message in &messages {
                std::hint::black_box(native(&host, message));
            }
            Ok(all)
        }),
        Box::new(|| judge_all(&listed)),
        Box::new(|| judge_all(&own)),
    ];
    let peers = &peers;
    works.extend((0..rows.len()).map(|peer| -> Work<'_> { Box::new(move || peers.borrow_mut().judge(peer)) }));
    let mut variants: Vec<_> = rows.iter().zip(works).map(|(row, work)| Variant { name: &row.engine, work }).collect();
    let measured = interleave(&mut variants, rounds, round)?;
    table(&rows, &measured)
}

/// All must say of every message what native Rust says, and every rule must speak.
fn compare(rows: &[Judged], messages: &[Written]) -> anyhow::Result<()> {
    let [native, others @ ..] = rows else { return Ok(()) };
    let rules: std::collections::BTreeSet<_> = native.verdicts.iter().flatten().map(|found| &found.rule).collect();
    ensure!(rules.len() == 3, "only {rules:?} speak in these messages");
    for row in others {
        let engine = &row.engine;
        ensure!(row.verdicts.len() == messages.len(), "{engine} judged {} messages", row.verdicts.len());
        for ((found, expected), message) in row.verdicts.iter().zip(&native.verdicts).zip(messages) {
            let (found, expected) = (sorted(found), sorted(expected));
            ensure!(found == expected, "{engine}: {found:?} where native says {expected:?}: {}", message.text);
        }
    }
    Ok(())
}

/// In an order that does not depend on who found it.
fn sorted(findings: &[Found]) -> Vec<Found> {
    let mut findings = findings.to_vec();
    for finding in &mut findings {
        finding.words.sort();
    }
    findings.sort_by(|a, b| a.rule.cmp(&b.rule));
    findings
}

const INTRODUCTION: &str = "\n## Beside its peers\n\n\
    The house rules (`bench/rules`): forbidden words of a list of 206, a contact (a channel with an account behind it), a\n\
    link; owners and admins are never judged. Every host folds the text in the same way, within the clock, and every\n\
    answer ends as the host's own list of findings. Words found *by the host*: one automaton for the text, as Usher has it\n\
    for its plugins, and the rules get what stands there. Words found *by the rules*: an automaton in Usher's snapshot and\n\
    in Extism's instance, `string.find` and `includes` word by word in Lua and JavaScript, `contains` in Rego and CEL.\n\
    Usher makes a fresh instance for each message and runs with all its limits, the others run without any. Extism takes\n\
    and gives JSON; Lua and JavaScript get arguments, Rego and CEL values. *Kept*: what a call leaves behind in memory\n\
    meets the next one.\n\n";

fn table(rows: &[Judged], measured: &[Measured]) -> anyhow::Result<String> {
    let [native, usher, own, peers @ ..] = measured else { anyhow::bail!("native, Usher, peers") };
    let mut text = format!(
        "{INTRODUCTION}{} messages, verdicts compared before timing.\n\n\
         | engine | words found by | kept | µs per message | µs over native | x Usher |\n\
         | --- | --- | --- | ---: | ---: | ---: |\n",
        rows.first().map_or(0, |row| row.verdicts.len())
    );
    for (row, measured) in rows.iter().zip(measured) {
        let kept = if row.keeps { "yes" } else { "no" };
        let (us, over, ratio) = (measured.median() * 1e6, over_us(measured, native), measured.ratio_to(usher));
        writeln!(text, "| {} | {} | {kept} | {us:.2} | {over:.2} | {ratio:.2} |", row.engine, words_by(row))?;
    }
    let over = over_us(usher, native);
    write!(
        text,
        "\nGoals, Usher's words found by the host:\n\n- at most 5 µs over native: {over:.2}, {}\n",
        met(over <= 5.0)
    )?;
    for (row, peer) in rows.iter().skip(3).zip(peers) {
        let least = if row.engine.starts_with("Extism") { 1.0 } else { 3.0 };
        let ratio = peer.ratio_to(usher);
        let (engine, words_by, met) = (&row.engine, words_by(row), met(ratio >= least));
        let goal = if least > 1.0 { "3x faster" } else { "faster" };
        writeln!(text, "- {goal} than {engine}, words found by {words_by}: {ratio:.2}, {met}")?;
    }
    let ratio = own.ratio_to(usher);
    writeln!(text, "\nUsher with the words found by the rules takes {ratio:.2} times as long.")?;
    Ok(text)
}

/// The median of a variant's distance to another, round by round.
fn over_us(one: &Measured, other: &Measured) -> f64 {
    median(one.seconds.iter().zip(&other.seconds).map(|(a, b)| (a - b) * 1e6).collect())
}

fn words_by(row: &Judged) -> &'static str {
    match row.words_by {
        WordsBy::Host => "the host",
        WordsBy::Rules => "the rules",
    }
}
