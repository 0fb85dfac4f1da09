//! Brands and groups in memory: what is on record, what is in force, and the lane where a group's events line up.

mod load;

use crate::breaker::Breakers;
use crate::caps::Caps;
use crate::documents::{self, word_list_key};
use crate::plan::{Enablements, Place};
use crate::record::Lane;
use crate::schedule::{ScheduleKey, Standing};
use arc_swap::ArcSwap;
use parking_lot::RwLock;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use tokio::sync::Mutex;
use usher_engine::WordLists;
use usher_model::{
    Brand, BrandId, Decision, Group, GroupId, GroupKey, KeptWebhook, Scope, WebhookName, WordListContent, WordListName,
};
use usher_store::{Store, StoreError};
use usher_text::{WordList, WordListError};

/// A group, and where its events line up.
#[derive(Debug)]
pub(crate) struct GroupEntry {
    pub(crate) key: GroupKey,
    pub(crate) record: ArcSwap<Group>,
    /// What an event meets; built at the first event after a change.
    pub(crate) plan: Arc<Place>,
    pub(crate) lane: Mutex<Lane>,
}

/// A word list ready to match.
#[derive(Debug, Clone)]
pub(crate) struct ListEntry {
    pub(crate) revision: u64,
    pub(crate) list: Arc<WordList>,
}

/// A brand, its groups, and what is in force there.
#[derive(Debug)]
pub(crate) struct BrandEntry {
    pub(crate) id: BrandId,
    pub(crate) record: ArcSwap<Brand>,
    pub(crate) enablements: RwLock<Enablements>,
    pub(crate) word_lists: RwLock<BTreeMap<WordListName, ListEntry>>,
    pub(crate) webhooks: RwLock<BTreeMap<WebhookName, Arc<KeptWebhook>>>,
    /// Runs that begin by themselves.
    pub(crate) schedules: RwLock<BTreeMap<ScheduleKey, Standing>>,
    pub(crate) groups: RwLock<HashMap<GroupId, Arc<GroupEntry>>>,
    /// Changes of what is in force that begin here, one at a time.
    pub(crate) changes: Mutex<()>,
    /// Counts changes of what is in force, wherever they began: a plan that is begun before one is not kept.
    changed: AtomicU64,
    pub(crate) breakers: Breakers,
    pub(crate) caps: Caps,
}

/// All brands.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// Brands are made one at a time.
    pub(crate) making: Mutex<()>,
    brands: RwLock<HashMap<BrandId, Arc<BrandEntry>>>,
}

impl GroupEntry {
    fn new(key: GroupKey, record: Group) -> Self {
        Self { key, record: ArcSwap::from_pointee(record), plan: Arc::default(), lane: Mutex::new(Lane::default()) }
    }
}

impl BrandEntry {
    fn new(id: BrandId, record: Brand) -> Self {
        Self {
            id,
            record: ArcSwap::from_pointee(record),
            enablements: RwLock::default(),
            word_lists: RwLock::default(),
            webhooks: RwLock::default(),
            schedules: RwLock::default(),
            groups: RwLock::default(),
            changes: Mutex::default(),
            changed: AtomicU64::default(),
            breakers: Breakers::default(),
            caps: Caps::default(),
        }
    }

    pub(crate) fn group(&self, id: &GroupId) -> Option<Arc<GroupEntry>> {
        self.groups.read().get(id).cloned()
    }

    pub(crate) fn webhook(&self, name: &WebhookName) -> Option<Arc<KeptWebhook>> {
        self.webhooks.read().get(name).cloned()
    }

    /// The webhooks that are to be told of a decision.
    pub(crate) fn to_tell(&self, decision: &Decision) -> Vec<WebhookName> {
        let webhooks = self.webhooks.read();
        webhooks.iter().filter(|(_, kept)| kept.webhook.wants(decision)).map(|(name, _)| name.clone()).collect()
    }

    /// Takes a group's new record into force.
    pub(crate) fn put_group(&self, id: &GroupId, record: Group) {
        let mut groups = self.groups.write();
        if let Some(entry) = groups.get(id) {
            entry.record.store(Arc::new(record));
            self.changed.fetch_add(1, Ordering::SeqCst);
            entry.plan.clear();
            return;
        }
        let key = GroupKey { brand: self.id.clone(), group: id.clone() };
        groups.insert(id.clone(), Arc::new(GroupEntry::new(key, record)));
    }

