//! Answers for documents: the content with its revision, as body and as ETag.

use crate::api::etag::etag;
use crate::api::page::{Page, PageQuery, limit};
use crate::api::problem::Problem;
use crate::documents::{Kept, read};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use usher_model::Timestamp;
use usher_store::Store;
use usher_store::document::{Collection, Document, DocumentQuery, Written};
use utoipa::ToSchema;

/// A document, its name, its content and which revision that is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Described<T> {
    /// Its id.
    pub(crate) id: String,
    /// Counts its changes, from 1; also its ETag.
    pub(crate) revision: u64,
    /// When it was written, by the wall clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) written_at: Option<Timestamp>,
    /// What it says.
    #[serde(flatten)]
    pub(crate) content: T,
}

/// A document under this id.
pub(crate) fn describe<T: Kept>(id: &str, document: &Document) -> Result<Described<T>, Problem> {
    Ok(Described {
        id: id.to_owned(),
        revision: document.revision,
        written_at: Some(document.written_at),
        content: read(document)?,
    })
}

/// One document, as it stands.
pub(crate) fn found<T: Kept>(id: &str, document: &Document) -> Result<Response, Problem> {
    Ok(with_etag(StatusCode::OK, document.revision, &describe::<T>(id, document)?))
}

/// One document, as it was just written.
pub(crate) fn written<T: Serialize>(id: &str, written: Written, content: &T) -> Response {
    let revision = written.revision();
    let status = match written {
        Written::Created { .. } => StatusCode::CREATED,
        Written::Updated { .. } | Written::Unchanged { .. } => StatusCode::OK,
    };
    with_etag(status, revision, &Described { id: id.to_owned(), revision, written_at: None, content })
}

/// JSON with the revision as ETag.
pub(crate) fn with_etag(status: StatusCode, revision: u64, body: &impl Serialize) -> Response {
    (status, [(header::ETAG, etag(revision))], axum::Json(body)).into_response()
}

/// A page of a brand's documents (of the host's own with an empty brand), each named by the last part of its id.
pub(crate) async fn page<T: Kept>(
    store: &dyn Store,
    collection: Collection,
    brand: &str,
    prefix: String,
    query: &PageQuery,
) -> Result<Page<Described<T>>, Problem> {
    let limit = limit(query.limit)?;
    let after = query.cursor.as_ref().map(|cursor| (brand.to_owned(), format!("{prefix}{cursor}")));
    let strip = prefix.len();
    let query = DocumentQuery { collection, brand: Some(brand.to_owned()), prefix, after, limit };
    let documents = store.documents(&query).await?;
    let full = documents.len() == limit as usize;
    let items = documents.iter().map(|document| describe(document.key.id.get(strip..).unwrap_or_default(), document));
    let items: Vec<_> = items.collect::<Result<_, Problem>>()?;
    let next = items.last().filter(|_| full).map(|last: &Described<T>| last.id.clone());
    Ok(Page { items, next })
}
