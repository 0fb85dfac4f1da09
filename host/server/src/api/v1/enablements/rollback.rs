//! `POST …/plugins/{plugin}/rollback` at a brand, a kind of group, or a group.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::enablements::scope::EnablementPath;
use crate::catalog::{Enabling, enable};
use crate::documents::{enablement_key, read};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use usher_model::{BrandId, Enablement, GroupId, PluginName, Revision};
use utoipa::ToSchema;

/// Where to go back to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rollback {
    /// Which revision; the one before the present one when none.
    #[serde(default)]
    revision: Option<Revision>,
}

/// Puts an earlier revision in force again, as a new revision.
#[utoipa::path(post, path = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}/rollback", tag = "enablements",
    operation_id = "roll_back_enablement",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where"),
           ("plugin" = PluginName, Path, description = "What")),
    request_body = Rollback,
    responses((status = 200, description = "It is in force again", body = Described<Enablement>),
              (status = 201, description = "It is in force again after it was taken away", body = Described<Enablement>)))]
pub(crate) async fn roll_back(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<EnablementPath>,
    Conditional(precondition): Conditional,
    Json(rollback): Json<Rollback>,
) -> Result<Response, Problem> {
    let brand = caller.brand(&host, Permission::Manage, &path.brand)?;
    let scope = path.scope(&brand)?;
    let key = enablement_key(&brand.id, &scope, &path.plugin);
    let target = match (rollback.revision, host.store.document(&key).await?) {
        (Some(revision), _) => host.store.document_at(&key, revision).await?,
        (None, Some(_)) => host.store.revisions(&key, 2).await?.into_iter().nth(1),
        // It was deleted: the one before now is the last there was.
        (None, None) => host.store.revisions(&key, 1).await?.into_iter().next(),
    };
    let enablement: Enablement = read(&target.ok_or_else(|| not_found("revision to go back to"))?)?;
    let (plugin, by) = (path.plugin.clone(), caller.id());
    let enabling = Enabling { scope, plugin, enablement: enablement.clone(), precondition, by };
    let outcome = enable(&host.catalog, &brand, enabling).await?;
    Ok(written(path.plugin.as_str(), outcome, &enablement))
}
