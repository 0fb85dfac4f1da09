//! The nouns of Usher and their laws. No I/O: nothing here knows HTTP, SQL or wasm.

mod action;
mod brand;
mod capability;
mod column;
mod combining;
mod content;
mod decision;
mod digest;
mod enablement;
mod event;
mod finding;
mod id;
mod key;
pub mod ledger;
mod limits;
mod manifest;
mod memory;
mod merge_patch;
mod outcome;
mod plan;
mod run;
mod time;
mod timer;
mod trial;
mod verdict;
mod webhook;
mod word_list;

pub use action::{Action, ActionsOfDay, HeldAction, HeldBecause, Strike};
pub use brand::{Brand, Group, Member};
pub use capability::{Capability, CapabilitySet, UnknownCapability};
pub use column::{Aggregate, ContentScope, ItemColumn, MemberColumn, Reach, UnknownColumn, WINDOW_DAYS_MAX};
pub use combining::{Algorithm, Combining, SeverityVerdicts};
pub use content::{Audience, Content, InvalidContent};
pub use decision::{Decision, Intent, MemoryReads, Reads, Sequence};
pub use digest::{Digest, InvalidDigest};
pub use enablement::{DailyCaps, Enablement, FailurePolicy, InvalidEnablement, InvalidScope, Mode, Revision, Scope};
pub use event::{Actor, Event, EventKind, InvalidEvent, InvalidKind};
pub use finding::{Evidence, Finding, Severity, Span};
pub use id::{
    BacktestId, BrandId, CompilationId, ContentId, DecisionId, EventId, GroupId, GroupKey, InvalidId, KeyId, MemberId,
    PluginName, PluginVersion, RunId, WebhookName, WordListName,
};
pub use key::{Key, Role};
pub use ledger::{ContentEntry, ContentMeasure, LedgerEntry, Measure, UnknownMeasure};
pub use limits::{AboveCeiling, AskedLimits, CallBounds, CallLimits};
pub use manifest::{InvalidManifest, Manifest};
pub use memory::{
    ADDITIONS_MAX, Blob, Change, Counter, Kept, LABELS_MAX, Labels, Marks, MemoryChange, STRIKES_MAX, Slot, SlotKey,
    Space, Strikes, Usage,
};
pub use merge_patch::merge_patch;
pub use outcome::{CallUsage, Cost, Failure, FailureKind, Outcome, PluginReport};
pub use plan::{PlanRecord, PlannedPlugin, PlannedTrial};
pub use run::RunKind;
pub use time::{Day, InvalidDay, InvalidTimeOfDay, InvalidTimestamp, TimeOfDay, Timestamp, Weekday};
pub use timer::{TIMER_CHAIN_MS_MIN, Timer, TimerChange};
pub use trial::Trial;
pub use verdict::Verdict;
pub use webhook::{KeptWebhook, OldSecret, Tells, Webhook};
pub use word_list::WordListContent;
