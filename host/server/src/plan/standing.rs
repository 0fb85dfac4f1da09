//! Plans that stand ready for the next event of their group, as many as may: each holds the snapshots that its plugins
//! start from. What is beyond goes, those first that no event has asked for since it was last looked at, and is made again
//! at its group's next event.

use super::Plan;
use arc_swap::ArcSwapOption;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where a group's plan stands, if it does.
#[derive(Debug, Default)]
pub(crate) struct Place {
    plan: ArcSwapOption<Plan>,
    /// Whether an event asked for it since it was last looked at.
    asked: AtomicBool,
    /// Whether it is among those that are looked at.
    is_listed: AtomicBool,
}

/// The places where plans stand, in the order in which they are looked at: the clock of second chances.
#[derive(Debug)]
pub(crate) struct Standing {
    plans_max: usize,
    places: Mutex<VecDeque<Arc<Place>>>,
}

impl Place {
    /// The plan for an event.
    pub(crate) fn ask(&self) -> Option<Arc<Plan>> {
        let plan = self.plan.load_full();
        if plan.is_some() && !self.asked.load(Ordering::Relaxed) {
            self.asked.store(true, Ordering::Relaxed);
        }
        plan
    }

    /// The plan, for who only wants to look at it.
    pub(crate) fn look(&self) -> Option<Arc<Plan>> {
        self.plan.load_full()
    }

    /// Something changed: the next event has it made anew.
    pub(crate) fn clear(&self) {
        self.plan.store(None);
    }
}

impl Standing {
    pub(crate) fn new(plans_max: usize) -> Self {
        Self { plans_max, places: Mutex::default() }
    }

    /// Has a plan stand in its place, and others leave theirs when there are too many.
    pub(crate) fn keep(&self, place: &Arc<Place>, plan: Arc<Plan>) {
        place.plan.store(Some(plan));
        if place.is_listed.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut places = self.places.lock();
        places.push_back(place.clone());
        // After one turn nobody has a second chance left, unless events ask for all of them meanwhile.
        for _ in 0..2 * places.len() {
            if places.len() <= self.plans_max {
                break;
            }
            let Some(first) = places.pop_front() else { break };
            if first.asked.swap(false, Ordering::Relaxed) {
                places.push_back(first);
            } else {
                first.is_listed.store(false, Ordering::Relaxed);
                first.clear();
            }
        }
    }

    /// How many there are at most: places whose plan is to be made anew count.
    pub(crate) fn held(&self) -> usize {
        self.places.lock().len()
    }
}
