//! Takes connections until told to stop, then lets what is under way end.

use crate::api::router;
use crate::host::Host;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;

/// Why serving ended otherwise than by being told to.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The socket failed.
    #[error("the listening socket failed: {0}")]
    Socket(#[from] std::io::Error),
}

/// Serves until `stop` resolves; then takes no more requests, waits for those under way, and closes the store, so that
/// everything that was acknowledged is on disk.
///
/// # Errors
/// [`ServeError`] when the socket fails.
pub async fn serve(
    host: Arc<Host>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let closing = host.closing.clone();
    let stopping = closing.clone();
    let server = axum::serve(listener, router(host.clone())).with_graceful_shutdown(async move {
        stop.await;
        stopping.cancel();
    });
    let grace = Duration::from_millis(host.config.limits.shutdown_ms);
    let overdue = async {
        closing.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    let served = tokio::select! {
        served = server => served,
        () = overdue => {
            tracing::warn!(grace_ms = host.config.limits.shutdown_ms, "some requests did not end in time");
            Ok(())
        }
    };
    host.store.close().await;
    Ok(served?)
}
