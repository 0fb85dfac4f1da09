//! `GET /v1/brands/{brand}/word-lists`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::BrandId;
use utoipa::ToSchema;

/// A word list, without its entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordListSummary {
    /// Its name.
    id: String,
    /// Counts its changes.
    revision: u64,
    /// How many entries it has.
    entries: usize,
}

/// The word lists of a brand, without their entries.
#[utoipa::path(get, path = "/v1/brands/{brand}/word-lists", tag = "word lists", operation_id = "list_word_lists",
    params(("brand" = BrandId, Path, description = "Whose lists")),
    responses((status = 200, description = "All lists, by name", body = Page<WordListSummary>)))]
pub(crate) async fn list_word_lists(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
) -> Result<Json<Page<WordListSummary>>, Problem> {
    let entry = caller.brand(&host, Permission::Read, &brand)?;
    let lists = entry.word_lists.read();
    let summary = lists.iter().map(|(name, list)| WordListSummary {
        id: name.to_string(),
        revision: list.revision,
        entries: list.list.len(),
    });
    Ok(Json(Page { items: summary.collect(), next: None }))
}
