//! Which plugins an event of a group meets, in which mode, with what.

mod canary;
mod resolve;

pub(crate) use canary::mode_for;
pub(crate) use resolve::{Effective, Enabled, Enablements};

use crate::catalog::{Catalog, Plugin};
use crate::directory::{BrandEntry, GroupEntry};
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_engine::{Grants, GroupFacts, Snapshot, WordLists};
use usher_model::{Combining, Mode, WordListName};

/// One plugin of a plan.
#[derive(Debug)]
pub(crate) struct PlanEntry {
    pub(crate) effective: Effective,
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) grants: Arc<Grants>,
    /// What a call starts from; the reason when the host can't make it.
    pub(crate) snapshot: Result<Arc<Snapshot>, String>,
}

/// What every event of a group meets until something changes. An event keeps the plan that it started with.
#[derive(Debug)]
pub(crate) struct Plan {
    /// In the order of their names.
    pub(crate) entries: Vec<PlanEntry>,
    pub(crate) combining: Combining,
    pub(crate) group: GroupFacts,
    pub(crate) word_lists: Arc<WordLists>,
    pub(crate) word_list_revisions: BTreeMap<WordListName, u64>,
}

/// The group's plan, built now if something changed since the last event.
pub(crate) async fn plan(catalog: &Catalog, brand: &BrandEntry, group: &GroupEntry) -> Arc<Plan> {
    if let Some(plan) = group.plan.load_full() {
        return plan;
    }
    let _one_at_a_time = brand.changes.lock().await;
    if let Some(plan) = group.plan.load_full() {
        return plan;
    }
    let plan = Arc::new(build(catalog, brand, group).await);
    group.plan.store(Some(plan.clone()));
    plan
}

async fn build(catalog: &Catalog, brand: &BrandEntry, group: &GroupEntry) -> Plan {
    let (brand_record, record) = (brand.record.load_full(), group.record.load_full());
    let effective = brand.enablements.read().effective(&group.key.group, &record.kind);
    let mut entries = Vec::with_capacity(effective.len());
    for effective in effective.into_iter().filter(|effective| effective.enablement.mode != Mode::Off) {
        if let Some(entry) = plan_entry(catalog, effective).await {
            entries.push(entry);
        }
    }
    let (word_lists, word_list_revisions) = brand.lists();
    let time_zone = record.time_zone.as_deref().unwrap_or(&brand_record.time_zone).into();
    Plan {
        entries,
        combining: record.combining.unwrap_or(brand_record.combining),
        group: GroupFacts { key: group.key.clone(), record, time_zone },
        word_lists,
        word_list_revisions,
    }
}

async fn plan_entry(catalog: &Catalog, effective: Effective) -> Option<PlanEntry> {
    let Some(plugin) = catalog.get(&effective.plugin, &effective.enablement.version) else {
        tracing::error!(plugin = %effective.plugin, version = %effective.enablement.version, "enabled and not there");
        return None;
    };
    let snapshot = catalog.snapshot(&plugin, &effective.enablement.settings).await;
    if let Err(error) = &snapshot {
        tracing::error!(plugin = %effective.plugin, %error, "no snapshot: its failure policy will speak");
    }
    let grants = Grants::new(&plugin.facts.manifest.capabilities, effective.enablement.grants.as_ref());
    let snapshot = snapshot.map_err(|error| error.to_string());
    Some(PlanEntry { effective, plugin, grants: Arc::new(grants), snapshot })
}
