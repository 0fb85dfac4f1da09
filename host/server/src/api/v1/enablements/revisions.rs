//! `GET …/plugins/{plugin}/revisions` at a brand, a kind of group, or a group.

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::{LIMIT_MAX, Page};
use crate::api::problem::Problem;
use crate::api::v1::enablements::scope::EnablementPath;
use crate::documents::{enablement_key, read};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, Enablement, GroupId, PluginName, Timestamp};
use utoipa::ToSchema;

/// A revision of an enablement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevisionBody {
    /// Which one.
    revision: u64,
    /// Id of the key that wrote it.
    written_by: String,
    /// When, by the wall clock.
    written_at: Timestamp,
    /// What it said.
    #[serde(flatten)]
    enablement: Enablement,
}

/// How an enablement came to be what it is: its last 100 revisions, newest first.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}/revisions", tag = "enablements",
    operation_id = "list_enablement_revisions",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where"),
           ("plugin" = PluginName, Path, description = "What")),
    responses((status = 200, description = "Its revisions", body = Page<RevisionBody>)))]
pub(crate) async fn list_revisions(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<EnablementPath>,
) -> Result<Json<Page<RevisionBody>>, Problem> {
    let brand = caller.brand(&host, Permission::Read, &path.brand)?;
    let key = enablement_key(&brand.id, &path.scope(&brand)?, &path.plugin);
    let documents = host.store.revisions(&key, LIMIT_MAX).await?;
    let items = documents.into_iter().map(|document| {
        let enablement = read(&document)?;
        let (revision, written_by, written_at) = (document.revision, document.written_by, document.written_at);
        Ok(RevisionBody { revision, written_by, written_at, enablement })
    });
    Ok(Json(Page { items: items.collect::<Result<_, Problem>>()?, next: None }))
}
