//! `POST /v1/brands/{brand}/events/batch`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, content_type, json};
use crate::api::problem::Problem;
use crate::api::problems::{MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA, not_found};
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::ingest::report;
use crate::pipeline::decide;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
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
        .map(move |line| answer(host.clone(), brand.clone(), line))
        .buffered(at_once)
        .map(Ok::<Bytes, Infallible>);
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(answers)).into_response())
}

async fn answer(host: Arc<Host>, brand: Arc<BrandEntry>, line: Result<Vec<u8>, Problem>) -> Bytes {
    let (event, outcome) = match line.and_then(|line| json::<BatchLine>(&line)) {
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
    let group = brand.group(&line.group).ok_or_else(|| not_found("group"))?;
    let reported = report(line.event, host.config.clock.latest(host.config.limits.ahead_ms))?;
    let decision = decide(host, brand, &group, &reported).await?;
    RawValue::from_string(decision.to_string()).map_err(|error| crate::pipeline::DecideError::from(error).into())
}

/// Splits a body into lines as it arrives. An overlong line or a broken body ends the stream with its problem.
fn lines(body: Body, limit: usize) -> impl Stream<Item = Result<Vec<u8>, Problem>> + Send {
    struct State {
        body: axum::body::BodyDataStream,
        pending: Vec<u8>,
        ended: bool,
    }
    let state = State { body: body.into_data_stream(), pending: Vec::new(), ended: false };
    stream::unfold(state, move |mut state| async move {
        loop {
            if let Some(end) = state.pending.iter().position(|byte| *byte == b'\n') {
                let rest = state.pending.split_off(end + 1);
                let mut line = std::mem::replace(&mut state.pending, rest);
                line.pop();
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some((Ok(line), state));
            }
            if state.ended {
                let line = std::mem::take(&mut state.pending);
                let empty = line.iter().all(u8::is_ascii_whitespace);
                return (!empty).then_some((Ok(line), state));
            }
            if state.pending.len() > limit {
                state.pending.clear();
                state.ended = true;
                let problem = Problem::new(TOO_LARGE, format!("a line has at most {limit} bytes"));
                return Some((Err(problem), state));
            }
            match state.body.next().await {
                Some(Ok(bytes)) => state.pending.extend_from_slice(&bytes),
                None => state.ended = true,
                Some(Err(_)) => {
                    state.pending.clear();
                    state.ended = true;
                    return Some((Err(Problem::new(MALFORMED, "the body broke off")), state));
                }
            }
        }
    })
}
