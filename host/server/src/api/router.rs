//! Every route there is, and what stands around all of them.

use crate::api::problem::Problem;
use crate::api::problems::{BUSY, INTERNAL, NOT_ALLOWED, TIMEOUT, not_found};
use crate::api::to_the_end::to_the_end;
use crate::api::{health, v1};
use crate::host::Host;
use crate::telemetry;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes with their documentation.
pub(crate) fn documented() -> OpenApiRouter<Arc<Host>> {
    control_plane().merge(data_plane())
}

/// Events and decisions: dropping a request half-way does no harm.
fn data_plane() -> OpenApiRouter<Arc<Host>> {
    use v1::{backtests, decisions, events, plugin_logs, recommendations, runs, scores};
    OpenApiRouter::new()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(health::problem))
        .routes(routes!(events::create::create_event))
        .routes(routes!(events::batch::create_events))
        .routes(routes!(decisions::list::list_decisions))
        .routes(routes!(decisions::stream::stream_decisions))
        .routes(routes!(decisions::get::get_decision))
        .routes(routes!(decisions::replay::replay_decision))
        .routes(routes!(plugin_logs::list::list_plugin_logs))
        .routes(routes!(plugin_logs::stream::stream_plugin_logs))
        .routes(routes!(backtests::list::list_backtests, backtests::create::create_backtest))
        .routes(routes!(backtests::get::get_backtest, backtests::delete::delete_backtest))
        .routes(routes!(backtests::stream::stream_backtest))
        .routes(routes!(scores::create::create_scores))
        .routes(routes!(recommendations::create::create_recommendations))
        .routes(routes!(runs::list::list_runs))
        .routes(routes!(runs::get::get_run))
        .routes(routes!(runs::changes::list_run_changes))
        .routes(routes!(runs::replay::replay_run))
}

/// What is kept and then taken into memory: a change that was begun is ended, whoever hangs up meanwhile.
fn control_plane() -> OpenApiRouter<Arc<Host>> {
    use v1::{
        activity, brands, breakers, candidates, compilations, contents, enablements, groups, keys, members, plugins,
        schedules, webhooks, word_lists,
    };
    OpenApiRouter::new()
        .routes(routes!(plugins::list::list_plugins, plugins::upload::upload_plugin))
        .routes(routes!(plugins::get::get_plugin))
        .routes(routes!(compilations::list::list_compilations))
        .routes(routes!(compilations::get::get_compilation))
        .routes(routes!(plugins::get_version::get_plugin_version, plugins::delete_version::delete_plugin_version))
        .routes(routes!(brands::list::list_brands))
        .routes(routes!(brands::get::get_brand, brands::put::put_brand))
        .routes(routes!(breakers::list::list_breakers))
        .routes(routes!(breakers::reset::reset_breaker))
        .routes(routes!(groups::list::list_groups))
        .routes(routes!(groups::get::get_group, groups::put::put_group))
        .routes(routes!(members::list::list_members))
        .routes(routes!(members::get::get_member, members::put::put_member))
        .routes(routes!(activity::list::list_activity))
        .routes(routes!(activity::get::get_activity))
        .routes(routes!(contents::list::list_contents))
        .routes(routes!(contents::get::get_content, contents::put::put_content, contents::delete::delete_content))
        .routes(routes!(contents::activity::get_content_activity))
        .routes(routes!(contents::seen::list_seen))
        .routes(routes!(enablements::in_force::list_in_force))
        .routes(routes!(
            enablements::get::get_enablement,
            enablements::put::put_enablement,
            enablements::delete::delete_enablement
        ))
        .routes(routes!(enablements::revisions::list_revisions))
        .routes(routes!(enablements::rollback::roll_back))
        .routes(routes!(word_lists::list::list_word_lists))
        .routes(routes!(
            word_lists::get::get_word_list,
            word_lists::put::put_word_list,
            word_lists::delete::delete_word_list
        ))
        .routes(routes!(candidates::list::list_candidates))
        .routes(routes!(
            candidates::get::get_candidate,
            candidates::put::put_candidate,
            candidates::delete::delete_candidate
        ))
        .routes(routes!(schedules::list::list_schedules))
        .routes(routes!(schedules::get::get_schedule, schedules::put::put_schedule, schedules::delete::delete_schedule))
        .routes(routes!(webhooks::list::list_webhooks))
        .routes(routes!(webhooks::get::get_webhook, webhooks::put::put_webhook, webhooks::delete::delete_webhook))
        .routes(routes!(webhooks::secret::replace_webhook_secret))
        .routes(routes!(webhooks::deliveries::list_deliveries))
        .routes(routes!(webhooks::retry::retry_deliveries))
        .routes(routes!(keys::list::list_keys, keys::create::create_key))
        .routes(routes!(keys::get::get_key, keys::delete::delete_key))
}

