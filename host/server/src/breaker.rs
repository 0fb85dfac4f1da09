//! A breaker per plugin and brand: it takes a plugin that keeps failing, or that burns too much, out of the plan's way,
//! and tries it again by itself. While it is open the failure policy speaks, and each decision says so.
//!
//! Closed, it costs a call a few atomic operations and no lock. What it knows is in memory, of this host alone: a
//! restart begins anew, and other hosts have breakers of their own. A decision keeps what the breaker did, so a replay
//! needs no breaker.

mod circuit;
mod rolling;

pub(crate) use circuit::State;

use crate::telemetry;
use crate::turns::RecentCost;
use circuit::Circuit;
use parking_lot::Mutex;
use rolling::{LastCalls, LastMinute};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use usher_model::{Failure, FailureKind, PluginName, PluginVersion, Timestamp};

/// When a breaker opens, and how it closes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerLimits {
    /// Calls that are looked back on; at most 63.
    pub calls: u32,
    /// Failures among them that open it; 0 for never.
    pub failures: u32,
    /// Fuel that all calls of a plugin in a brand may cost within a minute; 0 for as much as it likes.
    pub fuel_per_minute: u64,
    /// How long it stays open before it tries again, in milliseconds.
    pub cool_down_ms: u64,
    /// Calls that are tried then; when all of them end well, it closes.
    pub probes: u32,
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self { calls: 20, failures: 10, fuel_per_minute: 30_000_000_000, cool_down_ms: 30_000, probes: 3 }
    }
}

/// Stands before a plugin in a brand.
#[derive(Debug)]
pub(crate) struct Breaker {
    plugin: PluginName,
    /// The version, when it is one on trial.
    on_trial: Option<PluginVersion>,
    closed: AtomicBool,
    calls: LastCalls,
    fuel: LastMinute,
    /// Decides where the next call runs.
    pub(crate) recent: RecentCost,
    circuit: Mutex<Circuit>,
}

/// What people read of a breaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) plugin: PluginName,
    pub(crate) on_trial: Option<PluginVersion>,
    pub(crate) state: State,
    /// When it opened, why, and when it tries again; none when it is closed.
    pub(crate) opened: Option<circuit::Opened>,
    pub(crate) calls: u32,
    pub(crate) failures: u32,
    pub(crate) fuel: u64,
}

impl Breaker {
    pub(crate) fn new(plugin: PluginName, on_trial: Option<PluginVersion>) -> Self {
        Self {
            plugin,
            on_trial,
            closed: AtomicBool::new(true),
            calls: LastCalls::default(),
            fuel: LastMinute::default(),
            recent: RecentCost::default(),
            circuit: Mutex::default(),
        }
    }

    /// Whether the plugin may be called now.
    ///
    /// # Errors
    /// The [`Failure`] that takes the call's place.
    pub(crate) fn admit(&self, limits: &BreakerLimits, now: Timestamp) -> Result<(), Failure> {
        if self.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut circuit = self.circuit.lock();
        let before = circuit.state();
        let admitted = circuit.admit(limits, now);
        self.tell(before, circuit.state());
        admitted.map_err(|message| Failure { kind: FailureKind::Breaker, message })
    }

    /// A call that was admitted has ended: what it cost, and whether it failed.
    pub(crate) fn record(&self, limits: &BreakerLimits, now: Timestamp, fuel: u64, failed: bool) {
        if !self.closed.load(Ordering::Acquire) {
            return self.record_probe(limits, now, failed);
        }
        let (calls, failures) = self.calls.push(limits.calls, failed);
        let fuel = self.fuel.add(now, fuel);
        let reason = if failed && limits.failures > 0 && failures >= limits.failures {
            format!("{failures} of the last {calls} calls failed (`breaker.failures`)")
        } else if limits.fuel_per_minute > 0 && fuel > limits.fuel_per_minute {
            format!("its calls cost {fuel} units of fuel within a minute (`breaker.fuel_per_minute`)")
        } else {
            return;
        };
        let mut circuit = self.circuit.lock();
        if circuit.state() == State::Closed {
            circuit.open(limits, now, reason);
            self.closed.store(false, Ordering::Release);
            self.tell(State::Closed, State::Open);
        }
    }

    fn record_probe(&self, limits: &BreakerLimits, now: Timestamp, failed: bool) {
        let mut circuit = self.circuit.lock();
        let before = circuit.state();
        circuit.record(limits, now, failed);
        let after = circuit.state();
        self.tell(before, after);
        if after == State::Closed && before != after {
            self.begin();
        }
    }

    /// Closes it, whatever it knows.
    pub(crate) fn reset(&self) {
        let mut circuit = self.circuit.lock();
        self.tell(circuit.state(), State::Closed);
        *circuit = Circuit::default();
        self.begin();
    }

    /// Forgets the past, and lets calls through without asking.
    fn begin(&self) {
        self.calls.clear();
        self.fuel.clear();
        self.closed.store(true, Ordering::Release);
    }

    fn tell(&self, before: State, after: State) {
        if before != after {
            telemetry::breaker_is(&self.plugin, Some(before), after);
            tracing::warn!(plugin = %self.plugin, from = before.as_str(), to = after.as_str(), "breaker");
        }
    }

    pub(crate) fn read(&self) -> Reading {
        let circuit = self.circuit.lock();
        let (calls, failures) = self.calls.read();
        Reading {
            plugin: self.plugin.clone(),
            on_trial: self.on_trial.clone(),
            state: circuit.state(),
            opened: circuit.opened().cloned(),
            calls,
            failures,
            fuel: self.fuel.read(),
        }
    }
}

/// A plugin, and the version when it is one on trial.
type Guarded = (PluginName, Option<PluginVersion>);

