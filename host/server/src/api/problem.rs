//! Problem details (RFC 9457): what went wrong, for the reader who can do something about it.
//!
//! What the client may read is in the problem; what only the operator may read goes to the log when it is made.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kinds of problems, each with its status and its page at `/problems/{code}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
    /// What it means, and what to do.
    pub(crate) about: &'static str,
}

/// One of several things that are wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Detail {
    /// Where in the body, as a JSON pointer (RFC 6901).
    pub(crate) pointer: String,
    /// What is wrong there.
    pub(crate) detail: String,
}

/// A problem, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A page that says what this kind of problem means, relative to the host.
    #[serde(rename = "type")]
    kind: String,
    /// The kind, in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The last part of `type`, for programs.
    code: &'static str,
    /// What happened this time, and what to do.
    detail: String,
    /// What exactly is wrong in the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Detail>,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", kind.code),
            title: kind.title,
            status: kind.status.as_u16(),
            code: kind.code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: (kind.status == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        }
    }

    /// Names what is wrong in the body.
    #[must_use]
    pub(crate) fn with_errors(mut self, errors: impl IntoIterator<Item = Detail>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// What is wrong is in a part of the body.
    #[must_use]
    pub(crate) fn within(mut self, part: &str) -> Self {
        for error in &mut self.errors {
            error.pointer.insert_str(0, part);
        }
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
