//! The rules that read the folded text, as one pure function.

use std::ops::Range;

use crate::contact::contacts;
use crate::lexicon::{Channel, Lexicon};
use crate::link::{domain, links};
use crate::phrases::{Phrases, touches};
use crate::settings::Settings;

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
        let allowed = self.phrases.ranges(folded);
        let mut hits = self.contacts(folded);
        hits.extend(self.links(folded));
        hits.retain(|hit| hit.span.as_ref().is_none_or(|span| !touches(&allowed, span)));
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
        links(folded).into_iter().filter(|link| !self.allows(&link.target)).map(|link| Hit {
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
