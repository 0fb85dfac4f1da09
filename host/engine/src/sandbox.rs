//! The one constructor of stores: whatever runs, runs under these limits.

use crate::effects::{Effects, LogLine};
use crate::failure::{Noticed, Stop};
use crate::grants::Grants;
use crate::input::CheckInput;
use crate::limits::CallLimits;
use std::sync::Arc;
use usher_model::PluginName;
use wasmtime::{ResourceLimiter, Store};

/// What a call is for, and so what it may see.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// `describe` or `configure`: no event.
    Setup,
    /// One event.
    Check(Arc<CheckInput>),
}

/// The host's side of one instance.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub(crate) phase: Phase,
    pub(crate) plugin: PluginName,
    pub(crate) grants: Arc<Grants>,
    pub(crate) limits: Arc<CallLimits>,
    pub(crate) effects: Effects,
    pub(crate) logs: Vec<LogLine>,
    host_calls: u32,
    answer_bytes: usize,
    effect_bytes: usize,
    memory_bytes: usize,
    memory_bytes_max: usize,
    table_elements: usize,
    memory_denied: bool,
}

impl Sandbox {
    /// Forgets what the last call did, for an instance that is used again.
    pub(crate) fn begin(&mut self, phase: Phase) {
        self.phase = phase;
        self.effects = Effects::default();
        self.logs.clear();
        self.host_calls = 0;
        self.answer_bytes = 0;
        self.effect_bytes = 0;
    }

    /// What follows is the host's own work in the instance.
    pub(crate) fn lift_memory_limit(&mut self) {
        self.memory_bytes_max = usize::MAX;
    }

    /// Counts a call into the host.
    pub(crate) fn enter(&mut self) -> wasmtime::Result<()> {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls {
            return Err(Stop::HostCalls(self.limits.host_calls).into());
        }
        Ok(())
    }

    /// Counts bytes that go to the guest.
    pub(crate) fn answer(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.answer_bytes = self.answer_bytes.saturating_add(bytes);
        if self.answer_bytes > self.limits.answer_bytes {
            return Err(Stop::Answers(self.limits.answer_bytes).into());
        }
        Ok(())
    }

    /// Counts bytes that the plugin says.
    pub(crate) fn say(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.effect_bytes = self.effect_bytes.saturating_add(bytes);
        let limit = self.limits.effect_bytes;
        if self.effect_bytes > limit {
            return Err(Stop::Output { what: "bytes of findings and actions", limit }.into());
        }
        Ok(())
    }

    /// The input of a check; `what` names the function for the error elsewhere.
    pub(crate) fn input(&self, what: &'static str) -> wasmtime::Result<&Arc<CheckInput>> {
        match &self.phase {
            Phase::Check(input) => Ok(input),
            Phase::Setup => Err(Stop::NoEvent(what).into()),
        }
    }

    /// Fuel-like measure of the host's own work, added to the guest's: the same in every replay.
    pub(crate) fn host_work(&self) -> u64 {
        u64::from(self.host_calls) * 100 + self.answer_bytes as u64
    }

    /// What a trap alone does not tell.
    pub(crate) fn noticed(&self) -> Noticed {
        Noticed {
            memory_denied: self.memory_denied,
            memory_bytes: self.limits.memory_bytes,
            host_call_bytes: self.limits.host_call_bytes,
        }
    }
}

impl ResourceLimiter for Sandbox {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if total > self.memory_bytes_max {
            self.memory_denied = true;
            return Ok(false);
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory_denied = true;
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.table_elements.saturating_add(desired.saturating_sub(current));
        if total > self.limits.table_elements {
            self.memory_denied = true;
            return Ok(false);
        }
        self.table_elements = total;
        Ok(true)
    }
}

/// A store for one instance, under all limits.
pub(crate) fn store(
    engine: &wasmtime::Engine,
    phase: Phase,
    plugin: PluginName,
    grants: Arc<Grants>,
    limits: Arc<CallLimits>,
) -> wasmtime::Result<Store<Sandbox>> {
    let fuel = match phase {
        Phase::Setup => limits.setup_fuel,
        Phase::Check(_) => limits.fuel,
    };
    let (host_call_bytes, memory_bytes_max) = (limits.host_call_bytes, limits.memory_bytes);
    let sandbox = Sandbox {
        phase,
        plugin,
        grants,
        limits,
        effects: Effects::default(),
        logs: Vec::new(),
        host_calls: 0,
        answer_bytes: 0,
        effect_bytes: 0,
        memory_bytes: 0,
        memory_bytes_max,
        table_elements: 0,
        memory_denied: false,
    };
    let mut store = Store::new(engine, sandbox);
    store.limiter(|sandbox| sandbox);
    store.set_fuel(fuel)?;
    store.set_hostcall_fuel(host_call_bytes);
    Ok(store)
}
