//! This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits.
//! Needs the capability `state`.

pub use crate::bindings::usher::plugin::state::{add, delete, get, put, put_for, sum};
