//! What members write, and what ad-guard makes of it: texts as written, folded as the host folds them.

use ad_guard::{Hit, Rule, Scanner, Settings};
use usher_text::Folded;

fn scan_with(settings: &Settings, text: &str) -> Vec<Hit> {
    Scanner::new(settings, usher_text::fold).scan(Folded::new(text).as_str(), &[])
}

fn confidence(text: &str, rule: Rule) -> f32 {
    scan_with(&Settings::default(), text)
        .iter()
        .filter(|hit| hit.rule == rule)
        .map(|hit| hit.confidence)
        .fold(0.0, f32::max)
}

#[track_caller]
fn solicits(texts: &[&str], least: f32) {
    let missed: Vec<_> = texts
        .iter()
        .map(|text| (text, confidence(text, Rule::ContactSolicitation)))
        .filter(|it| it.1 < least)
        .collect();
    assert!(missed.is_empty(), "missed: {missed:#?}");
}

#[track_caller]
fn is_clean(texts: &[&str]) {
    let hit: Vec<_> =
        texts.iter().map(|text| (text, scan_with(&Settings::default(), text))).filter(|it| !it.1.is_empty()).collect();
    assert!(hit.is_empty(), "wrongly hit: {hit:#?}");
}

#[track_caller]
fn is_unsure(texts: &[&str]) {
    for text in texts {
        let confidence = confidence(text, Rule::ContactSolicitation);
        assert!(confidence > 0.0 && confidence < 0.5, "{text}: {confidence}");
    }
}

#[test]
fn an_invitation_with_an_account_is_all_but_certain() {
    solicits(
        &[
            "想做兼职的加微信abc123",
            "加我微信：wxid_8a7b6c5d",
            "有需要加老师微信 lucky_2024 详聊",
            "加Q 12345678 拿资料",
            "加客服qq：987654321",
            "联系电话13912345678",
            "咨询电话 0371-65512345",
            "联系我们的微信号:happyshop",
            "添加微信13800138000",
        ],
        0.9,
    );
}

#[test]
fn an_invitation_needs_no_account() {
    solicits(
        &[
            "加我微信",
            "大家加微信聊",
            "添加微信领红包",
            "加薇聊",
            "加v了解",
            "有意者私我",
            "想赚钱的滴滴我",
            "加群主qq",
            "微信联系我",
            "扫码进群",
            "感兴趣的联系",
            "需要的小窗我",
        ],
        0.55,
    );
}

#[test]
fn a_channel_with_an_account_needs_no_verb() {
    solicits(
        &[
            "vx:abc123",
            "VX abc12345",
            "qq12345678",
            "微信号 lucky2024",
            "企鹅2233445566",
            "QQ 123456789 收号",
            "威信happy_88",
            "WX：13800138000",
        ],
        0.8,
    );
}

#[test]
fn disguises_change_nothing() {
    solicits(
        &[
            "加 V❤信 abc123",
            "加\u{200b}微\u{200b}信abc123",
            "加 微 信 a b c 1 2 3 4",
            "Ｑ Ｑ：１２３４５６７",
            "加V❤信",
            "➕Ｖ abc123",
            "+v：abc123",
            "加v x abc123",
            "加 w.e.i.x.i.n abc123",
            "佳薇信abc123",
            "嘉威信 abc123",
            "伽v abc123",
            "佳v聊",
            "加薇❤️芯abc123",
            "加扣扣 123456",
            "加微訊？不，加微信 abc123",
            "加ⓥⓧ abc123",
            "加ｗｘ：abc123",
            "加维❤信：lucky2024",
        ],
        0.7,
    );
}

#[test]
fn telephone_numbers_are_seen_through() {
    solicits(
        &[
            "13800138000",
            "打我138-0013-8000",
            "138 0013 8000",
            "一三八零零一三八零零零",
            "1 3 8 0 0 1 3 8 0 0 0",
            "幺三八0013八000",
            "138oo138ooo",
            "+86 138 0013 8000",
            "１３８００１３８０００",
        ],
        0.7,
    );
}

#[test]
fn numbers_that_are_no_telephone_stay() {
    is_clean(&[
        "单号10000000001",
        "订单202311221030123",
        "微信转了50000元",
        "2023-11-22 10:30开始",
        "一共12345678元",
        "圆周率3.14159265358",
        "今天走了13800步",
        "一二三四五六七八九十",
        "价格138 加起来139",
        "手机3999元",
    ]);
}

#[test]
fn everyday_words_stay() {
    is_clean(&[
        "大家加油",
        "今晚加班，大家先回家吧",
        "用微信支付就行",
        "附近有加油站吗",
        "家长请注意",
        "我家微信群很热闹",
        "这家微波炉不错",
        "加微辣，谢谢",
        "路口交通堵塞",
        "装修预算超了",
        "微博上看到的",
        "他加了我微信",
        "增加微信登录功能",
        "更新一下微信iphone版",
        "企业微信怎么打卡",
        "国家卫星导航",
        "最佳微电影",
        "我老家维修手机",
        "QQ音乐听歌",
        "v领毛衣很好看",
        "ctrl+v粘贴",
        "vue3和python3哪个好",
        "手机没电了，打电话给你",
        "坐飞机去北京",
        "滴滴司机到了",
        "联系上下文理解",
        "我坐在嘉定的咖啡店",
        "a+b等于c",
        "电话打不通",
        "参加微信读书活动",
    ]);
}

