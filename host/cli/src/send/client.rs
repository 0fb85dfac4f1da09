//! One event over HTTP, with patience where the host asks for it.

use crate::send::input::Outgoing;
use anyhow::Context;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use serde::Deserialize;
use std::fmt;
use std::time::{Duration, Instant};

/// How often an event is sent again when the host is busy or does not answer.
const TRIES_MAX: u32 = 5;

/// What the host refused, and why.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Problem {
    #[serde(default)]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    detail: String,
}

impl Problem {
    /// Whether every other event would be refused too.
    pub(crate) fn is_for_all(&self) -> bool {
        matches!(self.status, 0 | 401 | 403 | 404)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            0 => f.write_str(&self.detail),
            status => write!(f, "the host answered {status} ({}): {}", self.code, self.detail),
        }
    }
}

/// What became of an event.
#[derive(Debug)]
pub(crate) enum Sent {
    /// The decision, and how long it took.
    Decided { decision: String, took: Duration },
    /// It was not decided.
    Refused(Problem),
}

/// A host's group.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: reqwest::Url,
    authorization: String,
}

impl Client {
    pub(crate) fn new(host: &str, key: &str, brand: &str, group: &str) -> anyhow::Result<Self> {
        let mut url = reqwest::Url::parse(host).with_context(|| format!("`{host}` is no URL"))?;
        url.path_segments_mut()
            .map_err(|()| anyhow::anyhow!("`{host}` is no address of a host"))?
            .pop_if_empty()
            .extend(["v1", "brands", brand, "groups", group, "events"]);
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
        Ok(Self { http, url, authorization: format!("Bearer {key}") })
    }

    /// Sends one event until there is an answer that stays.
    pub(crate) async fn send(&self, event: Outgoing) -> Sent {
        let mut tries = 0;
        loop {
            tries += 1;
            let started = Instant::now();
            match self.try_once(&event).await {
                Ok(Ok(decision)) => return Sent::Decided { decision, took: started.elapsed() },
                Ok(Err((problem, None))) => return Sent::Refused(problem),
                Ok(Err((problem, Some(_)))) if tries >= TRIES_MAX => return Sent::Refused(problem),
                Ok(Err((_, Some(wait)))) => tokio::time::sleep(wait).await,
                Err(error) if tries >= TRIES_MAX => {
                    let detail = format!("no answer for `{}` from {}: {error:#}", event.id, self.url);
                    return Sent::Refused(Problem { status: 0, code: String::new(), detail });
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(200) * tries).await,
            }
        }
    }

    /// The decision, or the problem and how long to wait before it is worth another try.
    async fn try_once(&self, event: &Outgoing) -> reqwest::Result<Result<String, (Problem, Option<Duration>)>> {
        let request = self
            .http
            .post(self.url.clone())
            .header(AUTHORIZATION, &self.authorization)
            .header(CONTENT_TYPE, "application/json")
            .body(event.body.clone());
        let response = request.send().await?;
        let status = response.status();
        if status == StatusCode::OK {
            return response.text().await.map(Ok);
        }
        let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.text().await?;
        let problem = serde_json::from_str(&body).unwrap_or_else(|_| Problem {
            status: status.as_u16(),
            code: status.canonical_reason().unwrap_or_default().to_owned(),
            detail: "this does not look like an usher".into(),
        });
        let wait = (status == StatusCode::SERVICE_UNAVAILABLE).then(|| Duration::from_secs(seconds.unwrap_or(1)));
        Ok(Err((problem, wait)))
    }
}
