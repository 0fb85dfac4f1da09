//! Policies A8 and A14, as operators see them: one pattern for all groups, numbers of their own, and the next in time.

use serde_json::json;
use usher_tests::Story;

#[test]
fn names_are_made_by_the_pattern_and_numbers_are_those_of_one_group() {
    let names = json!({"g1": "茶语郑州中心读书群1", "g2": "茶语郑州中心读书群2"});
    let settings = json!({"values": {"brand": ["茶语"], "region": ["郑州", "洛阳"]}, "names": names});
    let group = Story::of("group-names", &json!({"name": "茶语郑州中心读书群1"}), &settings);
    let renamed =
        |at: &str, to: &str| group.happens(at, "u-1", json!({"kind": "group.renamed", "payload": {"to": to}}));
    let off = renamed("22T12:00:00", "茶友一群");
    assert_eq!((off.verdict(), off.rules()), ("flag", vec!["group-name-off-pattern"]));
    let taken = renamed("22T12:00:01", "茶语郑州中心读书群2");
    assert_eq!((taken.verdict(), taken.rules()), ("flag", vec!["group-number-taken"]));
    let said = taken.0["actions"][0]["text"].as_str().unwrap();
    assert!(said.ends_with("可改为“茶语郑州中心读书群3”。"), "{said}");
    let good = renamed("22T12:00:02", "茶语洛阳中心读书群2");
    assert_eq!((good.verdict(), good.rules()), ("allow", vec!["group-named"]));
}

#[test]
fn the_next_group_is_proposed_once_when_this_one_fills_up() {
    let name = "茶语郑州中心读书群1";
    let group = Story::of("group-names", &json!({"name": name, "size": 99}), &json!({}));
    let joins = |at: &str, member: &str| group.happens(at, member, json!({"kind": "member.joined"}));
    assert_eq!(joins("22T12:00:00", "u-1").rules(), ["group-named"]);
    group.put("/v1/brands/tea/groups/g1", &json!({"name": name, "size": 100})).expect(200);
    let nearly_full = joins("22T12:00:01", "u-2");
    assert_eq!(nearly_full.rules(), ["group-nearly-full"]);
    assert_eq!(nearly_full.0["actions"][0]["details"]["next"], "茶语郑州中心读书群2");
    assert_eq!(joins("22T12:00:02", "u-3").rules(), [] as [&str; 0]);
}

#[test]
fn a_name_of_thousands_of_characters_costs_no_more_than_a_call_may() {
    let pattern = "{a}{b}{c}{d}{e}{f}{g}群{number}";
    let group = Story::of("group-names", &json!({}), &json!({"pattern": pattern}));
    for length in [50, 85, 5_000] {
        let to = "群".repeat(length);
        let renamed = group.happens("22T12:00:00", "u-1", json!({"kind": "group.renamed", "payload": {"to": to}}));
        assert_eq!(renamed.rules(), ["group-name-off-pattern"], "{}", renamed.0);
    }
}
