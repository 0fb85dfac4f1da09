//! Changes run to their end in tasks of their own, whoever waits for them.

use crate::api::auth::Caller;
use crate::api::extract::read_ahead;
use crate::api::problem::Problem;
use crate::api::problems::{BUSY, GOES_ON};
use crate::api::router::panicked;
use crate::api::v1::compilations::get::CompilationBody;
use crate::changes::{Change, Outcome};
use crate::follow::catch_up;
use crate::host::Host;
use crate::shares::{Full, Shares};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What is asked for with `Prefer` (RFC 7240).
const RESPOND_ASYNC: &str = "respond-async";

/// How long a change may take that nobody wants to wait for and that compiles nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs a change in a task of its own, so that nothing is kept and then not taken into memory; reads change nothing. There
/// are so many such tasks at most, whether somebody still waits for them or not.
pub(super) async fn to_the_end(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match change(&host, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn change(host: &Arc<Host>, request: Request, next: Next) -> Result<Response, Problem> {
    let limits = &host.config.limits;
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, host).await?;
    let place = host.changes.take(caller.id()).map_err(|full| no_place(&host.changes, full))?;
    let asynchronous = prefers_async(&parts.headers);
    // A task that goes on without its connection has all that it needs, and nobody keeps one waiting by sending nothing.
    let body: Body = read_ahead(body, limits).await?.into();
    let change = Change::new(caller.id());
    let (running, its_host) = (change.clone(), host.clone());
    let task = tokio::spawn(async move {
        let work = AssertUnwindSafe(change_now(&its_host, Request::from_parts(parts, body), next)).catch_unwind();
        let response = running.clone().run(work).await.unwrap_or_else(panicked);
        drop(place);
        keep_outcome(&running, response).await
    });
    // A little sooner than the request is ended from outside, with nothing to say.
    let limit = Duration::from_millis(limits.request_ms).mul_f64(0.9);
    let patience = if asynchronous { PATIENCE.min(limit) } else { limit };
    let takes_long = async {
        tokio::select! {
            () = change.compiles(), if asynchronous => {}
            () = tokio::time::sleep(patience) => {}
        }
    };
    tokio::select! {
        biased;
        done = task => return Ok(done.unwrap_or_else(|_| panicked(Box::new("the task of a request")))),
        () = takes_long => {}
    }
    host.long_changes.keep(change.clone());
    Ok(if asynchronous { accepted(host, &change) } else { goes_on(&change) })
}

/// A change is made on everything that others have changed before it.
async fn change_now(host: &Host, request: Request, next: Next) -> Response {
    match catch_up(host).await {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

fn no_place(changes: &Shares, full: Full) -> Problem {
    let detail = match full {
        Full::All => format!("{} changes are under way (`limits.changes`)", changes.places()),
        Full::Own => format!(
            "{} changes of this key are under way, and others must have room, too (half of `limits.changes`)",
            changes.own_max()
        ),
    };
    Problem::new(BUSY, detail)
}

fn prefers_async(headers: &HeaderMap) -> bool {
    let values = headers.get_all(PREFER).into_iter().filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';']));
    preferences.any(|preference| preference.trim().eq_ignore_ascii_case(RESPOND_ASYNC))
}

/// Keeps what is answered, for those who ask later.
async fn keep_outcome(change: &Change, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // What changes answer is small, and the host's own.
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let text = String::from_utf8_lossy(&bytes);
    let body = if text.is_empty() { "null" } else { &text };
    change.end(Outcome { status: parts.status, location: location.map(str::to_owned), body: body.into() });
    Response::from_parts(parts, Body::from(bytes))
}

/// Where to see how far it is.
fn location(change: &Change) -> HeaderValue {
    let path = format!("/v1/compilations/{}", change.id);
    HeaderValue::from_str(&path).unwrap_or_else(|_| HeaderValue::from_static("/v1/compilations"))
}

fn accepted(host: &Host, change: &Change) -> Response {
    let headers = [
        (header::LOCATION, location(change)),
        (PREFERENCE_APPLIED, HeaderValue::from_static(RESPOND_ASYNC)),
        (header::RETRY_AFTER, HeaderValue::from_static("1")),
    ];
    let body = CompilationBody::new(change, host.catalog.compilations());
    (StatusCode::ACCEPTED, headers, axum::Json(body)).into_response()
}

/// It took as long as a request may, and is not lost.
fn goes_on(change: &Change) -> Response {
    let id = change.id;
    let detail = format!(
        "it takes longer than a request may (`limits.request_ms`) and goes on: `GET /v1/compilations/{id}` tells what \
         becomes of it. With `Prefer: {RESPOND_ASYNC}` you need not wait"
    );
    ([(header::LOCATION, location(change))], Problem::new(GOES_ON, detail)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preference_may_stand_beside_others() {
        let headers = |values: &[&'static str]| -> HeaderMap {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(PREFER, HeaderValue::from_static(value));
            }
            headers
        };
        for prefers in
            [&["respond-async"][..], &["return=minimal, Respond-Async; wait=5"], &["handling=strict", "respond-async"]]
        {
            assert!(prefers_async(&headers(prefers)), "{prefers:?}");
        }
        assert!(!prefers_async(&headers(&["return=minimal", "x-respond-async"])));
    }
}
