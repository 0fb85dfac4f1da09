//! The one constructor of stores: whatever runs, runs under these limits.

use crate::effects::{Effects, LogLine};
use crate::failure::{Bounds, Budget, Denied, Noticed, Stop};
use crate::grants::Grants;
use crate::imports::{Filter, Written};
use crate::input::{CheckInput, EventFacts};
use crate::memory::CallReads;
use crate::table::{TableEffects, TableInput};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use usher_model::{CallLimits, CallUsage, MemberId, PluginName, TimerChange};
use wasmtime::{ResourceLimiter, Store};

/// What a call into the host costs, in units of fuel: about the time that it takes, whatever it does.
const CALL_WORK: u64 = 150;

/// What folding and matching a byte costs, in units of fuel.
const TEXT_BYTE_WORK: u64 = 20;

/// Bytes by which linear memory grows for a unit of fuel: about the time that it takes to hand out the pages, and to clean
/// them up after the call.
pub const GROWN_BYTES_PER_FUEL: u64 = 4;

/// What a call is for, and so what it may see.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// `describe` or `configure`: no event, and the limits of the host or of a call.
    Setup(Bounds),
    /// One event.
    Check(Arc<CheckInput>),
    /// One table.
    Table(Arc<TableInput>),
}

impl Phase {
    /// A table is many rows, so it has a budget of its own.
    fn budget(&self, limits: &CallLimits) -> Budget {
        match self {
            Phase::Setup(bounds) => Budget { fuel: limits.fuel, setting: bounds.fuel_setting() },
            Phase::Check(_) => Budget { fuel: limits.fuel, setting: "fuel" },
            Phase::Table(_) => Budget { fuel: limits.table_fuel, setting: "table_fuel" },
        }
    }
}

/// The host's side of one instance.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub(crate) phase: Phase,
    pub(crate) plugin: PluginName,
    pub(crate) grants: Arc<Grants>,
    pub(crate) limits: Arc<CallLimits>,
    /// Of instructions and the host's work.
    pub(crate) budget: Budget,
    pub(crate) effects: Effects,
    /// What it said of its table.
    pub(crate) table: TableEffects,
    pub(crate) logs: Vec<LogLine>,
    /// What it wrote to its memory of the group.
    pub(crate) written: Written,
    /// Timers that it started or stopped, by name.
    pub(crate) timers: BTreeMap<Box<str>, TimerChange>,
    /// What it read of the group's memory.
    pub(crate) reads: CallReads,
    /// Members whose records it read.
    pub(crate) records: BTreeSet<MemberId>,
    /// Earlier events that it holds.
    pub(crate) past: Vec<Arc<EventFacts>>,
    /// Questions that it asks about the past.
    pub(crate) queries: Vec<Filter>,
    host_calls: u64,
    reads_counted: u64,
    answer_bytes: u64,
    effect_bytes: u64,
    work: u64,
    /// Whether this call has paid for the folding of the event's text.
    pub(crate) fold_charged: bool,
    /// All of its linear memory.
    pub(crate) memory_bytes: u64,
    memory_bytes_max: u64,
    table_elements: u64,
    pays_for_memory: bool,
    denied: Option<Denied>,
}

impl Sandbox {
    /// Forgets what the last call did, for an instance that is used again.
    pub(crate) fn begin(&mut self, phase: Phase) {
        self.phase = phase;
        self.effects = Effects::default();
        self.logs.clear();
        self.past.clear();
        self.queries.clear();
        self.host_calls = 0;
        self.reads_counted = 0;
        self.records.clear();
        self.answer_bytes = 0;
        self.effect_bytes = 0;
        self.work = 0;
        self.fold_charged = false;
    }

    /// The instance is as it was snapshotted: what it takes from now on is the call's own doing.
    pub(crate) fn begin_call(&mut self) {
        self.pays_for_memory = true;
    }

    /// What follows is the host's own work in the instance.
    pub(crate) fn lift_memory_limit(&mut self) {
        self.memory_bytes_max = u64::MAX;
    }

    /// Counts a call into the host.
    pub(crate) fn enter(&mut self) -> wasmtime::Result<()> {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls {
            return Err(Stop::HostCalls(self.limits.host_calls).into());
        }
        self.charge(CALL_WORK)
    }

    /// Counts a call into the host about one row: the function has a limit of its own.
    pub(crate) fn enter_for_row(&mut self) -> wasmtime::Result<()> {
        self.charge(CALL_WORK)
    }

    /// Counts work that the host does for the guest. It comes out of the same budget as the guest's instructions, at a
    /// price that depends on the arguments alone, so that a flood ends at the same place in every replay.
    pub(crate) fn charge(&mut self, fuel: u64) -> wasmtime::Result<()> {
        self.work = self.work.saturating_add(fuel);
        if self.work > self.budget.fuel {
            return Err(Stop::Work(self.budget).into());
        }
        Ok(())
    }

