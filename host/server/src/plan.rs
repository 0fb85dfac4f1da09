//! Which plugins an event of a group meets, in which mode, with what.
//!
//! What is in force resolves to a [`PlanRecord`], which is kept under its digest; the [`Plan`] that events run on is made
//! of that record and of nothing else, so that a decision can be made again from the record that it names.

mod canary;
mod mend;
mod resolve;
mod standing;
mod trial;

pub(crate) use canary::mode_for;
pub(crate) use mend::mend;
pub(crate) use resolve::{Effective, Enabled, Enablements, merge, scopes};
pub(crate) use standing::{Place, Standing};

use crate::breaker::Breaker;
use crate::catalog::{Catalog, Plugin};
use crate::directory::{BrandEntry, GroupEntry};
use crate::documents::{new_document, plan_key, read};
use serde_json::Value;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Grants, GroupFacts, Hook, Snapshot, WordLists};
use usher_model::{
    AskedLimits, CallLimits, CapabilitySet, DailyCaps, Digest, Event, FailurePolicy, GroupKey, Mode, PlanRecord,
    PlannedPlugin,
};
use usher_store::document::{Precondition, WriteError};
use usher_store::{Store, StoreError};

/// Why there is no plan.
#[derive(Debug, Error)]
pub(crate) enum PlanError {
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record can't be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The record can't be written as JSON.
    #[error("the plan can't be written")]
    Unwritable(#[from] serde_json::Error),
}

/// One plugin of a plan.
#[derive(Debug)]
pub(crate) struct PlanEntry {
    pub(crate) planned: PlannedPlugin,
    pub(crate) grants: Arc<Grants>,
    /// What one call may use, and what the plugin may have.
    pub(crate) limits: Arc<CallLimits>,
    /// Takes it out of the way when it does harm.
    pub(crate) breaker: Arc<Breaker>,
    /// What a call starts from; the reason when the host can't make it.
    pub(crate) snapshot: Result<Arc<Snapshot>, String>,
    /// Whether this is a version on trial.
    pub(crate) is_on_trial: bool,
    /// What is tried beside it.
    trial: Option<Box<PlanEntry>>,
}

/// What every event of a group meets until something changes. An event keeps the plan that it started with.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Names the record.
    pub(crate) digest: Digest,
    pub(crate) record: PlanRecord,
    /// In the order of their names.
    pub(crate) entries: Vec<PlanEntry>,
    pub(crate) group: GroupFacts,
    pub(crate) word_lists: Arc<WordLists>,
    /// Whether any of its plugins may read or change what is remembered of the group.
    pub(crate) remembers: bool,
}

impl Plan {
    /// The plugins that want to see the event, in the plan's order. A timer comes back to whom it belongs, and to nobody
    /// else.
    pub(crate) fn wanting(&self, event: Arc<Event>) -> impl Iterator<Item = &PlanEntry> {
        let meeting = self.entries.iter().flat_map({
            let event = event.clone();
            move |entry| entry.meeting(event.on_behalf_of())
        });
        meeting.filter(move |entry| match event.timer_owner() {
            Some(owner) => owner == entry.planned.plugin.as_str(),
            None => event.kind.is_among(&entry.planned.events),
        })
    }

    /// All versions of all plugins, those on trial too.
    fn versions(&self) -> impl Iterator<Item = &PlanEntry> {
        self.entries.iter().flat_map(PlanEntry::versions)
    }
}

/// The group's plan, made now if something changed since the last event.
pub(crate) async fn plan(
    catalog: &Catalog,
    brand: &BrandEntry,
    group: &GroupEntry,
    daily_actions: &DailyCaps,
) -> Result<Arc<Plan>, PlanError> {
    if let Some(plan) = group.plan.ask() {
        return Ok(plan);
    }
    // No lock: what is not compiled yet takes long, and nobody else is to wait for it.
    let changes_counted = brand.changes_counted();
    let record = record(catalog, brand, group, daily_actions);
    let digest = record.digest()?;
    let plan = Arc::new(make(catalog, brand, group.key.clone(), (digest, record), brand.lists()).await?);
    let document = new_document(plan_key(&brand.id, &plan.digest), &plan.record, "host")?;
    catalog.store.put_document(document, Precondition::None).await?;
    catalog.plans.keep(&group.plan, plan.clone());
    if brand.changes_counted() != changes_counted {
        // A change came in meanwhile. This event may pass on what was in force when it came.
        group.plan.clear();
    }
    Ok(plan)
}

/// What is in force in a group now.
fn record(catalog: &Catalog, brand: &BrandEntry, group: &GroupEntry, daily_actions: &DailyCaps) -> PlanRecord {
    let (brand_record, group_record) = (brand.record.load_full(), group.record.load_full());
    let effective = brand.enablements.read().effective(&group.key.group, &group_record.kind);
    let running = effective.into_iter().filter(|effective| effective.enablement.mode != Some(Mode::Off));
    PlanRecord {
        engine: catalog.engine.identity(),
        plugins: running.filter_map(|effective| planned(catalog, effective, daily_actions)).collect(),
        combining: group_record.combining.unwrap_or(brand_record.combining),
        time_zone: group_record.time_zone.clone().unwrap_or_else(|| brand_record.time_zone.clone()),
        group: Arc::unwrap_or_clone(group_record),
        word_lists: brand.list_revisions(),
    }
}

