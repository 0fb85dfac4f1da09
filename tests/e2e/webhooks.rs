//! Decisions leave the host: webhooks are told what was decided, whatever happens meanwhile.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use usher_tests::{Answers, Receiver, TestHost, plugin, postgres};

const HOOK: &str = "/v1/brands/tea/webhooks/moderators";
const SPAM: &str = "加微信 abc12345";

/// A host that may tell this machine, tries again at once, and takes a silent address for dead after half a second.
const INSIDE: [(&str, &str); 3] = [
    ("USHER_WEBHOOKS__PRIVATE_ADDRESSES", "true"),
    ("USHER_WEBHOOKS__RETRY_AFTER_S", "[0, 0, 0]"),
    ("USHER_WEBHOOKS__ANSWER_MS", "500"),
];

fn with_ad_guard(env: &[(&str, &str)]) -> TestHost {
    let env = [&INSIDE, env].concat();
    let host = TestHost::start_with_env(&["--clock", "events"], &env);
    host.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({"name": "茶友一群"})).expect(201);
    host.upload(&plugin("ad-guard")).expect(201);
    host.enable("ad-guard", &json!({"version": "0.1.0"})).expect(201);
    host
}

/// Tells this receiver. Returns the secret.
fn tell(host: &TestHost, receiver: &Receiver) -> String {
    let made = host.put(HOOK, &json!({"url": receiver.url()})).expect(201).json();
    made["secret"].as_str().unwrap().to_owned()
}

fn waiting(host: &TestHost) -> Vec<Value> {
    host.get(&format!("{HOOK}/deliveries")).expect(200).json()["items"].as_array().unwrap().clone()
}

/// Waits until nothing is left to be told.
fn told_all(host: &TestHost) {
    while !waiting(host).is_empty() {
        std::thread::yield_now();
    }
}

#[test]
fn what_leaves_something_to_do_is_told_signed_and_as_it_was_answered() {
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&[]));
    let secret = tell(&host, &receiver);
    host.post_message("u1", "大家早上好");
    let event = host.message("u1", SPAM);
    let answered = host.post_event(&event).expect(200);
    let told = receiver.next();
    assert!(told.is_signed_with(&secret), "{told:?}");
    assert!(!told.is_signed_with("whsec_b3RoZXI="));
    assert_eq!(told.id(), answered.json()["id"]);
    let at = &answered.json()["at"];
    let expected =
        format!(r#"{{"type":"decision.made","timestamp":{at},"data":{{"brand":"tea","decision":{}}}}}"#, answered.text);
    assert_eq!(told.body, expected);
    told_all(&host);
    assert_eq!(receiver.rest(), [], "a greeting is nobody's business");
}

#[test]
fn a_webhook_is_told_everything_or_only_of_some_groups() {
    let (host, everything, elsewhere) = (with_ad_guard(&[]), Receiver::start(&[]), Receiver::start(&[]));
    host.put(HOOK, &json!({"url": everything.url(), "tells": "all"})).expect(201);
    let only = json!({"url": elsewhere.url(), "tells": "all", "groups": ["g2"]});
    host.put("/v1/brands/tea/webhooks/elsewhere", &only).expect(201);
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    let first = host.post_message("u1", "大家早上好");
    let event = host.message("u1", "大家好");
    let second = host.post("/v1/brands/tea/groups/g2/events", &event).expect(200).json();
    let told: BTreeSet<String> = [everything.next(), everything.next()].map(|told| told.id().to_owned()).into();
    assert_eq!(told, [&first.0["id"], &second["id"]].map(|id| id.as_str().unwrap().to_owned()).into());
    assert_eq!(elsewhere.next().id(), second["id"]);
    assert_eq!(elsewhere.rest(), []);
}

#[test]
fn an_address_that_fails_is_told_again_the_same() {
    let failures = [Answers::With(500), Answers::Never, Answers::With(302)];
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&failures));
    tell(&host, &receiver);
    let decided = host.post_message("u1", SPAM);
    let attempts = [(); 4].map(|()| receiver.next());
    assert!(attempts.iter().all(|told| told.id() == decided.0["id"] && told.body == attempts[0].body), "{attempts:?}");
    told_all(&host);
    assert_eq!(receiver.rest(), []);
}

