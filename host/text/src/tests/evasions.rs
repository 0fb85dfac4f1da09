//! What members write, and what it folds to.

use crate::{Folded, fold};

#[track_caller]
fn check(written: &str, folded: &str) {
    assert_eq!(fold(written), folded, "{written:?}");
}

#[track_caller]
fn unchanged(written: &str) {
    check(written, written);
}

/// Where `found` of the folded text stands in what was written.
#[track_caller]
fn check_unfold(written: &str, found: &str, stands_as: &str) {
    let folded = Folded::new(written);
    let start = folded.as_str().find(found).unwrap();
    let bytes = |at: usize| u32::try_from(at).unwrap();
    let (from, to) = folded.unfold(bytes(start), bytes(start + found.len())).unwrap();
    assert_eq!(&written[from as usize..to as usize], stands_as, "{written:?}");
}

#[test]
fn forms_of_letters() {
    check("ＶＸ", "vx");
    check("𝐕𝐗 𝓥𝓧 𝔳𝔵", "vx vx vx");
    check("ⓥⓧ ⒱⒳", "vx (v)(x)");
    check("🅥🅧 🆅🆇 🅅🅇", "vx vx vx");
    check("ᵛˣ ᴠx", "vx vx");
    check("①③８ ❶➂➑ ⓵⓪⓿", "138 138 100");
    check("Ｑ Ｑ：１２３４５", "qq:12345");
    check("ﬁne ㎏ ㍿ ½ № ™", "fine kg株式会社1/2 no tm");
    check("🈲 ㊙ ㊗", "禁秘祝");
}

#[test]
fn traditional_to_simplified() {
    check("加微訊領紅包", "加微讯领红包");
    check("聯繫電話：１３８", "联系电话:138");
    check("⼀⼆⾦", "一二金");
    unchanged("加薇信"); // homophones are for plugins
}

#[test]
fn look_alikes() {
    check("vх", "vx"); // Cyrillic х
    check("ＶХ ВХ вх", "vx bx bx");
    check("ωechat", "ωechat");
    check("νχ", "vx"); // Greek
    check("ᏙᎳ ꓦꓫ", "vw vx");
    check("wēi xìn wéí", "wei xin wei");
    check("v̶x̶ z̷̢̛a̴l̵g̶o̷", "vx zalgo");
    check("ᴡᴇɪxɪɴ ᴡᴇᴄʜᴀᴛ", "weixin wechat");
    check("зaрaботок", &fold("заработок")); // Latin a in a Cyrillic word
    check("pаypаl Аpple", "paypal apple");
    unchanged("1l 0o rn m |l1 i1"); // ASCII is never taken for other ASCII
}

#[test]
fn invisible_characters() {
    check("微\u{200b}信", "微信");
    check("v\u{200d}\u{2060}x\u{feff}", "vx");
    check("w\u{ad}e\u{ad}chat", "wechat");
    check("\u{202e}微信\u{202c}", "微信");
    check("1\u{fe0f}\u{20e3}3\u{fe0f}\u{20e3}8\u{fe0f}\u{20e3}", "138");
    check("v\u{e0061}\u{e0062}x", "vx");
    check("a\r\nb\u{2028}c\0", "a\nb\nc");
}

#[test]
fn inserted_beside_han() {
    check("加 V❤信 abc", "加v信abc");
    check("加 V❤信 abc123", "加v信abc123");
    for written in ["微.信", "微 信", "微*信", "微-信", "微_信", "微·信", "微~信", "微|信", "微/信", "微+信", "微、信"]
    {
        check(written, "微信");
    }
    for written in ["微❤️信", "微😊😊信", "微★信", "微→信", "微——信", "微……信", "微“信”", "微　信", "微 \u{200b}. 信"]
    {
        check(written, "微信");
    }
    check("微※信 微・信 微⁂信", "微信微信微信");
    check("薇 信 号 ： abc_123", "薇信号: abc_123");
}