/// The same enablement handlers at the two wider scopes; the document describes them once, at the group.
fn wider_scopes() -> Router<Arc<Host>> {
    use v1::enablements::{delete as take, get as read, put as enable, revisions, rollback};
    let mut router = Router::new();
    for prefix in ["/v1/brands/{brand}/plugins/{plugin}", "/v1/brands/{brand}/kinds/{kind}/plugins/{plugin}"] {
        let methods =
            get(read::get_enablement).merge(put(enable::put_enablement)).merge(delete(take::delete_enablement));
        router = router
            .route(prefix, methods)
            .route(&format!("{prefix}/revisions"), get(revisions::list_revisions))
            .route(&format!("{prefix}/rollback"), post(rollback::roll_back));
    }
    router
}

/// What there is in groups and in a brand as a whole, at the brand; the document describes it once, at the group.
fn whole_brand() -> Router<Arc<Host>> {
    use v1::{candidates, schedules};
    let candidate = get(candidates::get::get_candidate)
        .merge(put(candidates::put::put_candidate))
        .merge(delete(candidates::delete::delete_candidate));
    let schedule = get(schedules::get::get_schedule)
        .merge(put(schedules::put::put_schedule))
        .merge(delete(schedules::delete::delete_schedule));
    Router::new()
        .route("/v1/brands/{brand}/candidates", get(candidates::list::list_candidates))
        .route("/v1/brands/{brand}/candidates/{member}", candidate)
        .route("/v1/brands/{brand}/schedules", get(schedules::list::list_schedules))
        .route("/v1/brands/{brand}/schedules/{schedule}", schedule)
}

/// The whole surface.
pub(crate) fn router(host: Arc<Host>) -> Router {
    let (changes, _) = control_plane().split_for_parts();
    let changes = changes
        .merge(wider_scopes())
        .merge(whole_brand())
        .layer(middleware::from_fn_with_state(host.clone(), to_the_end));
    let (decisions, _) = data_plane().split_for_parts();
    let decisions = decisions.route("/v1/brands/{brand}/scores", post(v1::scores::create::create_scores));
    changes
        .merge(decisions)
        .route("/openapi.json", get(|| async { axum::Json(crate::api::openapi()) }))
        .fallback(|| async { not_found("path") })
        .method_not_allowed_fallback(|| async { Problem::new(NOT_ALLOWED, "this path does not take this method") })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(host.clone(), admit))
        .layer(middleware::from_fn_with_state(host.clone(), observe))
        .with_state(host)
}

/// A panic is a fault of the host, told like any other; the panic's own words go to the log only.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Problem::new(INTERNAL, "the host could not do it; its log says why").into_response()
}

/// Tells those to come again who come when too many are here already.
async fn admit(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    // Health and numbers answer also when the host is full: full is not dead.
    if !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let Ok(_place) = host.places.try_acquire() else {
        let detail = format!("{} requests are under way (`limits.requests`)", host.config.limits.requests);
        return Problem::new(BUSY, detail).into_response();
    };
    next.run(request).await
}

/// Bounds a request in time, counts it, and logs it: route, status and time, never what it carried.
async fn observe(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let limit = Duration::from_millis(host.config.limits.request_ms);
    let response = match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(TIMEOUT, format!("not done within {} ms (`limits.request_ms`)", limit.as_millis()))
            .into_response(),
    };
    let (status, took) = (response.status().as_u16(), started.elapsed());
    telemetry::answered(&route, status, took);
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(%method, route, status, took_us, "request failed");
    } else {
        tracing::debug!(%method, route, status, took_us, "request answered");
    }
    response
}
