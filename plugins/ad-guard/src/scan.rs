//! The rules that read the folded text, as one pure function.

use std::ops::Range;

use crate::contact::contacts;
use crate::lexicon::{Channel, Lexicon};
use crate::link::{domain, links};
use crate::phrases::{Phrases, touches};
use crate::settings::Settings;

/// A text that is longer is read at its two ends only, so that no text is too much work to judge. No reader gets
/// through the middle of it either.
const MOST_TEXT_BYTES: usize = 12 * 1024;
/// Contacts, and links, that one part is searched for.
pub(crate) const MOST_FOUND: usize = 256;

/// What a hit breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Asks members into private contact.
    ContactSolicitation,
    /// Leads out of the group.
    Link,
}

/// Something found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it breaks.
    pub rule: Rule,
    /// Where, in bytes of the folded text; none for a link that came beside the text.
    pub span: Option<Range<usize>>,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// The channel (微信, QQ, ...) or the domain.
    pub what: String,
    /// An account, a telephone number or a link is given: the reader could follow at once.
    pub actionable: bool,
}

/// The words and what the operator allows, ready to scan.
#[derive(Debug)]
pub struct Scanner {
    lexicon: Lexicon,
    phrases: Phrases,
    domains: Vec<String>,
}

impl Scanner {
    /// `fold` is the host's folding, which the scanned texts went through too.
    pub fn new(settings: &Settings, fold: impl Fn(&str) -> String) -> Self {
        let domains = &settings.allowed_domains;
        Self {
            lexicon: Lexicon::new(&fold),
            phrases: Phrases::new(&settings.allowed_phrases, &fold),
            domains: domains.iter().map(|domain| domain.trim_start_matches("*.").to_ascii_lowercase()).collect(),
        }
    }

    /// Everything in a folded text, and in the links that came with it.
    pub fn scan(&self, folded: &str, attached: &[String]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (offset, part) in parts(folded) {
            // Most texts have no hit, and are not searched for what would excuse it.
            let mut allowed = None;
            let found = self.contacts(part).into_iter().chain(self.links(part));
            hits.extend(found.filter_map(|hit| {
                let allowed = allowed.get_or_insert_with(|| self.phrases.ranges(part));
                let span = hit.span.clone().filter(|span| !touches(allowed, span))?;
                Some(Hit { span: Some(span.start + offset..span.end + offset), ..hit })
            }));
        }
        for target in attached.iter().filter_map(|link| domain(link)) {
            if !self.allows(&target) && !hits.iter().any(|hit| hit.what == target) {
                hits.push(Hit { rule: Rule::Link, span: None, confidence: 1.0, what: target, actionable: true });
            }
        }
        hits
    }

    /// Where the allowed phrases stand in a folded text.
    pub(crate) fn allowed(&self, folded: &str) -> Vec<Range<usize>> {
        self.phrases.ranges(folded)
    }

    fn contacts(&self, folded: &str) -> Vec<Hit> {
        contacts(&self.lexicon, folded)
            .into_iter()
            .map(|contact| Hit {
                rule: Rule::ContactSolicitation,
                span: Some(contact.span),
                confidence: contact.confidence,
                what: contact.channel.map_or("私聊", Channel::name).to_owned(),
                actionable: contact.with_account,
            })
            .collect()
    }

    fn links(&self, folded: &str) -> impl Iterator<Item = Hit> {
        links(folded).take(MOST_FOUND).filter(|link| !self.allows(&link.target)).map(|link| Hit {
            rule: Rule::Link,
            confidence: link.confidence(),
            span: Some(link.span),
            what: link.target,
            actionable: true,
        })
    }

    fn allows(&self, target: &str) -> bool {
        self.domains.iter().any(|domain| {
            target.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// What is read of a text, each part with where it begins.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let whole = text.len() <= MOST_TEXT_BYTES;
    let head = if whole { text.len() } else { text.floor_char_boundary(MOST_TEXT_BYTES / 2) };
    let tail = if whole { text.len() } else { text.ceil_char_boundary(text.len() - MOST_TEXT_BYTES / 2) };
    [0..head, tail..text.len()].into_iter().filter_map(|range| Some((range.start, text.get(range)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_at_both_ends_and_spans_stay_where_they_are() {
        let scanner = Scanner::new(&Settings::default(), usher_text::fold);
        let text = format!("加微信abc123 {} 加微信xyz789", "茶".repeat(20_000));
        let found: Vec<_> = scanner.scan(&text, &[]).into_iter().filter_map(|hit| text.get(hit.span?)).collect();
        assert_eq!(found, ["加微信abc123", "加微信xyz789"]);
    }

    #[test]
    fn what_is_too_long_to_be_an_address_is_none() {
        let scanner = Scanner::new(&Settings::default(), usher_text::fold);
        for text in [format!("https://{}.com/x", "a".repeat(300)), format!("@{}", "a".repeat(100))] {
            assert_eq!(scanner.scan(&text, &[]), []);
        }
    }
}
