//! The community repeats, fits the host's types, and has in it what its stories need.

#![expect(clippy::unwrap_used, reason = "a test")]

use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use usher_life::{Life, Line, Persona, Size, records};

fn life(seed: u64) -> Life {
    Life::new(Size { seed, members: 120, groups: 2, contents: 200, days: 60, first: date(2026, 1, 1) })
}

fn lines(life: &Life) -> Vec<Line> {
    (0..life.days).flat_map(|day| life.day(day)).collect()
}

fn written(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| serde_json::to_string(line).unwrap()).collect()
}

/// Events of a kind, by actor.
fn by_actor(lines: &[Line], kind: &str) -> BTreeMap<String, Vec<Line>> {
    let mut found: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.event.kind == kind) {
        found.entry(line.event.actor["id"].as_str().unwrap_or_default().to_owned()).or_default().push(line.clone());
    }
    found
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    assert_eq!(written(&lines(&life(7))), written(&lines(&life(7))));
    assert_ne!(written(&life(7).day(3)), written(&life(8).day(3)));
}

#[test]
fn every_event_is_one_that_the_host_takes_and_ids_are_unique() {
    let mut ids = BTreeSet::new();
    let lines = lines(&life(7));
    for line in &lines {
        let event: usher_model::Event = serde_json::from_value(serde_json::to_value(&line.event).unwrap()).unwrap();
        event.check().unwrap();
        usher_model::GroupId::new(line.group.as_str()).unwrap();
        assert!(ids.insert(line.event.id.clone()), "{}", line.event.id);
    }
    assert!(lines.is_sorted_by_key(|line| &line.event.at[..10]), "days follow one another");
    for day in 0..60 {
        let at: Vec<jiff::Timestamp> = life(7).day(day).iter().map(|line| line.event.at.parse().unwrap()).collect();
        assert!(at.is_sorted());
    }
}

#[test]
fn records_are_ones_that_the_host_takes() {
    for (path, body) in records(&life(7)) {
        match path.matches('/').count() {
            0 => drop(serde_json::from_value::<usher_model::Brand>(body).unwrap()),
            1 if path.starts_with("groups") => drop(serde_json::from_value::<usher_model::Group>(body).unwrap()),
            3 => drop(serde_json::from_value::<usher_model::Member>(body).unwrap()),
            _ => assert!(path.starts_with("contents/"), "{path}"),
        }
    }
}

#[test]
fn every_persona_is_there_and_helpers_help_many_where_farmers_help_two() {
    let life = life(7);
    let answers = by_actor(&lines(&life), "answer.accepted");
    let people = |id: &str| {
        let helped = answers.get(id).into_iter().flatten().map(|line| line.event.payload["helped"].to_string());
        helped.collect::<BTreeSet<_>>().len()
    };
    for (persona, _) in Persona::SHARES {
        assert!(life.of(persona).count() > 0, "{persona:?}");
    }
    assert!(life.of(Persona::Helper).any(|helper| people(&helper.id) >= 8));
    for farmer in life.of(Persona::Farmer) {
        assert!(people(&farmer.id) <= 2, "a farmer's answers are for accomplices");
        assert!(answers.get(&farmer.id).map_or(0, Vec::len) > 50, "and there are many");
    }
}

#[test]
fn an_answer_names_a_question_that_was_asked_before_it() {
    let lines = lines(&life(7));
    let mut asked = BTreeSet::new();
    for line in &lines {
        if line.event.kind == "answer.accepted" {
            assert!(asked.contains(line.event.payload["question"].as_str().unwrap()), "{:?}", line.event);
        }
        asked.insert(line.event.id.as_str());
    }
}
