//! `GET …/plugins/{plugin}` at a brand, a kind of group, or a group.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::enablements::scope::EnablementPath;
use crate::documents::enablement_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Enablement, GroupId, PluginName};

/// An enablement, as it was put at this scope. What comes of all scopes together is in the list of what is in force.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}", tag = "enablements",
    operation_id = "get_enablement",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where"),
           ("plugin" = PluginName, Path, description = "What")),
    responses((status = 200, description = "The enablement", body = Described<Enablement>)))]
pub(crate) async fn get_enablement(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<EnablementPath>,
) -> Result<Response, Problem> {
    let brand = caller.brand(&host, Permission::Read, &path.brand)?;
    let key = enablement_key(&brand.id, &path.scope(&brand)?, &path.plugin);
    let document = host.store.document(&key).await?.ok_or_else(|| not_found("enablement at this scope"))?;
    found::<Enablement>(path.plugin.as_str(), &document)
}
