//! What happens beside the events: timers fire when nothing else does, what has expired is forgotten, plugins that could not
//! be made ready are tried again, what was measured is folded, and scheduled runs begin.

use crate::act::forget_beyond;
use crate::clock::Clock;
use crate::host::Host;
use crate::pipeline::fire_due;
use crate::plan::mend;
use crate::schedule::keep_time;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use usher_model::{GroupKey, Timestamp};
use usher_store::StoreError;

/// How often the database is asked for timers that other hosts started.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// How often what has expired is forgotten.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// A day, in milliseconds; a run that is written for longer counts as never to be finished.
const DAY_MS: u64 = 24 * 3_600_000;

/// How long pushes are kept, in milliseconds: longer than any window of a quota.
const PUSHES_KEPT_MS: u64 = 400 * DAY_MS;

/// How often what was measured is folded into its buckets.
const FOLD_EVERY: Duration = Duration::from_secs(10);

/// Timers that are looked at, and slots that are forgotten, at a time.
const AT_A_TIME: u32 = 256;

/// When the next timer is due that this host knows of.
#[derive(Debug)]
pub(crate) struct Alarm(watch::Sender<Option<Timestamp>>);

impl Default for Alarm {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Alarm {
    /// A timer is due then.
    pub(crate) fn set(&self, due: Timestamp) {
        self.0.send_if_modified(|next| {
            let earlier = next.is_none_or(|next| due < next);
            if earlier {
                *next = Some(due);
            }
            earlier
        });
    }
}

/// Works until the host closes. With the clock of events, only events make timers fire.
pub(crate) async fn work(host: Arc<Host>) {
    let closing = host.closing.clone();
    let timers = async { tokio::join!(wake(&host), keep_time(&host)) };
    let wakes = async { tokio::join!(timers, forget(&host), mend_plans(&host), keep_numbers(&host)) };
    tokio::select! {
        () = closing.cancelled() => {}
        _ = wakes => {}
    }
}

async fn wake(host: &Arc<Host>) {
    if host.config.clock == Clock::Events {
        return;
    }
    let mut alarm = host.alarm.0.subscribe();
    loop {
        alarm.mark_unchanged();
        let now = Clock::wall();
        let until = Timestamp::from_ms(now.ms().saturating_sub(host.config.limits.timer_grace_ms)).unwrap_or_default();
        host.alarm.0.send_if_modified(|next| next.take_if(|next| *next <= until).is_some());
        let wait = match fire_all(host, until).await {
            Ok(Some(next)) => Duration::from_millis(next.ms().saturating_sub(until.ms())).min(ASK_EVERY),
            Ok(None) => ASK_EVERY,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "timers can't be read; trying again");
                ASK_EVERY
            }
        };
        let known = *alarm.borrow();
        let wait = known.map_or(wait, |due| wait.min(Duration::from_millis(due.ms().saturating_sub(until.ms()))));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = alarm.changed() => {}
        }
    }
}

/// Fires what is due by then in all groups. Returns when to look again: at once, when there may be more.
async fn fire_all(host: &Arc<Host>, until: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let due = host.store.groups_due(until, AT_A_TIME).await?;
    if due.groups.is_empty() {
        return Ok(due.next);
    }
    let mut firing = tokio::task::JoinSet::new();
    for group in due.groups {
        let host = host.clone();
        firing.spawn(async move { fire_group(&host, &group, until).await });
    }
    // What did not fire now will be tried again, and not at once.
    let all_fired = firing.join_all().await.into_iter().all(|fired| fired);
    Ok(all_fired.then_some(until))
}

async fn fire_group(host: &Host, key: &GroupKey, until: Timestamp) -> bool {
    let Some((brand, group)) = host.directory.group(key) else {
        tracing::warn!(group = %key, "a timer is due in a group that this host does not know");
        return false;
    };
    match fire_due(host, &brand, &group, until).await {
        Ok(()) => true,
        Err(error) => {
            tracing::error!(group = %key, error = &error as &dyn std::error::Error, "timers did not fire");
            false
        }
    }
}

async fn mend_plans(host: &Arc<Host>) {
    let every = Duration::from_millis(host.config.limits.mend_ms);
    loop {
        tokio::time::sleep(every).await;
        mend(&host.catalog, &host.directory).await;
    }
}

/// Histograms keep every observation until they are folded: nobody may ever read them.
async fn keep_numbers(host: &Host) {
    loop {
        tokio::time::sleep(FOLD_EVERY).await;
        host.telemetry.fold();
    }
}

/// Runs of long ago or that nobody will finish, and pushes that no quota counts any more.
async fn forget_old(host: &Host) -> Result<(), StoreError> {
    let ago = |ms| Timestamp::from_ms(Clock::wall().ms().saturating_sub(ms)).unwrap_or_default();
    let old = ago(host.config.limits.runs_kept_days.saturating_mul(DAY_MS));
    host.store.give_up_runs(old, AT_A_TIME).await?;
    host.store.forget_unfinished_runs(ago(DAY_MS)).await?;
    // Where only events tell the time, nobody knows how long ago a push was.
    if host.config.clock == Clock::Wall {
        host.store.forget_pushes(ago(PUSHES_KEPT_MS), AT_A_TIME).await?;
    }
    Ok(())
}

async fn forget(host: &Arc<Host>) {
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        if let Err(error) = forget_old(host).await {
            tracing::error!(error = &error as &dyn std::error::Error, "old runs and pushes can't be forgotten");
        }
        if let Err(error) = forget_beyond(host).await {
            tracing::error!(error = &error as &dyn std::error::Error, "the outbox can't be read");
        }
        loop {
            match host.store.forget_expired(AT_A_TIME).await {
                Ok(forgotten) if forgotten == u64::from(AT_A_TIME) => tokio::task::yield_now().await,
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "expired slots can't be forgotten");
                    break;
                }
            }
        }
    }
}
