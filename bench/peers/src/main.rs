//! What a team would pick instead of Usher, each with the house rules in its own words.
//!
//! The harness (`bench/src/peers.rs`) starts this, writes the messages in one line of JSON, and reads in one line what
//! each peer says of them. Then it writes a peer's number, and gets an answer when that peer has judged all messages
//! once more.

mod cel;
mod extism;
mod javascript;
mod lua;
mod rego;

use anyhow::{Context, Result};
use std::io::{BufRead, Write};
use usher_bench_rules::host::{Host, Judged, WordsBy, Written};
use usher_bench_rules::{Found, Message};

/// The same as in Usher's process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Judges one message that the host prepared.
type Rules<'a> = Box<dyn FnMut(&Message<'_>) -> Result<Vec<Found>> + 'a>;

/// Someone who judges.
struct Peer<'a> {
    engine: &'static str,
    words_by: WordsBy,
    keeps: bool,
    rules: Rules<'a>,
}

impl Peer<'_> {
    fn judge(&mut self, host: &Host, message: &Written) -> Result<Vec<Found>> {
        host.hand_over(message, self.words_by, |message| (self.rules)(message))
    }

    fn judged(&mut self, host: &Host, messages: &[Written]) -> Result<Judged> {
        let verdicts: Result<_> = messages.iter().map(|message| self.judge(host, message)).collect();
        let verdicts = verdicts.with_context(|| self.engine)?;
        Ok(Judged { engine: self.engine.to_owned(), words_by: self.words_by, keeps: self.keeps, verdicts })
    }
}

fn main() -> Result<()> {
    let module = std::env::args_os().nth(1).context("where is Extism's module?")?;
    let (host, module) = (Host::new()?, std::fs::read(module)?);
    let mut lines = std::io::stdin().lock().lines();
    let mut answers = std::io::stdout().lock();
    let messages: Vec<Written> = serde_json::from_str(&lines.next().context("messages come first")??)?;
    let mut peers = peers(&host, &module)?;
    let judged: Result<Vec<_>> = peers.iter_mut().map(|peer| peer.judged(&host, &messages)).collect();
    writeln!(answers, "{}", serde_json::to_string(&judged?)?)?;
    for line in lines {
        let peer = peers.get_mut(line?.parse::<usize>()?).context("no such peer")?;
        for message in &messages {
            std::hint::black_box(peer.judge(&host, message)?);
        }
        writeln!(answers, "{}", messages.len())?;
    }
    Ok(())
}

/// Everyone, in the order of the table.
fn peers<'a>(host: &'a Host, module: &[u8]) -> Result<Vec<Peer<'a>>> {
    let mut peers: Vec<Peer<'a>> = Vec::new();
    let mut add = |engine, words_by, keeps, rules: Rules<'a>| peers.push(Peer { engine, words_by, keeps, rules });
    let compiled = extism::Compiled::new(host, module)?;
    for words_by in [WordsBy::Host, WordsBy::Rules] {
        let mut plugin = compiled.instance()?;
        add("Extism, one plugin", words_by, true, Box::new(move |message| plugin.judge(message)));
        let policy = lua::Policy::new(host)?;
        add("Lua 5.4 (mlua)", words_by, true, Box::new(move |message| policy.judge(message)));
        let policy = javascript::Policy::new(host)?;
        add("JavaScript (QuickJS)", words_by, true, Box::new(move |message| policy.judge(message)));
        let mut policy = rego::Policy::new(host)?;
        add("Rego (regorus)", words_by, false, Box::new(move |message| policy.judge(message)));
        let policy = cel::Policy::new(host)?;
        add("CEL (cel)", words_by, false, Box::new(move |message| policy.judge(message)));
    }
    let fresh = WordsBy::Host;
    add("Extism, a plugin for each call", fresh, false, Box::new(move |message| compiled.instance()?.judge(message)));
    add("Lua 5.4, a state for each call", fresh, false, Box::new(|message| lua::Policy::new(host)?.judge(message)));
    Ok(peers)
}
