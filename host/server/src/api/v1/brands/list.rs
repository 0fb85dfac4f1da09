//! `GET /v1/brands`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, describe, page};
use crate::api::extract::Query;
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::documents::brand_key;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::Brand;
use usher_store::document::Collection;

/// The brands that the key may see.
#[utoipa::path(get, path = "/v1/brands", tag = "brands", operation_id = "list_brands", params(PageQuery),
    responses((status = 200, description = "A page of brands, by id", body = Page<Described<Brand>>)))]
pub(crate) async fn list_brands(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<Brand>>>, Problem> {
    caller.may(Permission::Read)?;
    let Some(own) = caller.only_brand() else {
        return Ok(Json(page(host.store.as_ref(), Collection::Brands, "", String::new(), &query).await?));
    };
    // A list of one, and no cursor: it would name another brand.
    let document = host.store.document(&brand_key(own)).await?;
    let items = document.iter().map(|document| describe(own.as_str(), document)).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: None }))
}