#[test]
fn spelled_out() {
    for written in ["v x", "V-X", "v . x", "v - x", "v❤x", "v ❤ x", "v+x", "ｖ　ｘ", "v  x"] {
        check(written, "vx");
    }
    check("w.e.i.x.i.n", "weixin");
    check("w e-i  x_i*n", "weixin");
    check("加 v x：abc", "加vx:abc");
    check("add my q q 12345", "add my qq 12345");
    check("з а р а б о т о к", &fold("заработок"));
}

#[test]
fn a_plus_that_says_add() {
    check("+V abc", "+v abc");
    check("＋微信", "+微信");
    check("➕V➕微", "+v微");
    check("咨询+v", "咨询+v");
    check("详情 + V 12", "详情v 12");
    check("hello +微信", "hello +微信");
    check("加+微+信", "加微信");
    check("c++ 1+1=2", "c++ 1+1=2");
}

#[test]
fn what_belongs_to_the_text_stays() {
    unchanged("example.com and mail@example.com");
    unchanged("https://a.b/c?d=e&f=1, http://x-y.z/a-b\nok");
    check("看https://a.b/c d-e", "看https://a.b/c de");
    unchanged("https://t.me/+js6cejeri0ug5mdkx");
    unchanged("i am here, it's a test. don't you?");
    unchanged("3.14 at 20:30 on 2024-01-02, 138 0013 8000");
    unchanged("今天天气真好。我们去公园吧！".replace('！', "!").as_str());
    unchanged("第一行\n第二行");
    unchanged("¥100 (50%) [ok] a@b, 5 - 3");
    unchanged("john f. kennedy");
    unchanged("안녕 나 너 하세요");
    unchanged("これは が ぱ テスト です");
    unchanged("हिन्दी".replace('\u{94d}', "").as_str());
    check("I Am Here", "i am here");
    check("Мой й Ёлка", &fold("мой й елка"));
    check("а у нас и я", "a y hac и я");
    check("今天（周一）去 Apple Store 買 iPhone 15", "今天(周一)去apple store买iphone 15");
    check("①点", "1点");
}

#[test]
fn marks_that_make_a_letter() {
    check("и\u{306}", "й");
    check("か\u{3099} ｶﾞ", "が ガ");
    check("\u{1112}\u{1161}\u{11ab}", "한");
    check("cafe\u{301} café CAFE\u{301}", "cafe cafe cafe");
    check("\u{113c2}\u{113c2}", "\u{113c5}"); // two vowel signs that make one
    check("\u{1138b}\u{113c5}", "\u{1138b}"); // not after this letter, which takes one of them
    check("\u{301}", "");
}

#[test]
fn back_to_what_was_written() {
    check_unfold("加 V❤信 abc", "v信", "V❤信");
    check_unfold("你好 ＶＸ：１２", "vx", "ＶＸ");
    check_unfold("你好 w.e.i.x.i.n 12", "weixin", "w.e.i.x.i.n");
    check_unfold("看 ⒈ 好", "1", "⒈");
    check_unfold("㍿好", "式会", "㍿");
    check_unfold("訊問 и\u{306}x", "й", "и\u{306}");
    check_unfold("👍加 微信👍", "加微信", "加 微信");
}

#[test]
fn ranges_that_are_none() {
    let folded = Folded::new("微 信");
    assert_eq!(folded.unfold(0, 6), Some((0, 7)));
    assert_eq!(folded.unfold(3, 3), Some((4, 4)));
    assert_eq!(folded.unfold(6, 6), Some((7, 7)));
    for (start, end) in [(1, 3), (0, 4), (0, 7), (3, 0), (7, 7), (u32::MAX, u32::MAX)] {
        assert_eq!(folded.unfold(start, end), None);
    }
    assert_eq!(Folded::new("").unfold(0, 0), Some((0, 0)));
}
