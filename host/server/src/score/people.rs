//! What people said of candidates: in or out, for whichever score, and why.

use super::outcome::{Stand, Word};
use crate::documents::{Kept, read};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use usher_model::{BrandId, GroupId};
use usher_store::document::{Collection, DocumentKey, DocumentQuery};
use usher_store::{Store, StoreError};
use utoipa::ToSchema;

/// Longest reason, in bytes.
const REASON_BYTES_MAX: usize = 2_000;

/// Most series that one word is for.
const SERIES_MAX: usize = 32;

/// Documents that are read at a time.
const PAGE: u32 = 1_000;

/// What people say of a candidate. It outweighs scores, thresholds, room, and what plugins say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CandidateWord {
    /// `pin`: chosen in every run. `exclude`: never chosen.
    pub(crate) stand: Stand,
    /// For those who read the run.
    pub(crate) reason: String,
    /// Only in runs of these series; in all when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) series: Vec<String>,
}

/// A word that can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidWord {
    /// Who reads the run wants to know.
    #[error("a reason has 1 to {REASON_BYTES_MAX} bytes: say why, for those who read the run")]
    Reason,
    /// Too many.
    #[error("at most {SERIES_MAX} series; name none for all")]
    Series,
}

impl CandidateWord {
    /// Checks what the types do not.
    pub(crate) fn check(&self) -> Result<(), InvalidWord> {
        if self.reason.trim().is_empty() || self.reason.len() > REASON_BYTES_MAX {
            return Err(InvalidWord::Reason);
        }
        if self.series.len() > SERIES_MAX { Err(InvalidWord::Series) } else { Ok(()) }
    }
}

impl Kept for CandidateWord {}

/// Where what people say is kept: by group, and under no group for scorings of the whole brand.
pub(crate) fn word_prefix(group: Option<&GroupId>) -> String {
    format!("{}/", group.map_or("", GroupId::as_str))
}

/// Where what people say of one candidate is kept.
pub(crate) fn word_key(brand: &BrandId, group: Option<&GroupId>, candidate: &str) -> DocumentKey {
    let id = format!("{}{candidate}", word_prefix(group));
    DocumentKey { collection: Collection::Candidates, brand: brand.to_string(), id }
}

/// What people say of candidates of a series.
pub(crate) async fn words(
    store: &dyn Store,
    brand: &BrandId,
    group: Option<&GroupId>,
    series: &str,
) -> Result<BTreeMap<String, Word>, StoreError> {
    let prefix = word_prefix(group);
    let (mut words, mut after) = (BTreeMap::new(), None);
    loop {
        let query = DocumentQuery {
            collection: Collection::Candidates,
            brand: Some(brand.to_string()),
            prefix: prefix.clone(),
            after: after.take(),
            limit: PAGE,
        };
        let page = store.documents(&query).await?;
        for document in &page {
            let word: CandidateWord = read(document)?;
            if word.series.is_empty() || word.series.iter().any(|one| one == series) {
                let id = document.key.id.get(prefix.len()..).unwrap_or_default().to_owned();
                words.insert(id, Word { stand: word.stand, reason: word.reason });
            }
        }
        if page.len() < PAGE as usize {
            return Ok(words);
        }
        after = page.last().map(|last| (last.key.brand.clone(), last.key.id.clone()));
    }
}
