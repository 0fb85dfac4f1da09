//! The HTTP surface: one endpoint a file under `v1`, and what they share.

mod auth;
mod documents;
mod etag;
mod extract;
mod health;
mod openapi;
mod page;
mod problem;
mod problems;
mod router;
mod to_the_end;
mod v1;

pub(crate) use extract::{pointer, without_place};
pub use openapi::openapi;
pub(crate) use router::router;
