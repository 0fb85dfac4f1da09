//! Threads for work that takes long: runs, backtests, making plugins ready, and the calls of heavy ones. They give way: a
//! thread that serves requests weighs ten times as much where both want a core.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};
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
pub(crate) struct Background {
    tasks: Handle,
    /// None once this is being dropped.
    runtime: Option<Runtime>,
}

impl Background {
    pub(crate) fn new() -> io::Result<Self> {
        let runtime =
            Builder::new_multi_thread().thread_name("background").on_thread_start(give_way).enable_all().build()?;
        Ok(Self { tasks: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Does the work there; it goes on when nobody waits for it.
    pub(crate) fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.tasks.spawn(work)
    }

    /// The same for work that has no point to wait at.
    pub(crate) fn spawn_blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        self.tasks.spawn_blocking(work)
    }
}

impl Drop for Background {
    /// Without waiting, which a task may not do.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