#[test]
fn what_is_given_up_can_be_told_again_by_hand() {
    let (host, receiver) = (with_ad_guard(&[("USHER_WEBHOOKS__RETRY_AFTER_S", "[]")]), Receiver::start(&[]));
    tell(&host, &receiver);
    receiver.answer(Answers::With(404));
    let decided = host.post_message("u1", SPAM);
    receiver.next();
    let given_up = loop {
        let waiting = waiting(&host);
        if waiting[0]["attempts"] == 1 {
            break waiting[0].clone();
        }
    };
    let expected = json!({"decision": decided.0["id"], "attempts": 1, "failure": "it answered 404 Not Found"});
    assert_eq!(given_up, expected);
    let retried = host.post(&format!("{HOOK}/deliveries/retry"), &json!({})).expect(200).json();
    assert_eq!(retried["deliveries"], 1);
    assert_eq!(receiver.next().id(), decided.0["id"]);
    told_all(&host);
}

#[test]
fn an_address_that_is_gone_for_good_is_not_tried_again() {
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&[Answers::With(410)]));
    tell(&host, &receiver);
    host.post_message("u1", SPAM);
    receiver.next();
    while waiting(&host)[0].get("due").is_some() {}
    assert_eq!(receiver.rest(), []);
}

#[test]
fn a_host_that_is_killed_tells_after_its_next_start() {
    let (mut host, receiver) = (with_ad_guard(&[]), Receiver::start(&[Answers::Never]));
    let secret = tell(&host, &receiver);
    let decided = host.post_message("u1", SPAM);
    receiver.next();
    host.kill();
    host.restart();
    let told = receiver.next();
    assert_eq!(told.id(), decided.0["id"]);
    assert!(told.is_signed_with(&secret));
    told_all(&host);
}

#[test]
fn a_silent_address_delays_nobody_else() {
    let (host, silent, quick) = (with_ad_guard(&[]), Receiver::start(&[Answers::Never; 200]), Receiver::start(&[]));
    tell(&host, &silent);
    host.put("/v1/brands/tea/webhooks/quick", &json!({"url": quick.url()})).expect(201);
    let decided: BTreeSet<String> =
        (0..40).map(|_| host.post_message("u1", SPAM).0["id"].as_str().unwrap().to_owned()).collect();
    let told: BTreeSet<String> = (0..40).map(|_| quick.next().id().to_owned()).collect();
    assert_eq!(told, decided);
    assert!(!waiting(&host).is_empty());
}

#[test]
fn what_a_timer_decides_is_told_too() {
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&[]));
    host.upload(&plugin("red-packet")).expect(201);
    host.enable("red-packet", &json!({"version": "0.1.0"})).expect(201);
    let mut share = host.message("u1", "好文推荐");
    share["media"] = json!(["article"]);
    host.post_event(&share).expect(200);
    tell(&host, &receiver);
    host.pass_ms(4 * 60 * 1000);
    host.post_message("u2", "早上好");
    let decision = &receiver.next().json()["data"]["decision"];
    assert_eq!(decision["actions"][0]["kind"], "kick", "{decision}");
    assert_eq!(decision["actions"][0]["member"], "u1", "{decision}");
}

#[test]
fn a_replaced_secret_signs_for_a_while_and_no_secret_is_shown_twice() {
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&[]));
    let old = tell(&host, &receiver);
    let replaced = host.post(&format!("{HOOK}/secret"), &json!({})).expect(200).json();
    let new = replaced["secret"].as_str().unwrap();
    host.post_message("u1", SPAM);
    let told = receiver.next();
    assert!(told.is_signed_with(&old) && told.is_signed_with(new), "{told:?}");
    host.put(HOOK, &json!({"url": receiver.url(), "tells": "all"})).expect(200);
    for path in [HOOK, "/v1/brands/tea/webhooks"] {
        assert!(!host.get(path).expect(200).text.contains("secret"));
    }
    assert!(!host.log().contains("whsec_"));
    host.post_message("u1", "早");
    assert!(receiver.next().is_signed_with(new), "a change of the address keeps the secret");
}

