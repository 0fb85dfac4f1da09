//! Whether a caller waits for the end of a run (`Prefer`, RFC 7240).

use super::{page, progress};
use crate::api::page::LIMIT_MAX;
use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::host::Host;
use crate::runs::{Begun, RunError, Running};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use usher_model::BrandId;

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// How long the caller waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefer {
    /// Until the end, if that comes within the time of a request.
    ToTheEnd,
    /// Not longer than so many seconds.
    Wait(u64),
}

impl FromRequestParts<Arc<Host>> for Prefer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Host>) -> Result<Self, Problem> {
        parse(&parts.headers)
    }
}

fn parse(headers: &HeaderMap) -> Result<Prefer, Problem> {
    let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    let preferences: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let seconds = preferences.iter().find_map(|one| one.strip_prefix("wait="));
    let seconds = seconds.map(|seconds| {
        seconds.parse().map_err(|_| Problem::new(MALFORMED, "`Prefer: wait=SECONDS` has a whole number of seconds"))
    });
    match seconds.transpose()? {
        Some(seconds) => Ok(Prefer::Wait(seconds)),
        None if preferences.contains(&"respond-async") => Ok(Prefer::Wait(0)),
        None => Ok(Prefer::ToTheEnd), // what else is preferred is nothing that this host could do
    }
}

/// The run when it is kept, or how far it is when the caller waits no longer.
pub(crate) async fn answer(
    host: &Host,
    running: &Arc<Running>,
    end: Begun,
    prefer: Prefer,
) -> Result<Response, Problem> {
    let location = [(header::LOCATION, address(&running.brand, running))];
    // Whoever waits too long is told where the run is, and not that it took too long.
    let most = Duration::from_millis(host.config.limits.request_ms / 10 * 9);
    let ended = match prefer {
        Prefer::Wait(0) => Err(()),
        Prefer::Wait(seconds) => tokio::time::timeout(Duration::from_secs(seconds).min(most), end).await.map_err(drop),
        Prefer::ToTheEnd => tokio::time::timeout(most, end).await.map_err(drop),
    };
    let Ok(ended) = ended else {
        let applied = [(HeaderName::from_static("preference-applied"), "respond-async")];
        return Ok((StatusCode::ACCEPTED, location, applied, axum::Json(progress(running))).into_response());
    };
    ended.unwrap_or(Err(RunError::Panicked))?;
    let run = host.store.run(&running.brand, running.id).await?;
    let run = run.ok_or_else(|| crate::api::problems::not_found("run"))?;
    Ok((StatusCode::CREATED, location, axum::Json(page(host, &run, None, LIMIT_MAX).await?)).into_response())
}

fn address(brand: &BrandId, running: &Running) -> String {
    format!("/v1/brands/{brand}/runs/{}", running.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_is_read_among_others() {
        let prefer = |value: &'static str| parse(&HeaderMap::from_iter([(PREFER, value.parse().unwrap())]));
        assert_eq!(prefer("respond-async").ok(), Some(Prefer::Wait(0)));
        assert_eq!(prefer("return=minimal, respond-async, wait=20").ok(), Some(Prefer::Wait(20)));
        assert_eq!(prefer("handling=lenient").ok(), Some(Prefer::ToTheEnd));
        assert_eq!(parse(&HeaderMap::new()).ok(), Some(Prefer::ToTheEnd));
        assert!(prefer("wait=soon").is_err());
    }
}
