//! One policy for everyone: the house rules over the same messages, natively and by Usher.
//!
//! Every host folds the text, in the same way, within the clock. Forbidden words are found by the host, as Usher does it
//! for its plugins, or by the rules themselves.

use crate::corpus;
use anyhow::{anyhow, bail};
use serde_json::json;
use std::sync::Arc;
use usher_bench_rules::{Found, Message, entries, judge};
use usher_engine::{
    Call, CheckInput, Engine, EngineOptions, EventFacts, Grants, GroupFacts, Memory, Snapshot, WordLists,
};
use usher_model::{CallLimits, Event, GroupKey, PluginName};
use usher_text::{Folded, WordList};

/// Who finds the forbidden words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// The host, before the rules run.
    Listed,
    /// The rules.
    Own,
}

/// What is judged, and the host's side of judging it.
#[derive(Debug)]
pub struct Contest {
    /// Messages, one in eight an advertisement, one in five by an admin.
    pub events: Vec<Arc<Event>>,
    /// The forbidden words.
    pub entries: Vec<String>,
    list: Arc<WordList>,
}

impl Contest {
    /// The same in every run.
    ///
    /// # Errors
    /// None that a user could cause.
    pub fn new() -> anyhow::Result<Self> {
        let entries = entries();
        let list = Arc::new(WordList::new(&entries, &[])?);
        let events = corpus::messages().into_iter().enumerate().map(event).collect::<Result<_, _>>()?;
        Ok(Self { events, entries, list })
    }

    /// What any host does before it hands a message over: fold the text, and find the words if that is its part.
    pub fn prepared<T>(&self, event: &Event, words: Words, then: impl FnOnce(&Message<'_>) -> T) -> T {
        let folded = Folded::new(&event.text);
        let words = match words {
            Words::Listed => Some(self.listed(&folded)),
            Words::Own => None,
        };
        let roles = event.actor.iter().flat_map(|actor| actor.roles.iter().map(String::as_str)).collect();
        then(&Message { text: folded.as_str().into(), roles, words })
    }

    /// Entries that stand in the text, each once.
    fn listed(&self, folded: &Folded) -> Vec<&str> {
        let mut words = Vec::new();
        for hit in self.list.hits(folded) {
            let entry = self.list.entry(hit.entry);
            if !words.contains(&entry) {
                words.push(entry);
            }
        }
        words
    }

    /// The rules in the host itself.
    pub fn native(&self, event: &Event) -> Vec<Found> {
        self.prepared(event, Words::Listed, |message| {
            judge(&message.text, &message.roles, message.words.as_deref().unwrap_or_default())
        })
    }
}

fn event((index, text): (usize, String)) -> anyhow::Result<Arc<Event>> {
    let role = if index.is_multiple_of(5) { "admin" } else { "member" };
    let json = json!({"id": format!("m-{index}"), "kind": "message.created", "at": "2026-11-22T12:00:00Z",
        "actor": {"id": "u-1", "roles": [role]}, "text": text});
    Ok(Arc::new(serde_json::from_value(json)?))
}

/// The rules as a plugin, on a fresh instance for every message.
#[derive(Debug)]
pub struct Usher {
    engine: Engine,
    snapshot: Snapshot,
    grants: Arc<Grants>,
    limits: Arc<CallLimits>,
    group: GroupFacts,
    word_lists: Arc<WordLists>,
}

impl Usher {
    /// An engine as `usher serve` makes it, and the plugin baked.
    ///
    /// # Errors
    /// What the engine says of the component.
    pub fn new(contest: &Contest, component: &[u8], words: Words) -> anyhow::Result<Self> {
        let engine = Engine::new(EngineOptions::default())?;
        let capabilities = engine.inspect(component)?.manifest.capabilities;
        let settings = match words {
            Words::Listed => json!({}),
            Words::Own => json!({"words": contest.entries}),
        };
        let snapshot = engine.bake(&PluginName::new("house-rules")?, component, &settings.to_string())?;
        let group = GroupFacts {
            key: GroupKey { brand: "b".parse()?, group: "g".parse()? },
            record: Arc::default(),
            time_zone: "UTC".into(),
        };
        let word_lists = Arc::new(WordLists::new([("forbidden".parse()?, 1, contest.list.clone())]));
        let grants = Arc::new(Grants::new(&capabilities, None));
        Ok(Self { engine, snapshot, grants, limits: Arc::default(), group, word_lists })
    }

    /// Judges a message, with all the limits of a host.
    ///
    /// # Errors
    /// What ended the call.
    pub fn judge(&self, event: &Arc<Event>) -> anyhow::Result<Vec<Found>> {
        let event = Arc::new(EventFacts::new(event.clone()));
        let (group, lists) = (self.group.clone(), self.word_lists.clone());
        let input = Arc::new(CheckInput::new(event, group, lists, Memory::default()));
        let Call::Done(report) = self.engine.check(&self.snapshot, &input, &self.grants, &self.limits) else {
            bail!("the plugin reads a record");
        };
        match report.failure {
            None => Ok(report.effects.findings.into_iter().map(found).collect()),
            Some(failure) => Err(anyhow!("{}: {}", failure.kind.as_str(), failure.message)),
        }
    }
}

fn found(finding: usher_model::Finding) -> Found {
    let words = finding.evidence.into_iter().map(|evidence| evidence.value).collect();
    let severity = match finding.severity {
        usher_model::Severity::None => "none",
        usher_model::Severity::Low => "low",
        usher_model::Severity::Medium => "medium",
        usher_model::Severity::High => "high",
        usher_model::Severity::Severe => "severe",
    };
    Found { rule: finding.rule, severity: severity.to_owned(), words }
}