#[test]
fn warnings_against_it_stay() {
    is_clean(&["不要加微信", "禁止加微信", "请勿加陌生人微信", "别加他微信", "本群严禁私聊加微信", "小心，别联系电话"]);
}

#[test]
fn what_may_be_a_question_or_everyday_speech_is_unsure() {
    is_unsure(&["怎么加微信好友", "可以加微信吗", "如何加你qq", "有困难可以联系我", "加我吧"]);
}

#[test]
fn english_and_russian() {
    solicits(
        &[
            "DM me for details",
            "contact me on WhatsApp",
            "message me privately",
            "text me on telegram @cool_trader",
            "Inbox me now",
            "write to our manager on telegram: @cool_trader",
            "WhatsApp +44 7911 123456",
            "hit me up on whatsapp",
            "Пишите в лс",
            "пиши в личку",
            "жду вас в личных сообщениях",
            "Кому интересно, пишите + в ЛС",
            "подробности в лс",
            "Напишите мне в телеграм: @cool_trader",
            "интересно — пиши",
            "звоните 89161234567",
        ],
        0.55,
    );
}

#[test]
fn english_and_russian_everyday_speech() {
    is_clean(&[
        "I will text you later",
        "the contact form on the site is broken",
        "we use Telegram at work",
        "don't dm me",
        "wechat for windows crashes",
        "talk to your manager",
        "Пойду боту в лс писать",
        "телеграм опять лежит",
        "не пишите мне в личку",
        "у меня вопрос по работе",
        "нужно сообщение об ошибке",
    ]);
}

#[test]
fn links_outside_of_the_allow_list() {
    for text in [
        "看https://shop.example.com/x",
        "example.com不错",
        "t.me/abc",
        "example点com",
        "weixin://dl/chat",
        "下载 www.example.xyz",
        "find @cool_money_bot",
    ] {
        assert!(confidence(text, Rule::Link) > 0.5, "{text}");
    }
    assert!((0.1..0.5).contains(&confidence("谢谢 @some_member", Rule::Link)), "a handle may be a mention");
    is_clean(&["https://mp.weixin.qq.com/s/abc", "见readme.md", "版本1.2.3", "谢谢@小王", "写信给a@example.com"]);
}

#[test]
fn an_allowed_domain_allows_those_below_it() {
    let settings = Settings { allowed_domains: vec!["example.com".into()], ..Settings::default() };
    for (text, hits) in [
        ("https://example.com", 0),
        ("https://docs.Example.com/x", 0),
        ("https://badexample.com", 1),
        ("https://example.com.evil.cn", 1),
    ] {
        assert_eq!(scan_with(&settings, text).len(), hits, "{text}");
    }
}

#[test]
fn attached_links_count_once() {
    let scanner = Scanner::new(&Settings::default(), usher_text::fold);
    let attached = ["https://shop.example.com/a".to_owned(), "https://mp.weixin.qq.com/s/b".to_owned()];
    let hits = scanner.scan("好东西", &attached);
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].what.as_str(), &hits[0].span), ("shop.example.com", &None));
    assert_eq!(scanner.scan("好东西shop.example.com", &attached).len(), 1, "the same link, in the text and beside it");
}

#[test]
fn allowed_phrases_win() {
    let settings =
        Settings { allowed_phrases: vec!["客服微信".into(), "咨询電話".into()], ..Settings::default() };
    assert!(scan_with(&settings, "加客服微信").is_empty());
    assert!(scan_with(&settings, "咨询电话13800138000").is_empty());
    assert_eq!(scan_with(&settings, "加我微信").len(), 1);
}

#[test]
fn spans_lead_back_to_the_text_as_written() {
    let text = "想做兼职的加 V❤信 abc123，谢谢";
    let folded = Folded::new(text);
    let hits = Scanner::new(&Settings::default(), usher_text::fold).scan(folded.as_str(), &[]);
    let span = hits[0].span.clone().unwrap();
    let (start, end) = folded.unfold(span.start.try_into().unwrap(), span.end.try_into().unwrap()).unwrap();
    assert_eq!(text.get(start as usize..end as usize), Some("加 V❤信 abc123"));
    assert_eq!(hits[0].what, "微信");
}

#[test]
fn any_text_can_be_scanned() {
    let scanner = Scanner::new(&Settings::default(), usher_text::fold);
    for text in [
        "",
        " ",
        "+",
        "@",
        "加",
        "加+",
        "微信:",
        "://",
        "...",
        "@@@@@@",
        "加我",
        "１",
        "\u{200b}",
        "加v加v加v",
        "a://b",
        "点com",
        "点",
        "-._~:/?#@&=+%",
    ] {
        let folded = usher_text::fold(text);
        for hit in scanner.scan(&folded, &[text.to_owned()]) {
            assert!(hit.span.is_none_or(|span| folded.get(span).is_some()), "{text}");
        }
    }
}
