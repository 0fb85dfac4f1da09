//! Who may do what, and whose things are whose.

use serde_json::json;
use usher_tests::TestHost;

#[test]
fn without_a_valid_key_there_is_no_answer() {
    let host = TestHost::with_ad_guard();
    for client in [host.anonymous(), host.with_key("usk_of_somebody_else")] {
        let answer = client.get("/v1/brands/tea").expect(401);
        assert_eq!(answer.problem(), "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[test]
fn each_role_does_its_work_and_no_other() {
    let host = TestHost::with_ad_guard();
    let event = host.message("u-1", "hello");
    let group = json!({"name": "g2"});
    let check = |role: &str, send: u16, manage: u16, keys: u16| {
        let client = host.key(role, Some("tea"));
        assert_eq!(client.post("/v1/brands/tea/groups/g1/events", &event).status, send, "{role} sends");
        let put = client.put("/v1/brands/tea/groups/g2", &group).status;
        assert!(if manage == 200 { put == 200 || put == 201 } else { put == manage }, "{role} manages: {put}");
        assert_eq!(client.post("/v1/keys", &json!({"role": "viewer"})).status, keys, "{role} makes keys");
        client.get("/v1/brands/tea/decisions").expect(200);
    };
    check("operator", 200, 200, 403);
    check("integrator", 200, 403, 403);
    check("moderator", 403, 403, 403);
    check("viewer", 403, 403, 403);
    let answer = host.key("viewer", Some("tea")).upload(b"").expect(403);
    assert_eq!(answer.problem(), "forbidden");
}

#[test]
fn another_brands_things_are_not_there() {
    let host = TestHost::with_ad_guard();
    host.put("/v1/brands/coffee", &json!({"name": "咖啡"})).expect(201);
    let coffee = host.key("operator", Some("coffee"));
    let mine = host.post_message("u-1", "hello");
    let id = mine.0["id"].as_str().unwrap();
    for path in [
        "/v1/brands/tea",
        "/v1/brands/tea/groups",
        "/v1/brands/tea/groups/g1",
        "/v1/brands/tea/groups/g1/members",
        "/v1/brands/tea/groups/g1/plugins",
        "/v1/brands/tea/groups/g1/plugins/ad-guard",
        "/v1/brands/tea/groups/g1/plugins/ad-guard/revisions",
        "/v1/brands/tea/word-lists",
        "/v1/brands/tea/decisions",
        &format!("/v1/brands/tea/decisions/{id}"),
        &format!("/v1/brands/coffee/decisions/{id}"),
    ] {
        assert_eq!(coffee.get(path).expect(404).problem(), "not-found", "{path}");
    }
    let event = host.message("u-1", "hello");
    coffee.post("/v1/brands/tea/groups/g1/events", &event).expect(404);
    coffee.put("/v1/brands/tea/groups/g1/plugins/ad-guard", &json!({"version": "0.1.0"})).expect(404);
    let seen = coffee.get("/v1/brands").expect(200).json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["id"], "coffee");
}

#[test]
fn a_key_taken_back_is_of_no_use_and_a_kept_one_survives_a_restart() {
    let mut host = TestHost::with_ad_guard();
    let made = host.post("/v1/keys", &json!({"role": "viewer", "brand": "tea", "name": "wall"})).expect(201).json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let listed = host.get("/v1/keys").expect(200).text;
    assert!(listed.contains("wall") && !listed.contains(&secret), "{listed}");
    host.restart();
    let viewer = host.with_key(&secret);
    viewer.get("/v1/brands/tea").expect(200);
    let path = format!("/v1/keys/{}", made["id"].as_str().unwrap());
    host.get(&path).expect(200);
    host.delete(&path).expect(204);
    viewer.get("/v1/brands/tea").expect(401);
    host.delete(&path).expect(404);
}
