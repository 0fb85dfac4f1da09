//! What members do, and what becomes of it: the account and its timer, on a clock of minutes and seconds.

#![expect(clippy::unwrap_used, reason = "a test")]

use proptest::prelude::*;
use red_packet::{Account, Packet, Settings, Step};

/// One member of a group, and the timer that the plugin would start.
struct Story {
    settings: Settings,
    account: Account,
    timer: Option<u64>,
    removed_at: Vec<u64>,
}

/// `"2:59"` in milliseconds.
fn ms(clock: &str) -> u64 {
    let (minutes, seconds) = clock.split_once(':').unwrap();
    (minutes.parse::<u64>().unwrap() * 60 + seconds.parse::<u64>().unwrap()) * 1000
}

impl Story {
    fn new(settings: Settings) -> Self {
        Self { settings, account: Account::default(), timer: None, removed_at: Vec::new() }
    }

    /// As the host does: a timer that is due fires before what happens then.
    fn time_passes(&mut self, now: u64) {
        if let Some(due) = self.timer.take_if(|due| *due <= now)
            && let Step::Unpaid(..) = self.account.due(due)
        {
            self.removed_at.push(due);
        }
    }

    fn shares_at(&mut self, at: u64) -> Step {
        self.time_passes(at);
        let step = self.account.share(&self.settings, at, "小王", &format!("m-{at}"));
        if let Step::Asked(share) = &step {
            self.timer = Some(share.due);
        }
        step
    }

    fn sends_at(&mut self, at: u64, yuan: f64, people: u32) -> Step {
        self.time_passes(at);
        let step = self.account.packet(&self.settings, Packet { at, yuan, people });
        if let Step::Paid(..) = &step {
            self.timer = None;
        }
        step
    }

    fn shares(&mut self, clock: &str) -> Step {
        self.shares_at(ms(clock))
    }

    fn sends(&mut self, clock: &str, yuan: f64, people: u32) -> Step {
        self.sends_at(ms(clock), yuan, people)
    }

    fn removed(mut self) -> Vec<u64> {
        self.time_passes(u64::MAX);
        self.removed_at
    }
}

fn story() -> Story {
    Story::new(Settings::default())
}

#[test]
fn a_packet_in_time_saves_and_one_too_late_does_not() {
    for (clock, saved) in [("0:00", true), ("2:59", true), ("3:00", false), ("3:01", false)] {
        let mut story = story();
        assert!(matches!(story.shares("0:00"), Step::Asked(share) if share.due == 180_000));
        assert_eq!(matches!(story.sends(clock, 50.0, 20), Step::Paid(..)), saved, "{clock}");
        assert_eq!(story.removed().is_empty(), saved, "{clock}");
    }
}

#[test]
fn a_packet_that_is_too_small_changes_nothing() {
    let mut story = story();
    story.shares("0:00");
    assert!(matches!(story.sends("0:10", 49.99, 20), Step::TooSmall(..)));
    assert!(matches!(story.sends("0:20", 500.0, 19), Step::TooSmall(..)));
    assert_eq!(story.removed(), [180_000]);
}

#[test]
fn small_packets_add_up_only_where_that_is_set() {
    for add_up in [false, true] {
        let mut story = Story::new(Settings { add_up, ..Settings::default() });
        story.shares("0:00");
        for clock in ["0:10", "0:20", "0:30", "0:40"] {
            assert!(matches!(story.sends(clock, 12.4, 5), Step::TooSmall(..)));
        }
        assert_eq!(matches!(story.sends("0:50", 0.4, 1), Step::Paid(_, all) if all.people == 21), add_up);
    }
}

#[test]
fn another_share_stops_no_clock_and_one_packet_pays_for_both() {
    let mut late = story();
    late.shares("0:00");
    assert!(matches!(late.shares("2:50"), Step::AskedBefore(share) if share.messages.len() == 2));
    assert_eq!(late.removed(), [180_000]);
    let mut paid = story();
    paid.shares("0:00");
    paid.shares("2:50");
    assert!(matches!(paid.sends("2:55", 50.0, 20), Step::Paid(..)));
    assert!(paid.removed().is_empty());
}

