//! What can be recommended: articles, images, offers, texts.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use utoipa::ToSchema;

/// Bytes of a title, and of an attribute.
const TEXT_BYTES_MAX: usize = 1024;
/// Bytes of a kind, a topic, a format, an author, a segment, and of an attribute's name.
const WORD_BYTES_MAX: usize = 128;
/// Kinds or segments of an audience, and attributes.
const LIST_MAX: usize = 256;

/// Something that can be shown to a group or to a member. All words are the brand's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Content {
    /// What people see first.
    pub title: String,
    /// What it is for: `product`, `knowledge`, …
    pub kind: String,
    /// What it is about.
    pub topic: String,
    /// What it is made of: `text`, `image`, `article`, …
    pub format: String,
    /// Who made it.
    pub author: String,
    /// For whom it is.
    pub audience: Audience,
    /// From when it may be shown; always when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Until when, exclusive; for ever when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// What else the brand keeps.
    pub attributes: BTreeMap<String, String>,
}

/// For whom a content is. An empty list leaves nobody out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audience {
    /// Only groups of these kinds.
    pub kinds: Vec<String>,
    /// Only members of these segments, or groups that stand for one of them.
    pub segments: Vec<String>,
}

/// A content that can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct InvalidContent {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: &'static str,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl Content {
    /// Whether it may be shown at that moment.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_until.is_none_or(|until| at < until)
    }

    /// Checks what its shape alone does not keep.
    ///
    /// # Errors
    /// [`InvalidContent`] names the first field that is too large, or the end that is not after the beginning.
    pub fn check(&self) -> Result<(), InvalidContent> {
        let invalid = |pointer, detail: String| Err(InvalidContent { pointer, detail });
        let words =
            [("/kind", &self.kind), ("/topic", &self.topic), ("/format", &self.format), ("/author", &self.author)];
        if self.title.len() > TEXT_BYTES_MAX {
            return invalid("/title", format!("at most {TEXT_BYTES_MAX} bytes"));
        }
        if let Some((pointer, _)) = words.into_iter().find(|(_, word)| word.len() > WORD_BYTES_MAX) {
            return invalid(pointer, format!("at most {WORD_BYTES_MAX} bytes"));
        }
        for (pointer, list) in
            [("/audience/kinds", &self.audience.kinds), ("/audience/segments", &self.audience.segments)]
        {
            if list.len() > LIST_MAX || list.iter().any(|word| word.len() > WORD_BYTES_MAX) {
                return invalid(pointer, format!("at most {LIST_MAX}, of at most {WORD_BYTES_MAX} bytes"));
            }
        }
        let large = |(name, value): (&String, &String)| name.len() > WORD_BYTES_MAX || value.len() > TEXT_BYTES_MAX;
        if self.attributes.len() > LIST_MAX || self.attributes.iter().any(large) {
            let detail = format!("at most {LIST_MAX}, names of {WORD_BYTES_MAX} and values of {TEXT_BYTES_MAX} bytes");
            return invalid("/attributes", detail);
        }
        if self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| until <= from) {
            return invalid("/valid_until", "it must be after `valid_from`".into());
        }
        Ok(())
    }
}

impl Audience {
    /// Whether it takes in a group of this kind, or a member of this segment there.
    pub fn admits(&self, kind: &str, segment: &str) -> bool {
        let in_list = |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one == word);
        in_list(&self.kinds, kind) && in_list(&self.segments, segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }

    #[test]
    fn a_content_is_valid_from_its_beginning_to_before_its_end() {
        let (from, until) = (at("2026-11-22T00:00:00Z"), at("2026-11-23T00:00:00Z"));
        let content = Content { valid_from: from, valid_until: until, ..Content::default() };
        assert_eq!(content.check(), Ok(()));
        let valid = |text: &str| content.is_valid_at(at(text).unwrap());
        assert!(!valid("2026-11-21T23:59:59Z") && valid("2026-11-22T00:00:00Z"));
        assert!(valid("2026-11-22T23:59:59Z") && !valid("2026-11-23T00:00:00Z"));
        assert!(Content::default().is_valid_at(Timestamp::EPOCH));
        let reversed = Content { valid_from: until, valid_until: from, ..Content::default() };
        assert_eq!(reversed.check().unwrap_err().pointer, "/valid_until");
    }

    #[test]
    fn an_audience_of_no_words_is_everybody() {
        assert!(Audience::default().admits("product", "north"));
        let audience = Audience { kinds: vec!["product".into()], segments: vec!["north".into()] };
        assert!(audience.admits("product", "north"));
        assert!(!audience.admits("interest", "north") && !audience.admits("product", "south"));
    }

    #[test]
    fn everything_about_a_content_has_a_limit() {
        let long = "x".repeat(1025);
        let wrong = [
            (Content { title: long.clone(), ..Content::default() }, "/title"),
            (Content { topic: "x".repeat(129), ..Content::default() }, "/topic"),
            (Content { attributes: [("a".into(), long)].into(), ..Content::default() }, "/attributes"),
            (
                Content {
                    audience: Audience { kinds: vec![String::new(); 257], ..Audience::default() },
                    ..Content::default()
                },
                "/audience/kinds",
            ),
        ];
        for (content, pointer) in wrong {
            assert_eq!(content.check().unwrap_err().pointer, pointer);
        }
    }
}
