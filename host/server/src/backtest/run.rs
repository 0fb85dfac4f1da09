//! A backtest's way through the journals: every group by itself, as many at a time as there are processors.

use super::running::Running;
use super::simulation::Simulation;
use super::{Asked, Broken};
use crate::catalog::Plugin;
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::plan::{PlanEntry, candidate};
use std::sync::Arc;
use tokio::task::JoinSet;
use usher_engine::Snapshot;
use usher_model::{GroupKey, Timestamp};
use usher_store::StoreError;

/// Entries of the journal that are read at a time.
const PAGE: u32 = 256;

/// What is tried.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) plugin: Arc<Plugin>,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) asked: Asked,
}

/// Positions of a group's journal: after which it is warmed up, after which it is compared, and where it ends.
#[derive(Debug)]
struct Span {
    group: GroupKey,
    warm_up: u64,
    from: u64,
    to: u64,
}

/// Through all of it. What comes into the journals meanwhile is not a part of it.
pub(super) async fn run(
    host: &Arc<Host>,
    brand: &Arc<BrandEntry>,
    running: &Arc<Running>,
    candidate: &Arc<Candidate>,
    groups: Vec<GroupKey>,
) -> Result<(), Broken> {
    let mut spans = Vec::with_capacity(groups.len());
    for group in groups {
        spans.push(span(host, group, &candidate.asked).await?);
    }
    running.is_to_compare(spans.iter().map(|span| span.to - span.from).sum());
    let mut tasks = JoinSet::new();
    for span in spans.into_iter().filter(|span| span.to > span.from) {
        let place = host.backtests.places.clone().acquire_owned().await;
        let (host, brand, running, candidate) = (host.clone(), brand.clone(), running.clone(), candidate.clone());
        tasks.spawn(async move {
            let _place = place;
            run_group(&host, &brand, &running, &candidate, &span).await
        });
        // What failed in a group ends the others.
        while let Some(ended) = tasks.try_join_next() {
            ended.unwrap_or(Err(Broken::Panicked))?;
        }
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap_or(Err(Broken::Panicked))?;
    }
    Ok(())
}

async fn span(host: &Host, group: GroupKey, asked: &Asked) -> Result<Span, StoreError> {
    let head = host.store.head(&group).await?.sequence;
    let from = match asked.from {
        Some(from) => first(host, &group, head, from).await?,
        None => 0,
    };
    let warm_up = match asked.warm_up_from {
        Some(warm_up) => first(host, &group, head, warm_up).await?,
        None => 0,
    };
    let to = match asked.to {
        Some(to) => first(host, &group, head, to).await?.max(from),
        None => head,
    };
    Ok(Span { group, warm_up, from, to })
}

/// The position before the first entry of that time: time never runs backwards in a group, so halves do.
async fn first(host: &Host, group: &GroupKey, head: u64, moment: Timestamp) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, head);
    while low < high {
        let middle = low + (high - low) / 2;
        match host.store.entries(group, middle, 1).await?.first() {
            Some(entry) if entry.at < moment => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

async fn run_group(
    host: &Host,
    brand: &BrandEntry,
    running: &Running,
    candidate: &Candidate,
    span: &Span,
) -> Result<(), Broken> {
    let entry = entry(host, brand, candidate, &span.group);
    let mut simulation = Simulation::start(host, brand, &entry, &span.group, span.warm_up).await?;
    let mut after = span.warm_up;
    loop {
        let page = host.store.entries(&span.group, after, PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.sequence) else { return Ok(()) };
        for entry in &page {
            if entry.sequence > span.to {
                return Ok(());
            }
            let is_compared = entry.sequence > span.from;
            for difference in simulation.step(entry).await? {
                // A timer that would have fired before `from` may come up only after it.
                if is_compared && candidate.asked.from.is_none_or(|from| difference.at >= from) {
                    running.tell(&difference, host.config.limits.backtest_differences)?;
                }
            }
            running.has_seen(is_compared);
            // Events that are decided now come first.
            tokio::task::yield_now().await;
        }
        after = last;
    }
}

fn entry(host: &Host, brand: &BrandEntry, tried: &Candidate, group: &GroupKey) -> PlanEntry {
    let Candidate { plugin, snapshot, asked } = tried;
    candidate(&host.catalog, plugin, snapshot.clone(), asked.settings.clone(), asked.terms(brand, &group.group))
}
