//! Who becomes a candidate and who does not, without a host.

use proptest::prelude::*;
use vip_score::{Judged, Members, Scale, Scales, Settings, judge};

/// One member, as the ledger has them; a long-standing one who does nothing when nothing is said.
#[derive(Clone, Copy)]
struct Person {
    member_days: f64,
    strikes: f64,
    purchase_since: f64,
    purchases: f64,
    yuan: f64,
    answers: f64,
    people: f64,
    active_days: f64,
}

const NOBODY: Person = Person {
    member_days: 200.0,
    strikes: 0.0,
    purchase_since: f64::NAN,
    purchases: 0.0,
    yuan: 0.0,
    answers: 0.0,
    people: 0.0,
    active_days: 0.0,
};
const PAYER: Person = Person { purchase_since: 5.0, purchases: 8.0, yuan: 2_400.0, active_days: 6.0, ..NOBODY };
const HELPER: Person = Person { answers: 40.0, people: 22.0, active_days: 70.0, ..NOBODY };
/// Two hundred answers, all to one accomplice, and never a day off.
const FARMER: Person = Person { answers: 200.0, people: 1.0, active_days: 90.0, ..NOBODY };

fn members(people: &[Person]) -> Members {
    let column = |of: fn(&Person) -> f64| people.iter().map(of).collect();
    Members {
        member_days: column(|person| person.member_days),
        strikes: column(|person| person.strikes),
        purchase_since: column(|person| person.purchase_since),
        purchases: column(|person| person.purchases),
        purchase_fen: column(|person| person.yuan * 100.0),
        answers: column(|person| person.answers),
        people: column(|person| person.people),
        active_days: column(|person| person.active_days),
    }
}

/// A community in which half do little and the best are like those above.
fn scales() -> Scales {
    Scales {
        purchase_since: Scale::of_days(7.0, 120.0, 7.0),
        purchases: Scale::new(0.0, 8.0, 3.0),
        purchase_fen: Scale::new(0.0, 200_000.0, 30_000.0),
        answers: Scale::new(0.0, 40.0, 10.0),
        people: Scale::new(0.0, 20.0, 5.0),
        active_days: Scale::new(8.0, 80.0, 20.0),
    }
}

fn judged(people: &[Person]) -> Judged {
    judge(&Settings::default(), &scales(), &members(people))
}

fn score(judged: &Judged, row: usize) -> f64 {
    judged.contributions.iter().map(|(_, points)| points[row]).sum()
}

#[test]
fn both_roads_lead_there_and_neither_needs_the_other() {
    let judged = judged(&[PAYER, HELPER, NOBODY]);
    assert!(score(&judged, 0) >= 90.0, "{judged:?}");
    assert!(score(&judged, 1) >= 90.0, "{judged:?}");
    assert!(score(&judged, 2).abs() < 1e-9);
    let labels = [(0, "VIP候选·付费".to_owned()), (1, "VIP候选·助人".to_owned())];
    assert_eq!((judged.labels.as_slice(), judged.exclusions.len()), (&labels[..], 0));
}

#[test]
fn a_farmer_of_points_gets_nowhere() {
    let judged = judged(&[FARMER, HELPER]);
    assert!(score(&judged, 0) < 10.0, "{judged:?}");
    assert!(judged.labels.iter().all(|(row, _)| *row != 0));
}

#[test]
fn the_gate_says_what_is_missing() {
    let new = Person { member_days: 12.4, ..HELPER };
    let judged = judged(&[new, Person { strikes: 2.0, ..PAYER }, Person { member_days: f64::NAN, ..PAYER }, PAYER]);
    let reasons = ["入群12天，未满30天", "有未过期的违规记录（2分，最多0分）", "入群时间未知，需满30天"];
    let expected: Vec<(usize, String)> = reasons.map(str::to_owned).into_iter().enumerate().collect();
    assert_eq!(judged.exclusions, expected);
    assert_eq!(judged.labels.len(), 1, "who is excluded has no label");
}

#[test]
fn the_other_road_counts_in_part() {
    let both = Person { answers: 40.0, people: 22.0, active_days: 70.0, ..PAYER };
    let judged = judged(&[both, PAYER]);
    assert!(score(&judged, 0) > score(&judged, 1) + 20.0);
    assert!(score(&judged, 0) <= 130.0);
}

proptest! {
    #[test]
    fn more_of_anything_never_costs_points(
        purchases in 0.0..20.0_f64, answers in 0.0..200.0_f64, people in 0.0..50.0_f64, days in 0.0..90.0_f64,
    ) {
        let less = Person { purchases, yuan: purchases * 100.0, answers, people, active_days: days, ..NOBODY };
        let more = Person { answers: answers + 5.0, people: people + 1.0, active_days: days + 1.0, ..less };
        let judged = judged(&[less, more]);
        // Each reason is rounded to hundredths.
        prop_assert!(score(&judged, 1) >= score(&judged, 0) - 0.07, "{judged:?}");
        prop_assert!(judged.contributions.iter().all(|(_, points)| points.iter().all(|it| it.is_finite())));
    }
}
