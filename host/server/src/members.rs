//! Members' records, read from memory where they are hot.

use crate::documents::{self, member_key};
use quick_cache::sync::Cache;
use std::sync::Arc;
use usher_model::{GroupKey, Member, MemberId};
use usher_store::{Store, StoreError};

/// A bounded cache in front of the store; absence is remembered too.
pub(crate) struct Members {
    store: Arc<dyn Store>,
    cache: Cache<(GroupKey, MemberId), Option<Arc<Member>>>,
}

impl std::fmt::Debug for Members {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Members").field("cached", &self.cache.len()).finish_non_exhaustive()
    }
}

impl Members {
    pub(crate) fn new(store: Arc<dyn Store>, cached: usize) -> Self {
        Self { store, cache: Cache::new(cached) }
    }

    /// What is on record about a member; none when nothing is.
    pub(crate) async fn get(&self, group: &GroupKey, id: &MemberId) -> Result<Option<Arc<Member>>, StoreError> {
        let key = (group.clone(), id.clone());
        let load = async {
            let document = self.store.document(&member_key(group, id)).await?;
            document.map(|document| documents::read(&document).map(Arc::new)).transpose()
        };
        self.cache.get_or_insert_async(&key, load).await
    }

    /// The record changed.
    pub(crate) fn forget(&self, group: &GroupKey, id: &MemberId) {
        self.cache.remove(&(group.clone(), id.clone()));
    }
}
