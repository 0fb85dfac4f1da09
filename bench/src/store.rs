//! What the store takes by itself: decisions made durable straight at it, with and without several of them sharing a
//! transaction and its sync.

use crate::http::target_dir;
use anyhow::ensure;
use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use usher_bench::rounds::median;
use usher_model::{Change, DecisionId, Digest, GroupKey, MemberId, PluginName, Slot, SlotKey, Timestamp, Verdict};
use usher_store::journal::{Commit, Committed, SlotWrite};
use usher_store::{Postgres, PostgresOptions, Sqlite, SqliteOptions, Store};
use uuid::Uuid;

/// Groups that are written to at the same time, each in its order.
const GROUPS: u64 = 64;

/// Commits of a group that wait for the disk at once.
const DEPTH: usize = 4;

/// About what an event of a message and a decision with one finding take as JSON, in bytes.
const EVENT_BYTES: usize = 256;
const DECISION_BYTES: usize = 1024;

/// A store, and what its rounds came to.
struct Row {
    name: &'static str,
    store: Arc<dyn Store>,
    /// Whether each decision writes a counter too.
    counts: bool,
    rounds: u64,
    per_second: Vec<f64>,
}

/// Each database with and without grouping, in turn.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir_in(target_dir())?;
    private_postgres::install()?;
    let mut rows = Vec::new();
    for (name, batch_commits_max, counts) in [
        ("a transaction for each", 1, false),
        ("up to 512 in one", 512, false),
        ("up to 512 in one, each with a counter", 512, true),
    ] {
        let path = folder.path().join(format!("{}.sqlite", rows.len()));
        let sqlite = Sqlite::open(SqliteOptions { batch_commits_max, ..SqliteOptions::new(path) });
        let store: Arc<dyn Store> = Arc::new(runtime.block_on(sqlite)?);
        rows.push(("SQLite", Row { name, store, counts, rounds: 0, per_second: Vec::new() }));
        let url = private_postgres::database()?.parse()?;
        let postgres = Postgres::open(PostgresOptions { batch_commits_max, ..PostgresOptions::new(url) });
        let store: Arc<dyn Store> = Arc::new(runtime.block_on(postgres)?);
        rows.push(("PostgreSQL", Row { name, store, counts, rounds: 0, per_second: Vec::new() }));
    }
    rows.sort_by_key(|(database, _)| std::cmp::Reverse(*database));
    for counted in (0..=rounds).map(|number| number > 0) {
        for (_, row) in &mut rows {
            let per_second = runtime.block_on(fill(row, round))?;
            if counted {
                row.per_second.push(per_second);
            }
        }
    }
    let text = table(&rows);
    for (_, row) in &rows {
        runtime.block_on(row.store.close());
    }
    text
}

/// Rows per second of one round.
async fn fill(row: &mut Row, round: Duration) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut groups = tokio::task::JoinSet::new();
    for number in 0..GROUPS {
        groups.spawn(fill_group(row.store.clone(), number, row.rounds, row.counts, started + round));
    }
    let (mut written, mut least) = (0, u64::MAX);
    while let Some(group) = groups.join_next().await {
        let count = group??;
        written += count;
        least = least.min(count);
    }
    let seconds = started.elapsed().as_secs_f64();
    ensure!(least > 0, "a group was left out");
    row.rounds += 1;
    #[expect(clippy::cast_precision_loss, reason = "rows of a round")]
    let per_second = written as f64 / seconds;
    Ok(per_second)
}

/// Appends to one group until the time is over; how many took place. Each round has groups of its own.
async fn fill_group(
    store: Arc<dyn Store>,
    number: u64,
    round: u64,
    counts: bool,
    until: Instant,
) -> anyhow::Result<u64> {
    let group = GroupKey { brand: "b".parse()?, group: format!("g{number}-{round}").parse()? };
    let (mut sequence, mut written, mut under_way) = (0, 0, VecDeque::new());
    loop {
        let goes_on = Instant::now() < until;
        if goes_on {
            under_way.push_back(store.commit(commit(&group, sequence, counts)?).await?);
            sequence += 1;
        }
        if under_way.len() >= DEPTH || !goes_on {
            let Some(ticket) = under_way.pop_front() else { return Ok(written) };
            ensure!(ticket.durable().await? == Committed::Done, "a commit did not take place");
            written += 1;
        }
    }
}

fn commit(group: &GroupKey, sequence: u64, counts: bool) -> anyhow::Result<Commit> {
    let event_id = format!("e-{sequence}");
    let at = Timestamp::from_ms(1_795_000_000_000 + 1000 * sequence)?;
    let plugin: PluginName = "ad-guard".parse()?;
    let member: MemberId = format!("u-{}", sequence % 100).parse()?;
    let add = Change::Add { counter: format!("of/{member}"), amount: 1 };
    let key: SlotKey = add.slot(&plugin);
    let slot: Option<Slot> = add.apply(None, at);
    Ok(Commit {
        group: group.clone(),
        expected_sequence: sequence,
        expected_decision: None,
        event_digest: Digest::of(event_id.as_bytes()),
        event_id: event_id.parse()?,
        event: "e".repeat(EVENT_BYTES).into(),
        decision_id: DecisionId::new(Uuid::now_v7()),
        at,
        actor: Some(member),
        verdict: Verdict::Flag,
        rules: vec![(plugin, "contact-solicitation".to_owned())],
        decision: "d".repeat(DECISION_BYTES).into(),
        slots: if counts { vec![SlotWrite { key, slot }] } else { Vec::new() },
        timers: Vec::new(),
        tallies: Vec::new(),
        ledger: Vec::new(),
        contents: Vec::new(),
        tell: Vec::new(),
        turn: None,
        hold: None,
    })
}

fn table(rows: &[(&str, Row)]) -> anyhow::Result<String> {
    let mut text = format!(
        "\n## Rows per second\n\nDecisions straight at the store, one finding each, durable before they count: {GROUPS} groups at the same time, \
         {DEPTH} commits of each\nunder way. PostgreSQL is on this machine, with `fsync` on and `full_page_writes` off.\n\n\
         | database | transactions | rows per second | x without grouping |\n| --- | --- | ---: | ---: |\n"
    );
    for (database, row) in rows {
        let first = rows.iter().find(|(other, _)| other == database).map(|(_, row)| &row.per_second);
        let pairs = row.per_second.iter().zip(first.into_iter().flatten());
        let ratio = median(pairs.map(|(rows, alone)| rows / alone).collect());
        let per_second = median(row.per_second.clone());
        writeln!(text, "| {database} | {} | {per_second:.0} | {ratio:.1} |", row.name)?;
    }
    Ok(text)
}
