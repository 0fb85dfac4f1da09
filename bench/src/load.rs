//! A load that costs little itself: HTTP/1.1 over kept-alive connections, written and read by hand.

use crate::corpus;
use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Groups that the events are spread over.
pub const GROUPS: u64 = 64;

/// Numbers events over all rounds: no id is sent twice.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// The request of a number, as it goes over the wire.
pub type Requests = Arc<dyn Fn(u64) -> String + Send + Sync>;

/// What a round came to.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Answers.
    pub per_second: f64,
    /// Half of them came within.
    pub p50_us: u64,
    /// All but one in a hundred came within.
    pub p99_us: u64,
}

/// Sends requests over so many connections for so long, each numbered with a number of its own.
///
/// # Errors
/// A connection that fails, or an answer that is no success.
pub async fn load(address: &str, requests: &Requests, connections: usize, round: Duration) -> anyhow::Result<Load> {
    let until = Instant::now() + round;
    let started = Instant::now();
    let tasks: Vec<_> =
        (0..connections).map(|_| tokio::spawn(connection(address.to_owned(), requests.clone(), until))).collect();
    let mut latencies = Histogram::<u64>::new(3)?;
    for task in tasks {
        latencies.add(task.await??)?;
    }
    let per_second = latencies.len();
    #[expect(clippy::cast_precision_loss, reason = "counts of a round are far below 2^52")]
    let per_second = per_second as f64 / started.elapsed().as_secs_f64();
    Ok(Load { per_second, p50_us: latencies.value_at_quantile(0.5), p99_us: latencies.value_at_quantile(0.99) })
}

/// Sends requests at a steady rate for so long, whether earlier ones were answered or not, as far as the connections
/// reach. What a request waited for its turn counts: a host that stalls can't hide it.
///
/// # Errors
/// As [`load`].
pub async fn steady(
    address: &str,
    requests: &Requests,
    connections: u32,
    per_second: u32,
    round: Duration,
) -> anyhow::Result<Load> {
    let started = Instant::now();
    let pace = Duration::from_secs(1) * connections / per_second;
    let paced = |number| {
        let first = started + pace * number / connections;
        paced(address.to_owned(), requests.clone(), first, pace, started + round)
    };
    // A set, so that nothing goes on when the caller has enough of it.
    let mut tasks: JoinSet<_> = (0..connections).map(paced).collect();
    let mut latencies = Histogram::<u64>::new(3)?;
    while let Some(felt) = tasks.join_next().await {
        latencies.add(felt??)?;
    }
    Ok(Load {
        per_second: per_second.into(),
        p50_us: latencies.value_at_quantile(0.5),
        p99_us: latencies.value_at_quantile(0.99),
    })
}

async fn paced(
    address: String,
    requests: Requests,
    first: Instant,
    pace: Duration,
    until: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Histogram::<u64>::new(3)?;
    let mut answer = Vec::with_capacity(8192);
    let mut due = first;
    while due < until {
        tokio::time::sleep_until(due.into()).await;
        let request = requests(NUMBER.fetch_add(1, Ordering::Relaxed));
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut answer).await?;
        latencies.record(u64::try_from(due.elapsed().as_micros())?)?;
        due += pace;
    }
    Ok(latencies)
}

async fn connection(address: String, requests: Requests, until: Instant) -> anyhow::Result<Histogram<u64>> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Histogram::<u64>::new(3)?;
    let mut answer = Vec::with_capacity(8192);
    while Instant::now() < until {
        let request = requests(NUMBER.fetch_add(1, Ordering::Relaxed));
        let started = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut answer).await?;
        latencies.record(u64::try_from(started.elapsed().as_micros())?)?;
    }
    Ok(latencies)
}

/// Messages of the corpus as events of [`GROUPS`] groups.
pub fn messages(key: &str) -> Requests {
    messages_to(key, GROUPS)
}

/// Messages of the corpus as events of so many groups.
pub fn messages_to(key: &str, groups: u64) -> Requests {
    messages_of("b", key, groups)
}

/// Messages of the corpus as events of so many groups of a brand.
pub fn messages_of(brand: &str, key: &str, groups: u64) -> Requests {
    let (brand, key, texts) = (brand.to_owned(), key.to_owned(), corpus::messages());
    Arc::new(move |number| {
        let text = usize::try_from(number).ok().and_then(|n| texts.get(n % texts.len())).map_or("", String::as_str);
        let member = number % 1000;
        let body = format!(
            r#"{{"id":"e-{number}","kind":"message.created","at":"2026-11-22T12:00:00Z","actor":{{"id":"u-{member}"}},"text":"{text}"}}"#
        );
        post(&format!("/v1/brands/{brand}/groups/g{}/events", number % groups), &key, &body)
    })
}

/// A request with a body of JSON.
pub fn post(path: &str, key: &str, body: &str) -> String {
    request("POST", path, key, body)
}

/// A request of any method with a body of JSON.
pub fn request(method: &str, path: &str, key: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one whole answer and refuses all that is no success.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<()> {
    answer.clear();
    loop {
        if stream.read_buf(answer).await? == 0 {
            bail!("the host closed the connection");
        }
        let Some(head) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(answer.get(..head).unwrap_or_default())?;
        if !text.starts_with("HTTP/1.1 20") {
            bail!("{}", String::from_utf8_lossy(answer));
        }
        let headers = || text.lines().filter_map(|line| line.split_once(": "));
        let length = headers().find_map(|(name, value)| name.eq_ignore_ascii_case("content-length").then_some(value));
        let length: usize = length.context("an answer with a length")?.parse()?;
        let missing = (head + 4 + length).saturating_sub(answer.len());
        if missing > 0 {
            let have = answer.len();
            answer.resize(have + missing, 0);
            stream.read_exact(answer.get_mut(have..).unwrap_or_default()).await?;
        }
        return Ok(());
    }
}