#[test]
fn a_webhook_that_is_taken_away_is_told_nothing_more() {
    let (host, receiver) = (with_ad_guard(&[]), Receiver::start(&[Answers::With(500); 3]));
    tell(&host, &receiver);
    host.delete(HOOK).expect(204);
    host.post_message("u1", SPAM);
    assert_eq!(host.get(HOOK).status, 404);
    // Made anew, it begins anew.
    tell(&host, &receiver);
    assert_eq!(waiting(&host), [] as [Value; 0]);
}

#[test]
fn what_lies_inside_the_network_may_not_be_told_unless_the_operator_says_so() {
    let host = TestHost::with_ad_guard();
    for url in ["http://example.com/", "https://127.0.0.1/x", "https://localhost:8443/", "https://[::1]/", "nonsense"] {
        let refused = host.put(HOOK, &json!({"url": url})).expect(422);
        assert_eq!((refused.problem(), refused.pointers()), ("invalid".into(), vec!["/url".into()]), "{url}");
    }
    host.put(HOOK, &json!({"url": "https://example.com/usher"})).expect(201);
}

#[test]
fn only_who_manages_the_brand_sees_and_changes_its_webhooks() {
    let host = with_ad_guard(&[("USHER_WEBHOOKS__PER_BRAND", "1")]);
    let body = json!({"url": "https://example.com/usher"});
    host.put("/v1/brands/milk", &json!({})).expect(201);
    for role in ["integrator", "moderator", "viewer"] {
        let key = host.key(role, Some("tea"));
        for path in [HOOK, "/v1/brands/tea/webhooks", &format!("{HOOK}/deliveries")] {
            assert_eq!(key.get(path).status, 403, "{role} {path}");
        }
        assert_eq!(key.put(HOOK, &body).status, 403);
        assert_eq!(key.delete(HOOK).status, 403);
        assert_eq!(key.post(&format!("{HOOK}/secret"), &json!({})).status, 403);
        assert_eq!(key.post(&format!("{HOOK}/deliveries/retry"), &json!({})).status, 403);
    }
    assert_eq!(host.key("operator", Some("milk")).put(HOOK, &body).status, 404);
    let operator = host.key("operator", Some("tea"));
    operator.put(HOOK, &body).expect(201);
    let second = operator.put("/v1/brands/tea/webhooks/second", &body).expect(409);
    assert!(second.text.contains("webhooks.per_brand"), "{}", second.text);
}

#[test]
fn two_hosts_tell_each_decision() {
    let (database, receiver) = (postgres(), Receiver::start(&[]));
    let env = [&INSIDE[..], &[("USHER_DATABASE_URL", database.as_str())]].concat();
    let hosts = [(); 2].map(|()| TestHost::start_with_env(&["--clock", "events"], &env));
    hosts[0].put("/v1/brands/tea", &json!({})).expect(201);
    for group in ["g0", "g1"] {
        hosts[0].put(&format!("/v1/brands/tea/groups/{group}"), &json!({})).expect(201);
    }
    hosts[0].put(HOOK, &json!({"url": receiver.url(), "tells": "all"})).expect(201);
    // A change makes the second host read what the first has changed.
    hosts[1].put("/v1/brands/milk", &json!({})).expect(201);
    let mut decided = BTreeSet::new();
    for number in 0..40_usize {
        let event = hosts[number % 2].message("u1", &format!("第 {number} 条"));
        let path = format!("/v1/brands/tea/groups/g{}/events", number % 2);
        let answer = hosts[number % 2].post(&path, &event).expect(200).json();
        decided.insert(answer["id"].as_str().unwrap().to_owned());
    }
    let mut told = BTreeSet::new();
    while told.len() < decided.len() {
        told.insert(receiver.next().id().to_owned());
    }
    assert_eq!(told, decided);
    told_all(&hosts[0]);
}
