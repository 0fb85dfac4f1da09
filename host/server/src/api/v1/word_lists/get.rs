//! `GET /v1/brands/{brand}/word-lists/{list}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::word_list_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, WordListContent, WordListName};

/// A word list.
#[utoipa::path(get, path = "/v1/brands/{brand}/word-lists/{list}", tag = "word lists", operation_id = "get_word_list",
    params(("brand" = BrandId, Path, description = "Whose list"), ("list" = WordListName, Path, description = "Which list")),
    responses((status = 200, description = "The list", body = Described<WordListContent>)))]
pub(crate) async fn get_word_list(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WordListName)>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::Read, &brand)?;
    let document = host.store.document(&word_list_key(&brand, &name)).await?.ok_or_else(|| not_found("word list"))?;
    found::<WordListContent>(name.as_str(), &document)
}
