//! Why a call ended early, and what that is called in a decision.

use crate::effects::{LogLevel, LogLine};
use thiserror::Error;
use usher_model::{Capability, Failure, FailureKind, MemberId, SlotKey};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

/// Longest backtrace that is told, in bytes: names of functions are the author's, and have no end.
const BACKTRACE_BYTES_MAX: usize = 4096;

/// Something that a plugin read and that was not in its input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadKey {
    /// What the host has on record about a member of the group.
    Member(MemberId),
    /// What a slot of the group's memory holds.
    Slot(SlotKey),
    /// The group's last events.
    History,
}

/// A host function ends the call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Stop {
    #[error("not in memory: {0:?}")]
    Missing(ReadKey),
    #[error(
        "the plugin used the capability `{0}`, which it has not: it must ask for it in the manifest's \
         `capabilities`, and the enablement's `grants` must name it"
    )]
    Capability(Capability),
    #[error("`{0}` can't be used here: only `check` sees an event")]
    NoEvent(&'static str),
    #[error("`{0}` can't be used here: only `score` and `rank` see a table")]
    NoTable(&'static str),
    #[error("more than {0} calls into the host")]
    HostCalls(u64),
    #[error("more than {limit} {what}")]
    Output { what: &'static str, setting: &'static str, limit: u64 },
    #[error("more than {0} different things read of members and of the group's memory")]
    Reads(u64),
    #[error("the host handed out or worked through more than {0} bytes")]
    Answers(u64),
    #[error("the host's work for the plugin used up its budget of {} units (`{}`)", .0.fuel, .0.setting)]
    Work(Budget),
    #[error("{0}")]
    BadArgument(String),
}

impl Stop {
    /// The limit that ended it, where it was one that can be set.
    fn setting(&self) -> Option<&'static str> {
        match self {
            Stop::HostCalls(_) => Some("host_calls"),
            Stop::Output { setting, .. } => Some(setting),
            Stop::Reads(_) => Some("reads"),
            Stop::Answers(_) => Some("answer_bytes"),
            Stop::Missing(_)
            | Stop::Capability(_)
            | Stop::NoEvent(_)
            | Stop::NoTable(_)
            | Stop::Work(_)
            | Stop::BadArgument(_) => None,
        }
    }

    fn kind(&self) -> FailureKind {
        match self {
            Stop::Missing(_) => FailureKind::Unavailable,
            Stop::Capability(_) | Stop::NoEvent(_) | Stop::NoTable(_) => FailureKind::Capability,
            Stop::HostCalls(_) | Stop::Reads(_) | Stop::Answers(_) => FailureKind::HostCalls,
            Stop::Output { .. } => FailureKind::Output,
            Stop::Work(_) => FailureKind::Deadline,
            Stop::BadArgument(_) => FailureKind::BadArgument,
        }
    }
}

/// Whose limits a run is under, and so what they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Bounds {
    /// Those of a call, as its enablement asks for them.
    #[default]
    Call,
    /// Those of `describe` and of a `configure` that runs once: the host's.
    Setup,
}

impl Bounds {
    /// A limit, as who can change it finds it.
    fn named(self, setting: &str) -> String {
        match self {
            Bounds::Call => setting.to_owned(),
            Bounds::Setup => format!("calls_max.{setting}"),
        }
    }

    /// The budget of instructions.
    pub(crate) fn fuel_setting(self) -> &'static str {
        match self {
            Bounds::Call => "fuel",
            Bounds::Setup => "plugins.setup_fuel",
        }
    }
}

/// What a call may use of the guest's instructions and of the host's work for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// In units of fuel.
    pub(crate) fuel: u64,
    /// Which setting says so.
    pub(crate) setting: &'static str,
}

impl Default for Budget {
    fn default() -> Self {
        Self { fuel: 0, setting: "fuel" }
    }
}

/// What the sandbox noticed while the call ran, and a trap alone does not tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Noticed {
    /// Whose limits they are.
    pub(crate) bounds: Bounds,
    /// The budget of instructions and host work.
    pub(crate) budget: Budget,
    /// Something was refused: what follows is most likely the guest's own out-of-memory trap.
    pub(crate) denied: Option<Denied>,
    /// Bytes allowed over the boundary in one call.
    pub(crate) host_call_bytes: u64,
}

/// What was refused, and the limit it ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Bytes of linear memory.
    Memory(u64),
    /// Elements of tables.
    Table(u64),
}

