//! The word list of the house rules, and matching it without a host.

use aho_corasick::AhoCorasick;

const WORK: [&str; 20] = [
    "刷单",
    "兼职",
    "网赚",
    "博彩",
    "贷款",
    "代购",
    "代理",
    "招聘",
    "信用卡",
    "代开发票",
    "办证",
    "私家侦探",
    "减肥药",
    "保健品",
    "丰胸",
    "增高",
    "彩票",
    "投资",
    "外汇",
    "虚拟币",
];
const OFFER: [&str; 10] = ["日结", "返利", "招人", "包过", "秒到账", "内部价", "加盟", "无门槛", "一手货", "稳赚"];
const PHRASES: [&str; 6] = ["做兼职", "领红包", "免费领样品", "cheap followers", "今天半价", "老客户再送"];

/// Entries of the list: 206, none inside another, so that all ways to find them agree.
pub fn entries() -> Vec<String> {
    let pairs = WORK.iter().flat_map(|work| OFFER.iter().map(move |offer| format!("{work}{offer}")));
    pairs.chain(PHRASES.map(str::to_owned)).collect()
}

/// The entries in one automaton.
#[derive(Debug)]
pub struct Words {
    entries: Vec<String>,
    automaton: AhoCorasick,
}

impl Words {
    /// Builds the automaton; none when the entries are too many for it.
    pub fn new(entries: Vec<String>) -> Option<Self> {
        let automaton = AhoCorasick::new(&entries).ok()?;
        Some(Self { entries, automaton })
    }

    /// Entries that stand in the text, each once.
    pub fn find(&self, text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for entry in
            self.automaton.find_overlapping_iter(text).filter_map(|hit| self.entries.get(hit.pattern().as_usize()))
        {
            if !found.contains(&entry.as_str()) {
                found.push(entry);
            }
        }
        found
    }
}
