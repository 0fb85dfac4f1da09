//! `PUT /v1/brands/{brand}/word-lists/{list}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{BodyLimit, Path, content_type, json, read};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::{INVALID, MALFORMED, UNSUPPORTED_MEDIA};
use crate::directory::{ListEntry, build_list};
use crate::documents::{new_document, word_list_key};
use crate::host::Host;
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Scope, WordListContent, WordListName};

/// Makes a word list, or replaces it. Plain text has one entry a line; lines that begin with `#` are remarks.
#[utoipa::path(put, path = "/v1/brands/{brand}/word-lists/{list}", tag = "word lists", operation_id = "put_word_list",
    params(("brand" = BrandId, Path, description = "Whose list"), ("list" = WordListName, Path, description = "Chosen by you")),
    request_body(content((WordListContent = "application/json"), (String = "text/plain"))),
    responses((status = 200, description = "It is replaced", body = Described<WordListContent>),
              (status = 201, description = "It is new", body = Described<WordListContent>)))]
pub(crate) async fn put_word_list(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WordListName)>,
    Conditional(precondition): Conditional,
    request: Request,
) -> Result<Response, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    let content = content(request, BodyLimit::word_list(&host.config.limits)).await?;
    let list = build_list(content.clone()).await.map_err(|error| {
        let detail = Detail { pointer: "/entries".into(), detail: error.to_string() };
        Problem::new(INVALID, "the word list can't be used").with_errors([detail])
    })?;
    let _changes = entry.changes.lock().await;
    let document = new_document(word_list_key(&brand, &name), &content, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    let list = ListEntry { revision: outcome.revision(), list: Arc::new(list) };
    entry.word_lists.write().insert(name.clone(), list);
    entry.replan(&Scope::Brand);
    Ok(written(name.as_str(), outcome, &content))
}

async fn content(request: Request, limit: BodyLimit) -> Result<WordListContent, Problem> {
    match content_type(&request) {
        Some("application/json") => json(&read(request.into_body(), limit).await?),
        Some("text/plain") => plain(&read(request.into_body(), limit).await?),
        _ => Err(Problem::new(UNSUPPORTED_MEDIA, "send `application/json`, or `text/plain` with one entry a line")),
    }
}

fn plain(bytes: &[u8]) -> Result<WordListContent, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(MALFORMED, "the text is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(WordListContent { entries: lines.map(str::to_owned).collect(), allow: Vec::new() })
}
