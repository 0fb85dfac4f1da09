//! Matching that the host does natively, once per event for all plugins.

pub use crate::bindings::usher::plugin::text::{Hit, WordList, fold};