    /// The groups that a scope reaches.
    pub(crate) fn groups_in(&self, scope: &Scope) -> Vec<Arc<GroupEntry>> {
        let groups = self.groups.read();
        match scope {
            Scope::Group(id) => groups.get(id).cloned().into_iter().collect(),
            Scope::Kind(kind) => groups.values().filter(|entry| entry.record.load().kind == *kind).cloned().collect(),
            Scope::Brand => groups.values().cloned().collect(),
        }
    }

    /// Plans of all its groups are built anew at their next event.
    pub(crate) fn replan(&self, scope: &Scope) {
        self.changed.fetch_add(1, Ordering::SeqCst);
        for group in self.groups_in(scope) {
            group.plan.clear();
        }
    }

    /// How often what is in force has changed.
    pub(crate) fn changes_counted(&self) -> u64 {
        self.changed.load(Ordering::SeqCst)
    }

    /// The lists as plugins see them.
    pub(crate) fn lists(&self) -> Arc<WordLists> {
        let lists = self.word_lists.read();
        let lists = lists.iter().map(|(name, entry)| (name.clone(), entry.revision, entry.list.clone()));
        Arc::new(WordLists::new(lists))
    }

    /// Their revisions, as decisions name them.
    pub(crate) fn list_revisions(&self) -> BTreeMap<WordListName, u64> {
        self.word_lists.read().iter().map(|(name, entry)| (name.clone(), entry.revision)).collect()
    }
}

/// Word lists as they were: those that have not changed since, and the others built again. One that is not on record any
/// more is left out.
pub(crate) async fn past_lists(
    store: &dyn Store,
    brand: &BrandEntry,
    revisions: &BTreeMap<WordListName, u64>,
) -> Result<Arc<WordLists>, StoreError> {
    let mut lists = Vec::with_capacity(revisions.len());
    for (name, revision) in revisions {
        let standing = brand.word_lists.read().get(name).filter(|entry| entry.revision == *revision).cloned();
        let list = match standing {
            Some(entry) => entry.list,
            None => match store.document_at(&word_list_key(&brand.id, name), *revision).await? {
                Some(document) => {
                    let built = build_list(documents::read(&document)?).await;
                    Arc::new(built.map_err(|_| StoreError::Damaged { what: "a word list" })?)
                }
                None => continue,
            },
        };
        lists.push((name.clone(), *revision, list));
    }
    Ok(Arc::new(WordLists::new(lists)))
}

/// Why a word list can't be made ready to match.
#[derive(Debug, Error)]
pub(crate) enum BuildListError {
    /// What it says can't be matched.
    #[error(transparent)]
    Content(#[from] WordListError),
    /// The host's own code failed.
    #[error("building it failed")]
    Panicked,
}

/// A word list ready to match. Large ones take a while: not on a thread that answers requests.
pub(crate) async fn build_list(content: WordListContent) -> Result<WordList, BuildListError> {
    let built = tokio::task::spawn_blocking(move || WordList::new(&content.entries, &content.allow)).await;
    Ok(built.map_err(|_| BuildListError::Panicked)??)
}

impl Directory {
    pub(crate) fn brand(&self, id: &BrandId) -> Option<Arc<BrandEntry>> {
        self.brands.read().get(id).cloned()
    }

    /// All of them.
    pub(crate) fn brands(&self) -> Vec<Arc<BrandEntry>> {
        self.brands.read().values().cloned().collect()
    }

    pub(crate) fn group(&self, key: &GroupKey) -> Option<(Arc<BrandEntry>, Arc<GroupEntry>)> {
        let brand = self.brand(&key.brand)?;
        let group = brand.group(&key.group)?;
        Some((brand, group))
    }

    /// Every group there is.
    pub(crate) fn groups(&self) -> Vec<Arc<GroupEntry>> {
        let brands = self.brands.read();
        brands.values().flat_map(|brand| brand.groups.read().values().cloned().collect::<Vec<_>>()).collect()
    }

    /// Takes a brand's new record into force.
    pub(crate) fn put_brand(&self, id: &BrandId, record: Brand) {
        let mut brands = self.brands.write();
        if let Some(entry) = brands.get(id) {
            entry.record.store(Arc::new(record));
            entry.replan(&Scope::Brand);
            return;
        }
        brands.insert(id.clone(), Arc::new(BrandEntry::new(id.clone(), record)));
    }

    /// Whether any brand has this version of a plugin in force.
    pub(crate) fn uses(&self, plugin: &usher_model::PluginName, version: &usher_model::PluginVersion) -> bool {
        self.brands.read().values().any(|brand| brand.enablements.read().uses(plugin, version))
    }
}
