//! `POST /v1/plugins`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::body;
use crate::api::problem::Problem;
use crate::api::v1::plugins::get_version::PluginVersionBody;
use crate::catalog::{Upload, upload};
use crate::host::Host;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Uploads a plugin: a WebAssembly component that exports the contract.
#[utoipa::path(post, path = "/v1/plugins", tag = "plugins", operation_id = "upload_plugin",
    request_body(content = Vec<u8>, content_type = "application/wasm", description = "The component"),
    responses((status = 200, description = "These bytes are there already", body = PluginVersionBody),
              (status = 201, description = "It is published", body = PluginVersionBody)))]
pub(crate) async fn upload_plugin(
    State(host): State<Arc<Host>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    caller.may(Permission::ManagePlugins)?;
    let bytes = body(request, "application/wasm", host.config.limits.component_bytes).await?;
    let (status, plugin) = match upload(&host.catalog, bytes.into(), &caller.id()).await? {
        Upload::Created(plugin) => (StatusCode::CREATED, plugin),
        Upload::Same(plugin) => (StatusCode::OK, plugin),
    };
    let manifest = &plugin.facts.manifest;
    let location = format!("/v1/plugins/{}/versions/{}", manifest.name, manifest.version);
    let body = axum::Json(PluginVersionBody::from(plugin.as_ref()));
    Ok((status, [(header::LOCATION, location)], body).into_response())
}
