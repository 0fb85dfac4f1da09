//! Where calls run. Most run on the thread that serves their request: handing 10 µs of work to another thread costs as
//! much as the work. A plugin whose calls were expensive lately runs aside, so that two calls of 30 ms on a machine with
//! two cores do not keep every request waiting: the thread's other requests move to another thread, and heavy calls take
//! turns, so that some cores are always left to the light ones. What a call comes to does not depend on where it runs.
//!
//! Brands take turns, and a brand's own calls line up: a heavy plugin that is called without a pause in one brand delays a
//! heavy call of another one by one of its calls, however many of them wait.

mod round;
mod threads;

use crate::config::Limits;
use parking_lot::Mutex;
use rayon::ThreadPoolBuildError;
use round::Round;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use threads::Threads;
use tokio::sync::oneshot;
use usher_engine::GROWN_BYTES_PER_FUEL;
use usher_model::{BrandId, CallUsage};

/// Turns of heavy calls.
#[derive(Debug)]
pub(crate) struct Turns {
    heavy_fuel: u64,
    waiting_max: usize,
    line: Arc<Line>,
}

#[derive(Debug)]
struct Line {
    state: Mutex<State>,
    threads: Threads,
}

#[derive(Debug)]
struct State {
    free: usize,
    round: Round<BrandId, oneshot::Sender<Turn>>,
}

/// So many heavy calls of the brand wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} calls of expensive plugins of this brand are waiting already (`limits.heavy_waiting`)")]
pub(crate) struct TooManyWait(usize);

/// A place to run a heavy call at, which goes to the next one when dropped.
#[derive(Debug)]
pub(crate) struct Turn(Arc<Line>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

/// Where calls run, until this is dropped.
#[derive(Debug)]
pub(crate) enum Place {
    /// On the thread that serves the request.
    Here,
    /// On one that gives way to those.
    Aside(Turn),
}

impl Place {
    pub(crate) fn run<T: Send>(&self, call: impl FnOnce() -> T + Send) -> T {
        match self {
            Self::Here => call(),
            Self::Aside(turn) => turn.0.threads.run(call),
        }
    }
}

impl Line {
    /// Gives a place to the next one that waits, if there is one.
    fn pass_on(self: &Arc<Self>) {
        let call = {
            let mut state = self.state.lock();
            let Some(call) = state.round.next(|call| !call.is_closed()) else {
                state.free += 1;
                return;
            };
            call
        };
        // Who has just hung up gives it back by dropping it: not under the lock.
        call.send(Turn(self.clone())).ok();
    }
}

impl Turns {
    /// So many at once, half of the cores when it is 0; so many of each brand may wait.
    ///
    /// # Errors
    /// [`ThreadPoolBuildError`] when the system has no more threads.
    pub(crate) fn new(limits: &Limits) -> Result<Self, ThreadPoolBuildError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let free = if limits.heavy_calls == 0 { (cores / 2).max(1) } else { limits.heavy_calls };
        let state = Mutex::new(State { free, round: Round::default() });
        let line = Arc::new(Line { state, threads: Threads::new(free)? });
        Ok(Self { heavy_fuel: limits.heavy_fuel, waiting_max: limits.heavy_waiting, line })
    }

    /// Where a plugin's calls about an event run: here, or aside when it is their turn.
    ///
    /// # Errors
    /// [`TooManyWait`]: they are expensive, and so are many that the brand has waiting.
    pub(crate) async fn place(&self, brand: &BrandId, recent: &RecentCost) -> Result<Place, TooManyWait> {
        if !self.is_heavy(recent) {
            return Ok(Place::Here);
        }
        self.take(brand, self.waiting_max).await.map(Place::Aside)
    }

    /// Where they run again, however many wait: for what is bounded elsewhere, and must come to what it came to before.
    pub(crate) async fn place_again(&self, brand: &BrandId, recent: &RecentCost) -> Place {
        if self.is_heavy(recent) { self.aside(brand).await } else { Place::Here }
    }

    /// Where runs what is heavy for sure, when it is its turn, however many wait: how many there are is bounded elsewhere.
    pub(crate) async fn aside(&self, brand: &BrandId) -> Place {
        // No line is so long.
        self.take(brand, usize::MAX).await.map_or(Place::Here, Place::Aside)
    }

    fn is_heavy(&self, recent: &RecentCost) -> bool {
        recent.0.load(Ordering::Relaxed) >= self.heavy_fuel
    }

    async fn take(&self, brand: &BrandId, waiting_max: usize) -> Result<Turn, TooManyWait> {
        let called = {
            let mut state = self.line.state.lock();
            if state.free > 0 {
                state.free -= 1;
                return Ok(Turn(self.line.clone()));
            }
            state.round.retain(brand, |call: &oneshot::Sender<Turn>| !call.is_closed());
            let (call, called) = oneshot::channel();
            state.round.join(brand, call, waiting_max).map_err(|_| TooManyWait(waiting_max))?;
            called
        };
        // The other end is kept until the turn comes.
        called.await.map_err(|_| TooManyWait(waiting_max))
    }
}

