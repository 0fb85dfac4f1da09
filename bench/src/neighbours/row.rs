//! One row of the table: a host, who is beside the good plugin on it, and what its callers felt.

use super::harm::{CONTENTS, Harm, Pace, beside, content, members, new_settings, recommendations, scorings};
use super::{CONNECTIONS, PER_SECOND};
use crate::http::{KEY, Server};
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use usher_bench::load::{GROUPS, Load, Requests, messages_of, steady};
use usher_bench::rounds::median;

/// A host with a good plugin in the brand `b` and, where there is harm, a neighbour in the brand `h`.
pub(super) struct Row {
    server: Server,
    beside: Option<(Requests, Pace)>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

/// What is told of a row, when its host is gone.
pub(super) struct Felt {
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The median of each round's p99 to the quiet host's in the same round.
    pub ratio: f64,
}

impl Row {
    /// A host with nobody beside the good plugin.
    pub(super) fn quiet(good: &[u8]) -> anyhow::Result<Self> {
        Ok(Self::new(host(good, true)?, None))
    }

    pub(super) fn beside(good: &[u8], harm: &Harm, pace: Pace, breaker: bool) -> anyhow::Result<Self> {
        let server = host(good, breaker)?;
        let requests = match harm {
            Harm::Plugin(component) => {
                server.brand("h", std::slice::from_ref(component))?;
                messages_of("h", KEY, GROUPS)
            }
            Harm::Settings => {
                server.brand("h", &[good.to_vec()])?;
                new_settings()
            }
            Harm::Scores(scorer) => {
                server.brand("h", std::slice::from_ref(scorer))?;
                server.batch("h", members())?;
                scorings()
            }
            Harm::Ranks(ranker) => {
                server.brand("h", std::slice::from_ref(ranker))?;
                for (path, body) in (0..CONTENTS).map(content) {
                    server.put(&path, &body)?;
                }
                recommendations()
            }
        };
        Ok(Self::new(server, Some((requests, pace))))
    }

    fn new(server: Server, beside: Option<(Requests, Pace)>) -> Self {
        Self { server, beside, p50_ms: Vec::new(), p99_ms: Vec::new() }
    }

    /// One round of the good plugin's steady stream, beside the neighbour's requests.
    pub(super) fn round(
        &mut self,
        good: &Requests,
        (callers, neighbour): (&Runtime, &Handle),
        (round, counts): (Duration, bool),
    ) -> anyhow::Result<()> {
        let felt = callers.block_on(self.felt(good, neighbour, round))?;
        if counts {
            self.p50_ms.push(ms(felt.p50_us));
            self.p99_ms.push(ms(felt.p99_us));
        }
        Ok(())
    }

    async fn felt(&self, good: &Requests, neighbour: &Handle, round: Duration) -> anyhow::Result<Load> {
        let beside = self.beside.clone().map(|(requests, pace)| {
            let address = self.server.address.clone();
            neighbour.spawn(async move { beside(&address, &requests, pace, round).await })
        });
        let felt = steady(&self.server.address, good, CONNECTIONS, PER_SECOND, round).await?;
        if let Some(beside) = beside {
            beside.await??;
        }
        Ok(felt)
    }

    /// What was felt in the last so many rounds, in which the quiet host ran as well.
    pub(super) fn told(&self, quiet: &Self, rounds: usize) -> Felt {
        let last = |all: &[f64]| all.iter().rev().take(rounds).copied().collect::<Vec<_>>();
        let (own, others) = (last(&self.p99_ms), last(&quiet.p99_ms));
        let ratios = own.iter().zip(&others).map(|(own, other)| own / other).collect();
        Felt { p50_ms: median(last(&self.p50_ms)), p99_ms: median(own), ratio: median(ratios) }
    }
}

/// Its breaker trips, or never does.
fn host(good: &[u8], breaker: bool) -> anyhow::Result<Server> {
    let wall = ("USHER_CLOCK", "wall");
    let off = [wall, ("USHER_BREAKER__FAILURES", "0"), ("USHER_BREAKER__FUEL_PER_MINUTE", "0")];
    Server::usher_with(&[good.to_vec()], if breaker { &off[..1] } else { &off })
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a request are far below 2^52")]
fn ms(us: u64) -> f64 {
    us as f64 / 1e3
}
