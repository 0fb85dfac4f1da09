//! `POST /v1/keys`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Json;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::host::Host;
use crate::keys::KnownKey;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use usher_model::{BrandId, KeyId, Role};
use utoipa::ToSchema;

/// What the new key may do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// Its role.
    role: Role,
    /// The only brand that it is for; all brands when none.
    #[serde(default)]
    brand: Option<BrandId>,
    /// For people.
    #[serde(default)]
    name: String,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeySummary {
    /// Its id.
    id: KeyId,
    /// What it may do.
    role: Role,
    /// The only brand that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<BrandId>,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
}

impl From<&KnownKey> for KeySummary {
    fn from(known: &KnownKey) -> Self {
        Self { id: known.id, role: known.key.role, brand: known.key.brand.clone(), name: known.key.name.clone() }
    }
}

/// A new key, with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedKey {
    /// The key.
    #[serde(flatten)]
    key: KeySummary,
    /// Shown this once and kept nowhere.
    secret: String,
}

/// Makes a key. Its secret is shown this once.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", operation_id = "create_key", request_body = NewKey,
    responses((status = 201, description = "The key and its secret", body = CreatedKey)))]
pub(crate) async fn create_key(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Json(new): Json<NewKey>,
) -> Result<Response, Problem> {
    caller.may(Permission::ManageKeys)?;
    if let Some(brand) = &new.brand {
        host.directory.brand(brand).ok_or_else(|| not_found("brand"))?;
    }
    let (secret, known) = host.keys.create(new.role, new.brand, new.name, &caller.id()).await?;
    let location = [(header::LOCATION, format!("/v1/keys/{}", known.id))];
    let created = CreatedKey { key: known.as_ref().into(), secret };
    Ok((StatusCode::CREATED, location, axum::Json(created)).into_response())
}
