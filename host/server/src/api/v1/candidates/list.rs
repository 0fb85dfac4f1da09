//! `GET /v1/brands/{brand}/groups/{group}/candidates`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, page};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::api::v1::scope::ScopePath;
use crate::host::Host;
use crate::score::{CandidateWord, word_prefix};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};
use usher_store::document::Collection;

/// Everything that people say of candidates.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/candidates", tag = "scores",
    operation_id = "list_candidates",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           PageQuery),
    responses((status = 200, description = "A page, by member", body = Page<Described<CandidateWord>>)))]
pub(crate) async fn list_candidates(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<ScopePath>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<CandidateWord>>>, Problem> {
    path.place(&host, &caller, Permission::ReadDecisions)?;
    let (store, prefix) = (host.store.as_ref(), word_prefix(path.group.as_ref()));
    Ok(Json(page(store, Collection::Candidates, path.brand.as_str(), prefix, &query).await?))
}
