//! Plugins with a language's engine inside behave as all others: fresh and configured for each event.

use serde_json::{Value, json};
use usher_tests::{Decided, TestHost, guest};

/// What `words-*` said: the words that it found, and how many events that instance had judged.
fn found(decided: &Decided) -> Vec<(String, String)> {
    let findings = decided.0["findings"].as_array().cloned().unwrap_or_default();
    let evidence =
        |finding: &Value, at: usize| finding["evidence"][at]["value"].as_str().unwrap_or_default().to_owned();
    findings.iter().map(|finding| (evidence(finding, 0), evidence(finding, 1))).collect()
}

fn behaves_as_all_others(name: &str) {
    let host = TestHost::with_a_group_and_shared_cache();
    host.upload(&guest(name)).expect(201);
    let with = |words: Value| json!({"version": "0.1.0", "settings": {"words": words}});
    host.enable(name, &with(json!(["加微信", "tea"]))).expect(201);
    for _ in 0..3 {
        let decided = host.post_message("u-1", "想买ＴＥＡ的加微信");
        assert_eq!(decided.outcome(name), "findings", "{}", decided.0);
        let judged = |word: &str| (word.to_owned(), "1".to_owned());
        assert_eq!(found(&decided), [judged("加微信"), judged("tea")]);
        assert_eq!(decided.0["findings"][1]["spans"][0]["text"], "ＴＥＡ");
    }
    assert_eq!(host.post_message("u-1", "大家早上好").outcome(name), "abstain");
    let refused = host.enable(name, &with(json!(["refuse"]))).expect(422);
    assert_eq!(refused.problem(), "configure-failed");
    assert!(refused.text.contains("this word is refused"), "{}", refused.text);
    assert_eq!(found(&host.post_message("u-1", "tea")).len(), 1);
    // Other settings meet the next event, and elsewhere at the same time.
    host.enable(name, &with(json!(["coffee"]))).expect(200);
    assert_eq!(found(&host.post_message("u-1", "tea")).len(), 0);
    let coffee = host.post_message("u-1", "coffee");
    assert_eq!(found(&coffee).len(), 1);
    let id = coffee.0["id"].as_str().unwrap();
    let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
}

#[test]
fn a_plugin_in_typescript_is_fresh_and_configured_for_each_event() {
    behaves_as_all_others("words-quickjs");
}

#[test]
#[ignore = "its tools are hundreds of megabytes, and compiling it takes a minute: `cargo xtask test --thorough`"]
fn a_plugin_in_the_largest_engine_is_fresh_and_configured_for_each_event() {
    behaves_as_all_others("words-starlingmonkey");
}

#[test]
fn a_plugin_in_python_is_fresh_and_configured_for_each_event() {
    behaves_as_all_others("words-python");
}
