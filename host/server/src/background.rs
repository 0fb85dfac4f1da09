//! Threads for work that takes long and that no event waits for: runs, backtests, making plugins ready, and what heavy ones do. They give way:
//! a thread that serves requests has a core as soon as it wants one, and these have what is left, or a tenth where nothing is.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// The step towards others' favour: the kernel weighs it 110 against their 1024 (`sched_prio_to_weight` of Linux).
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Makes the thread that calls this give way. Only on Linux is that of one thread; elsewhere it would be of the process.
#[cfg(target_os = "linux")]
pub(crate) fn give_way() {
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "long work has the same priority as requests");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn give_way() {}

/// As many threads as there are cores, and the tasks on them.
#[derive(Debug)]
pub(crate) struct Background(Option<Runtime>);

impl Background {
    pub(crate) fn new() -> io::Result<Self> {
        let named =
            Builder::new_multi_thread().thread_name("background").on_thread_start(give_way).enable_all().build()?;
        Ok(Self(Some(named)))
    }

    /// Does the work there; it goes on when nobody waits for it.
    pub(crate) fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        match &self.0 {
            Some(runtime) => runtime.spawn(work),
            // Only while it is being dropped, when nobody can call this.
            None => tokio::spawn(work),
        }
    }

    /// The same for work that has no point to wait at.
    pub(crate) fn spawn_blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match &self.0 {
            Some(runtime) => runtime.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        }
    }
}

impl Drop for Background {
    /// Without waiting, which a task may not do.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
