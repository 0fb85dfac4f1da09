//! Plugins in OCI registries: a component as a standard wasm artifact, pushed under a tag and pulled by digest.
//!
//! The few requests of the distribution protocol that this takes are written out here, because the host is strict about
//! where it goes: a registry is one that the caller allows, what it redirects to is open to everybody or is the registry
//! itself, and everything that it sends has a limit.

mod error;
mod manifest;
mod pull;
mod push;
mod reference;
mod session;
mod token;

pub use error::OciError;
pub use manifest::About;
pub use pull::pull;
pub use push::{Pushed, push};
pub use reference::{InvalidReference, Place, Reference};
pub use session::{Credentials, Network};