fn planned(catalog: &Catalog, effective: Effective, daily_actions: &DailyCaps) -> Option<PlannedPlugin> {
    let enablement = effective.enablement;
    let trial = trial::planned(catalog, &effective.plugin, &enablement);
    // Retired by one host while another enabled it: what is in force goes on.
    let Some(plugin) = catalog.get_of_any_time(&effective.plugin, &enablement.version) else {
        tracing::error!(plugin = %effective.plugin, version = %enablement.version, "enabled and not there");
        return None;
    };
    if !plugin.facts.hooks.contains(&Hook::Check) {
        return None; // it scores or ranks, and has nothing to say of events
    }
    Some(PlannedPlugin {
        plugin: effective.plugin,
        version: enablement.version,
        digest: plugin.facts.digest,
        events: plugin.facts.manifest.events.clone(),
        revision: effective.revision,
        mode: enablement.mode.unwrap_or_default(),
        canary_percent: enablement.canary_percent.unwrap_or(100),
        failure_policy: enablement.failure_policy.unwrap_or_default(),
        grants: enablement.grants,
        limits: catalog.engine.calls().grant(&enablement.limits.unwrap_or_default()),
        daily_actions: daily_actions.clone().into_iter().chain(enablement.daily_actions.unwrap_or_default()).collect(),
        settings: enablement.settings,
        trial,
    })
}

/// A plan that events can run on, of its record, by whose digest it is known, and the word lists that the record names.
async fn make(
    catalog: &Catalog,
    brand: &BrandEntry,
    key: GroupKey,
    (digest, record): (Digest, PlanRecord),
    word_lists: Arc<WordLists>,
) -> Result<Plan, PlanError> {
    let mut entries = Vec::with_capacity(record.plugins.len());
    for planned in &record.plugins {
        let mut in_force = entry(catalog, brand, planned.clone(), false).await;
        if let Some(tried) = planned.tried() {
            in_force.trial = Some(Box::new(entry(catalog, brand, tried, true).await));
        }
        entries.push(in_force);
    }
    let group = GroupFacts { key, record: Arc::new(record.group.clone()), time_zone: record.time_zone.as_str().into() };
    let remembers = entries.iter().flat_map(PlanEntry::versions).any(|entry| entry.grants.remembers());
    Ok(Plan { digest, record, entries, group, word_lists, remembers })
}

/// What a plugin may do and use, and what its failure means.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Terms {
    /// All that it asks for when none.
    pub(crate) grants: Option<CapabilitySet>,
    pub(crate) limits: AskedLimits,
    pub(crate) failure_policy: FailurePolicy,
}

/// A plugin as if it were in force with these settings, of which this is the snapshot, for everybody: for trying it.
pub(crate) fn candidate(
    catalog: &Catalog,
    plugin: &Plugin,
    snapshot: Arc<Snapshot>,
    settings: Value,
    terms: Terms,
) -> PlanEntry {
    let manifest = &plugin.facts.manifest;
    let grants = Arc::new(Grants::new(&manifest.capabilities, terms.grants.as_ref()));
    let planned = PlannedPlugin {
        plugin: manifest.name.clone(),
        version: manifest.version.clone(),
        digest: plugin.facts.digest,
        events: manifest.events.clone(),
        revision: 0,
        mode: Mode::Enforce,
        canary_percent: 100,
        failure_policy: terms.failure_policy,
        grants: terms.grants,
        limits: catalog.engine.calls().grant(&terms.limits),
        daily_actions: DailyCaps::default(),
        settings,
        trial: None,
    };
    let (limits, breaker) = (Arc::new(planned.limits.clone()), Arc::new(Breaker::new(planned.plugin.clone(), None)));
    PlanEntry { grants, limits, breaker, snapshot: Ok(snapshot), is_on_trial: false, trial: None, planned }
}

async fn entry(catalog: &Catalog, brand: &BrandEntry, planned: PlannedPlugin, is_on_trial: bool) -> PlanEntry {
    let plugin = catalog.get_of_any_time(&planned.plugin, &planned.version);
    let asked = plugin.as_ref().map(|plugin| &plugin.facts.manifest.capabilities);
    let grants = asked.map_or_else(Grants::default, |asked| Grants::new(asked, planned.grants.as_ref()));
    let snapshot = snapshot(catalog, &planned).await;
    if let Err(reason) = &snapshot {
        tracing::error!(plugin = %planned.plugin, reason, "it can't be called: its failure policy speaks");
    }
    PlanEntry {
        grants: Arc::new(grants),
        limits: Arc::new(planned.limits.clone()),
        breaker: brand.breakers.of(&planned.plugin, is_on_trial.then_some(&planned.version)),
        snapshot,
        is_on_trial,
        trial: None,
        planned,
    }
}

async fn snapshot(catalog: &Catalog, planned: &PlannedPlugin) -> Result<Arc<Snapshot>, String> {
    let plugin = catalog
        .get_of_any_time(&planned.plugin, &planned.version)
        .filter(|plugin| plugin.facts.digest == planned.digest);
    let plugin = plugin.ok_or_else(|| format!("`{}` {} is not here any more", planned.plugin, planned.version))?;
    catalog.snapshot(&plugin, &planned.settings).await.map_err(|error| error.to_string())
}

/// The plan that a past decision names; none when its record is gone.
pub(crate) async fn past(
    catalog: &Catalog,
    brand: &BrandEntry,
    key: GroupKey,
    digest: &Digest,
) -> Result<Option<Plan>, PlanError> {
    let store: &dyn Store = catalog.store.as_ref();
    let Some(document) = store.document(&plan_key(&brand.id, digest)).await? else { return Ok(None) };
    let record: PlanRecord = read(&document)?;
    let word_lists = crate::directory::past_lists(store, brand, &record.word_lists).await?;
    Ok(Some(make(catalog, brand, key, (*digest, record), word_lists).await?))
}
