//! Write Usher plugins in Rust.
//!
//! A plugin is a type that is built from settings once and then judges one event at a time. The host snapshots it
//! after [`Check::configure`], and every event meets a fresh copy of that snapshot: build what is expensive (automata,
//! tables) in `configure`, and don't try to remember anything in the plugin itself (that is what [`state`] is for).
//!
//! ```
//! use usher_plugin::prelude::*;
//!
//! /// Finds messages that are too long.
//! struct Brevity {
//!     most_chars: usize,
//! }
//!
//! #[derive(serde::Deserialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Settings {
//!     most_chars: usize,
//! }
//!
//! impl Default for Settings {
//!     fn default() -> Self {
//!         Self { most_chars: 500 }
//!     }
//! }
//!
//! impl Check for Brevity {
//!     type Settings = Settings;
//!
//!     fn manifest() -> Manifest {
//!         Manifest::new("brevity", env!("CARGO_PKG_VERSION"))
//!             .summary("Finds messages that are too long")
//!             .event("message.created")
//!             .action("warn")
//!             .settings_schema(r#"{"type":"object","properties":{"most_chars":{"type":"integer","default":500}}}"#)
//!     }
//!
//!     fn configure(settings: Settings) -> Result<Self, String> {
//!         Ok(Self { most_chars: settings.most_chars })
//!     }
//!
//!     fn check(&self, event: &Event) -> Result<(), String> {
//!         let chars = event.text().chars().count();
//!         if chars > self.most_chars {
//!             Finding::new("too-long", Severity::Low)
//!                 .message(format!("{chars} characters; at most {} are welcome", self.most_chars))
//!                 .evidence("chars", chars);
//!             Action::new("warn").text("Please be brief");
//!         }
//!         Ok(())
//!     }
//! }
//!
//! usher_plugin::export!(Brevity);
//! # fn main() {}
//! ```
//!
//! Beside [`Check`] there are [`Score`], for plugins that score members, and [`Rank`], for those that rank what could be
//! shown; both see [`Table`]s instead of events.
//!
//! The crate is built as a `cdylib` for `wasm32-unknown-unknown`; it builds natively too, so keep what is worth testing
//! in functions that don't ask the host: outside of wasm every host function panics.

#[expect(
    clippy::same_length_and_capacity,
    clippy::unsafe_derive_deserialize,
    reason = "generated: the canonical ABI is raw memory"
)]
#[doc(hidden)]
pub mod bindings;
mod check;
pub mod chinese;
mod effects;
mod event;
#[doc(hidden)]
pub mod export;
pub mod history;
pub mod log;
mod manifest;
pub mod prelude;
mod rank;
mod score;
mod standing;
pub mod state;
mod table;
pub mod text;
pub mod timers;

pub use check::Check;
pub use effects::{Action, Finding, Severity, approve, strike};
pub use event::{Event, Group, Member};
pub use manifest::{CONTRACT, Manifest};
pub use rank::Rank;
pub use score::Score;
pub use table::Table;
