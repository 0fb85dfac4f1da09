//! How levels are reached, kept and lost, without a host.

use fan_level::{Judged, Members, Settings, judge};

type Column = [f64; 4];
const NONE: Column = [0.0; 4];
/// Every day for a year.
const ALWAYS: Column = [30.0, 90.0, 180.0, 365.0];

#[derive(Clone, Copy)]
struct Person {
    messages: Column,
    checkins: Column,
    reads: Column,
    shares: Column,
    helped_days: Column,
    helped_people: Column,
    purchases: Column,
    label: &'static str,
}

const NOBODY: Person = Person {
    messages: NONE,
    checkins: NONE,
    reads: NONE,
    shares: NONE,
    helped_days: NONE,
    helped_people: NONE,
    purchases: NONE,
    label: "",
};
/// There every day, with everything that costs nothing; "helps" one accomplice every day.
const FARMER: Person = Person {
    messages: ALWAYS,
    checkins: ALWAYS,
    reads: ALWAYS,
    shares: ALWAYS,
    helped_days: ALWAYS,
    helped_people: [1.0, 1.0, 1.0, 1.0],
    ..NOBODY
};
/// There most days, helps somebody now and then, buys every other week.
const LOYAL: Person = Person {
    messages: [22.0, 66.0, 130.0, 260.0],
    checkins: [10.0, 30.0, 60.0, 120.0],
    reads: [15.0, 45.0, 90.0, 180.0],
    shares: [2.0, 6.0, 12.0, 24.0],
    helped_days: [12.0, 36.0, 72.0, 140.0],
    helped_people: [9.0, 20.0, 36.0, 60.0],
    purchases: [2.0, 6.0, 12.0, 26.0],
    ..NOBODY
};

fn judged(people: &[Person]) -> Judged {
    let windows = |of: fn(&Person) -> Column| {
        [0, 1, 2, 3].map(|window: usize| people.iter().map(|person| of(person)[window]).collect())
    };
    let members = Members {
        messages: windows(|person| person.messages),
        checkins: windows(|person| person.checkins),
        reads: windows(|person| person.reads),
        shares: windows(|person| person.shares),
        helped_days: windows(|person| person.helped_days),
        helped_people: windows(|person| person.helped_people),
        purchases: windows(|person| person.purchases),
        invites: windows(|_| NONE),
        red_packets: windows(|_| NONE),
        labels: people.iter().map(|person| format!("茶友\n{}", person.label)).collect(),
    };
    judge(&Settings::default(), &members)
}

fn score(judged: &Judged, row: usize) -> f64 {
    judged.contributions.iter().map(|(_, points)| points[row]).sum()
}

fn level(person: Person) -> String {
    let judged = judged(&[person]);
    judged.labels.first().map(|(_, name)| name.clone()).unwrap_or_default()
}

#[test]
fn a_farmer_is_capped_where_the_loyal_go_on() {
    let judged = judged(&[FARMER, LOYAL]);
    assert!(score(&judged, 0) < 200.0, "{judged:?}");
    assert!(score(&judged, 1) > 450.0, "{judged:?}");
    assert_eq!(judged.labels, [(0, "铁粉·二级".to_owned()), (1, "铁粉·五级".to_owned())]);
    let (reason, cap) = &judged.contributions[8];
    assert!(reason.starts_with("封顶") && cap[0] < -500.0, "the cap is said: {cap:?}");
}

#[test]
fn whoever_comes_by_has_no_level() {
    assert_eq!(level(NOBODY), "");
    assert_eq!(level(Person { messages: [5.0, 10.0, 12.0, 12.0], ..NOBODY }), "");
}

#[test]
fn the_highest_level_is_hard_to_reach() {
    let best = Person { messages: ALWAYS, reads: ALWAYS, purchases: [5.0, 14.0, 28.0, 60.0], ..LOYAL };
    assert_eq!(level(best), "死硬分子");
    assert_eq!(level(LOYAL), "铁粉·五级");
}

#[test]
fn silence_costs_a_level_only_slowly_and_one_at_a_time() {
    // Nothing for 30 days, then for 90, then for 180.
    let since = |column: Column, silent: usize| {
        let missing = column[silent];
        column.map(|days| (days - missing).max(0.0))
    };
    let silent = |silent: usize, label: &'static str| Person {
        messages: since(LOYAL.messages, silent),
        checkins: since(LOYAL.checkins, silent),
        reads: since(LOYAL.reads, silent),
        shares: since(LOYAL.shares, silent),
        helped_days: since(LOYAL.helped_days, silent),
        helped_people: since(LOYAL.helped_people, silent),
        purchases: since(LOYAL.purchases, silent),
        label,
    };
    let names = [level(silent(0, "铁粉·五级")), level(silent(1, "铁粉·五级")), level(silent(2, "铁粉·四级"))];
    assert_eq!(names, ["铁粉·五级", "铁粉·四级", "铁粉·三级"]);
}

#[test]
fn a_level_at_its_edge_is_kept() {
    let edge = Person { messages: [20.0, 29.0, 29.0, 29.0], ..NOBODY };
    assert_eq!(level(edge), "", "27.2 points are not 30");
    assert_eq!(level(Person { label: "铁粉·一级", ..edge }), "铁粉·一级", "who had it keeps it");
    let gone = Person { messages: [20.0, 20.0, 20.0, 20.0], label: "铁粉·一级", ..NOBODY };
    assert_eq!(level(gone), "");
}
