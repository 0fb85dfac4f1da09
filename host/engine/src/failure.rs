//! Why a call ended early, and what that is called in a decision.

use thiserror::Error;
use usher_model::{Capability, Failure, FailureKind, MemberId};
use wasmtime::{PoolConcurrencyLimitError, Trap};

/// Something that a plugin read and that was not in its input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadKey {
    /// What the host has on record about a member of the group.
    Member(MemberId),
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
    #[error("the plugin used the capability `{0}`, which this version of the host does not serve")]
    NotServed(Capability),
    #[error("`{0}` can't be used here: `describe` and `configure` see no event")]
    NoEvent(&'static str),
    #[error("more than {0} calls into the host")]
    HostCalls(u32),
    #[error("more than {limit} {what}")]
    Output { what: &'static str, limit: usize },
    #[error("the host handed out or worked through more than {0} bytes")]
    Answers(usize),
    #[error("{0}")]
    BadArgument(String),
}

impl Stop {
    fn kind(&self) -> FailureKind {
        match self {
            Stop::Missing(_) => FailureKind::Unavailable,
            Stop::Capability(_) | Stop::NotServed(_) | Stop::NoEvent(_) => FailureKind::Capability,
            Stop::HostCalls(_) | Stop::Answers(_) => FailureKind::HostCalls,
            Stop::Output { .. } => FailureKind::Output,
            Stop::BadArgument(_) => FailureKind::BadArgument,
        }
    }
}

/// What the sandbox noticed while the call ran, and a trap alone does not tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Noticed {
    /// Memory or table elements were refused: what follows is most likely the guest's own out-of-memory trap.
    pub(crate) memory_denied: bool,
    /// The limit it ran into, in bytes.
    pub(crate) memory_bytes: usize,
    /// Bytes allowed over the boundary in one call.
    pub(crate) host_call_bytes: usize,
}

/// Names an error that ended a call.
pub(crate) fn classify(error: &wasmtime::Error, noticed: Noticed) -> Failure {
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return Failure { kind: stop.kind(), message: stop.to_string() };
    }
    let trap = error.downcast_ref::<Trap>().copied();
    if trap == Some(Trap::OutOfFuel) {
        return failure(FailureKind::Deadline, "the plugin used up its budget of instructions");
    }
    if noticed.memory_denied {
        let message = format!("the plugin asked for more than {} bytes of memory", noticed.memory_bytes);
        return failure(FailureKind::Memory, message);
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return failure(FailureKind::Unavailable, "more plugins are running at once than the host has room for");
    }
    match trap {
        Some(Trap::StackOverflow) => failure(FailureKind::Stack, "the plugin recursed too deep"),
        Some(trap) => failure(FailureKind::Trap, trap.to_string()),
        None => other(error, noticed),
    }
}

/// Errors that wasmtime gives as text only. None of them is branched on by anyone else.
fn other(error: &wasmtime::Error, noticed: Noticed) -> Failure {
    let text = error.root_cause().to_string();
    if text.contains("fuel allocated for hostcalls") {
        let message = format!("more than {} bytes passed to the host in one call", noticed.host_call_bytes);
        return failure(FailureKind::Output, message);
    }
    failure(FailureKind::Trap, text)
}

fn failure(kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into() }
}
