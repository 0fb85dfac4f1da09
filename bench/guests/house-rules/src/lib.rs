//! The house rules as a plugin for Usher: the host folds the text and finds the forbidden words.

use usher_bench_rules::{CONTACT, FORBIDDEN_WORD, LINK, Words, has_contact, has_link, is_exempt};
use usher_plugin::prelude::*;
use usher_plugin::text::WordList;

/// Judges messages by the house rules.
#[derive(Debug)]
pub struct HouseRules {
    own: Option<Words>,
}

/// What an operator may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Forbidden words to be found here; the host's list `forbidden` when there are none.
    words: Vec<String>,
}

impl Check for HouseRules {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("house-rules", env!("CARGO_PKG_VERSION"))
            .summary("Forbidden words, contacts, links: for the benchmark")
            .event("message.created")
            .capability("word-lists")
            .settings_schema(r#"{"type":"object","properties":{"words":{"type":"array","items":{"type":"string"}}}}"#)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        if settings.words.is_empty() {
            return Ok(Self { own: None });
        }
        let own = Words::new(settings.words).ok_or("too many words")?;
        Ok(Self { own: Some(own) })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        let text = event.folded_text();
        let words = match &self.own {
            Some(words) => words.find(&text).into_iter().map(str::to_owned).collect(),
            None => listed()?,
        };
        let (contact, link) = (has_contact(&text), has_link(&text));
        // Asking who it was costs calls, and most messages are clean.
        if (words.is_empty() && !contact && !link) || is_exempt_actor(event) {
            return Ok(());
        }
        if !words.is_empty() {
            let mut finding = Finding::new(FORBIDDEN_WORD.0, Severity::Medium);
            for word in words {
                finding = finding.evidence("word", word);
            }
        }
        if contact {
            Finding::new(CONTACT.0, Severity::High);
        }
        if link {
            Finding::new(LINK.0, Severity::Low);
        }
        Ok(())
    }
}

/// Entries of the host's list in this event's text, each once.
fn listed() -> Result<Vec<String>, String> {
    let hits = WordList::open("forbidden").ok_or("the brand has no word list `forbidden`")?.hits();
    let mut words: Vec<String> = Vec::new();
    for hit in hits {
        if !words.contains(&hit.entry) {
            words.push(hit.entry);
        }
    }
    Ok(words)
}

fn is_exempt_actor(event: &Event) -> bool {
    event.actor().is_some_and(|actor| actor.roles().iter().any(|role| is_exempt(role)))
}

usher_plugin::export!(HouseRules);
