//! What people write: plain sentences put together from parts, so that they read as a group does and no two days are
//! alike.

use crate::dice::Dice;
use crate::town::TOPICS;

const QUESTIONS: [&str; 6] = [
    "请问{}新手该从哪里入手？",
    "有懂{}的朋友吗，想请教一下",
    "大家{}一般怎么选？",
    "{}这个问题困扰我好久了，怎么办呢",
    "求推荐靠谱的{}",
    "第一次接触{}，需要注意什么？",
];
const ANSWERS: [&str; 6] = [
    "我之前也遇到过，建议先从基础的{}开始，少量多次",
    "可以看看群文件里的{}资料，第三页讲得很清楚",
    "{}关键看来源，别贪便宜",
    "我整理过一份{}的对比，发你参考",
    "先别急，{}这种情况一般一周就好",
    "{}我试过两种办法，第二种更稳",
];
const CHATTER: [&str; 8] = [
    "早上好呀",
    "今天{}的话题真热闹",
    "哈哈哈说得对",
    "周末有人一起聊{}吗",
    "刚看完一篇讲{}的，收获不小",
    "下班了，来报个到",
    "最近{}又有新花样",
    "同意楼上",
];
const THOUGHTS: [&str; 4] = [
    "我觉得{}的本质是信任，价格只是结果",
    "复盘一下这个月的{}：做对了两件事，做错了一件",
    "{}没有捷径，但可以少走弯路，我的经验是先记录再调整",
    "大家讨论{}的时候，往往忽略了时间成本",
];
const DISPUTES: [&str; 4] = [
    "这个说法不对吧？有依据吗",
    "我不同意，{}没那么简单",
    "恰恰相反，数据不支持这个结论",
    "你确定？我看到的正好反过来",
];
const ADVERTISING: [&str; 4] = [
    "招兼职，日结三百，想做的加 V❤信 abc{}",
    "独家货源，量大从优，私聊我领取",
    "躺赚项目，零投入，扫码进群",
    "低价代购，加微信 vx{}",
];
const FARMING: [&str; 6] = ["签到", "顶", "1", "来了", "打卡打卡", "冒泡"];

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    Question,
    Answer,
    Chatter,
    Thought,
    Dispute,
    Advertising,
    Farming,
}

impl Speech {
    /// A sentence about a topic.
    pub(crate) fn sentence(self, topic: usize, dice: &mut Dice) -> String {
        let sentences: &[&str] = match self {
            Self::Question => &QUESTIONS,
            Self::Answer => &ANSWERS,
            Self::Chatter => &CHATTER,
            Self::Thought => &THOUGHTS,
            Self::Dispute => &DISPUTES,
            Self::Advertising => &ADVERTISING,
            Self::Farming => &FARMING,
        };
        let about = match self {
            Self::Advertising => dice.between(100, 999).to_string(),
            _ => TOPICS[topic].1.to_owned(),
        };
        dice.pick(sentences).map(|sentence| sentence.replace("{}", &about)).unwrap_or_default()
    }
}
