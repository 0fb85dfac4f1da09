//! What authors begin from, uploaded to a host as they would: whatever the language, the host comes to the same.

use serde_json::{Value, json};
use usher_tests::diary::{Diary, title};
use usher_tests::{TestHost, template};

const LANGUAGES: [&str; 6] = ["rust", "typescript", "python", "c", "zig", "go"];

/// The day of the runs, of the diary.
const TODAY: i64 = 60;

/// A host on which a template's plugin is in force, with the settings that it comes with.
fn host(hook: &str, language: &str, settings: &Value) -> TestHost {
    let host = TestHost::with_a_group_and_shared_cache();
    host.enable_guest(&template(hook, language), settings).expect(201);
    host
}

/// What each language's plugin came to; panics when one is of another opinion.
#[track_caller]
fn the_same_in_every_language<T: PartialEq + std::fmt::Debug>(story: impl Fn(&'static str) -> T) -> T {
    let first = story(LANGUAGES[0]);
    for language in &LANGUAGES[1..] {
        assert_eq!(story(language), first, "{language} and {}", LANGUAGES[0]);
    }
    first
}

#[test]
fn a_template_of_a_check_decides_the_same_in_every_language() {
    let decided = the_same_in_every_language(|language| {
        let host = host("check", language, &json!({"words": ["加微信"]}));
        let texts = ["大家早上好", "想做兼职的加 微❤信 abc123", "加微信加微信", ""];
        texts.map(|text| host.post_message("u1", text).unmeasured())
    });
    let [greeting, disguised, twice, empty] = decided;
    assert_eq!((greeting.verdict(), empty.verdict()), ("allow", "allow"));
    assert_eq!((disguised.rules(), twice.rules()), (vec!["unwanted-word"], vec!["unwanted-word"]));
    assert_eq!(disguised.0["findings"][0]["spans"][0]["text"], "加 微❤信");
    assert_eq!(disguised.0["actions"][0]["text"], "请文明发言");
}

#[test]
fn a_template_of_a_scorer_scores_the_same_in_every_language() {
    let rows = the_same_in_every_language(|language| {
        let host = host("score", language, &json!({"helping": 60, "being_active": 40, "least_days": 30}));
        for (member, joined) in [("helper", -100), ("onlooker", -100), ("newcomer", TODAY - 4)] {
            let record = json!({"name": member, "joined_at": Diary::moment(joined, 0)});
            host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
        }
        let mut diary = Diary::new();
        for day in (40..TODAY).step_by(3) {
            diary.answer(day, "helper", "onlooker");
        }
        diary.message(TODAY - 2, "newcomer", "大家好");
        diary.send(&host);
        let ran = host.score(&json!({"threshold": {"enter": 60, "leave": 45}, "at": Diary::moment(TODAY, 0)}));
        assert_eq!(ran.chosen(), ["helper"]);
        assert_eq!(ran.remarks("newcomer"), ["入群不满30天"]);
        ran.rows
    });
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_template_of_a_ranker_ranks_the_same_in_every_language() {
    let rows = the_same_in_every_language(|language| {
        let host = host("rank", language, &json!({"half_life_hours": 48, "topics": ["咖啡"]}));
        // Ages of whole half-lives, whose powers are the same in every language's library.
        for (id, topic, days) in [("new", "茶", 0), ("old", "茶", 8), ("wanted", "咖啡", 2)] {
            let body = json!({"title": title(id), "kind": "story", "topic": topic, "format": "text", "author": id,
                "valid_from": Diary::moment(TODAY - days, 0), "valid_until": Diary::moment(TODAY + 30, 0)});
            host.put(&format!("/v1/brands/tea/contents/{id}"), &body).expect(201);
        }
        let asked = json!({"slot": "morning", "limit": 3, "explore_percent": 0, "at": Diary::moment(TODAY, 0)});
        let ran = host.recommend(&asked);
        assert_eq!(ran.recommended(), ["new", "wanted", "old"]);
        assert_eq!(ran.points("wanted"), [("新鲜", 25.0), ("本群关心的话题", 10.0)]);
        ran.rows
    });
    assert_eq!(rows.len(), 3);
}
