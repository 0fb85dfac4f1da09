//! Policy A1, as the members and the operators of a group see it.

use serde_json::json;
use usher_tests::TestHost;

#[test]
fn contact_solicitation_is_flagged_however_it_is_disguised() {
    let host = TestHost::with_ad_guard();
    for text in [
        "想做兼职的加 V❤信 abc123",
        "加薇信：tea_888，免费领样品",
        "Ｑ Ｑ：１２３４５６７８ 进群领红包",
        "加\u{200b}微\u{200b}信 vx_tea_2026 有惊喜",
        "加微 信abc",
        "有意者加 v x : tea2026",
    ] {
        let decided = host.post_message("u-1", text);
        assert_eq!((decided.verdict(), decided.rules()), ("flag", vec!["contact-solicitation"]), "{text}");
        assert_eq!(decided.0["actions"][0]["kind"], "warn");
        assert_eq!(decided.0["actions"][0]["member"], "u-1");
        for span in decided.0["findings"][0]["spans"].as_array().unwrap() {
            let (start, end) = (span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap());
            let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
            assert_eq!(span["text"], text[range], "spans are bytes of the text as written");
        }
    }
}

#[test]
fn ordinary_talk_passes() {
    let host = TestHost::with_ad_guard();
    for text in [
        "大家早上好，今天的新茶到了",
        "加油！明天的品鉴会一定能成功",
        "微信支付和现金都可以",
        "我昨天在路口交通堵了一个小时",
    ] {
        let decided = host.post_message("u-1", text);
        assert_eq!((decided.verdict(), decided.outcome("ad-guard").as_str()), ("allow", "abstain"), "{text}");
    }
}

#[test]
fn links_pass_only_from_the_allow_list() {
    let host = TestHost::with_a_group();
    let settings = json!({"allowed_domains": ["example.com"]});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    assert_eq!(host.post_message("u-1", "详情见 https://shop.example.com/tea").verdict(), "allow");
    assert_eq!(host.post_message("u-1", "详情见 https://cheap.example.net/buy").rules(), ["link"]);
}

#[test]
fn a_brands_word_list_is_matched_by_the_host_and_allowed_phrases_win() {
    let host = TestHost::with_a_group();
    let list = json!({"entries": ["刷单", "口交", "女装"], "allow": ["路口交通", "装修"]});
    host.put("/v1/brands/tea/word-lists/forbidden", &list).expect(201);
    let settings = json!({"word_lists": [{"name": "forbidden", "severity": "high"}]});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    let decided = host.post_message("u-1", "诚招刷*單，日结");
    assert_eq!((decided.verdict(), decided.rules()), ("hold", vec!["forbidden-word"]));
    assert_eq!(decided.0["findings"][0]["spans"][0]["text"], "刷*單");
    assert_eq!(decided.0["word_lists"]["forbidden"], 1);
    for text in ["我昨天在路口交通堵了一个小时", "美女装修公司的老板也喜欢喝茶"] {
        assert_eq!(host.post_message("u-1", text).verdict(), "allow", "{text}");
    }
    let plain =
        host.send("PUT", "/v1/brands/tea/word-lists/forbidden", &[("content-type", "text/plain")], "# remark\n新词\n");
    assert_eq!(plain.expect(200).json()["entries"], json!(["新词"]));
    let decided = host.post_message("u-1", "这里有个新词");
    assert_eq!((decided.rules(), &decided.0["word_lists"]["forbidden"]), (vec!["forbidden-word"], &json!(2)));
    host.delete("/v1/brands/tea/word-lists/forbidden").expect(204);
    assert_eq!(host.post_message("u-1", "这里有个新词").verdict(), "allow");
}

#[test]
fn the_owner_may_say_what_members_may_not() {
    let host = TestHost::with_ad_guard();
    let mut event = host.message("boss", "订货加微信 tea_boss_888");
    event["actor"]["roles"] = json!(["owner"]);
    assert_eq!(host.post_event(&event).expect(200).json()["verdict"], "allow");
}

#[test]
fn an_action_that_is_not_granted_ends_the_call_and_says_how_to_grant_it() {
    let host = TestHost::with_a_group();
    host.enable("ad-guard", &json!({"version": "0.1.0", "grants": ["word-lists"]})).expect(201);
    let decided = host.post_message("u-1", "加微信 abc123");
    assert_eq!((decided.verdict(), decided.outcome("ad-guard").as_str()), ("allow", "failed(capability)"));
    let message = decided.0["plugins"][0]["failure"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("`action:warn`") && message.contains("`grants`"), "{message}");
}

#[test]
fn no_text_is_too_much_work_to_judge() {
    let host = TestHost::with_ad_guard();
    let cut = |mut text: String| {
        text.truncate(text.floor_char_boundary(65_536));
        text
    };
    for text in
        ["加微信abc123 ", "加", "微信", "1", "13800138000 ", "v ", "http://a.cn ", "加 V❤信 ", "a.b.", "пишите в лс "]
    {
        let decided = host.post_message("u-1", &cut(text.repeat(65_536)));
        let outcome = decided.outcome("ad-guard");
        assert!(outcome == "findings" || outcome == "abstain", "{text}: {outcome}");
    }
    let hidden = cut(format!("加微信 abc123 {}", "茶".repeat(30_000)));
    assert_eq!(host.post_message("u-1", &hidden).verdict(), "flag");
    let host_name = format!("见 https://{}.com/x 加微信 abc123", "a".repeat(5_000));
    assert_eq!(host.post_message("u-1", &host_name).rules(), ["contact-solicitation"]);
}
