//! What members do, and what flood-guard makes of it.

use flood_guard::{
    Escalation, Flood, Record, Remedy, Rung, Seen, Settings, Size, TooLong, TooMany, check_steps, floods,
};
use proptest::prelude::*;
use usher_plugin::Severity;

fn seen(messages: u32, repeats: u32, members: u32) -> Seen {
    Seen { messages, repeats, members }
}

fn rules(size: Size, seen: Seen) -> Vec<&'static str> {
    floods(&Settings::default(), size, seen).into_iter().map(Flood::rule).collect()
}

#[test]
fn what_is_within_the_limits_is_fine() {
    assert_eq!(rules(Size::default(), Seen::default()), Vec::<&str>::new());
    assert_eq!(rules(Size { chars: 800, lines: 25 }, seen(10, 2, 3)), Vec::<&str>::new());
}

#[test]
fn one_more_than_the_limit_is_a_flood() {
    assert_eq!(rules(Size::default(), seen(11, 1, 1)), ["too-many"]);
    assert_eq!(rules(Size::default(), seen(1, 3, 1)), ["repeated"]);
    assert_eq!(rules(Size::default(), seen(1, 1, 4)), ["coordinated"]);
    assert_eq!(rules(Size { chars: 801, lines: 1 }, seen(1, 1, 1)), ["too-long"]);
    assert_eq!(
        rules(Size { chars: 26, lines: 26 }, seen(11, 3, 4)),
        ["too-many", "repeated", "too-long", "coordinated"]
    );
}

#[test]
fn a_rule_that_is_switched_off_finds_nothing() {
    let too_many = TooMany { severity: Severity::None, ..TooMany::default() };
    let settings = Settings { too_many, ..Settings::default() };
    assert_eq!(floods(&settings, Size::default(), seen(500, 1, 1)), []);
}

#[test]
fn lines_count_though_nothing_stands_in_them() {
    assert_eq!(Size::of("一\n\n\n二\n"), Size { chars: 6, lines: 5 });
    assert_eq!(Size::of("好的"), Size { chars: 2, lines: 1 });
    let settings = Settings { too_long: TooLong { most_lines: 3, ..TooLong::default() }, ..Settings::default() };
    assert_eq!(floods(&settings, Size::of(".\n\n\n."), Seen::default()).len(), 1);
}

#[test]
fn the_member_reads_what_was_wrong() {
    let settings = Settings::default();
    for (flood, message) in [
        (Flood::TooMany(11), "30秒内发了11条消息，最多10条"),
        (Flood::Repeated(3), "10分钟内第3次发相同或相近的内容，最多2次"),
        (Flood::TooLong(Size { chars: 900, lines: 2 }), "消息过长：900字、2行，最多800字、25行"),
        (Flood::Coordinated(4), "2分钟内有4人发相同或相近的内容，最多3人"),
    ] {
        assert_eq!(flood.message(&settings), message);
        assert!(flood.evidence(&settings).len() >= 3);
    }
}

#[test]
fn a_flood_is_warned_of_then_muted_for() {
    let escalation = Escalation::default();
    let mut record = Record::default();
    let minute = 60_000;
    let asked: Vec<_> = (0..7)
        .map(|number| {
            let another = record.flood(&escalation, number * minute);
            record.step(&escalation, another).map(|rung| (rung.action, rung.lasts_ms)).unwrap()
        })
        .collect();
    let (warn, short, long) = ((Remedy::Warn, None), (Remedy::Mute, Some(600_000)), (Remedy::Mute, Some(86_400_000)));
    assert_eq!(asked, [warn, warn, short, short, short, long, long]);
}

#[test]
fn one_burst_is_one_flood_and_has_one_warning() {
    let escalation = Escalation::default();
    let mut record = Record::default();
    assert!(record.flood(&escalation, 0));
    for at in [1, 5_000, 9_999] {
        let another = record.flood(&escalation, at);
        assert_eq!((another, record.floods(), record.step(&escalation, another)), (false, 1, None));
    }
    assert!(record.flood(&escalation, 10_000));
}

#[test]
fn each_message_of_a_flood_is_removed_where_that_is_set() {
    let steps = vec![Rung { floods: 1, action: Remedy::Delete, lasts_ms: None }];
    let escalation = Escalation { steps, ..Escalation::default() };
    let mut record = Record::default();
    for at in [0, 1, 2] {
        let another = record.flood(&escalation, at);
        assert_eq!(record.step(&escalation, another).unwrap().action, Remedy::Delete);
    }
}

#[test]
fn a_flood_is_forgotten_after_its_time() {
    let escalation = Escalation::default();
    let mut record = Record::default();
    record.flood(&escalation, 0);
    record.flood(&escalation, 86_399_999);
    assert_eq!(record.floods(), 2);
    record.flood(&escalation, 86_400_000 + 86_399_998);
    assert_eq!(record.floods(), 2);
}

#[test]
fn steps_that_make_no_sense_are_refused() {
    let rung = |floods, action| Rung { floods, action, lasts_ms: None };
    assert!(check_steps(&Settings::default().escalation.steps).is_ok());
    assert!(check_steps(&[]).is_ok());
    assert!(check_steps(&[rung(2, Remedy::Warn), rung(2, Remedy::Kick)]).unwrap_err().contains("larger number"));
    assert!(check_steps(&[rung(1, Remedy::Mute)]).unwrap_err().contains("lasts_ms"));
}

proptest! {
    /// Whatever a member does, the record stays small, and what is asked for only grows while nothing is forgotten.
    #[test]
    fn the_ladder_is_only_climbed(waits in prop::collection::vec(0..40_000_u64, 1..300)) {
        let escalation = Escalation { remember_ms: u64::MAX, ..Escalation::default() };
        let (mut record, mut now, mut last) = (Record::default(), 0, 0);
        for wait in waits {
            now += wait;
            let another = record.flood(&escalation, now);
            if let Some(rung) = record.step(&escalation, another) {
                prop_assert!(rung.floods >= last);
                last = rung.floods;
            }
            prop_assert!(record.floods() <= 100);
        }
    }
}
