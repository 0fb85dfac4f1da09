//! `PUT /v1/brands/{brand}/groups/{group}/candidates/{member}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::{INVALID, not_found};
use crate::api::v1::scope::NamedPath;
use crate::documents::new_document;
use crate::host::Host;
use crate::score::{CandidateWord, InvalidWord, word_key};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, MemberId};

/// Pins a candidate or excludes them, with a reason that stands in every run. The next run heeds it.
#[utoipa::path(put, path = "/v1/brands/{brand}/groups/{group}/candidates/{member}", tag = "scores",
    operation_id = "put_candidate",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "Of whom")),
    request_body = CandidateWord,
    responses((status = 200, description = "It is changed", body = Described<CandidateWord>),
              (status = 201, description = "It is new", body = Described<CandidateWord>)))]
pub(crate) async fn put_candidate(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
    Conditional(precondition): Conditional,
    Json(word): Json<CandidateWord>,
) -> Result<Response, Problem> {
    path.scope().place(&host, &caller, Permission::ManageMembers)?;
    let member = MemberId::new(path.name.as_str()).map_err(|_| not_found("member"))?;
    word.check().map_err(|error| {
        let pointer = if error == InvalidWord::Reason { "/reason" } else { "/series" };
        let detail = Detail { pointer: pointer.into(), detail: error.to_string() };
        Problem::new(INVALID, "this can't be said of a candidate").with_errors([detail])
    })?;
    let key = word_key(&path.brand, path.group.as_ref(), member.as_str());
    let outcome = host.store.put_document(new_document(key, &word, &caller.id())?, precondition).await?;
    Ok(written(member.as_str(), outcome, &word))
}
