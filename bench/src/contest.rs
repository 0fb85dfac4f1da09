//! The house rules over the same messages, natively and by Usher.

use crate::corpus;
use anyhow::{anyhow, bail};
use serde_json::json;
use std::sync::Arc;
use usher_bench_rules::host::{Host, WordsBy, Written};
use usher_bench_rules::{Found, judge};
use usher_engine::{
    Call, CheckInput, Engine, EngineOptions, EventFacts, Grants, GroupFacts, Memory, Snapshot, WordLists,
};
use usher_model::{CallLimits, Event, GroupKey, PluginName};

/// Messages, one in eight an advertisement, one in five by an admin.
pub fn messages() -> Vec<Written> {
    let role = |index: usize| if index.is_multiple_of(5) { "admin" } else { "member" };
    let written = |(index, text)| Written { text, roles: vec![role(index).to_owned()] };
    corpus::messages().into_iter().enumerate().map(written).collect()
}

/// The messages as events.
///
/// # Errors
/// None that a user could cause.
pub fn events(messages: &[Written]) -> anyhow::Result<Vec<Arc<Event>>> {
    let event = |(index, message): (usize, &Written)| {
        let json = json!({"id": format!("m-{index}"), "kind": "message.created", "at": "2026-11-22T12:00:00Z",
            "actor": {"id": "u-1", "roles": message.roles}, "text": message.text});
        Ok(Arc::new(serde_json::from_value(json)?))
    };
    messages.iter().enumerate().map(event).collect()
}

/// The rules in the host itself.
pub fn native(host: &Host, message: &Written) -> Vec<Found> {
    host.hand_over(message, WordsBy::Host, |message| {
        judge(&message.text, &message.roles, message.words.as_deref().unwrap_or_default())
    })
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
    pub fn new(host: &Host, component: &[u8], words_by: WordsBy) -> anyhow::Result<Self> {
        let engine = Engine::new(EngineOptions::default())?;
        let capabilities = engine.inspect(component)?.manifest.capabilities;
        let settings = match words_by {
            WordsBy::Host => json!({}),
            WordsBy::Rules => json!({"words": host.entries}),
        };
        let snapshot = engine.bake(&PluginName::new("house-rules")?, component, &settings.to_string())?;
        let group = GroupFacts {
            key: GroupKey { brand: "b".parse()?, group: "g".parse()? },
            record: Arc::default(),
            time_zone: "UTC".into(),
        };
        let word_lists = Arc::new(WordLists::new([("forbidden".parse()?, 1, host.list.clone())]));
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
