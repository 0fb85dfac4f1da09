//! Where the time comes from.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};
use usher_model::{DecisionId, Timestamp};
use uuid::{ContextV7, Uuid};

/// Keeps ids of one millisecond in the order of their making.
static EVENT_IDS: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// The clock of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The wall clock.
    #[default]
    Wall,
    /// The events' own times and nothing else: for tests, demos and simulations.
    Events,
}

impl Clock {
    /// The wall clock's time: when something was written, whatever the clock of events.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    pub(crate) fn wall() -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        Timestamp::from_ms(ms).unwrap_or_default()
    }

    /// The latest moment that an event may come from; none where only events tell the time.
    pub(crate) fn latest(self, ahead_ms_max: u64) -> Option<Timestamp> {
        match self {
            Clock::Wall => Some(Self::wall().plus_ms(ahead_ms_max)),
            Clock::Events => None,
        }
    }

    /// What time it is for what protects the host itself: an event's own time only where nothing else tells it.
    pub(crate) fn now(self, event_at: Timestamp) -> Timestamp {
        match self {
            Clock::Wall => Self::wall(),
            Clock::Events => event_at,
        }
    }

    /// A new id; ids follow one another in the order of this clock.
    pub(crate) fn decision_id(self, at: Timestamp) -> DecisionId {
        DecisionId::new(match self {
            Clock::Wall => Uuid::now_v7(),
            Clock::Events => {
                let (seconds, ms) = (at.ms() / 1000, at.ms() % 1000);
                let nanos = u32::try_from(ms * 1_000_000).unwrap_or_default();
                Uuid::new_v7(uuid::Timestamp::from_unix(&EVENT_IDS, seconds, nanos))
            }
        })
    }
}
