//! What there is to post, and how much it appeals to whom. The appeal is the truth that nobody tells the host.

use crate::dice::Dice;
use crate::town::{CONTENT_KINDS, FORMATS, KINDS, SLOTS, TOPICS};

/// Days for which a content may be posted.
pub const VALID_DAYS: i64 = 30;

const AUTHORS: u64 = 24;
const TITLES: [&str; 8] = [
    "{}入门：从哪里开始",
    "本周{}清单",
    "关于{}，最常见的五个误区",
    "一图看懂{}",
    "老会员聊{}",
    "{}避坑指南",
    "春天的{}",
    "{}问答精选",
];
/// The other half of a title, so that two of them are seldom nearly the same.
const SUBTITLES: [&str; 16] = [
    "十年经验都在这里",
    "新手也能看懂",
    "附一份对照表",
    "别再走弯路了",
    "三分钟读完",
    "来自真实案例",
    "常被忽略的细节",
    "价格背后的门道",
    "看看别人怎么做",
    "一次说清楚",
    "家里长辈也适用",
    "周末就能试试",
    "专家的三条建议",
    "省钱又省心",
    "本地人的选择",
    "今年的新变化",
];

/// An article, a picture, an offer: something that is posted in a slot.
#[derive(Debug, Clone)]
pub struct Content {
    /// Position among all contents.
    pub number: u64,
    /// The id.
    pub id: String,
    /// For people.
    pub title: String,
    /// Which of [`CONTENT_KINDS`].
    pub kind: usize,
    /// Which of [`TOPICS`].
    pub topic: usize,
    /// Which of [`FORMATS`].
    pub format: usize,
    /// Who made it.
    pub author: String,
    /// The day from which on it may be posted.
    pub from: i64,
    /// How good it is, per mille. Nobody tells the host.
    pub quality: u64,
}

impl Content {
    pub(crate) fn number(seed: u64, number: u64, days: i64, contents: u64) -> Self {
        let mut dice = Dice::of(&[seed, 3, number]);
        let mut of = |count: usize| usize::try_from(dice.below(count as u64)).unwrap_or_default();
        let (kind, topic, format, title) =
            (of(CONTENT_KINDS.len()), of(TOPICS.len()), of(FORMATS.len()), of(TITLES.len()));
        let author = dice.below(AUTHORS);
        let subtitle = dice.pick(&SUBTITLES).copied().unwrap_or_default();
        // Spread evenly, from a month before the first day on, so that there is something to post from the beginning.
        let span = u64::try_from(days + VALID_DAYS).unwrap_or_default();
        let from = i64::try_from(number * span / contents.max(1)).unwrap_or_default() - VALID_DAYS;
        Self {
            number,
            id: format!("c-{number:05}"),
            title: format!("{}，{subtitle}", TITLES[title].replace("{}", TOPICS[topic].1)),
            kind,
            topic,
            format,
            author: format!("author-{author:02}"),
            from,
            quality: quality(author, &mut dice),
        }
    }

    /// Whether it may be posted on this day.
    pub fn is_valid(&self, day: i64) -> bool {
        (self.from..self.from + VALID_DAYS).contains(&day)
    }

    /// The chance, per mille, that an ideal reader in a group of this kind reads it in this slot on this day.
    pub fn appeal(&self, group_kind: usize, slot: usize, day: i64) -> u64 {
        let fit = KINDS[group_kind].2[self.topic];
        let form = SLOTS[slot].2[self.format];
        let half_life = CONTENT_KINDS[self.kind].1;
        let age = u64::try_from(day - self.from).unwrap_or_default();
        let fresh = 1000 * half_life / (half_life + age);
        // Four things have to come together; so that people read at all, a quarter of all is enough.
        (4 * self.quality * fit / 1000 * form / 1000 * fresh / 1000).min(1000)
    }
}

/// Authors differ, and so do the works of one author.
fn quality(author: u64, dice: &mut Dice) -> u64 {
    let talent = Dice::of(&[4, author]).between(200, 900);
    let luck = dice.between(100, 1_000);
    talent.midpoint(luck)
}
