//! What is on record comes into memory: all of it at the start, and then what other hosts change.

use super::{BrandEntry, Directory, ListEntry, build_list};
use crate::documents;
use crate::host::StartError;
use crate::plan::Enabled;
use crate::schedule::{Schedule, Standing};
use std::sync::Arc;
use usher_model::{
    BrandId, Enablement, GroupId, KeptWebhook, PluginName, Scope, WebhookName, WordListContent, WordListName,
};
use usher_store::Store;
use usher_store::document::{Collection, Document, DocumentKey};

/// What is kept in memory, brands before what is theirs.
const LOADED: [Collection; 6] = [
    Collection::Brands,
    Collection::Groups,
    Collection::Enablements,
    Collection::WordLists,
    Collection::Webhooks,
    Collection::Schedules,
];

impl Directory {
    /// Everything that the store has on record.
    pub(crate) async fn load(store: &dyn Store) -> Result<Self, StartError> {
        let directory = Self::default();
        for collection in LOADED {
            for document in documents::all(store, collection).await? {
                directory.take(&document.key, Some(&document)).await?;
            }
        }
        Ok(directory)
    }

    /// What is on record about something now.
    pub(crate) async fn reload(&self, store: &dyn Store, key: &DocumentKey) -> Result<(), StartError> {
        let document = store.document(key).await?;
        self.take(key, document.as_ref()).await
    }

    async fn take(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        match key.collection {
            Collection::Brands => self.take_brand(key, document),
            Collection::Groups => self.take_group(key, document),
            Collection::Enablements => self.take_enablement(key, document),
            Collection::WordLists => self.take_word_list(key, document).await,
            Collection::Webhooks => self.take_webhook(key, document),
            Collection::Schedules => self.take_schedule(key, document),
            Collection::Members
            | Collection::Keys
            | Collection::Plans
            | Collection::Contents
            | Collection::Candidates
            | Collection::RunKeys => Ok(()),
        }
    }

    fn take_brand(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let id = BrandId::new(key.id.as_str()).map_err(|_| damaged(key))?;
        // Brands and groups are never deleted.
        let Some(record) = document.map(documents::read).transpose()? else { return Ok(()) };
        if self.brand(&id).is_none_or(|known| **known.record.load() != record) {
            self.put_brand(&id, record);
        }
        Ok(())
    }

    fn take_group(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let id = GroupId::new(key.id.as_str()).map_err(|_| damaged(key))?;
        let Some(record) = document.map(documents::read).transpose()? else { return Ok(()) };
        let brand = self.owner(key)?;
        if brand.group(&id).is_none_or(|known| **known.record.load() != record) {
            brand.put_group(&id, record);
        }
        Ok(())
    }

    fn take_enablement(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let (scope, plugin) = key.id.rsplit_once('/').ok_or_else(|| damaged(key))?;
        let scope = Scope::parse(scope).map_err(|_| damaged(key))?;
        let plugin: PluginName = plugin.parse().map_err(|_| damaged(key))?;
        let enablement: Option<Enablement> = document.map(documents::read).transpose()?;
        let brand = self.owner(key)?;
        let mut enablements = brand.enablements.write();
        let known = enablements.get(&scope, &plugin).map(|enabled| enabled.revision);
        if known == document.map(|document| document.revision) {
            return Ok(());
        }
        match (enablement, document) {
            (Some(enablement), Some(Document { revision, .. })) => {
                enablements.put(scope.clone(), plugin, Enabled { enablement, revision: *revision });
            }
            _ => enablements.remove(&scope, &plugin),
        }
        drop(enablements);
        brand.replan(&scope);
        Ok(())
    }

    async fn take_word_list(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let name: WordListName = key.id.parse().map_err(|_| damaged(key))?;
        let brand = self.owner(key)?;
        let known = brand.word_lists.read().get(&name).map(|entry| entry.revision);
        if known == document.map(|document| document.revision) {
            return Ok(());
        }
        match document {
            Some(document) => {
                let content: WordListContent = documents::read(document)?;
                let list = Arc::new(build_list(content).await.map_err(|_| damaged(key))?);
                brand.word_lists.write().insert(name, ListEntry { revision: document.revision, list });
            }
            None => {
                brand.word_lists.write().remove(&name);
            }
        }
        brand.replan(&Scope::Brand);
        Ok(())
    }

    fn take_webhook(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let name: WebhookName = key.id.parse().map_err(|_| damaged(key))?;
        let kept: Option<KeptWebhook> = document.map(documents::read).transpose()?;
        let brand = self.owner(key)?;
        let mut webhooks = brand.webhooks.write();
        match kept {
            Some(kept) => drop(webhooks.insert(name, Arc::new(kept))),
            None => drop(webhooks.remove(&name)),
        }
        Ok(())
    }

    fn take_schedule(&self, key: &DocumentKey, document: Option<&Document>) -> Result<(), StartError> {
        let (group, name) = key.id.split_once('/').ok_or_else(|| damaged(key))?;
        let group = (!group.is_empty()).then(|| GroupId::new(group)).transpose().map_err(|_| damaged(key))?;
        let schedule: Option<Schedule> = document.map(documents::read).transpose()?;
        let brand = self.owner(key)?;
        let mut schedules = brand.schedules.write();
        let place = (group, name.to_owned());
        match (schedule, document) {
            (Some(schedule), Some(document)) => {
                let standing = Standing { schedule: Arc::new(schedule), written_at: document.written_at };
                drop(schedules.insert(place, standing));
            }
            _ => drop(schedules.remove(&place)),
        }
        Ok(())
    }

    fn owner(&self, key: &DocumentKey) -> Result<Arc<BrandEntry>, StartError> {
        let id = BrandId::new(key.brand.as_str()).map_err(|_| damaged(key))?;
        self.brand(&id).ok_or_else(|| damaged(key))
    }
}

fn damaged(key: &DocumentKey) -> StartError {
    StartError::Damaged { what: format!("`{}` in {}", key.id, key.collection.as_str()) }
}
