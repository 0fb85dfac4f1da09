//! `POST /v1/brands/{brand}/events/batch`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, content_type, json};
use crate::api::problem::{Kind, Problem};
use crate::api::problems::{MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA, not_found};
use crate::directory::BrandEntry;
use crate::follow::catch_up;
use crate::host::Host;
use crate::ingest::report;
use crate::pipeline::decide;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::sync::Arc;
use usher_model::{BrandId, Decision, Event, EventId, GroupId};
use utoipa::ToSchema;

/// One line of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchLine {
    /// Where it happened.
    group: GroupId,
    /// What happened.
    event: Event,
}

/// One line of the answer: the decision, or what is wrong with the line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchAnswer {
    /// Which event, when the line could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventId>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Decision>)]
    decision: Option<Box<RawValue>>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// Many events, as newline-delimited JSON; answered line by line, in order, as they are decided. A line that can't be
/// read or decided gets a problem in its place, and the others go on.
#[utoipa::path(post, path = "/v1/brands/{brand}/events/batch", tag = "events", operation_id = "create_events",
    params(("brand" = BrandId, Path, description = "Whose groups")),
    request_body(content = BatchLine, content_type = "application/x-ndjson"),
    responses((status = 200, description = "One line per line", body = BatchAnswer, content_type = "application/x-ndjson")))]
pub(crate) async fn create_events(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    request: Request,
) -> Result<Response, Problem> {
    let brand = caller.brand(&host, Permission::SendEvents, &brand)?;
    if content_type(&request) != Some("application/x-ndjson") {
        return Err(Problem::new(UNSUPPORTED_MEDIA, "send `Content-Type: application/x-ndjson`"));
    }
    let at_once = host.config.limits.batch_concurrency;
    let answers = lines(request.into_body(), host.config.limits.body_bytes)
        .map(move |line| answer(host.clone(), caller.clone(), brand.clone(), line))
        .buffered(at_once)
        .map(Ok::<Bytes, Infallible>);
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(answers)).into_response())
}

async fn answer(host: Arc<Host>, caller: Caller, brand: Arc<BrandEntry>, line: Result<Bytes, Problem>) -> Bytes {
    let line = line.and_then(|line| caller.is_still_known(&host).and_then(|()| json::<BatchLine>(&line)));
    let (event, outcome) = match line {
        Err(problem) => (None, Err(problem)),
        Ok(line) => (Some(line.event.id.clone()), decide_line(&host, &brand, line).await),
    };
    let answer = match outcome {
        Ok(decision) => BatchAnswer { event, decision: Some(decision), problem: None },
        Err(problem) => BatchAnswer { event, decision: None, problem: Some(problem) },
    };
    let mut bytes = serde_json::to_vec(&answer).unwrap_or_default();
    bytes.push(b'\n');
    bytes.into()
}

async fn decide_line(host: &Host, brand: &BrandEntry, line: BatchLine) -> Result<Box<RawValue>, Problem> {
    if brand.group(&line.group).is_none() {
        // Another host may have made it a moment ago.
        catch_up(host).await?;
    }
    let group = brand.group(&line.group).ok_or_else(|| not_found("group"))?;
    let reported = report(line.event, host.config.clock.latest(host.config.limits.ahead_ms))?;
    let decision = decide(host, brand, &group, &reported).await?;
    RawValue::from_string(decision.to_string()).map_err(|error| crate::pipeline::DecideError::from(error).into())
}

/// A body, and what has arrived of it and not been read.
struct Lines {
    body: axum::body::BodyDataStream,
    pending: BytesMut,
    /// So much of `pending` has no line end.
    looked_at: usize,
    ended: bool,
}

/// Splits a body into lines as it arrives. An overlong line or a broken body ends the stream with its problem.
fn lines(body: Body, limit: usize) -> impl Stream<Item = Result<Bytes, Problem>> + Send {
    let lines = Lines { body: body.into_data_stream(), pending: BytesMut::new(), looked_at: 0, ended: false };
    stream::unfold(lines, move |mut lines| async move { lines.next(limit).await.map(|line| (line, lines)) })
}

impl Lines {
    /// The next line that is not blank; none at the end.
    async fn next(&mut self, limit: usize) -> Option<Result<Bytes, Problem>> {
        loop {
            // Blank lines cost the sender nothing: others have their turn between them.
            tokio::task::consume_budget().await;
            let line = match self.split() {
                // With its end it may be one byte longer.
                Some(line) if line.len() <= limit.saturating_add(1) => line,
                Some(_) => return Some(Err(self.too_long(limit))),
                None if self.pending.len() > limit => return Some(Err(self.too_long(limit))),
                None if self.ended && self.pending.is_empty() => return None,
                None if self.ended => self.pending.split().freeze(),
                None => match self.body.next().await {
                    Some(Ok(bytes)) => {
                        self.pending.extend_from_slice(&bytes);
                        continue;
                    }
                    Some(Err(_)) => return Some(Err(self.end(MALFORMED, "the body broke off".into()))),
                    None => {
                        self.ended = true;
                        continue;
                    }
                },
            };
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Some(Ok(line));
            }
        }
    }

    /// A whole line, if one has arrived.
    fn split(&mut self) -> Option<Bytes> {
        let rest = self.pending.get(self.looked_at..)?;
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            self.looked_at = self.pending.len();
            return None;
        };
        let line = self.pending.split_to(self.looked_at + end + 1).freeze();
        self.looked_at = 0;
        Some(line)
    }

    fn too_long(&mut self, limit: usize) -> Problem {
        self.end(TOO_LARGE, format!("a line has at most {limit} bytes (`limits.body_bytes`)"))
    }

    /// Reads no further.
    fn end(&mut self, kind: Kind, detail: String) -> Problem {
        self.pending.clear();
        self.ended = true;
        Problem::new(kind, detail)
    }
}
