//! `PUT /v1/brands/{brand}/contents/{content}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::INVALID;
use crate::documents::{content_key, new_document};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Content, ContentId};

/// Makes a content, or changes it. What became of it so far stays.
#[utoipa::path(put, path = "/v1/brands/{brand}/contents/{content}", tag = "contents", operation_id = "put_content",
    params(("brand" = BrandId, Path, description = "Whose content"),
           ("content" = ContentId, Path, description = "As events name it")),
    request_body = Content,
    responses((status = 200, description = "It is changed", body = Described<Content>),
              (status = 201, description = "It is new", body = Described<Content>)))]
pub(crate) async fn put_content(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, ContentId)>,
    Conditional(precondition): Conditional,
    Json(content): Json<Content>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::ManageContents, &brand)?;
    content.check().map_err(|error| {
        let detail = Detail { pointer: error.pointer.into(), detail: error.detail };
        Problem::new(INVALID, "the content can't be kept").with_errors([detail])
    })?;
    let document = new_document(content_key(&brand, &id), &content, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    Ok(written(id.as_str(), outcome, &content))
}
