//! `PUT /v1/brands/{brand}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::INVALID;
use crate::documents::{brand_key, new_document};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{Brand, BrandId, Timestamp};

/// Makes a brand, or changes it.
#[utoipa::path(put, path = "/v1/brands/{brand}", tag = "brands", operation_id = "put_brand",
    params(("brand" = BrandId, Path, description = "Chosen by you")),
    request_body = Brand,
    responses((status = 200, description = "It is changed", body = Described<Brand>),
              (status = 201, description = "It is new", body = Described<Brand>)))]
pub(crate) async fn put_brand(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(id): Path<BrandId>,
    Conditional(precondition): Conditional,
    Json(brand): Json<Brand>,
) -> Result<Response, Problem> {
    caller.may_in(Permission::Manage, &id)?;
    check_zone(&brand.time_zone)?;
    let _making = host.directory.making.lock().await;
    let known = host.directory.brand(&id);
    let _changes = match &known {
        Some(entry) => Some(entry.changes.lock().await),
        None => None,
    };
    let document = new_document(brand_key(&id), &brand, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    host.directory.put_brand(&id, brand.clone());
    Ok(written(id.as_str(), outcome, &brand))
}

/// A time zone that the host's database knows.
pub(crate) fn check_zone(zone: &str) -> Result<(), Problem> {
    if Timestamp::zone_exists(zone) {
        return Ok(());
    }
    let detail = Detail {
        pointer: "/time_zone".into(),
        detail: format!("`{zone}` is no time zone of the IANA database, for example `Asia/Shanghai`"),
    };
    Err(Problem::new(INVALID, "the time zone is not known").with_errors([detail]))
}
