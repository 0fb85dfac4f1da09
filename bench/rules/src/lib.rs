//! The house rules: what Usher and its peers are all asked to judge a message by.
//!
//! | rule | severity | finds |
//! | --- | --- | --- |
//! | `forbidden-word` | medium | entries of a word list; the finding names them |
//! | `contact` | high | a channel with an account behind it: `qq:12345678` |
//! | `link` | low | `http://` or `https://` |
//!
//! Owners and admins are never judged. The text is folded when it gets here. This is the rules' Rust: the host runs it
//! natively, and it is compiled into the plugins for Usher and for Extism. Scripts say the same in their own words.

mod contact;
#[cfg(feature = "host")]
pub mod host;
mod words;

pub use contact::has_contact;
pub use words::{Words, entries};

use serde::{Deserialize, Serialize};

/// A message, as peers get it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Message<'a> {
    /// Folded.
    #[serde(borrow)]
    pub text: std::borrow::Cow<'a, str>,
    /// Of the member who wrote it.
    #[serde(borrow)]
    pub roles: Vec<&'a str>,
    /// Entries that the host found in the text; none when finding them is left to the rules.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<&'a str>>,
}

/// A rule that speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its name.
    pub rule: String,
    /// How bad it is.
    pub severity: String,
    /// Entries of the word list, each once; only `forbidden-word` has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// Name and severity of the rules, in the order in which they speak.
pub const FORBIDDEN_WORD: (&str, &str) = ("forbidden-word", "medium");
/// See [`FORBIDDEN_WORD`].
pub const CONTACT: (&str, &str) = ("contact", "high");
/// See [`FORBIDDEN_WORD`].
pub const LINK: (&str, &str) = ("link", "low");

/// Judges a message whose forbidden words are known.
pub fn judge(text: &str, roles: &[&str], words: &[&str]) -> Vec<Found> {
    let found = |(rule, severity): (&str, &str), words: &[&str]| Found {
        rule: rule.to_owned(),
        severity: severity.to_owned(),
        words: words.iter().map(|&word| word.to_owned()).collect(),
    };
    let mut all = Vec::new();
    if !words.is_empty() {
        all.push(found(FORBIDDEN_WORD, words));
    }
    if has_contact(text) {
        all.push(found(CONTACT, &[]));
    }
    if has_link(text) {
        all.push(found(LINK, &[]));
    }
    if roles.iter().any(|role| is_exempt(role)) {
        all.clear();
    }
    all
}

/// Whether there is a link.
pub fn has_link(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| text[..at].ends_with("http") || text[..at].ends_with("https"))
}

/// Whether members of this role are never judged.
pub fn is_exempt(role: &str) -> bool {
    matches!(role, "owner" | "admin")
}
