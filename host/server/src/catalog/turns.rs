//! Who compiles and who waits. Compiling takes cores for long, so there are few places; the lightest that waits comes next, and
//! who would wait behind too many is told to come again.

use crate::changes;
use crate::clock::Clock;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::oneshot;
use usher_model::{CompilationId, Digest, PluginName, Timestamp};
use utoipa::ToSchema;

/// What is compiled for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// To see what was uploaded.
    Upload,
    /// To bake settings in.
    Snapshot,
}

/// Whether it is its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Progress {
    /// Others come first.
    Waiting,
    /// It is being compiled.
    Compiling,
}

/// A compilation, as people watch it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Compilation {
    /// The change that it is for: `GET /v1/compilations/{id}`. None when it is for an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<CompilationId>,
    /// Which plugin; none for an upload, which says only afterwards what it is.
    pub(crate) plugin: Option<PluginName>,
    /// SHA-256 of the component.
    pub(crate) digest: Digest,
    /// Size of the component, in bytes: the smaller comes first.
    pub(crate) bytes: u64,
    /// What for.
    pub(crate) purpose: Purpose,
    /// Whether it is its turn.
    pub(crate) progress: Progress,
    /// Since when it waits, or compiles.
    pub(crate) since: Timestamp,
}

impl Compilation {
    /// One that has to wait for its turn.
    pub(crate) fn new(plugin: Option<PluginName>, digest: Digest, bytes: usize, purpose: Purpose) -> Self {
        let (progress, since) = (Progress::Waiting, Clock::wall());
        Self { id: changes::compiling(), plugin, digest, bytes: bytes as u64, purpose, progress, since }
    }
}

/// So many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} compilations are waiting already (`limits.compile_queue`)")]
pub(crate) struct QueueFull(usize);

/// Places to compile at, and the line in front of them.
#[derive(Debug)]
pub(crate) struct Turns {
    line: Mutex<Line>,
    waiting_max: usize,
}

#[derive(Debug)]
struct Line {
    free: usize,
    next: u64,
    compiling: BTreeMap<u64, Compilation>,
    /// By size, then by who came first.
    waiting: BTreeMap<(u64, u64), Waiting>,
}

#[derive(Debug)]
struct Waiting {
    compilation: Compilation,
    call: oneshot::Sender<Turn>,
}

/// A place to compile at, given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    number: u64,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A turn that nobody takes any more comes back here, and goes to the next; never under the lock.
        if let Some((call, turn)) = self.turns.next(self.number) {
            call.send(turn).ok();
        }
    }
}

impl Turns {
    pub(crate) fn new(places: usize, waiting_max: usize) -> Arc<Self> {
        let line = Line { free: places.max(1), next: 0, compiling: BTreeMap::new(), waiting: BTreeMap::new() };
        Arc::new(Self { line: Mutex::new(line), waiting_max })
    }

    /// Waits for a place.
    pub(crate) async fn take(self: &Arc<Self>, compilation: Compilation) -> Result<Turn, QueueFull> {
        let called = match self.stand(compilation)? {
            Stand::Turn(turn) => return Ok(turn),
            Stand::Wait(called) => called,
        };
        // The other end is kept until its turn comes.
        called.await.map_err(|_| QueueFull(self.waiting_max))
    }

    fn stand(self: &Arc<Self>, compilation: Compilation) -> Result<Stand, QueueFull> {
        let mut line = self.line.lock();
        let number = line.next;
        line.next += 1;
        if line.free > 0 {
            line.free -= 1;
            line.compile(number, compilation);
            return Ok(Stand::Turn(Turn { turns: self.clone(), number }));
        }
        line.waiting.retain(|_, waiting| !waiting.call.is_closed());
        if line.waiting.len() >= self.waiting_max {
            return Err(QueueFull(self.waiting_max));
        }
        let (call, called) = oneshot::channel();
        line.waiting.insert((compilation.bytes, number), Waiting { compilation, call });
        Ok(Stand::Wait(called))
    }

    /// One has ended: its place goes to the lightest that waits, or is free.
    fn next(self: &Arc<Self>, ended: u64) -> Option<(oneshot::Sender<Turn>, Turn)> {
        let mut line = self.line.lock();
        line.compiling.remove(&ended);
        let Some(((_, number), Waiting { compilation, call })) = line.waiting.pop_first() else {
            line.free += 1;
            return None;
        };
        line.compile(number, compilation);
        Some((call, Turn { turns: self.clone(), number }))
    }

    /// Those that compile, then those that wait, in the order in which they come.
    pub(crate) fn list(&self) -> Vec<Compilation> {
        let line = self.line.lock();
        let waiting = line.waiting.values().filter(|waiting| !waiting.call.is_closed());
        line.compiling.values().chain(waiting.map(|waiting| &waiting.compilation)).cloned().collect()
    }
}

enum Stand {
    Turn(Turn),
    Wait(oneshot::Receiver<Turn>),
}

impl Line {
    fn compile(&mut self, number: u64, compilation: Compilation) {
        let compilation = Compilation { progress: Progress::Compiling, since: Clock::wall(), ..compilation };
        self.compiling.insert(number, compilation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn of(bytes: usize) -> Compilation {
        Compilation::new(None, Digest::of(b"component"), bytes, Purpose::Upload)
    }

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn ready<T>(poll: Poll<Result<T, QueueFull>>) -> T {
        match poll {
            Poll::Ready(Ok(value)) => value,
            Poll::Ready(Err(full)) => panic!("{full}"),
            Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn the_lightest_that_waits_comes_next_and_those_who_left_do_not() {
        let turns = Turns::new(1, 3);
        let first = ready(poll(pin!(turns.take(of(5)))));
        let (mut heavy, mut light) = (Box::pin(turns.take(of(9))), Box::pin(turns.take(of(1))));
        let mut lightest = Box::pin(turns.take(of(0)));
        for waits in [&mut heavy, &mut light, &mut lightest] {
            assert!(poll(waits.as_mut()).is_pending());
        }
        assert_eq!(turns.list().iter().map(|c| c.bytes).collect::<Vec<_>>(), [5, 0, 1, 9]);
        drop(lightest);
        drop(first);
        assert!(poll(heavy.as_mut()).is_pending());
        let second = ready(poll(light.as_mut()));
        drop(second);
        let third = ready(poll(heavy.as_mut()));
        drop(third);
        assert!(turns.list().is_empty());
    }

    #[test]
    fn there_is_an_end_to_the_line() {
        let turns = Turns::new(2, 1);
        let _places = [ready(poll(pin!(turns.take(of(1))))), ready(poll(pin!(turns.take(of(1)))))];
        let mut waits = Box::pin(turns.take(of(1)));
        assert!(poll(waits.as_mut()).is_pending());
        assert!(matches!(poll(pin!(turns.take(of(1)))), Poll::Ready(Err(QueueFull(1)))));
    }
}
