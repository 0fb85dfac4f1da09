//! The client of all requests that leave the host.

use crate::address::Resolver;
use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use thiserror::Error;

/// Follows no redirects and no proxy: what is sent goes where it is sent and nowhere else.
pub type HttpClient = Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>;

/// This machine has no certificates to trust.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this host can't speak TLS: {0}")]
pub struct NoTls(String);

/// A client that finds names so, and trusts whom this machine trusts.
///
/// # Errors
/// [`NoTls`].
pub fn client(resolver: Resolver) -> Result<HttpClient, NoTls> {
    let mut http = HttpConnector::new_with_resolver(resolver);
    http.enforce_http(false);
    let tls = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| NoTls(error.to_string()))?;
    let connector = tls.https_or_http().enable_http1().wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// Why a request got no answer: the last cause is the one that people can do something about.
pub fn last_cause(error: &hyper_util::client::legacy::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string().chars().filter(|c| !c.is_control()).take(200).collect()
}
