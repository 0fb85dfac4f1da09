//! End to end: the real binary over HTTP, in the words of those who use it.

mod decided;
pub mod diary;
mod host;
mod http;
mod look;
pub mod process;
mod receiver;
mod run;
mod story;
mod watch;

pub use decided::Decided;
pub use host::{TestHost, author, author_in, author_running, conformance, guest, plugin, postgres, template};
pub use http::{Answer, Client};
pub use receiver::{Answers, Receiver, Told};
pub use run::Ran;
pub use story::Story;
pub use watch::Watched;
