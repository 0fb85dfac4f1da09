//! Policy B1, as operators see it: who pays or helps becomes a candidate, who farms points does not, nobody flickers.

use jiff::civil::date;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use usher_life::{Life, Persona, Size};
use usher_tests::diary::{Diary, live, settle};
use usher_tests::{TestHost, plugin};

/// The day of the run, of the diary.
const TODAY: i64 = 100;

/// A group with the plugin in force, and members with a record: who, and on which day they joined.
fn group(members: &[(&str, i64)]) -> TestHost {
    let host = TestHost::with_a_group();
    host.upload(&plugin("vip-score")).expect(201);
    host.enable("vip-score", &json!({"version": "0.1.0"})).expect(201);
    for (member, joined) in members {
        let record = json!({"name": member, "joined_at": Diary::moment(*joined, 0)});
        host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
    }
    host
}

/// Thirty members who write now and then, so that there is somebody to be held against.
fn bystanders(diary: &mut Diary) -> Vec<String> {
    let names: Vec<String> = (0..30).map(|number| format!("b-{number:02}")).collect();
    for (number, name) in (0..).zip(&names) {
        for day in (20 + number % 7..TODAY).step_by(9) {
            diary.message(day, name, "早上好");
        }
    }
    names
}

fn asked() -> Value {
    json!({"plugins": ["vip-score"], "threshold": {"enter": 60, "leave": 45}, "at": Diary::moment(TODAY, 0)})
}

#[test]
fn who_helps_and_who_pays_become_candidates_and_a_farmer_of_points_does_not() {
    let host = group(&[("helper", -200), ("payer", -90), ("farmer", -300), ("new", 90), ("accomplice", -300)]);
    let mut diary = Diary::new();
    let others = bystanders(&mut diary);
    for day in 30..TODAY {
        let other = &others[usize::try_from(day).unwrap() % others.len()];
        diary.message(day, "helper", "大家早");
        if day % 2 == 0 {
            diary.answer(day, "helper", other);
        }
        for _ in 0..10 {
            diary.message(day, "farmer", "签到");
        }
        diary.answer(day, "farmer", "accomplice");
        diary.answer(day, "farmer", "accomplice");
        if day % 10 == 0 {
            diary.note(day, "purchase.made", "payer", &json!({"order": format!("o-{day}"), "amount_yuan": 300}));
        }
        if day > 92 {
            diary.answer(day, "new", other);
        }
    }
    diary.send(&host);
    let ran = host.score(&asked());
    let mut chosen = ran.chosen();
    chosen.sort_unstable();
    assert_eq!(chosen, ["helper", "payer"], "{:#?}", ran.rows);
    assert_eq!(ran.labels("helper"), ["VIP候选·助人"]);
    assert_eq!(ran.labels("payer"), ["VIP候选·付费"]);
    assert!(ran.score("farmer") < 15.0, "{:?}", ran.points("farmer"));
    assert_eq!(ran.remarks("new"), ["入群10天，未满30天"]);
    let reasons: Vec<&str> = ran.points("helper").into_iter().map(|(reason, _)| reason).collect();
    assert_eq!(
        reasons,
        [
            "助人：近90天被采纳的回答（与全体相比，同一人最多计几次）",
            "助人：近90天帮助过的不同成员（与全体相比）",
            "助人：近90天发言的天数（不高于助人的程度）"
        ]
    );
}

#[test]
fn a_strike_keeps_even_the_best_payer_out_until_it_expires() {
    let host = group(&[("payer", -90)]);
    host.upload(&plugin("scripted")).expect(201);
    let grants = json!(["state", "history", "timers", "strikes", "members", "action:strike"]);
    host.enable("scripted", &json!({"version": "0.1.0", "grants": grants})).expect(201);
    let mut diary = Diary::new();
    bystanders(&mut diary);
    for day in (10..TODAY).step_by(10) {
        diary.note(day, "purchase.made", "payer", &json!({"order": format!("o-{day}"), "amount_yuan": 300}));
    }
    // For ten days.
    diary.message(TODAY - 5, "payer", "strike 2 864000000");
    diary.send(&host);
    let ran = host.score(&asked());
    assert_eq!(ran.remarks("payer"), ["有未过期的违规记录（2分，最多0分）"]);
    assert!(ran.chosen().is_empty(), "{:#?}", ran.rows);
    let later = json!({"plugins": ["vip-score"], "threshold": 60, "at": Diary::moment(TODAY + 8, 0)});
    assert_eq!(host.score(&later).chosen(), ["payer"]);
}

#[test]
fn nobody_flickers_over_thirty_daily_runs_and_the_candidates_are_those_who_help_or_pay() {
    const BEFORE: i64 = 100;
    let size = Size { seed: 11, members: 90, groups: 1, contents: 1, days: BEFORE + 30, first: date(2026, 1, 1) };
    let life = Life::new(size);
    let host = TestHost::start();
    settle(&host, &life);
    host.upload(&plugin("vip-score")).expect(201);
    let group = &life.groups[0].id;
    host.put("/v1/brands/life/plugins/vip-score", &json!({"version": "0.1.0"})).expect(201);
    live(&host, &life, 0..BEFORE);
    let runs: Vec<BTreeMap<String, bool>> = (BEFORE..BEFORE + 30)
        .map(|day| {
            live(&host, &life, day..day + 1);
            let asked = json!({"threshold": {"enter": 60, "leave": 45}, "at": life.moment(day, 23 * 3_600_000)});
            let ran = host.run("life", &format!("groups/{group}/scores"), &asked);
            let rows = ran.rows.iter();
            rows.map(|row| (row["member"].as_str().unwrap().to_owned(), row["chosen"] == true)).collect()
        })
        .collect();
    let chosen_on = |run: &BTreeMap<String, bool>, id: &str| run.get(id).copied().unwrap_or_default();
    for member in &life.members {
        let changes = runs.windows(2).filter(|pair| chosen_on(&pair[0], &member.id) != chosen_on(&pair[1], &member.id));
        assert!(changes.count() <= 1, "{member:?} comes and goes");
    }
    let last = runs.last().unwrap();
    let share = |persona: Persona| {
        let all: Vec<_> =
            life.of(persona).filter(|member| member.joined < BEFORE - 30 && member.left.is_none()).collect();
        let chosen = all.iter().filter(|member| chosen_on(last, &member.id)).count();
        (chosen, all.len())
    };
    let (helpers, payers) = (share(Persona::Helper), share(Persona::Payer));
    assert!(helpers.0 + payers.0 >= 3, "helpers {helpers:?}, payers {payers:?}");
    for none in [Persona::Farmer, Persona::Accomplice, Persona::Spammer, Persona::Onlooker] {
        assert_eq!(share(none).0, 0, "{none:?}");
    }
}
