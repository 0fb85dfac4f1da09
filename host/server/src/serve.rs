//! Takes connections until told to stop, then lets what is under way end.

use crate::act::act;
use crate::api::router;
use crate::config::Limits;
use crate::follow::follow;
use crate::host::Host;
use crate::worker::work;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long to wait when no connection can be accepted: the process has too many files open, most likely.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves; then takes no more requests, waits for those under way, and closes the store, so that
/// everything that was acknowledged is on disk.
pub async fn serve(host: Arc<Host>, listener: TcpListener, stop: impl Future<Output = ()> + Send) {
    let limits = &host.config.limits;
    let (router, open) = (router(host.clone()), GracefulShutdown::new());
    let following = tokio::spawn(follow(host.clone()));
    let worker = tokio::spawn(work(host.clone()));
    let acting = tokio::spawn(act(host.clone()));
    tokio::select! {
        never = accept(&listener, &router, limits, &open) => match never {},
        () = stop => {}
    }
    drop(listener);
    host.closing.cancel();
    tokio::select! {
        () = open.shutdown() => {}
        () = tokio::time::sleep(Duration::from_millis(limits.shutdown_ms)) => {
            tracing::warn!(shutdown_ms = limits.shutdown_ms, "some requests did not end in time");
        }
    }
    if following.await.is_err() {
        tracing::error!("following the changes of other hosts ended early");
    }
    if worker.await.is_err() {
        tracing::error!("the host's own work ended early: timers fired only with events");
    }
    if acting.await.is_err() {
        tracing::error!("telling webhooks ended early: what is left is told after the next start");
    }
    host.store.close().await;
}

/// Accepts for ever. A connection has a place as long as it is open.
async fn accept(listener: &TcpListener, router: &Router, limits: &Limits, open: &GracefulShutdown) -> Infallible {
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_millis(limits.header_ms));
    loop {
        let place = places.clone().acquire_owned().await;
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection can't be accepted");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        // Answers are written whole: waiting for more to send would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}
