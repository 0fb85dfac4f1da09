//! The sandbox: verify a component, compile it, bake its settings into a snapshot, and run it on an event.
//!
//! The life of a plugin here: bytes → [`verify`](Engine::inspect) → [`Facts`] → [`bake`](Engine::bake) with settings →
//! [`Snapshot`] → [`check`](Engine::check) or [`score`](Engine::score), each time on a fresh instance. Nothing in this crate knows HTTP or SQL, and
//! nothing waits: what a plugin asks for and is not in the [`CheckInput`] ends the run as [`Call::Missing`].

mod bake;
mod cache;
mod call;
mod compile;
mod contract;
mod effects;
mod exports;
mod failure;
mod fresh;
mod grants;
mod imports;
mod input;
mod inspect;
mod limits;
mod memory;
mod no_room;
mod population;
mod reuse;
mod room;
mod runtime;
mod sandbox;
mod score;
mod settings;
mod signatures;
mod table;
#[cfg(test)]
mod tests;
mod verify;

pub use bake::{BakeError, Road, Snapshot};
pub use call::{Call, Report};
pub use compile::{CompileError, Compiler, compile_worker};
pub use contract::CONTRACT_VERSION;
pub use effects::{Effects, LogLevel, LogLine};
pub use failure::ReadKey;
pub use grants::Grants;
pub use input::{COMPARED_BYTES, CheckInput, EventFacts, Found, GroupFacts, WordLists};
pub use inspect::{Facts, InspectError};
pub use limits::{CompileLimits, UploadLimits};
pub use memory::{CallReads, History, Memory};
pub use no_room::NoRoom;
pub use population::Population;
pub use reuse::Reused;
pub use runtime::{
    Allocation, Engine, EngineError, EngineOptions, INSTANCE_BYTES_MAX, MEMORIES_MAX, MODULE_MEMORIES_MAX,
    MODULE_TABLES_MAX, STACK_BYTES_MAX, TABLES_MAX,
};
pub use sandbox::GROWN_BYTES_PER_FUEL;
pub use settings::{SettingsProblem, SettingsSchema, UnusableSchema};
pub use table::{Contribution, Exclusion, RowLabel, TableInput, TableReport};
pub use verify::{Hook, Rejected, examine};
