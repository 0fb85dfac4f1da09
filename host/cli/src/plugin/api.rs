//! A host's API, as far as authors need it.

use super::stream::Messages;
use anyhow::Context;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use thiserror::Error;

/// Why a host did not do it.
#[derive(Debug, Error)]
pub(super) enum ApiError {
    /// It said so.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// It did not answer.
    #[error("no answer from {url}: is a host running there? ({})", last(cause))]
    Unreachable { url: String, cause: reqwest::Error },
    /// It ended what should go on.
    #[error("the host ended the stream: it stopped, or the key was taken back")]
    Ended,
}

/// The last cause says what happened.
fn last(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

/// What a host refuses, and why (RFC 9457).
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    status: u16,
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) detail: String,
    #[serde(default)]
    errors: Vec<Detail>,
}

/// One place that is wrong.
#[derive(Debug, Deserialize)]
struct Detail {
    pointer: String,
    detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.detail, self.status, self.code)?;
        for Detail { pointer, detail } in &self.errors {
            write!(f, "\n  at {pointer}: {detail}")?;
        }
        Ok(())
    }
}

/// A host, and a key.
#[derive(Debug, Clone)]
pub(super) struct Api {
    http: reqwest::Client,
    base: String,
    key: String,
}

impl Api {
    pub(super) fn new(base: &str, key: &str) -> anyhow::Result<Self> {
        reqwest::Url::parse(base).with_context(|| format!("`{base}` is no URL"))?;
        // No limit in time: compiling a large component takes a while.
        let http = reqwest::Client::builder().build()?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), key: key.to_owned() })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, ApiError> {
        self.send(Method::GET, path, "application/json", Vec::new()).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Result<Value, ApiError> {
        self.send(Method::PUT, path, "application/json", body.to_string().into()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, ApiError> {
        self.send(Method::POST, path, "application/json", body.to_string().into()).await
    }

    /// Uploads a component; the answer is what it is.
    pub(super) async fn upload(&self, component: Vec<u8>) -> Result<Value, ApiError> {
        self.send(Method::POST, "/v1/plugins", "application/wasm", component).await
    }

    /// Uploads a component under a version that only these bytes have.
    pub(super) async fn upload_for_development(&self, component: Vec<u8>) -> Result<Value, ApiError> {
        self.send(Method::POST, "/v1/plugins?development=true", "application/wasm", component).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, ApiError> {
        self.send(Method::DELETE, path, "application/json", Vec::new()).await
    }

    /// Opens a stream of events.
    pub(super) async fn stream(&self, path: &str) -> Result<Messages, ApiError> {
        let response = self.answer(Method::GET, path, "application/json", Vec::new()).await?;
        if !response.status().is_success() {
            return self.read(response).await.and(Err(ApiError::Ended));
        }
        Ok(Messages::new(response, self.base.clone()))
    }

    async fn send(&self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Result<Value, ApiError> {
        let response = self.answer(method, path, media_type, body).await?;
        self.read(response).await
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        body: Vec<u8>,
    ) -> Result<reqwest::Response, ApiError> {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key);
        let response = request.header(CONTENT_TYPE, media_type).body(body).send().await;
        response.map_err(|cause| self.unreachable(cause))
    }

    /// The body of an answer that went well.
    async fn read(&self, response: reqwest::Response) -> Result<Value, ApiError> {
        let (status, text) = (response.status(), response.text().await.map_err(|cause| self.unreachable(cause))?);
        if status.is_success() {
            return Ok(serde_json::from_str(&text).unwrap_or_default());
        }
        let problem = serde_json::from_str(&text).unwrap_or_else(|_| Problem {
            status: status.as_u16(),
            code: status.canonical_reason().unwrap_or_default().to_owned(),
            detail: "this does not look like an usher".into(),
            errors: Vec::new(),
        });
        Err(ApiError::Problem(Box::new(problem)))
    }

    fn unreachable(&self, cause: reqwest::Error) -> ApiError {
        ApiError::Unreachable { url: self.base.clone(), cause }
    }
}
