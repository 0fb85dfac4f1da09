//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;
use usher_plugin::Severity;

/// What the operator can set.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How bad it is to ask members into private contact; `none` switches the rule off.
    pub contact_severity: Severity,
    /// How bad a link outside of `allowed_domains` is; `none` switches the rule off.
    pub link_severity: Severity,
    /// Lists that the brand keeps, each with how bad a hit is.
    pub word_lists: Vec<WordListSetting>,
    /// A match that touches one of these phrases is no match.
    pub allowed_phrases: Vec<String>,
    /// Domains that may be linked, with all below them.
    pub allowed_domains: Vec<String>,
    /// Members with one of these roles are never judged.
    pub exempt_roles: Vec<String>,
    /// What to ask for.
    pub action: Remedy,
    /// From which severity on to ask for it.
    pub action_from: Severity,
    /// What the member is told.
    pub warning: String,
}

/// One of the brand's word lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordListSetting {
    /// The list's name at the brand.
    pub name: String,
    /// How bad a hit is.
    #[serde(default = "medium")]
    pub severity: Severity,
}

/// What to ask for when something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Tell the member.
    Warn,
    /// Remove the message, and tell the member.
    Delete,
    /// Hide the message, and tell the member.
    Hide,
    /// Find only.
    None,
}

impl Remedy {
    /// The kind of action in the contract's words.
    pub fn kind(self) -> Option<&'static str> {
        match self {
            Self::Warn => Some("warn"),
            Self::Delete => Some("delete"),
            Self::Hide => Some("hide"),
            Self::None => None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact_severity: Severity::Medium,
            link_severity: Severity::Medium,
            word_lists: Vec::new(),
            allowed_phrases: Vec::new(),
            // Articles of official accounts have a policy of their own (a red packet pays for them).
            allowed_domains: vec!["mp.weixin.qq.com".to_owned()],
            exempt_roles: vec!["owner".to_owned(), "admin".to_owned()],
            action: Remedy::Warn,
            action_from: Severity::Medium,
            warning: "本群不允许发布广告".to_owned(),
        }
    }
}

fn medium() -> Severity {
    Severity::Medium
}
