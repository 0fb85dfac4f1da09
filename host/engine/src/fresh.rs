//! A fresh instance of a snapshot, one call, and how that ended.

use crate::bake::Snapshot;
use crate::failure::{Bounds, Noticed, ReadKey, Stop, backtrace, classify, is_crowded, over_budget, with_last_words};
use crate::grants::Grants;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use std::sync::Arc;
use std::time::Instant;
use usher_model::{CallLimits, CallUsage, Cost, Failure, FailureKind};
use wasmtime::Store;
use wasmtime::component::Instance;

/// What a hook answers: the error is the plugin's own.
pub(crate) type Answer = wasmtime::Result<Result<(), String>>;

/// How a call ended.
pub(crate) struct Ended {
    /// Why it failed, if it did.
    pub(crate) failure: Option<Failure>,
    /// What it read and was not in the input, if that ended it.
    pub(crate) missing: Option<ReadKey>,
    /// What it wanted and wrote.
    pub(crate) sandbox: Sandbox,
    /// What it cost.
    pub(crate) cost: Cost,
    /// What it used of what a call may use beside that.
    pub(crate) usage: CallUsage,
}

impl Engine {
    /// Makes an instance, brings it to the configured state, and calls. It waits for nothing but room, when more
    /// instances are alive than the host was set up for; the error is that there was none, or that the host failed.
    pub(crate) fn fresh(
        &self,
        snapshot: &Snapshot,
        phase: &Phase,
        grants: &Arc<Grants>,
        limits: &Arc<CallLimits>,
        call: impl Fn(&mut Store<Sandbox>, &Instance) -> Answer,
    ) -> wasmtime::Result<Ended> {
        let started = now();
        let attempt = || {
            let (plugin, grants, limits) = (snapshot.plugin.clone(), grants.clone(), limits.clone());
            let mut store = store(&self.runtime, phase.clone(), plugin, grants, limits)?;
            match run(snapshot, &mut store, &call) {
                // What it holds of the room is given back before it waits.
                Err(error) if is_crowded(&error) => Err(error),
                answer => Ok((answer, store)),
            }
        };
        let (answer, store) = self.room.enter(self.room_wait, attempt, is_crowded)?;
        let ended = end(answer, store, started);
        self.room.left();
        Ok(ended)
    }
}

fn run(
    snapshot: &Snapshot,
    store: &mut Store<Sandbox>,
    call: impl Fn(&mut Store<Sandbox>, &Instance) -> Answer,
) -> Answer {
    let instance = snapshot.pre.instantiate(&mut *store)?;
    if let Some(settings) = &snapshot.settings {
        configure_here(snapshot, &instance, store, settings)?;
    }
    store.data_mut().begin_call();
    call(store, &instance)
}

/// The other road: `configure` in the instance of the call, without sight of its input, and out of the call's own
/// budget: a plugin can't buy itself more by being hard to snapshot.
fn configure_here(
    snapshot: &Snapshot,
    instance: &Instance,
    store: &mut Store<Sandbox>,
    settings: &str,
) -> wasmtime::Result<()> {
    let phase = std::mem::replace(&mut store.data_mut().phase, Phase::Setup(Bounds::Call));
    let answer = snapshot.configure(store, instance, settings)?;
    store.data_mut().phase = phase;
    store.data_mut().logs.clear();
    answer.map_err(|refusal| wasmtime::format_err!("{} refused settings it took before: {refusal}", snapshot.plugin))
}

fn end(answer: Answer, store: Store<Sandbox>, started: Instant) -> Ended {
    let budget = store.data().budget;
    let guest_fuel = budget.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let fuel = guest_fuel.saturating_add(store.data().work());
    let (mut missing, mut here) = (None, None);
    let failure = match answer {
        Ok(Ok(())) => None,
        Ok(Err(message)) => Some(Failure { kind: FailureKind::Error, message }),
        Err(error) => {
            if let Some(Stop::Missing(key)) = error.downcast_ref::<Stop>() {
                missing = Some(key.clone());
            } else {
                here = backtrace(&error);
            }
            Some(classify(&error, store.data().noticed()))
        }
    };
    let mut sandbox = store.into_data();
    // One budget: what is left of it when the guest ends may be less than nothing, as the host's work is counted apart.
    let failure = failure.or_else(|| (fuel > budget.fuel).then(|| over_budget(budget)));
    let failure = failure.map(|failure| with_last_words(failure, &sandbox.logs));
    let usage = sandbox.usage();
    sandbox.logs.extend(here);
    let duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ended { failure, missing, sandbox, cost: Cost { fuel, duration_us }, usage }
}

/// The host could not run it.
pub(crate) fn unavailable(error: &wasmtime::Error) -> Failure {
    Failure { kind: FailureKind::Unavailable, ..classify(error, Noticed::default()) }
}

/// The wall clock, for the cost that people read; nothing is decided by it.
fn now() -> Instant {
    Instant::now()
}
