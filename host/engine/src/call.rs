//! One plugin, one event, one fresh instance.

use crate::bake::Snapshot;
use crate::effects::{Effects, LogLine};
use crate::exports::no_hook;
use crate::failure::ReadKey;
use crate::fresh::unavailable;
use crate::grants::Grants;
use crate::imports::AT_HAND;
use crate::input::CheckInput;
use crate::memory::CallReads;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox};
use crate::verify::Hook;
use std::sync::Arc;
use usher_model::{CallLimits, CallUsage, Cost, Failure};
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
    /// What it used of what a call may use beside that.
    pub usage: CallUsage,
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
        let ended = self.fresh(snapshot, &Phase::Check(input.clone()), grants, limits, |store, instance| {
            let checker = snapshot.exports.checker.as_ref().ok_or_else(|| no_hook(Hook::Check))?;
            checker.load(&mut *store, instance)?.call_check(&mut *store, Resource::new_borrow(AT_HAND))
        });
        let ended = match ended {
            Ok(ended) => ended,
            Err(error) => return Call::Done(not_run(unavailable(&error))),
        };
        if let Some(key) = ended.missing {
            return Call::Missing(key, ended.cost.fuel);
        }
        let Sandbox { mut effects, written, timers, reads, logs, .. } = ended.sandbox;
        if ended.failure.is_some() {
            effects = Effects::default();
        } else {
            effects.memory = written.into_changes();
            effects.timers = timers.into_values().collect();
        }
        Call::Done(Report { effects, failure: ended.failure, logs, reads, cost: ended.cost, usage: ended.usage })
    }
}

fn not_run(failure: Failure) -> Report {
    Report {
        effects: Effects::default(),
        failure: Some(failure),
        logs: Vec::new(),
        reads: CallReads::default(),
        cost: Cost::default(),
        usage: CallUsage::default(),
    }
}
