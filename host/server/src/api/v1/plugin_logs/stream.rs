//! `GET /v1/brands/{brand}/plugins/{plugin}/logs/stream`

use super::list::LastQuery;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::problem::Problem;
use crate::api::v1::plugin_logs::LineBody;
use crate::host::Host;
use crate::plugin_logs::Line;
use axum::extract::State;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use usher_model::{BrandId, PluginName};

/// What a plugin writes to its log as it decides, as server-sent events named `log`, after the last lines that are kept.
/// A reader that falls too far behind gets an event `missed`. A key that is taken back ends its stream at the next line.
#[utoipa::path(get, path = "/v1/brands/{brand}/plugins/{plugin}/logs/stream", tag = "plugins",
    operation_id = "stream_plugin_logs",
    params(("brand" = BrandId, Path, description = "In which brand"),
           ("plugin" = PluginName, Path, description = "Which plugin"), LastQuery),
    responses((status = 200, description = "One event per line", body = LineBody, content_type = "text/event-stream")))]
pub(crate) async fn stream_plugin_logs(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, plugin)): Path<(BrandId, PluginName)>,
    Query(query): Query<LastQuery>,
) -> Result<Response, Problem> {
    let brand = caller.brand(&host, Permission::ReadPluginLogs, &brand)?;
    let (last, receiver) = host.plugin_logs.follow(&brand.id, &plugin, query.lines()?);
    let kept = stream::iter(last).map(|line| Ok(message(&line)));
    let closing = host.closing.clone();
    let to_come =
        stream::unfold((receiver, closing, caller, host), |(mut receiver, closing, caller, host)| async move {
            let received = tokio::select! {
                received = receiver.recv() => received,
                () = closing.cancelled() => return None,
            };
            let message = match received {
                Ok(_) if caller.is_still_known(&host).is_err() => return None,
                Ok(line) => message(&line),
                Err(RecvError::Lagged(lines)) => Message::default().event("missed").data(lines.to_string()),
                Err(RecvError::Closed) => return None,
            };
            Some((Ok::<_, Infallible>(message), (receiver, closing, caller, host)))
        });
    Ok(Sse::new(kept.chain(to_come)).keep_alive(KeepAlive::default()).into_response())
}

fn message(line: &Line) -> Message {
    let data = serde_json::to_string(&LineBody::from(line)).unwrap_or_default();
    Message::default().event("log").id(line.number.to_string()).data(data)
}
