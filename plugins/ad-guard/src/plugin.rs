//! The plugin itself: the only file that talks to the host.

use std::ops::Range;

use usher_plugin::prelude::*;
use usher_plugin::text::{self, WordList};

use crate::phrases::touches;
use crate::scan::{Hit, Rule, Scanner};
use crate::settings::Settings;

/// Spans that one finding shows; a text full of them is judged no better by the hundredth.
const MOST_SPANS: usize = 20;
/// Below this a hit may well be everyday speech, and is never worse than low.
const LEAST_SURE: f32 = 0.5;

/// Finds advertising in messages.
#[derive(Debug)]
pub struct AdGuard {
    settings: Settings,
    scanner: Scanner,
}

impl Check for AdGuard {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("ad-guard", env!("CARGO_PKG_VERSION"))
            .summary("Advertising: contact solicitation, links, forbidden words")
            .event("message.created")
            .capability("word-lists")
            .action("warn")
            .action("delete")
            .action("hide")
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { scanner: Scanner::new(&settings, text::fold), settings })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        let folded = event.folded_text();
        let hits = self.scanner.scan(&folded, &event.links());
        let words = self.forbidden_words(event, &folded);
        // Asking who it was costs three calls, and most messages are clean.
        if (hits.is_empty() && words.is_none()) || self.is_exempt(event) {
            return Ok(());
        }
        let contact = Self::report(event, &hits, Rule::ContactSolicitation, self.settings.contact_severity);
        let link = Self::report(event, &hits, Rule::Link, self.settings.link_severity);
        let words = words.map(Words::report);
        let worst = [contact, link, words].into_iter().flatten().max();
        if let Some(kind) = self.settings.action.kind()
            && worst.is_some_and(|worst| worst >= self.settings.action_from)
        {
            Action::new(kind).text(&self.settings.warning);
        }
        Ok(())
    }
}

impl AdGuard {
    fn is_exempt(&self, event: &Event) -> bool {
        event.actor().is_some_and(|actor| actor.has_role(&self.settings.exempt_roles))
    }

    /// Makes one finding of a rule's hits; says how bad it is.
    fn report(event: &Event, hits: &[Hit], rule: Rule, severity: Severity) -> Option<Severity> {
        let hits: Vec<&Hit> = hits.iter().filter(|hit| hit.rule == rule).collect();
        let surest = hits.iter().copied().max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
        let severity = if surest.confidence < LEAST_SURE { severity.min(Severity::Low) } else { severity };
        if severity == Severity::None {
            return None;
        }
        let mut finding = Finding::new(rule.name(), severity)
            .confidence(surest.confidence)
            .message(rule.message(surest))
            .evidence(rule.evidence(), distinct(hits.iter().map(|hit| hit.what.as_str())));
        for span in hits.iter().filter_map(|hit| event.original(hit.span.as_ref()?)).take(MOST_SPANS) {
            finding = finding.span(span.start, span.end);
        }
        Some(severity)
    }

    /// Hits in the brand's lists, but for those that touch an allowed phrase.
    fn forbidden_words(&self, event: &Event, folded: &str) -> Option<Words> {
        let allowed: Vec<Range<u32>> =
            self.scanner.allowed(folded).iter().filter_map(|range| event.original(range)).collect();
        let mut words = Words::default();
        for list in &self.settings.word_lists {
            let Some(hits) = WordList::open(&list.name).map(|list| list.hits()) else {
                log::warn(&format!("the brand has no word list \"{}\"", list.name));
                continue;
            };
            let hits = hits.into_iter().filter(|hit| !touches(&allowed, &(hit.start..hit.end)));
            let before = words.spans.len();
            for hit in hits {
                words.spans.push(hit.start..hit.end);
                words.entries.push(hit.entry);
            }
            if words.spans.len() > before {
                words.severity = words.severity.max(list.severity);
                words.lists.push(list.name.clone());
            }
        }
        (words.severity != Severity::None).then_some(words)
    }
}

/// What the brand's lists found.
struct Words {
    severity: Severity,
    lists: Vec<String>,
    entries: Vec<String>,
    spans: Vec<Range<u32>>,
}

impl Default for Words {
    fn default() -> Self {
        Self { severity: Severity::None, lists: Vec::new(), entries: Vec::new(), spans: Vec::new() }
    }
}

impl Words {
    fn report(self) -> Severity {
        let entries = distinct(self.entries.iter().map(String::as_str));
        let mut finding = Finding::new("forbidden-word", self.severity)
            .message(format!("含有本群不允许的词：{entries}"))
            .evidence("word-list", distinct(self.lists.iter().map(String::as_str)))
            .evidence("entry", entries);
        for span in self.spans.iter().take(MOST_SPANS) {
            finding = finding.span(span.start, span.end);
        }
        self.severity
    }
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::ContactSolicitation => "contact-solicitation",
            Self::Link => "link",
        }
    }

    fn evidence(self) -> &'static str {
        match self {
            Self::ContactSolicitation => "channel",
            Self::Link => "target",
        }
    }

    /// What was found and why it matters, for the member to read.
    fn message(self, hit: &Hit) -> String {
        let what = &hit.what;
        let unsure = hit.confidence < LEAST_SURE;
        match self {
            Self::ContactSolicitation if unsure => format!("可能在引导私下联系（{what}），请留意"),
            Self::ContactSolicitation if hit.actionable => format!("引导私下联系：留下了{what}的联系方式"),
            Self::ContactSolicitation => format!("引导私下联系：邀请他人通过{what}联系"),
            Self::Link if unsure => format!("提到了外部账号：{what}"),
            Self::Link => format!("含有未经允许的链接：{what}"),
        }
    }
}

/// Each once, in order, at most five.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.len() < 5 && !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join("、")
}
