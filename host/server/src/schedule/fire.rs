//! Begins the runs that are due.

use super::due::Schedule;
use crate::clock::Clock;
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::runs::{RunError, id_of};
use crate::score::Place;
use crate::{recommend, score};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use usher_model::{GroupId, RunId, RunKind, Timestamp};

/// How often to look what is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// How soon to look again when more is due than may wait at once.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often a run that failed is tried again before the next one is due.
const TRIES_MAX: u32 = 3;

/// A schedule that is in force.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) written_at: Timestamp,
}

/// Wakes who looks at schedules, when there is a new one.
#[derive(Debug, Default)]
pub(crate) struct Alarm(Notify);

impl Alarm {
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }
}

/// A schedule's place: the group, none for the whole brand; and its name.
pub(crate) type ScheduleKey = (Option<GroupId>, String);

/// What was begun, and how often in vain.
type Tried = Mutex<BTreeMap<RunId, u32>>;

/// Begins what is due, until the host closes. Where only events tell the time, nothing is due by itself.
pub(crate) async fn keep_time(host: &Arc<Host>) {
    if host.config.clock == Clock::Events {
        return;
    }
    let tried = Tried::default();
    loop {
        let all_begun = begin_due(host, Clock::wall(), &tried).await;
        tokio::select! {
            () = tokio::time::sleep(if all_begun { LOOK_EVERY } else { LOOK_AGAIN }) => {}
            () = host.schedules.0.notified() => {}
        }
    }
}

/// False when more is due than may wait at once.
async fn begin_due(host: &Arc<Host>, now: Timestamp, tried: &Tried) -> bool {
    for brand in host.directory.brands() {
        let standing: Vec<_> = brand.schedules.read().iter().map(|(key, one)| (key.clone(), one.clone())).collect();
        for (key, standing) in standing {
            if let Err(error) = fire(host, &brand, &key, &standing, now, tried).await {
                if matches!(error, RunError::TooMany(_)) {
                    return false;
                }
                let error = &error as &dyn std::error::Error;
                tracing::warn!(brand = %brand.id, schedule = key.1, error, "a scheduled run did not begin");
            }
        }
    }
    true
}

/// Begins what a schedule is due for, if it was not begun yet.
async fn fire(
    host: &Arc<Host>,
    brand: &Arc<BrandEntry>,
    (group, name): &ScheduleKey,
    standing: &Standing,
    now: Timestamp,
    tried: &Tried,
) -> Result<(), RunError> {
    let entry = group.as_ref().and_then(|id| brand.group(id));
    if entry.is_none() && group.is_some() {
        return Ok(()); // it comes into memory in a moment
    }
    let place = Place { brand: brand.clone(), group: entry };
    let Some(due) = standing.schedule.due(now, &place.zone(), standing.written_at) else { return Ok(()) };
    let words = ["schedule", brand.id.as_str(), group.as_ref().map_or("", GroupId::as_str), name];
    let id = id_of(due, &words);
    let tries = tried.lock().get(&id).copied().unwrap_or(0);
    let under_way = host.runs.get(&brand.id, id).is_some_and(|running| !running.has_ended());
    if under_way || tries >= TRIES_MAX {
        return Ok(());
    }
    if host.store.run(&brand.id, id).await?.is_some() {
        note(tried, id, TRIES_MAX);
        return Ok(());
    }
    let begun = begin(host, place, &standing.schedule, due, id, name).await;
    if !matches!(begun, Err(RunError::TooMany(_))) {
        note(tried, id, tries + 1);
    }
    begun
}

/// What is forgotten is found in the database.
fn note(tried: &Tried, id: RunId, tries: u32) {
    const REMEMBERED: usize = 100_000;
    let mut tried = tried.lock();
    tried.insert(id, tries);
    if tried.len() > REMEMBERED {
        tried.pop_first();
    }
}

async fn begin(
    host: &Arc<Host>,
    place: Place,
    schedule: &Schedule,
    due: Timestamp,
    id: RunId,
    name: &str,
) -> Result<(), RunError> {
    let by = format!("schedule:{name}");
    match schedule.hook {
        RunKind::Score => {
            let asked = score::ScoreAsked { at: Some(due), ..schedule.scores.clone().unwrap_or_default() };
            score::begin(host, place, asked.wanted()?, by, Some(id)).await?;
        }
        RunKind::Rank => {
            let asked = schedule.recommendations.clone().unwrap_or_default();
            let asked = recommend::RecommendAsked { at: Some(due), ..asked };
            recommend::begin(host, place, asked, by, Some(id)).await?;
        }
    }
    Ok(())
}