/// What a plugin's calls in a brand cost lately, in units of fuel: up at once, and down by a sixteenth a call. What is not
/// known yet is expensive.
#[derive(Debug)]
pub(crate) struct RecentCost(AtomicU64);

impl Default for RecentCost {
    fn default() -> Self {
        Self(AtomicU64::new(UNKNOWN_FUEL))
    }
}

/// Twenty cheap calls are known to be cheap.
const UNKNOWN_FUEL: u64 = 6_000_000;

/// What a call into the host takes, in units of fuel.
const HOST_CALL_FUEL: u64 = 500;

/// What reading something from the database takes, in units of fuel.
const LOOK_UP_FUEL: u64 = 200_000;

impl RecentCost {
    /// What a call took that looked so many things up in the database, beside its fuel. One that has a large memory may
    /// write to all of it, which costs nothing like the instructions that it takes: so it counts as if it had grown all
    /// of it.
    pub(crate) fn record(&self, fuel: u64, usage: &CallUsage, looked_up: u64) {
        let beside = usage.host_calls.saturating_mul(HOST_CALL_FUEL) + looked_up.saturating_mul(LOOK_UP_FUEL);
        let fuel = fuel.saturating_add(beside).max(usage.memory_bytes / GROWN_BYTES_PER_FUEL);
        let before = self.0.load(Ordering::Relaxed);
        let after = if fuel >= before { fuel } else { before - (before - fuel).div_ceil(16) };
        if after != before {
            self.0.store(after, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    fn poll<F: Future>(taking: Pin<&mut F>) -> Poll<F::Output> {
        taking.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_brand_with_many_calls_lets_another_ones_first_by() {
        let turns = Turns::new(&Limits { heavy_fuel: 0, heavy_calls: 1, ..Limits::default() }).unwrap();
        let (busy, other): (BrandId, BrandId) = ("busy".parse().unwrap(), "other".parse().unwrap());
        let Poll::Ready(Ok(first)) = poll(pin!(turns.take(&busy, 3))) else { panic!("there is a place") };
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(turns.take(&busy, 3))).collect();
        assert!(waiting.iter_mut().all(|taking| poll(taking.as_mut()).is_pending()));
        assert!(matches!(poll(pin!(turns.take(&busy, 3))), Poll::Ready(Err(TooManyWait(3)))));
        let mut late = Box::pin(turns.take(&other, 3));
        assert!(poll(late.as_mut()).is_pending());
        // One that hung up is passed by, and its brand's next one has the turn.
        drop(waiting.remove(0));
        drop(first);
        let Poll::Ready(Ok(second)) = poll(waiting[0].as_mut()) else { panic!("its brand came first") };
        assert!(poll(late.as_mut()).is_pending());
        drop(second);
        let Poll::Ready(Ok(third)) = poll(late.as_mut()) else { panic!("its brand had one already") };
        assert!(poll(waiting[1].as_mut()).is_pending());
        drop(third);
        assert!(matches!(poll(waiting[1].as_mut()), Poll::Ready(Ok(_))));
    }

    #[test]
    fn what_the_host_does_for_a_call_is_part_of_its_cost() {
        let takes = |fuel, host_calls, looked_up| {
            let cost = RecentCost(AtomicU64::new(0));
            cost.record(fuel, &CallUsage { host_calls, ..CallUsage::default() }, looked_up);
            cost.0.load(Ordering::Relaxed)
        };
        assert_eq!(takes(1000, 0, 0), 1000);
        assert!(takes(1000, 10, 1) < 2_000_000, "a rule that asks for what it needs is light");
        assert!(takes(1000, 10_000, 0) >= 2_000_000 && takes(1000, 256, 256) >= 2_000_000);
    }

    #[test]
    fn one_expensive_call_is_remembered_for_a_while() {
        let cost = RecentCost::default();
        let of_memory = |memory_bytes| CallUsage { memory_bytes, ..CallUsage::default() };
        let cheap_until_light = || {
            let mut calls = 0;
            while cost.0.load(Ordering::Relaxed) >= 2_000_000 {
                cost.record(20_000, &of_memory(2 << 20), 0);
                calls += 1;
            }
            calls
        };
        assert_eq!(cheap_until_light(), 21);
        cost.record(50_000_000, &of_memory(0), 0);
        assert_eq!(cheap_until_light(), 55);
        cost.record(20_000, &of_memory(64 << 20), 0);
        assert_eq!(cheap_until_light(), 38);
    }
}
