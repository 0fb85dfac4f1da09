//! One plugin, one event, one fresh instance.

use crate::bake::{Snapshot, call_configure};
use crate::effects::{Effects, LogLevel, LogLine};
use crate::failure::{Noticed, ReadKey, Stop, classify, is_crowded, over_budget};
use crate::grants::Grants;
use crate::imports::AT_HAND;
use crate::input::CheckInput;
use crate::memory::CallReads;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use std::sync::Arc;
use std::time::Instant;
use usher_model::{CallLimits, Cost, Failure, FailureKind};
use wasmtime::Store;
use wasmtime::component::Resource;

/// How a call ended.
#[expect(clippy::large_enum_variant, reason = "taken apart where it is made: a box would cost every call")]
#[derive(Debug)]
pub enum Call {
    /// The plugin answered, or failed.
    Done(Report),
    /// It read something that is not in the input: add it and call again. The run had no effect, and cost so much fuel.
    Missing(ReadKey, u64),
}

/// What a plugin said, or why it did not.
#[derive(Debug)]
pub struct Report {
    /// What it wants; empty when it failed.
    pub effects: Effects,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// What it wrote to its log.
    pub logs: Vec<LogLine>,
    /// What it read of the group's memory, whether it failed or not.
    pub reads: CallReads,
    /// What it cost.
    pub cost: Cost,
}

impl Engine {
    /// Runs a plugin's `check` on a fresh instance of its snapshot. Never fails: whatever goes wrong in the guest is in
    /// the report. It waits for nothing but room, when more instances are alive than the host was set up for.
    pub fn check(
        &self,
        snapshot: &Snapshot,
        input: &Arc<CheckInput>,
        grants: &Arc<Grants>,
        limits: &Arc<CallLimits>,
    ) -> Call {
        let started = now();
        let fresh = || {
            let phase = Phase::Check(input.clone());
            let mut store = store(&self.runtime, phase, snapshot.plugin.clone(), grants.clone(), limits.clone())?;
            match run(snapshot, &mut store) {
                // What it holds of the room is given back before it waits.
                Err(error) if is_crowded(&error) => Err(error),
                answer => Ok((answer, store)),
            }
        };
        let (answer, store) = match self.room.enter(self.room_wait, fresh, is_crowded) {
            Ok(ran) => ran,
            Err(error) => return Call::Done(unavailable(&error)),
        };
        let guest_fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let fuel = guest_fuel.saturating_add(store.data().work());
        let failure = match answer {
            Ok(Ok(())) => None,
            Ok(Err(message)) => Some(Failure { kind: FailureKind::Error, message }),
            Err(error) => match error.downcast_ref::<Stop>() {
                Some(Stop::Missing(key)) => return Call::Missing(key.clone(), fuel),
                _ => Some(classify(&error, store.data().noticed())),
            },
        };
        let sandbox = store.into_data();
        self.room.left();
        // One budget: what is left of it when the guest ends may be less than nothing, as the host's work is counted apart.
        let failure = failure.or_else(|| (fuel > limits.fuel).then(|| over_budget(limits.fuel)));
        let failure = failure.map(|failure| with_last_words(failure, &sandbox.logs));
        let duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let Sandbox { mut effects, written, timers, reads, logs, .. } = sandbox;
        if failure.is_some() {
            effects = Effects::default();
        } else {
            effects.memory = written.into_changes();
            effects.timers = timers.into_values().collect();
        }
        Call::Done(Report { effects, failure, logs, reads, cost: Cost { fuel, duration_us } })
    }
}

/// A panic is a bare trap; what the SDK wrote before it says which.
fn with_last_words(mut failure: Failure, logs: &[LogLine]) -> Failure {
    let last = logs.last().filter(|line| line.level == LogLevel::Error && failure.kind == FailureKind::Trap);
    if let Some(line) = last {
        failure.message = format!("{}: {}", failure.message, line.message);
    }
    failure
}

fn run(snapshot: &Snapshot, store: &mut Store<Sandbox>) -> wasmtime::Result<Result<(), String>> {
    let host = snapshot.pre.instantiate(&mut *store)?;
    if let Some(settings) = &snapshot.settings {
        configure_here(snapshot, &host, store, settings)?;
    }
    host.usher_plugin_checker().call_check(store, Resource::new_borrow(AT_HAND))
}

/// The other road: `configure` in the instance of the call, without sight of the event, and out of the call's own budget:
/// a plugin can't buy itself more by being hard to snapshot.
fn configure_here(
    snapshot: &Snapshot,
    host: &crate::contract::bindings::CheckHost,
    store: &mut Store<Sandbox>,
    settings: &str,
) -> wasmtime::Result<()> {
    let phase = std::mem::replace(&mut store.data_mut().phase, Phase::Setup);
    let answer = call_configure(host, store, settings)?;
    store.data_mut().phase = phase;
    store.data_mut().logs.clear();
    answer.map_err(|refusal| wasmtime::format_err!("{} refused settings it took before: {refusal}", snapshot.plugin))
}

fn unavailable(error: &wasmtime::Error) -> Report {
    Report {
        effects: Effects::default(),
        failure: Some(Failure { kind: FailureKind::Unavailable, ..classify(error, Noticed::default()) }),
        logs: Vec::new(),
        reads: CallReads::default(),
        cost: Cost::default(),
    }
}

/// The wall clock, for the cost that people read; nothing is decided by it.
fn now() -> Instant {
    Instant::now()
}
