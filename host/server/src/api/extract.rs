//! Extractors whose rejections are problems too.

use crate::api::problem::{Detail, Problem};
use crate::api::problems::{INVALID, MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA};
use crate::config::Limits;
use crate::host::Host;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path as ErrorPath, Segment};
use std::fmt::Write;
use std::sync::Arc;

/// The path's parameters.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Host>> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, host).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(rejection) => Err(Problem::new(MALFORMED, rejection.body_text())),
        }
    }
}

/// The query's parameters.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Host>> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, host).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Problem::new(MALFORMED, rejection.body_text())),
        }
    }
}

/// A JSON body within the host's usual limit.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Host>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, host: &Arc<Host>) -> Result<Self, Problem> {
        let bytes = body(request, "application/json", BodyLimit::json(&host.config.limits)).await?;
        json(&bytes).map(Self)
    }
}

/// The bytes of an event, within the host's usual limit.
pub(crate) struct EventBytes(pub(crate) Bytes);

impl FromRequest<Arc<Host>> for EventBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, host: &Arc<Host>) -> Result<Self, Problem> {
        body(request, "application/json", BodyLimit::json(&host.config.limits)).await.map(Self)
    }
}

/// How much of a body is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit {
    pub(crate) bytes: usize,
    /// What it is called in the configuration.
    pub(crate) setting: &'static str,
}

impl BodyLimit {
    /// Of JSON, where nothing else is said.
    pub(crate) fn json(limits: &Limits) -> Self {
        Self { bytes: limits.body_bytes, setting: "limits.body_bytes" }
    }

    /// Of a word list.
    pub(crate) fn word_list(limits: &Limits) -> Self {
        Self { bytes: limits.word_list_bytes, setting: "limits.word_list_bytes" }
    }

    /// Of an upload.
    pub(crate) fn component(limits: &Limits) -> Self {
        Self { bytes: limits.component_bytes, setting: "limits.component_bytes" }
    }
}

/// The whole body, if it is of this type and within this limit.
pub(crate) async fn body(request: Request, media_type: &'static str, limit: BodyLimit) -> Result<Bytes, Problem> {
    if content_type(&request) != Some(media_type) {
        return Err(Problem::new(UNSUPPORTED_MEDIA, format!("send `Content-Type: {media_type}`")));
    }
    read(request.into_body(), limit).await
}

/// The type of the body, without its parameters.
pub(crate) fn content_type(request: &Request) -> Option<&str> {
    let value = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim())
}

/// The whole body, if it is within this limit.
pub(crate) async fn read(body: Body, limit: BodyLimit) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, limit.bytes).await.map_err(|error| {
        // One byte over the limit is a `LengthLimitError`, wherever axum wraps it.
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(cause) = source {
            if cause.is::<http_body_util::LengthLimitError>() {
                return Problem::new(
                    TOO_LARGE,
                    format!("the body has at most {} bytes (`{}`)", limit.bytes, limit.setting),
                );
            }
            source = cause.source();
        }
        Problem::new(MALFORMED, "the body broke off")
    })
}

/// The body, read before anybody has looked at it: all of it, or as much as is too much for every path.
pub(crate) async fn read_ahead(body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let most = limits.component_bytes.max(limits.word_list_bytes).max(limits.body_bytes);
    let (mut stream, mut bytes) = (body.into_data_stream(), Vec::new());
    while bytes.len() <= most {
        let Some(part) = stream.next().await else { break };
        bytes.extend_from_slice(&part.map_err(|_| Problem::new(MALFORMED, "the body broke off"))?);
    }
    Ok(bytes.into())
}

/// Reads JSON; what does not fit is named by its place.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let malformed = |error: &dyn std::fmt::Display| Problem::new(MALFORMED, format!("the body is not JSON: {error}"));
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        if !error.inner().is_data() {
            return malformed(error.inner());
        }
        let detail = Detail { pointer: pointer(error.path()), detail: without_place(error.inner()) };
        Problem::new(INVALID, "the body does not have the right shape").with_errors([detail])
    })?;
    deserializer.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// What is wrong, without the line and column that serde adds: the pointer says it better.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

/// A JSON pointer (RFC 6901) to where reading stopped.
pub(crate) fn pointer(path: &ErrorPath) -> String {
    let mut pointer = String::new();
    for segment in path {
        let written = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { .. } | Segment::Unknown => Ok(()),
        };
        debug_assert!(written.is_ok(), "writing to a string can't fail");
    }
    pointer
}
