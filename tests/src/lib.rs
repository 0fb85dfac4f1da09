//! End to end: the real binary over HTTP, in the words of those who use it.

mod host;
mod http;

pub use host::{Decided, TestHost, plugin};
pub use http::{Answer, Client};
