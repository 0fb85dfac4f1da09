//! The threads that heavy calls run on.

use crate::background::Priority;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// As many as heavy calls may run at once.
#[derive(Debug)]
pub(super) struct Threads(ThreadPool);

impl Threads {
    pub(super) fn new(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        let named = ThreadPoolBuilder::new().num_threads(threads).thread_name(|number| format!("heavy-{number}"));
        named.start_handler(|_| Priority::Low.take()).build().map(Self)
    }

    /// Runs a call on one of them. The thread that asks waits for it, and its other requests move to another thread first.
    pub(super) fn run<T: Send>(&self, call: impl FnOnce() -> T + Send) -> T {
        tokio::task::block_in_place(|| self.0.install(call))
    }
}
