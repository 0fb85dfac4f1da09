//! Closed, open, half-open: the law of a breaker, without its counters.

use super::BreakerLimits;
use serde::Serialize;
use usher_model::Timestamp;
use utoipa::ToSchema;

/// Whether a breaker lets calls through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Every call.
    #[default]
    Closed,
    /// None.
    Open,
    /// A few, to see how they end.
    HalfOpen,
}

impl State {
    /// The word on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Closed => "closed",
            State::Open => "open",
            State::HalfOpen => "half-open",
        }
    }
}

/// Why a breaker is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) since: Timestamp,
    pub(crate) reason: String,
    /// When it tries again.
    pub(crate) until: Timestamp,
}

/// A breaker's state, and what it takes to leave it.
#[derive(Debug, Default)]
pub(crate) struct Circuit {
    opened: Option<Opened>,
    /// Probes on their way: how many may still be sent, and how many ended well.
    probing: Option<Probing>,
}

#[derive(Debug)]
struct Probing {
    left: u32,
    passed: u32,
    /// Those that are not heard of by then are given up, and others sent.
    until: Timestamp,
}

impl Circuit {
    pub(crate) fn state(&self) -> State {
        match (&self.opened, &self.probing) {
            (None, _) => State::Closed,
            (Some(_), None) => State::Open,
            (Some(_), Some(_)) => State::HalfOpen,
        }
    }

    pub(crate) fn opened(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    pub(crate) fn open(&mut self, limits: &BreakerLimits, now: Timestamp, reason: String) {
        let until = now.plus_ms(limits.cool_down_ms);
        self.opened = Some(Opened { since: now, reason, until });
        self.probing = None;
    }

    /// Whether a call may go through, and what to say when not.
    pub(crate) fn admit(&mut self, limits: &BreakerLimits, now: Timestamp) -> Result<(), String> {
        let Some(opened) = &self.opened else { return Ok(()) };
        if now < opened.until {
            return Err(format!("{}; it tries again at {}", self.words(opened), opened.until));
        }
        let round = || Probing { left: limits.probes.max(1), passed: 0, until: now.plus_ms(limits.cool_down_ms) };
        let probing = self.probing.get_or_insert_with(round);
        if now >= probing.until {
            *probing = round();
        }
        if probing.left == 0 {
            return Err(format!("{}; others are being tried", self.words(opened)));
        }
        probing.left -= 1;
        Ok(())
    }

    /// A call that went through has ended. One that began before the breaker opened says nothing about now.
    pub(crate) fn record(&mut self, limits: &BreakerLimits, now: Timestamp, failed: bool) {
        let Some(probing) = &mut self.probing else { return };
        if failed {
            self.open(limits, now, "it failed again when it was tried".to_owned());
            return;
        }
        probing.passed += 1;
        if probing.passed >= limits.probes {
            *self = Self::default();
        }
    }

    fn words(&self, opened: &Opened) -> String {
        format!("the breaker is {} since {}, as {}", self.state().as_str(), opened.since, opened.reason)
    }
}
