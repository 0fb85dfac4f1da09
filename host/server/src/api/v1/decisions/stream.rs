//! `GET /v1/brands/{brand}/decisions/stream`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::host::{Announced, Host};
use axum::extract::State;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use usher_model::{BrandId, Decision};

/// Decisions as they are made, as server-sent events named `decision`. A reader that falls too far behind gets an event
/// `missed`; the list has them all. A key that is taken back ends its stream at the next decision.
#[utoipa::path(get, path = "/v1/brands/{brand}/decisions/stream", tag = "decisions", operation_id = "stream_decisions",
    params(("brand" = BrandId, Path, description = "Whose decisions")),
    responses((status = 200, description = "One event per decision", body = Decision, content_type = "text/event-stream")))]
pub(crate) async fn stream_decisions(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let receiver = host.announced.subscribe();
    let closing = host.closing.clone();
    let watching = (receiver, brand, closing, caller, host);
    let messages = stream::unfold(watching, |(mut receiver, brand, closing, caller, host)| async move {
        loop {
            let received = tokio::select! {
                received = receiver.recv() => received,
                () = closing.cancelled() => return None,
            };
            let message = match received {
                Ok(_) if caller.is_still_known(&host).is_err() => return None,
                Ok(Announced { brand: of, decision }) if of == brand => {
                    Message::default().event("decision").data(decision.as_ref())
                }
                Ok(_) => continue,
                // How many would tell what other brands do.
                Err(RecvError::Lagged(_)) => Message::default().event("missed").data("some"),
                Err(RecvError::Closed) => return None,
            };
            return Some((Ok::<_, Infallible>(message), (receiver, brand, closing, caller, host)));
        }
    });
    Ok(Sse::new(messages).keep_alive(KeepAlive::default()).into_response())
}