#[test]
fn a_share_after_the_packet_needs_one_of_its_own() {
    let mut story = story();
    story.shares("0:00");
    story.sends("0:30", 50.0, 20);
    assert!(matches!(story.shares("0:31"), Step::Asked(..)));
    assert_eq!(story.removed(), [211_000]);
}

#[test]
fn a_packet_before_the_share_counts_only_where_that_is_set() {
    for (before, shared, saved) in [("0:00", "0:30", false), ("1:00", "1:00", true), ("1:00", "1:01", false)] {
        let mut story = Story::new(Settings { before_ms: ms(before), ..Settings::default() });
        assert_eq!(story.sends("0:00", 50.0, 20), Step::Nothing);
        assert_eq!(matches!(story.shares(shared), Step::Paid(..)), saved, "{before} {shared}");
        assert_eq!(story.removed().is_empty(), saved);
    }
}

#[test]
fn a_packet_pays_once() {
    let mut story = Story::new(Settings { before_ms: ms("10:00"), ..Settings::default() });
    story.sends("0:00", 50.0, 20);
    story.sends("0:01", 66.0, 30);
    assert!(matches!(story.shares("0:10"), Step::Paid(..)));
    assert!(matches!(story.shares("0:20"), Step::Paid(..)));
    assert!(matches!(story.shares("0:30"), Step::Asked(..)));
}

#[test]
fn what_is_of_no_use_any_more_is_not_kept() {
    let settings = Settings::default();
    let mut account = Account::default();
    account.packet(&settings, Packet { at: 5, yuan: 50.0, people: 20 });
    assert_eq!((account.kept_ms(&settings, 5), &account), (None, &Account::default()));
    account.share(&settings, 10, "小王", "m-1");
    assert!(account.kept_ms(&settings, 10).is_some_and(|kept| kept > settings.window_ms), "the timer finds it");
    account.packet(&settings, Packet { at: 20, yuan: 50.0, people: 20 });
    assert_eq!(account.kept_ms(&settings, 20), None);
}

#[test]
fn a_timer_that_comes_early_is_none() {
    let mut account = Account::default();
    account.share(&Settings::default(), 0, "小王", "m-1");
    assert_eq!(account.due(179_999), Step::Nothing);
    assert!(matches!(account.due(180_000), Step::Unpaid(..)));
    assert_eq!(account.due(180_000), Step::Nothing);
}

proptest! {
    /// Each share that opens ends once: paid by a packet within its window, or unpaid at its end.
    #[test]
    fn every_share_ends_once(happens in prop::collection::vec((0..90_000_u64, any::<bool>(), 30.0..70.0_f64), 1..60)) {
        let mut story = story();
        let (mut now, mut open, mut asked, mut paid) = (0, None, 0, 0);
        for (wait, shares, yuan) in happens {
            now += wait;
            open = open.filter(|due| *due > now);
            if shares {
                match story.shares_at(now) {
                    Step::Asked(share) => {
                        prop_assert_eq!(open, None);
                        open = Some(share.due);
                        asked += 1;
                    }
                    step => prop_assert!(matches!(step, Step::AskedBefore(share) if Some(share.due) == open)),
                }
            } else {
                match story.sends_at(now, yuan, 20) {
                    Step::Paid(share, _) => {
                        prop_assert_eq!(open.take(), Some(share.due));
                        prop_assert!(yuan >= 49.995);
                        paid += 1;
                    }
                    Step::TooSmall(share, _) => prop_assert!(Some(share.due) == open && yuan < 50.0),
                    step => prop_assert!(step == Step::Nothing && open.is_none()),
                }
            }
        }
        prop_assert_eq!(story.removed().len() + paid, asked);
    }
}
