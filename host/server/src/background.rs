//! Threads for work that takes long: runs, backtests, making plugins ready, and the calls of heavy ones. They give way to
//! those that serve requests.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// How much a thread gives way. Only Linux knows a priority of one thread.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Priority {
    /// Where both want a core, a thread that serves requests weighs ten times as much: nice 10, which the kernel weighs 110
    /// against their 1024 (`sched_prio_to_weight` of Linux).
    Low,
    /// It has the cores that nobody else wants, and leaves them at once when one does: `SCHED_IDLE` of `sched(7)`. So it must
    /// never hold what others wait for.
    Idle,
}

impl Priority {
    /// Gives it to the thread that calls this.
    pub(crate) fn take(self) {
        #[cfg(target_os = "linux")]
        if let Err(error) = linux::take(self) {
            tracing::warn!(%error, "long work has the same priority as requests");
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Priority;
    use std::error::Error;
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };

    /// Of the calling thread, where the standard says of the process.
    pub(super) fn take(priority: Priority) -> Result<(), Box<dyn Error>> {
        match priority {
            Priority::Low => rustix::process::setpriority_process(None, 10)?,
            Priority::Idle => {
                let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
                set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle)?;
            }
        }
        Ok(())
    }
}

/// For the threads of the database on which long reads run: they give way as those of this crate do.
pub fn low_priority() {
    Priority::Low.take();
}

/// The same for those that sum up what members did, for scorings.
pub fn idle_priority() {
    Priority::Idle.take();
}

/// As many threads as there are cores, and the tasks on them.
#[derive(Debug)]
pub(crate) struct Background {
    tasks: Handle,
    /// None once this is being dropped.
    runtime: Option<Runtime>,
}

impl Background {
    pub(crate) fn new(priority: Priority) -> io::Result<Self> {
        let mut threads = Builder::new_multi_thread();
        threads.thread_name("background").on_thread_start(move || priority.take()).enable_all();
        let runtime = threads.build()?;
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
