//! Messages to judge: ordinary talk and advertising, Chinese and English, made the same way in every run.

/// How many there are.
pub const MESSAGES: usize = 1024;

const TALK: [&str; 12] = [
    "大家早上好，今天的新茶到了，欢迎来店里品尝，位置不多先到先得。",
    "请问龙井用多少度的水泡比较好？我昨天用了刚烧开的水，味道有点苦。",
    "加油！明天的品鉴会一定能成功，我已经把场地和茶具都准备好了。",
    "微信支付和现金都可以，发票需要的话提前一天告诉客服。",
    "我昨天在路口交通堵了一个小时，来晚了，实在不好意思。",
    "昨天的白茶真不错，回甘很持久，适合秋天喝，推荐给大家。",
    "The new pu-erh is wonderful, thank you all for the recommendation last week!",
    "Does anybody know whether the shop opens on Sunday morning before nine?",
    "孩子今天第一次自己泡茶，水温和时间都刚刚好，全家人都夸他。",
    "下个月的茶山游学还有三个名额，想去的朋友请在群里接龙。",
    "这款紫砂壶的泥料怎么样？第一次买，想听听老茶友的意见。",
    "感谢群主的分享，学到了很多关于发酵和存储的知识。",
];

const ADS: [&str; 6] = [
    "想做兼职的加 V❤信 abc123，日结，无押金，手机就能做。",
    "加薇信：tea_888，免费领样品，前一百名有礼。",
    "Ｑ Ｑ：１２３４５６７８ 进群领红包，手慢无。",
    "Contact me on WhatsApp +44 7700 900123 for cheap followers, guaranteed.",
    "详情见 https://cheap-tea.example.net/buy?id=42 ，今天半价。",
    "加\u{200b}微\u{200b}信 vx_tea_2026 有惊喜，老客户再送一份。",
];

/// One message in eight advertises.
pub fn messages() -> Vec<String> {
    (0..MESSAGES)
        .map(|i| {
            let talk = |n: usize| TALK.get(n % TALK.len()).copied().unwrap_or_default();
            let ad = ADS.get(i / 8 % ADS.len()).filter(|_| i % 8 == 0).copied().unwrap_or_default();
            format!("{}{}{}（{i}）", talk(i * 7), talk(i * 5 + 3), ad)
        })
        .collect()
}
