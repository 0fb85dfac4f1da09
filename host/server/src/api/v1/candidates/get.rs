//! `GET /v1/brands/{brand}/groups/{group}/candidates/{member}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::scope::NamedPath;
use crate::host::Host;
use crate::score::{CandidateWord, word_key};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, MemberId};

/// What people say of a candidate.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/candidates/{member}", tag = "scores",
    operation_id = "get_candidate",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "Of whom")),
    responses((status = 200, description = "It", body = Described<CandidateWord>)))]
pub(crate) async fn get_candidate(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
) -> Result<Response, Problem> {
    path.scope().place(&host, &caller, Permission::ReadDecisions)?;
    let key = word_key(&path.brand, path.group.as_ref(), &path.name);
    let document = host.store.document(&key).await?.ok_or_else(|| not_found("word about a candidate"))?;
    found::<CandidateWord>(&path.name, &document)
}
