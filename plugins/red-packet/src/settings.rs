//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;
use usher_plugin::{Severity, chinese};

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A message with one of these media is a share.
    pub media: Vec<String>,
    /// So is one with a link to one of these hosts, or to one below them.
    pub hosts: Vec<String>,
    /// Least amount of the packet, in yuan.
    pub least_yuan: f64,
    /// For how many people it is, at least.
    pub least_people: u32,
    /// How long after the share the packet may come, in milliseconds.
    pub window_ms: u64,
    /// How long before the share it may come, in milliseconds; 0 when only later ones count.
    pub before_ms: u64,
    /// Whether several packets add up, their amounts and their numbers of people.
    pub add_up: bool,
    /// Members with one of these roles share freely.
    pub exempt_roles: Vec<String>,
    /// What to ask for when no packet came.
    pub action: Remedy,
    /// How long a `mute` lasts, in milliseconds.
    pub mute_ms: u64,
    /// How bad it is when no packet came.
    pub severity: Severity,
    /// Told to the member at the share; nothing when empty.
    pub reminder: String,
    /// Told to the member when a packet is too small; nothing when empty.
    pub too_small: String,
    /// Told to the group when no packet came; nothing when empty.
    pub notice: String,
}

/// What to ask for when no packet came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Remove the member from the group.
    Kick,
    /// Let the member be silent for a while.
    Mute,
    /// Remove the message that shared the article.
    Delete,
    /// Tell the member.
    Warn,
    /// Find only.
    None,
}

impl Settings {
    /// The remedy as members read it.
    pub(crate) fn penalty(&self) -> String {
        match self.action {
            Remedy::Kick => "移出本群".to_owned(),
            Remedy::Mute => format!("禁言{}", chinese::duration(self.mute_ms)),
            Remedy::Delete => "删除文章".to_owned(),
            Remedy::Warn => "警告".to_owned(),
            Remedy::None => "记录".to_owned(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            media: vec!["article".to_owned()],
            hosts: vec!["mp.weixin.qq.com".to_owned()],
            least_yuan: 50.0,
            least_people: 20,
            window_ms: 180_000,
            before_ms: 0,
            add_up: false,
            exempt_roles: vec!["owner".to_owned(), "admin".to_owned()],
            action: Remedy::Kick,
            mute_ms: 86_400_000,
            severity: Severity::Medium,
            reminder: "@{name} 分享公众号文章，请在{left}内发一个不少于{yuan}元、不少于{people}个的红包。逾期处理：{penalty}。"
                .to_owned(),
            too_small: "@{name} 这个红包不够：须不少于{yuan}元、不少于{people}个，还剩{left}。".to_owned(),
            notice: "{name}分享文章后{within}内没有发够红包，处理：{penalty}。".to_owned(),
        }
    }
}
