//! End to end: the real binary over HTTP, in the words of those who use it.

mod built;
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

pub use built::{conformance, guest, plugin, template};
pub use decided::Decided;
pub use host::{TestHost, author, author_in, author_running, postgres};
pub use http::{Answer, Client};
pub use receiver::{Answers, Receiver, Told};
pub use run::Ran;
pub use story::Story;
pub use watch::Watched;
