//! `DELETE /v1/brands/{brand}/word-lists/{list}`

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::documents::word_list_key;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, Scope, WordListName};

/// Takes a word list away. Plugins that name it find no list from the next event on.
#[utoipa::path(delete, path = "/v1/brands/{brand}/word-lists/{list}", tag = "word lists",
    operation_id = "delete_word_list",
    params(("brand" = BrandId, Path, description = "Whose list"), ("list" = WordListName, Path, description = "Which list")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_word_list(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WordListName)>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    let _changes = entry.changes.lock().await;
    host.store.delete_document(&word_list_key(&brand, &name), precondition).await?;
    entry.word_lists.write().remove(&name);
    entry.replan(&Scope::Brand);
    Ok(StatusCode::NO_CONTENT)
}
