//! Revisions as strong ETags, and what `If-Match` and `If-None-Match` ask for (RFC 9110, 13.1).

use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::host::Host;
use axum::extract::FromRequestParts;
use axum::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use std::sync::Arc;
use usher_store::document::Precondition;

/// What must hold for a write.
pub(crate) struct Conditional(pub(crate) Precondition);

impl FromRequestParts<Arc<Host>> for Conditional {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Host>) -> Result<Self, Problem> {
        let header = |name: HeaderName| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
        match (header(IF_MATCH), header(IF_NONE_MATCH)) {
            (None, None) => Ok(Self(Precondition::None)),
            (None, Some("*")) => Ok(Self(Precondition::Absent)),
            (Some(tag), None) => parse(tag).map(|revision| Self(Precondition::Revision(revision))).ok_or_else(|| {
                Problem::new(MALFORMED, "`If-Match` names one ETag as this host gave it, for example \"3\"")
            }),
            _ => Err(Problem::new(MALFORMED, "send either `If-Match: \"REVISION\"` or `If-None-Match: *`")),
        }
    }
}

fn parse(tag: &str) -> Option<u64> {
    tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The ETag of a revision.
pub(crate) fn etag(revision: u64) -> String {
    format!("\"{revision}\"")
}
