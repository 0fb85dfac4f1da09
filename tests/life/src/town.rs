//! Groups and what people are interested in.

/// What contents are about, and what members are interested in: the name in records, and the word in texts.
pub const TOPICS: [(&str, &str); 8] = [
    ("tea", "茶叶"),
    ("health", "养生"),
    ("cooking", "美食"),
    ("parenting", "亲子"),
    ("travel", "旅行"),
    ("reading", "读书"),
    ("finance", "理财"),
    ("deals", "优惠"),
];

/// Where members live.
pub const REGIONS: [&str; 8] = ["郑州", "洛阳", "开封", "新乡", "北京", "上海", "杭州", "成都"];

/// What members do.
pub(crate) const OCCUPATIONS: [&str; 10] =
    ["餐饮", "教师", "会计", "设计", "物流", "医护", "电商", "建筑", "金融", "自由职业"];

/// A kind of group: name, word, and how much each of [`TOPICS`] appeals to it, per mille.
pub const KINDS: [(&str, &str, [u64; 8]); 5] = [
    ("product", "产品", [900, 500, 500, 250, 150, 150, 200, 800]),
    ("interest", "兴趣", [600, 400, 800, 300, 900, 600, 100, 200]),
    ("knowledge", "知识", [300, 800, 300, 700, 200, 900, 700, 100]),
    ("resource", "资源", [200, 200, 200, 300, 400, 500, 900, 600]),
    ("marketing", "营销", [500, 300, 600, 200, 300, 100, 400, 950]),
];

/// Kinds of contents: name, and days after which half of the interest is gone.
pub const CONTENT_KINDS: [(&str, u64); 4] = [("news", 3), ("story", 12), ("guide", 40), ("offer", 5)];

/// Formats of contents.
pub const FORMATS: [&str; 4] = ["text", "image", "article", "video"];

/// Slots of the day: name, hour, and how much each of [`FORMATS`] appeals in it, per mille.
pub const SLOTS: [(&str, u64, [u64; 4]); 3] =
    [("morning", 8, [900, 700, 500, 300]), ("noon", 12, [600, 900, 600, 700]), ("evening", 20, [500, 600, 950, 900])];

/// A group of the community.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// Which of [`KINDS`].
    pub kind: usize,
}

impl Group {
    /// The kinds take turns.
    pub(crate) fn number(number: usize) -> Self {
        let kind = number % KINDS.len();
        let (name, word, _) = KINDS[kind];
        let round = number / KINDS.len() + 1;
        Self { id: format!("{name}-{round}"), name: format!("春风里郑州中心{word}群{round}"), kind }
    }

    /// The name of its kind.
    pub fn kind_name(&self) -> &'static str {
        KINDS[self.kind].0
    }
}
