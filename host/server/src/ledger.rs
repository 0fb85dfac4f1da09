//! What a decision adds to the ledger: the events that it refers to are found, and the pure rules of the model count.
//!
//! What is counted is a function of the journal up to the decision. An event that is referred to is in the journal, or it
//! is on its way there: then the group's lane knows it.

use crate::host::Host;
use crate::plan::Plan;
use crate::record::Lane;
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use usher_model::ledger::{self, Origin, Origins};
use usher_model::{ContentEntry, Decision, Event, EventId, GroupKey, LedgerEntry};
use usher_store::StoreError;

/// The attribute of a member that names their segment.
const SEGMENT: &str = "segment";

/// Whether members' and contents' activity is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LedgerSettings {
    /// Events are counted from when this is true on; what passed before is not.
    pub enabled: bool,
    /// Events kept at hand, for those that refer to them.
    pub events_cached: usize,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self { enabled: true, events_cached: 50_000 }
    }
}

/// Events of the journal that were there lately.
pub(crate) struct Recalled(Cache<(GroupKey, EventId), Origin>);

impl std::fmt::Debug for Recalled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recalled").field("events", &self.0.len()).finish()
    }
}

impl Recalled {
    pub(crate) fn new(events: usize) -> Self {
        Self(Cache::new(events))
    }

    /// An event is durable.
    pub(crate) fn keep(&self, group: &GroupKey, event: EventId, origin: Origin) {
        self.0.insert((group.clone(), event), origin);
    }
}

/// What a decision adds.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) contents: Vec<ContentEntry>,
    /// What later events may refer to.
    pub(crate) origin: Option<Origin>,
}

/// Counts an event that was decided on the head of this lane.
pub(crate) async fn count(
    host: &Host,
    lane: &Lane,
    plan: &Plan,
    event: &Event,
    decision: &Decision,
) -> Result<Counted, StoreError> {
    if !host.config.ledger.enabled {
        return Ok(Counted::default());
    }
    let origins = origins(host, lane, &plan.group.key, event).await?;
    let zone = &plan.group.time_zone;
    let mut counted = Counted { ledger: ledger::entries(event, decision, zone, &origins), ..Counted::default() };
    if ledger::is_about_content(event) {
        let segment = segment(host, plan, event).await?;
        counted.contents = ledger::contents(event, decision, zone, &segment);
    }
    if event.kind.as_str() == "message.created" {
        let actor = event.actor.as_ref().map(|actor| actor.id.clone());
        counted.origin = Some(Origin { actor, at: decision.at });
    }
    Ok(counted)
}

async fn origins(host: &Host, lane: &Lane, group: &GroupKey, event: &Event) -> Result<Origins, StoreError> {
    let mut origins = Origins::new();
    for id in ledger::refers_to(event) {
        let known = lane.origin(&id).cloned().or_else(|| host.recalled.0.get(&(group.clone(), id.clone())));
        let origin = match known {
            Some(origin) => Some(origin),
            None => recall(host, group, &id).await?,
        };
        origins.extend(origin.map(|origin| (id, origin)));
    }
    Ok(origins)
}

/// Reads an event of the journal.
async fn recall(host: &Host, group: &GroupKey, id: &EventId) -> Result<Option<Origin>, StoreError> {
    // It may be on its way there, and the lane remembers only the last ones.
    host.store.settled().await?;
    let Some(entry) = host.store.entry_of_event(group, id).await? else { return Ok(None) };
    let event: Event = serde_json::from_str(&entry.event).map_err(|_| StoreError::Damaged { what: "journal.event" })?;
    let origin = Origin { actor: event.actor.map(|actor| actor.id), at: entry.at };
    host.recalled.keep(group, id.clone(), origin.clone());
    Ok(Some(origin))
}

/// Whom an event is about: the segment that it names, or else that of the member, or else the group's kind.
async fn segment(host: &Host, plan: &Plan, event: &Event) -> Result<Box<str>, StoreError> {
    if let Some(named) = ledger::named_segment(event) {
        return Ok(named.into());
    }
    if let Some(actor) = &event.actor
        && let Some(member) = host.members.get(&plan.group.key, &actor.id).await?
        && let Some(own) = member.attributes.get(SEGMENT).filter(|own| ledger::is_segment(own))
    {
        return Ok(own.as_str().into());
    }
    let kind = &plan.group.record.kind;
    Ok(if ledger::is_segment(kind) { kind.as_str().into() } else { "".into() })
}
