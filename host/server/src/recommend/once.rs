//! What is asked again with the same key is the same run: the first one writes down under the key which run that is.

use crate::documents::{Kept, new_document, read};
use crate::runs::{RunError, new_id};
use serde::{Deserialize, Serialize};
use usher_model::{Digest, GroupKey, RunId, Timestamp};
use usher_store::document::{Collection, DocumentKey, Precondition, WriteError};
use usher_store::{Store, StoreError};

/// The run that a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claimed {
    pub(crate) run: RunId,
    pub(crate) at: Timestamp,
    /// Of what was asked.
    pub(crate) asked: Digest,
}

impl Kept for Claimed {}

/// Which run is meant, and as of when: the one that was first asked for with this key.
pub(crate) async fn claim(
    store: &dyn Store,
    group: &GroupKey,
    key: &str,
    asked: Digest,
    at: Timestamp,
    by: &str,
) -> Result<Claimed, RunError> {
    let id = format!("{}/{key}", group.group);
    let place = DocumentKey { collection: Collection::RunKeys, brand: group.brand.to_string(), id };
    let own = Claimed { run: new_id(), at, asked };
    let claimed = match store.put_document(new_document(place.clone(), &own, by)?, Precondition::Absent).await {
        Ok(_) => own,
        Err(WriteError::Precondition { .. }) => {
            let standing = store.document(&place).await?;
            read(&standing.ok_or(StoreError::Damaged { what: "the key of a run" })?)?
        }
        Err(WriteError::Store(error)) => return Err(error.into()),
    };
    if claimed.asked == asked { Ok(claimed) } else { Err(RunError::OtherAsked) }
}
