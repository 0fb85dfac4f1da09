//! Policy A16, as a group sees it: questions are answered, and those that nobody answers go to customer service.

use serde_json::{Value, json};
use usher_tests::Story;

fn shop() -> Story {
    let entries =
        json!([{"name": "营业时间", "keywords": ["营业时间", "几点+开门"], "answer": "每天 9:00 到 21:00。"}]);
    Story::of("faq", &json!({"name": "新品茶样群"}), &json!({"entries": entries}))
}

#[test]
fn what_is_known_is_answered_however_it_is_written() {
    let group = shop();
    let answered = group.happens("22T12:00:00", "u-1", json!({"text": "請問幾點開門？"}));
    assert_eq!((answered.verdict(), answered.rules()), ("allow", vec!["faq-answered"]));
    let action = &answered.0["actions"][0];
    assert_eq!((&action["kind"], &action["text"]), (&json!("reply"), &json!("每天 9:00 到 21:00。")));
    assert_eq!(group.happens("22T12:00:30", "u-2", json!({"text": "营业时间？"})).rules(), [] as [&str; 0]);
}

#[test]
fn a_question_without_an_answer_is_escalated_after_ten_minutes_once() {
    let mut group = shop();
    group.happens("22T11:59:00", "u-9", json!({"text": "营业时间？"}));
    group.happens("22T12:00:00", "u-1", json!({"id": "q-1", "text": "可以开发票吗？"}));
    group.happens("22T12:00:01", "u-2", json!({"id": "q-2", "text": "怎么退货？"}));
    group.happens("22T12:05:00", "u-3", json!({"text": "找客服就行", "payload": {"reply_to": "q-2"}}));
    group.kill();
    group.restart();
    group.happens("22T12:30:00", "u-3", json!({"text": "早"}));
    let said = vec!["可以开发票吗？".to_owned()];
    assert_eq!(group.said_for("question-unanswered"), [("2026-11-22T12:10:00Z".to_owned(), said)]);
    let page = group.get("/v1/brands/tea/decisions?group=g1&rule=question-unanswered").expect(200).json();
    let decision = &page["items"][0];
    assert_eq!(decision["actions"][0]["details"], json!({"event": "q-1", "queue": "service"}));
    // One of three was handled automatically.
    let evidence = decision["findings"][0]["evidence"].as_array().unwrap();
    assert!(evidence.contains(&json!({"name": "automatic-share", "value": "33%"})), "{evidence:?}");
}

#[test]
fn staff_answers_who_is_mentioned() {
    let group = shop();
    for (at, member) in [("22T12:00:00", "u-1"), ("22T12:00:01", "u-2")] {
        group.happens(at, member, json!({"text": "怎么退货？"}));
    }
    let answer = json!({"text": "@u-1 在订单页面", "payload": {"mentions": ["u-1"]}, "actor": {"roles": ["service"]}});
    group.happens("22T12:01:00", "service-1", answer);
    group.happens("22T13:00:00", "u-3", json!({"text": "早"}));
    let page = group.get("/v1/brands/tea/decisions?group=g1&rule=question-unanswered").expect(200).json();
    let members: Vec<&Value> =
        page["items"].as_array().unwrap().iter().map(|item| &item["actions"][0]["member"]).collect();
    assert_eq!(members, [&json!("u-2")]);
}