    /// Counts text that the host folds and matches for the guest. The price is the same whether somebody asked before.
    pub(crate) fn charge_text(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.charge((bytes as u64).saturating_mul(TEXT_BYTE_WORK))
    }

    /// Counts something that the guest has not read before in this call. Before it is looked up: a call may read as much
    /// whether it is at hand or not, so that it ends at the same place in a hot group, in a cold one, and in every replay.
    pub(crate) fn read_anew(&mut self) -> wasmtime::Result<()> {
        self.reads_counted += 1;
        if self.reads_counted > self.limits.reads {
            return Err(Stop::Reads(self.limits.reads).into());
        }
        Ok(())
    }

    /// Counts bytes that go to the guest.
    pub(crate) fn answer(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.answer_bytes = self.answer_bytes.saturating_add(bytes as u64);
        if self.answer_bytes > self.limits.answer_bytes {
            return Err(Stop::Answers(self.limits.answer_bytes).into());
        }
        self.charge(bytes as u64)
    }

    /// Counts bytes that the plugin says.
    pub(crate) fn say(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.effect_bytes = self.effect_bytes.saturating_add(bytes as u64);
        let (what, setting, limit) = match self.phase {
            Phase::Table(_) => ("bytes of reasons and labels", "table_text_bytes", self.limits.table_text_bytes),
            _ => ("bytes of findings and actions", "effect_bytes", self.limits.effect_bytes),
        };
        if self.effect_bytes > limit {
            return Err(Stop::Output { what, setting, limit }.into());
        }
        Ok(())
    }

    /// The input of a check; `what` names the function for the error elsewhere.
    pub(crate) fn input(&self, what: &'static str) -> wasmtime::Result<&Arc<CheckInput>> {
        match &self.phase {
            Phase::Check(input) => Ok(input),
            Phase::Setup(_) | Phase::Table(_) => Err(Stop::NoEvent(what).into()),
        }
    }

    /// What the host did for the guest, in units of fuel: the same in every replay.
    pub(crate) fn work(&self) -> u64 {
        self.work
    }

    /// What it used, beside fuel and time.
    pub(crate) fn usage(&self) -> CallUsage {
        CallUsage {
            memory_bytes: self.memory_bytes,
            host_calls: self.host_calls,
            answer_bytes: self.answer_bytes,
            effect_bytes: self.effect_bytes,
            log_lines: self.logs.len() as u64,
        }
    }

    /// What a trap alone does not tell.
    pub(crate) fn noticed(&self) -> Noticed {
        let bounds = match self.phase {
            Phase::Setup(bounds) => bounds,
            Phase::Check(_) | Phase::Table(_) => Bounds::Call,
        };
        let host_call_bytes = self.limits.host_call_bytes;
        Noticed { bounds, budget: self.budget, denied: self.denied, host_call_bytes }
    }
}

impl ResourceLimiter for Sandbox {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let grown = desired.saturating_sub(current) as u64;
        let total = self.memory_bytes.saturating_add(grown);
        if total > self.memory_bytes_max {
            self.denied = Some(Denied::Memory(self.limits.memory_bytes));
            return Ok(false);
        }
        if self.pays_for_memory {
            self.charge(grown / GROWN_BYTES_PER_FUEL)?;
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.denied = Some(Denied::Memory(self.limits.memory_bytes));
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.table_elements.saturating_add(desired.saturating_sub(current) as u64);
        if total > self.limits.table_elements {
            self.denied = Some(Denied::Table(self.limits.table_elements));
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
    let host_call_bytes = usize::try_from(limits.host_call_bytes).unwrap_or(usize::MAX);
    let memory_bytes_max = limits.memory_bytes;
    let budget = phase.budget(&limits);
    let sandbox = Sandbox {
        phase,
        plugin,
        grants,
        limits,
        budget,
        effects: Effects::default(),
        table: TableEffects::default(),
        logs: Vec::new(),
        written: Written::default(),
        timers: BTreeMap::new(),
        reads: CallReads::default(),
        records: BTreeSet::new(),
        past: Vec::new(),
        queries: Vec::new(),
        host_calls: 0,
        reads_counted: 0,
        answer_bytes: 0,
        effect_bytes: 0,
        work: 0,
        fold_charged: false,
        memory_bytes: 0,
        memory_bytes_max,
        table_elements: 0,
        pays_for_memory: false,
        denied: None,
    };
    let mut store = Store::new(engine, sandbox);
    store.limiter(|sandbox| sandbox);
    store.set_fuel(budget.fuel)?;
    store.set_hostcall_fuel(host_call_bytes);
    Ok(store)
}
