//! A host's API, as far as authors need it.

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
    #[error("no answer from {url}: is a host running there? ({cause})")]
    Unreachable { url: String, cause: reqwest::Error },
}

/// What a host refuses, and why (RFC 9457).
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    status: u16,
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
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

    async fn send(&self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Result<Value, ApiError> {
        let unreachable = |cause| ApiError::Unreachable { url: self.base.clone(), cause };
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key);
        let response = request.header(CONTENT_TYPE, media_type).body(body).send().await.map_err(unreachable)?;
        let (status, text) = (response.status(), response.text().await.map_err(unreachable)?);
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
}