/// The breakers of a brand: one per plugin that it ever had in a plan since the host started, and one per version that was
/// tried beside it, whose failures are not to take what is in force out of the way.
#[derive(Debug, Default)]
pub(crate) struct Breakers(Mutex<BTreeMap<Guarded, Arc<Breaker>>>);

impl Breakers {
    /// The breaker of a plugin, or of its version on trial: closed when it is new.
    pub(crate) fn of(&self, plugin: &PluginName, on_trial: Option<&PluginVersion>) -> Arc<Breaker> {
        let mut breakers = self.0.lock();
        let key = (plugin.clone(), on_trial.cloned());
        if let Some(breaker) = breakers.get(&key) {
            return breaker.clone();
        }
        let breaker = Arc::new(Breaker::new(plugin.clone(), on_trial.cloned()));
        telemetry::breaker_is(plugin, None, State::Closed);
        breakers.insert(key, breaker.clone());
        breaker
    }

    /// The plugin's breaker, if it has one.
    pub(crate) fn get(&self, plugin: &PluginName) -> Option<Arc<Breaker>> {
        self.0.lock().get(&(plugin.clone(), None)).cloned()
    }

    /// Closes the breakers of the plugin's versions on trial.
    pub(crate) fn reset_trials(&self, plugin: &PluginName) {
        let all = self.0.lock();
        let own = all.iter().filter(|((owner, on_trial), _)| owner == plugin && on_trial.is_some());
        own.for_each(|(_, breaker)| breaker.reset());
    }

    /// All of them, by plugin.
    pub(crate) fn read(&self) -> Vec<Reading> {
        self.0.lock().values().map(|breaker| breaker.read()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: BreakerLimits =
        BreakerLimits { calls: 6, failures: 3, fuel_per_minute: 1000, cool_down_ms: 10_000, probes: 2 };

    /// A breaker and its clock.
    struct Story {
        breaker: Breaker,
        now_ms: u64,
    }

    impl Story {
        fn begin() -> Self {
            Self { breaker: Breaker::new("bad".parse().unwrap(), None), now_ms: 1_795_348_800_000 }
        }

        fn now(&self) -> Timestamp {
            Timestamp::from_ms(self.now_ms).unwrap()
        }

        /// A call, if the breaker lets it through: what it said otherwise.
        fn call(&mut self, fuel: u64, failed: bool) -> Result<(), String> {
            self.now_ms += 1;
            self.breaker.admit(&LIMITS, self.now()).map_err(|failure| failure.message)?;
            self.breaker.record(&LIMITS, self.now(), fuel, failed);
            Ok(())
        }

        fn state(&self) -> State {
            self.breaker.read().state
        }
    }

    #[test]
    fn it_opens_when_too_many_of_the_last_calls_failed_and_says_so() {
        let mut story = Story::begin();
        for failed in [true, false, true, false, false, false, false, true, true] {
            assert_eq!(story.call(1, failed), Ok(()), "never three of six before the last");
        }
        assert_eq!((story.call(1, true), story.state()), (Ok(()), State::Open));
        let message = story.call(1, false).unwrap_err();
        assert_eq!(
            message,
            "the breaker is open since 2026-11-22T12:00:00.01Z, as 3 of the last 6 calls failed (`breaker.failures`); it \
             tries again at 2026-11-22T12:00:10.01Z"
        );
    }

    #[test]
    fn it_opens_when_a_minute_costs_too_much_and_rolls_with_the_time() {
        let mut story = Story::begin();
        for _ in 0..10 {
            assert_eq!(story.call(100, false), Ok(()));
        }
        // Half a minute into the next one, half of the last one counts.
        story.now_ms += 90_000;
        assert_eq!((story.call(499, false), story.state()), (Ok(()), State::Closed));
        assert_eq!((story.call(10, false), story.state()), (Ok(()), State::Open));
        assert!(story.call(1, false).unwrap_err().contains("(`breaker.fuel_per_minute`)"));
    }

    #[test]
    fn it_tries_again_by_itself_and_closes_when_that_ends_well() {
        let mut story = Story::begin();
        while story.state() == State::Closed {
            story.call(1, true).unwrap();
        }
        story.now_ms += LIMITS.cool_down_ms;
        assert_eq!((story.call(1, false), story.state()), (Ok(()), State::HalfOpen));
        assert_eq!((story.call(1, false), story.state()), (Ok(()), State::Closed));
        // The past is forgotten: it takes three failures again.
        assert_eq!((story.call(1, true), story.call(1, true), story.state()), (Ok(()), Ok(()), State::Closed));
    }

    #[test]
    fn a_failed_probe_opens_it_again_and_unanswered_ones_are_replaced() {
        let mut story = Story::begin();
        while story.state() == State::Closed {
            story.call(1, true).unwrap();
        }
        story.now_ms += LIMITS.cool_down_ms;
        assert_eq!((story.call(1, true), story.state()), (Ok(()), State::Open));
        story.now_ms += LIMITS.cool_down_ms;
        // Two go out and are never heard of again; more are not let through, until a cool-down later.
        for _ in 0..LIMITS.probes {
            story.breaker.admit(&LIMITS, story.now()).unwrap();
        }
        assert!(story.call(1, false).unwrap_err().starts_with("the breaker is half-open since"));
        story.now_ms += LIMITS.cool_down_ms;
        assert_eq!(story.call(1, false), Ok(()));
    }

    #[test]
    fn a_person_can_close_it() {
        let mut story = Story::begin();
        while story.state() == State::Closed {
            story.call(1, true).unwrap();
        }
        story.breaker.reset();
        assert_eq!((story.call(1, true), story.state()), (Ok(()), State::Closed));
    }
}
