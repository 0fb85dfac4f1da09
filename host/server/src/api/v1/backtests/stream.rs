//! `GET /v1/brands/{brand}/backtests/{backtest}/stream`

use super::BacktestBody;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::{MALFORMED, not_found};
use crate::backtest::{Difference, State as BacktestState, differences, find};
use crate::host::Host;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use usher_model::{BacktestId, BrandId};

/// How long to wait for more.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Differences that are read at once.
const PAGE: u32 = 256;

/// The decisions that would have been others, as they are found: server-sent events named `difference`, each with its
/// number, `progress` when there is some, and `ended` as the last. A reader that comes again with `Last-Event-ID` goes on
/// after that one. It may be read through any host, also when the backtest is over.
#[utoipa::path(get, path = "/v1/brands/{brand}/backtests/{backtest}/stream", tag = "backtests",
    operation_id = "stream_backtest",
    params(("brand" = BrandId, Path, description = "Whose"), ("backtest" = BacktestId, Path, description = "Which one"),
           ("Last-Event-ID" = Option<u32>, Header, description = "The number of the last difference that was read")),
    responses((status = 200, description = "One event per difference", body = Difference,
               content_type = "text/event-stream")))]
pub(crate) async fn stream_backtest(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, BacktestId)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    find(&host, &brand, id).await?.ok_or_else(|| not_found("backtest"))?;
    let next = match headers.get("last-event-id") {
        None => 0,
        Some(last) => last
            .to_str()
            .ok()
            .and_then(|last| Some(u64::from(last.parse::<u32>().ok()?) + 1))
            .ok_or_else(|| Problem::new(MALFORMED, "`Last-Event-ID` is no number of a difference"))?,
    };
    let watching = Watching { host, caller, brand, id, next, told: None, ready: VecDeque::new(), is_over: false };
    let messages = stream::unfold(watching, |mut watching| async move {
        let message = watching.next().await?;
        Some((Ok::<_, axum::Error>(message), watching))
    });
    Ok(Sse::new(messages).keep_alive(KeepAlive::default()).into_response())
}

/// A reader, and how far it is.
struct Watching {
    host: Arc<Host>,
    caller: Caller,
    brand: BrandId,
    id: BacktestId,
    /// The number of the next difference.
    next: u64,
    /// What was told last of how far it is.
    told: Option<BacktestBody>,
    ready: VecDeque<Message>,
    is_over: bool,
}

impl Watching {
    /// None when there is nothing more, and when the host closes, the key is taken back, or the database is away: whoever
    /// comes again goes on where it was.
    async fn next(&mut self) -> Option<Message> {
        let closing = self.host.closing.clone();
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            if self.is_over || self.caller.is_still_known(&self.host).is_err() {
                return None;
            }
            self.look().await?;
            if self.ready.is_empty() {
                closing.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await?;
            }
        }
    }

    async fn look(&mut self) -> Option<()> {
        // First how far it is: when it is over, all that it found is there.
        let seen = find(&self.host, &self.brand, self.id).await.ok()??;
        let ended = seen.progress.state != BacktestState::Running;
        let found = differences(&self.host, self.id, self.next, PAGE).await.ok()?;
        let is_all = found.len() < PAGE as usize;
        for difference in found {
            let message = Message::default().event("difference").id(self.next.to_string());
            self.ready.push_back(message.json_data(difference).ok()?);
            self.next += 1;
        }
        let body = BacktestBody::from(seen);
        if ended && is_all {
            self.is_over = true;
            self.ready.push_back(Message::default().event("ended").json_data(body).ok()?);
        } else if self.told.as_ref() != Some(&body) {
            self.ready.push_back(Message::default().event("progress").json_data(&body).ok()?);
            self.told = Some(body);
        }
        Some(())
    }
}
