//! Small things that people edit: every revision is kept, with who wrote it and when.

use crate::StoreError;
use serde_json::Value;
use thiserror::Error;
use usher_model::Timestamp;

/// What kind of thing a document is. Stored by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// Tenants; `brand` of the key is empty.
    Brands,
    /// Groups of a brand.
    Groups,
    /// Members; the id is `GROUP/MEMBER`.
    Members,
    /// Plugins in force; the id is the scope and the plugin.
    Enablements,
    /// Word lists of a brand.
    WordLists,
    /// Webhooks of a brand, with their secrets.
    Webhooks,
    /// What can be recommended.
    Contents,
    /// API keys; `brand` of the key is empty.
    Keys,
    /// What events met; the id is the digest.
    Plans,
    /// What people say of candidates; the id is `GROUP/MEMBER`, with no group for those of a whole brand.
    Candidates,
    /// Runs that begin by themselves; the id is `GROUP/NAME`, with no group for those of a whole brand.
    Schedules,
    /// Which run an idempotency key stands for; the id is `GROUP/KEY`.
    RunKeys,
}

impl Collection {
    /// All of them.
    pub const ALL: [Collection; 12] = [
        Collection::Brands,
        Collection::Groups,
        Collection::Members,
        Collection::Enablements,
        Collection::WordLists,
        Collection::Webhooks,
        Collection::Contents,
        Collection::Keys,
        Collection::Plans,
        Collection::Candidates,
        Collection::Schedules,
        Collection::RunKeys,
    ];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Collection::Brands => "brands",
            Collection::Groups => "groups",
            Collection::Members => "members",
            Collection::Enablements => "enablements",
            Collection::WordLists => "word_lists",
            Collection::Webhooks => "webhooks",
            Collection::Contents => "contents",
            Collection::Keys => "keys",
            Collection::Plans => "plans",
            Collection::Candidates => "candidates",
            Collection::Schedules => "schedules",
            Collection::RunKeys => "run_keys",
        }
    }
}

/// Names one document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKey {
    /// What it is.
    pub collection: Collection,
    /// Whose it is; empty for what belongs to the host.
    pub brand: String,
    /// Which one.
    pub id: String,
}

/// One revision of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Which document.
    pub key: DocumentKey,
    /// 1 for the first; never reused, also not after a deletion.
    pub revision: u64,
    /// The content.
    pub body: Value,
    /// Id of the key that wrote it.
    pub written_by: String,
    /// When, by the wall clock.
    pub written_at: Timestamp,
}

/// What to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDocument {
    /// Which document.
    pub key: DocumentKey,
    /// The content.
    pub body: Value,
    /// Id of the key that writes it.
    pub written_by: String,
    /// When, by the wall clock.
    pub written_at: Timestamp,
}

/// What must hold for a write to take place (RFC 9110, 13.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    None,
    /// There is no such document (`If-None-Match: *`).
    Absent,
    /// This is its revision (`If-Match`).
    Revision(u64),
}

impl Precondition {
    /// Whether a write may take place on what stands.
    pub(crate) fn holds(self, current: Option<u64>) -> bool {
        match self {
            Precondition::None => true,
            Precondition::Absent => current.is_none(),
            Precondition::Revision(expected) => current == Some(expected),
        }
    }
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// There was none before.
    Created {
        /// The new revision.
        revision: u64,
    },
    /// There is one revision more.
    Updated {
        /// The new revision.
        revision: u64,
    },
    /// The content was the same: no revision was added.
    Unchanged {
        /// The revision that stands.
        revision: u64,
    },
}

impl Written {
    /// The revision that stands now.
    pub fn revision(self) -> u64 {
        match self {
            Written::Created { revision } | Written::Updated { revision } | Written::Unchanged { revision } => revision,
        }
    }
}

/// Why a write did not take place.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The precondition does not hold.
    #[error("the document's revision is {current:?}")]
    Precondition {
        /// The revision that stands; none when there is no such document.
        current: Option<u64>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a deletion did not take place.
#[derive(Debug, Error)]
pub enum DeleteError {
    /// There is no such document.
    #[error("there is no such document")]
    Missing,
    /// The precondition does not hold.
    #[error("the document's revision is {current}")]
    Precondition {
        /// The revision that stands.
        current: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which documents to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentQuery {
    /// What they are.
    pub collection: Collection,
    /// Whose; none for every brand's.
    pub brand: Option<String>,
    /// Only ids that begin so.
    pub prefix: String,
    /// Only those after this (brand, id), in the order of the list.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: u32,
}

/// The first text after all that begin so, in the order of bytes, which is that of characters. None when there is no
/// end: only a prefix of nothing but the last character of Unicode has none.
pub(crate) fn end_of_prefix(prefix: &str) -> Option<String> {
    let kept = prefix.trim_end_matches(char::MAX);
    let last = kept.chars().next_back()?;
    // The characters after this one, without the gap of the surrogates.
    let next = (last..=char::MAX).nth(1)?;
    Some(format!("{}{next}", &kept[..kept.len() - last.len_utf8()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        for (prefix, end) in [("a", "b"), ("group/g-1/", "group/g-10"), ("群", "羥"), ("a\u{d7ff}", "a\u{e000}")] {
            assert_eq!(end_of_prefix(prefix).as_deref(), Some(end), "{prefix}");
        }
        assert_eq!(end_of_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(end_of_prefix("\u{10ffff}"), None);
    }
}
