//! Guests written by hand in WAT, as components: small enough to see what they do, and free to do what no SDK allows.
//!
//! A [`Guest`] has a manifest, imports, and the bodies of `configure` and `check`; [`Guest::component`] puts them into a
//! core module that speaks the canonical ABI, and makes it a component against the contract in `wit/`.

pub mod hostile;
mod module;
mod sections;

pub use module::{Guest, GuestHook, LAST_BYTE};
pub use sections::{parse, unsnapshottable, with_instances};
