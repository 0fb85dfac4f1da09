//! Typed documents: which collection holds what, under which id.

use crate::clock::Clock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use usher_model::{
    BrandId, ContentId, Digest, Enablement, GroupId, GroupKey, KeptWebhook, Key, KeyId, MemberId, PlanRecord,
    PluginName, Scope, WebhookName, WordListContent, WordListName,
};
use usher_store::document::{Collection, Document, DocumentKey, NewDocument};
use usher_store::{Store, StoreError};

/// Where a brand is kept.
pub(crate) fn brand_key(brand: &BrandId) -> DocumentKey {
    DocumentKey { collection: Collection::Brands, brand: String::new(), id: brand.to_string() }
}

/// Where a group is kept.
pub(crate) fn group_key(group: &GroupKey) -> DocumentKey {
    DocumentKey { collection: Collection::Groups, brand: group.brand.to_string(), id: group.group.to_string() }
}

/// Where a member is kept.
pub(crate) fn member_key(group: &GroupKey, member: &MemberId) -> DocumentKey {
    let id = format!("{}/{member}", group.group);
    DocumentKey { collection: Collection::Members, brand: group.brand.to_string(), id }
}

/// Where an enablement is kept.
pub(crate) fn enablement_key(brand: &BrandId, scope: &Scope, plugin: &PluginName) -> DocumentKey {
    let id = format!("{scope}/{plugin}");
    DocumentKey { collection: Collection::Enablements, brand: brand.to_string(), id }
}

/// Where a word list is kept.
pub(crate) fn word_list_key(brand: &BrandId, name: &WordListName) -> DocumentKey {
    DocumentKey { collection: Collection::WordLists, brand: brand.to_string(), id: name.to_string() }
}

/// Where a webhook is kept.
pub(crate) fn webhook_key(brand: &BrandId, name: &WebhookName) -> DocumentKey {
    DocumentKey { collection: Collection::Webhooks, brand: brand.to_string(), id: name.to_string() }
}

/// Where a content is kept.
pub(crate) fn content_key(brand: &BrandId, content: &ContentId) -> DocumentKey {
    DocumentKey { collection: Collection::Contents, brand: brand.to_string(), id: content.to_string() }
}

/// Where a key is kept.
pub(crate) fn key_key(id: KeyId) -> DocumentKey {
    DocumentKey { collection: Collection::Keys, brand: String::new(), id: id.to_string() }
}

/// Where the record of a plan is kept.
pub(crate) fn plan_key(brand: &BrandId, plan: &Digest) -> DocumentKey {
    DocumentKey { collection: Collection::Plans, brand: brand.to_string(), id: plan.to_hex() }
}

/// Where schedules are kept: by group, and under no group for runs over the whole brand.
pub(crate) fn schedule_prefix(group: Option<&GroupId>) -> String {
    format!("{}/", group.map_or("", GroupId::as_str))
}

/// Where a schedule is kept.
pub(crate) fn schedule_key(brand: &BrandId, group: Option<&GroupId>, name: &str) -> DocumentKey {
    let id = format!("{}{name}", schedule_prefix(group));
    DocumentKey { collection: Collection::Schedules, brand: brand.to_string(), id }
}

/// Something that is kept as a document.
pub(crate) trait Kept: Serialize + DeserializeOwned {}

impl Kept for usher_model::Brand {}
impl Kept for usher_model::Group {}
impl Kept for usher_model::Member {}
impl Kept for Enablement {}
impl Kept for WordListContent {}
impl Kept for KeptWebhook {}
impl Kept for usher_model::Content {}
impl Kept for Key {}
impl Kept for PlanRecord {}

/// The content of a document.
pub(crate) fn read<T: Kept>(document: &Document) -> Result<T, StoreError> {
    T::deserialize(&document.body).map_err(|_| StoreError::Damaged { what: document.key.collection.as_str() })
}

/// What to write; `by` is the key that asks for it.
pub(crate) fn new_document<T: Kept>(key: DocumentKey, content: &T, by: &str) -> Result<NewDocument, StoreError> {
    let body = serde_json::to_value(content).map_err(|_| StoreError::Damaged { what: key.collection.as_str() })?;
    Ok(NewDocument { key, body, written_by: by.to_owned(), written_at: Clock::wall() })
}

/// Every document of a collection, page by page.
pub(crate) async fn all(store: &dyn Store, collection: Collection) -> Result<Vec<Document>, StoreError> {
    const PAGE: u32 = 1000;
    let mut documents = Vec::new();
    loop {
        let after = documents.last().map(|d: &Document| (d.key.brand.clone(), d.key.id.clone()));
        let query =
            usher_store::document::DocumentQuery { collection, brand: None, prefix: String::new(), after, limit: PAGE };
        let page = store.documents(&query).await?;
        let last = page.len() < PAGE as usize;
        documents.extend(page);
        if last {
            return Ok(documents);
        }
    }
}
