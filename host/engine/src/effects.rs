//! What a call wanted: collected in order, applied by the host if the decision commits.

use usher_model::{Action, Change, Finding, Strike, TimerChange};

/// All that a plugin said in one call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effects {
    /// What it found.
    pub findings: Vec<Finding>,
    /// What it wants done.
    pub actions: Vec<Action>,
    /// Marks against members.
    pub strikes: Vec<Strike>,
    /// Why it is explicitly fine, if it is.
    pub approval: Option<String>,
    /// What it changed in its memory, in the order of its keys.
    pub memory: Vec<Change>,
    /// Timers that it started or stopped, in the order of their names.
    pub timers: Vec<TimerChange>,
}

impl Effects {
    /// Whether it said nothing at all: an abstention. What it remembers is its own affair.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.actions.is_empty() && self.strikes.is_empty() && self.approval.is_none()
    }
}

/// How much a line of log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// For the author.
    Debug,
    /// For the curious.
    Info,
    /// For the operator.
    Warn,
    /// For the operator, soon.
    Error,
}

impl LogLevel {
    /// Its name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        }
    }
}

/// One line that a plugin wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// The words; they may quote the message, so they go to no log of the host's.
    pub message: String,
}