/// Names an error that ended a call.
pub(crate) fn classify(error: &wasmtime::Error, noticed: Noticed) -> Failure {
    if let Some(stop) = error.downcast_ref::<Stop>() {
        let setting = stop.setting().map(|setting| format!(" (`{}`)", noticed.bounds.named(setting)));
        return failure(stop.kind(), format!("{stop}{}", setting.unwrap_or_default()));
    }
    let trap = error.downcast_ref::<Trap>().copied();
    if trap == Some(Trap::OutOfFuel) {
        return over_budget(noticed.budget);
    }
    if let Some(denied) = noticed.denied {
        let message = match denied {
            Denied::Memory(limit) => format!("{limit} bytes of memory (`{}`)", noticed.bounds.named("memory_bytes")),
            Denied::Table(limit) => format!("{limit} table elements (`{}`)", noticed.bounds.named("table_elements")),
        };
        return failure(FailureKind::Memory, format!("the plugin asked for more than {message}"));
    }
    if is_crowded(error) {
        let message = "more plugins are running at once than the host has room for (`instances`)";
        return failure(FailureKind::Unavailable, message);
    }
    match trap {
        Some(Trap::StackOverflow) => failure(FailureKind::Stack, "the plugin recursed too deep (`stack_bytes`)"),
        Some(trap) => failure(FailureKind::Trap, trap.to_string()),
        None => other(error, noticed),
    }
}

/// Where the guest was when an error ended the call, innermost first, for its author. It is no part of the failure: a
/// decision keeps why a plugin failed, and where stands in its log.
pub(crate) fn backtrace(error: &wasmtime::Error) -> Option<LogLine> {
    let trace = error.downcast_ref::<WasmBacktrace>().filter(|trace| !trace.frames().is_empty())?;
    // As the runtime writes it: names as the language has them, and each frame after its number and offset.
    let trace = trace.to_string();
    let frames = trace.lines().filter_map(|line| Some(line.split_once(" - ")?.1));
    let names = frames.map(|frame| frame.split_once('!').map_or(frame, |(_, name)| name));
    // A language's engine without names says nothing to its author.
    let names: Vec<&str> = names.filter(|name| !name.starts_with("<wasm function")).collect();
    let mut message = "the plugin was here, innermost first:".to_owned();
    for same in names.chunk_by(|one, next| one == next) {
        let (name, times) = (same.first()?, same.len());
        if message.len() + name.len() > BACKTRACE_BYTES_MAX {
            message.push_str("\n  …");
            break;
        }
        let times = if times > 1 { format!(", {times} times") } else { String::new() };
        message.extend(["\n  ", name, &times]);
    }
    (!names.is_empty()).then_some(LogLine { level: LogLevel::Error, message })
}

/// A panic is a bare trap; what the SDK wrote before it says which.
pub(crate) fn with_last_words(mut failure: Failure, logs: &[LogLine]) -> Failure {
    let last = logs.last().filter(|line| line.level == LogLevel::Error && failure.kind == FailureKind::Trap);
    if let Some(line) = last {
        failure.message = format!("{}: {}", failure.message, line.message);
    }
    failure
}

/// A failure before any event: nobody has a log of it, so its words have all there is to know.
pub(crate) fn in_setup(error: &wasmtime::Error, noticed: Noticed, logs: &[LogLine]) -> Failure {
    let mut failure = with_last_words(classify(error, noticed), logs);
    if let Some(trace) = backtrace(error) {
        failure.message = format!("{}\n{}", failure.message, trace.message);
    }
    failure
}

/// Instructions and host work together were more than the budget.
pub(crate) fn over_budget(budget: Budget) -> Failure {
    let Budget { fuel, setting } = budget;
    failure(FailureKind::Deadline, format!("the plugin used up its budget of {fuel} instructions (`{setting}`)"))
}

/// Whether the host has no room for one more instance now.
pub(crate) fn is_crowded(error: &wasmtime::Error) -> bool {
    error.downcast_ref::<PoolConcurrencyLimitError>().is_some()
}

/// Errors that wasmtime gives as text only. None of them is branched on by anyone else.
fn other(error: &wasmtime::Error, noticed: Noticed) -> Failure {
    let text = error.root_cause().to_string();
    if text.contains("fuel allocated for hostcalls") {
        let (limit, setting) = (noticed.host_call_bytes, noticed.bounds.named("host_call_bytes"));
        let message = format!("more than {limit} bytes passed to the host in one call (`{setting}`)");
        return failure(FailureKind::Output, message);
    }
    failure(FailureKind::Trap, text)
}

fn failure(kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into() }
}
