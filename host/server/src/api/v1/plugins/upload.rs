//! `POST /v1/plugins`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{BodyLimit, Query, body, content_type, json};
use crate::api::problem::Problem;
use crate::api::v1::compilations::get::CompilationBody;
use crate::api::v1::plugins::get_version::PluginVersionBody;
use crate::catalog::{Naming, Upload, upload};
use crate::host::Host;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use usher_model::Digest;
use utoipa::{IntoParams, ToSchema};

/// How it is published.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Under a version that only these bytes have, `0.1.0-dev-` and digits of their digest: for authors, whose builds
    /// differ and whose version is the same.
    #[serde(default)]
    development: bool,
}

/// A plugin in a registry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceBody {
    /// Where: `oci://ghcr.io/acme/word-guard`, of a registry in the host's setting `registries.allowed`. A tag is not
    /// looked at.
    source: String,
    /// Which one: the digest of the artifact's manifest, as `usher plugin push` and registries tell it.
    digest: Digest,
}

/// Publishes a plugin: a WebAssembly component that exports the contract, in the body, or in an OCI registry as a wasm
/// artifact.
#[utoipa::path(post, path = "/v1/plugins", tag = "plugins", operation_id = "upload_plugin",
    params(UploadQuery,
           ("prefer" = Option<String>, Header, description = "`respond-async` to be answered before it is compiled")),
    request_body(content((Vec<u8> = "application/wasm"), (SourceBody = "application/json")),
        description = "The component, or where it is"),
    responses((status = 200, description = "These bytes are there already", body = PluginVersionBody),
              (status = 201, description = "It is published", body = PluginVersionBody),
              (status = 202, description = "It is being compiled; `Location` says where to see what becomes of it", body = CompilationBody),
              (status = 502, description = "The registry did not give it", body = Problem,
               content_type = "application/problem+json")))]
pub(crate) async fn upload_plugin(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<Response, Problem> {
    caller.may(Permission::ManagePlugins)?;
    let naming = if query.development { Naming::Development } else { Naming::Own };
    let component = component(&host, request).await?;
    let (status, plugin) = match upload(&host.catalog, component, naming, &caller.id()).await? {
        Upload::Created(plugin) => (StatusCode::CREATED, plugin),
        Upload::Same(plugin) => (StatusCode::OK, plugin),
    };
    let manifest = &plugin.facts.manifest;
    let location = format!("/v1/plugins/{}/versions/{}", manifest.name, manifest.version);
    let body = axum::Json(PluginVersionBody::from(plugin.as_ref()));
    Ok((status, [(header::LOCATION, location)], body).into_response())
}

/// The bytes, from the body or from where it says.
async fn component(host: &Host, request: Request) -> Result<Vec<u8>, Problem> {
    let limits = &host.config.limits;
    if content_type(&request) != Some("application/json") {
        return Ok(body(request, "application/wasm", BodyLimit::component(limits)).await?.into());
    }
    let SourceBody { source, digest } = json(&body(request, "application/json", BodyLimit::json(limits)).await?)?;
    Ok(host.sources.pull(&source, &digest, limits.component_bytes).await?)
}
