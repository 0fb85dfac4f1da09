//! Requests to one repository, with what its registry wants to know of us.

use super::error::OciError;
use super::reference::{Place, is_loopback};
use super::token::{Challenge, challenge, token};
use crate::address::{Resolver, is_public};
use crate::client::{HttpClient, client, last_cause};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, LOCATION, USER_AGENT, WWW_AUTHENTICATE};
use hyper::{Method, Request, Response, StatusCode};
use std::net::IpAddr;
use url::{Host, Url};

/// The most that is read of a token, in bytes.
const TOKEN_BYTES_MAX: usize = 64 << 10;

/// How often a registry may send us elsewhere for one thing.
const REDIRECTS_MAX: usize = 3;

/// Said when a name leads inside.
const REFUSAL: &str = "it leads to this machine or a private network (`registries.private_addresses`)";

/// A name and a password at a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password, or a token in its place.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What there is to reach registries with.
#[derive(Debug)]
pub struct Network {
    /// To what is open to everybody, or also inside, as the operator says.
    outside: HttpClient,
    /// To registries on this machine.
    loopback: HttpClient,
    private_too: bool,
}

impl Network {
    /// `private_too` opens private networks: registries inside, and what those send us to.
    ///
    /// # Errors
    /// [`NoTls`](crate::NoTls), when this machine has no certificates to trust.
    pub fn new(private_too: bool) -> Result<Self, crate::NoTls> {
        Ok(Self {
            outside: client(Resolver { private_too, refusal: REFUSAL })?,
            loopback: client(Resolver { private_too: true, refusal: REFUSAL })?,
            private_too,
        })
    }
}

/// One repository, and how we are known there.
pub(super) struct Session<'s> {
    network: &'s Network,
    credentials: Option<&'s Credentials>,
    /// `https://registry/v2/`
    registry: Url,
    base: Url,
    scope: String,
    authorization: Option<String>,
}

impl<'s> Session<'s> {
    /// `action` is `pull` or `pull,push`.
    pub(super) fn new(
        network: &'s Network,
        place: &Place,
        credentials: Option<&'s Credentials>,
        action: &str,
    ) -> Result<Self, OciError> {
        let unknown = || OciError::Answer(format!("`{place}` is no place"));
        let registry = place.base().ok_or_else(unknown)?;
        let base = registry.join(&format!("{}/", place.repository())).map_err(|_| unknown())?;
        let scope = format!("repository:{}:{action}", place.repository());
        Ok(Self { network, credentials, registry, base, scope, authorization: None })
    }

    /// Something of the repository: `manifests/latest`.
    pub(super) fn at(&self, path: &str) -> Result<Url, OciError> {
        self.base.join(path).map_err(|error| OciError::Answer(error.to_string()))
    }

    /// Sends a request, and once more with what the registry asks for.
    pub(super) async fn send(
        &mut self,
        method: Method,
        url: &Url,
        headers: &[(&'static str, &str)],
        body: Bytes,
    ) -> Result<Response<Incoming>, OciError> {
        let answer = self.once(method.clone(), url, headers, body.clone()).await?;
        if answer.status() != StatusCode::UNAUTHORIZED || !self.is_home(url) {
            return Ok(answer);
        }
        let asked = answer.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
        let asked = challenge(asked.unwrap_or_default(), &self.scope, &self.registry)?;
        self.authorization = Some(self.authorize(asked).await?);
        self.once(method, url, headers, body).await
    }

    /// Reads something, wherever the registry has it.
    pub(super) async fn get(
        &mut self,
        url: &Url,
        headers: &[(&'static str, &str)],
    ) -> Result<Response<Incoming>, OciError> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS_MAX {
            let answer = self.send(Method::GET, &url, headers, Bytes::new()).await?;
            if !answer.status().is_redirection() {
                return Ok(answer);
            }
            url = self.location(&url, &answer)?;
        }
        Err(OciError::Redirects(REDIRECTS_MAX))
    }

    /// Where an answer sends us, if we go there.
    pub(super) fn location(&self, from: &Url, answer: &Response<Incoming>) -> Result<Url, OciError> {
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let url = from.join(location).map_err(|_| OciError::Answer(format!("`{location}` is no address")))?;
        if self.is_home(&url) || self.may_visit(&url) { Ok(url) } else { Err(OciError::Elsewhere(location.to_owned())) }
    }

    /// Whether it is the registry itself.
    fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.registry.origin()
    }

    /// Other hosts: over TLS, and open to everybody. Of names, the numbers are looked at when they are found.
    fn may_visit(&self, url: &Url) -> bool {
        let numbers = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return false,
        };
        url.scheme() == "https" && (self.network.private_too || numbers.is_none_or(is_public))
    }

    async fn once(
        &self,
        method: Method,
        url: &Url,
        headers: &[(&'static str, &str)],
        body: Bytes,
    ) -> Result<Response<Incoming>, OciError> {
        // The registry itself may have been named by its numbers, which no resolver sees.
        let at_home_here = is_loopback(&self.registry) && self.is_home(url);
        if !at_home_here && !self.may_visit(url) {
            return Err(OciError::Elsewhere(url.to_string()));
        }
        let mut request = Request::builder().method(method).uri(url.as_str());
        request = request.header(USER_AGENT, concat!("usher/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = self.authorization.as_ref().filter(|_| self.is_home(url)) {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::new(body)).map_err(|error| OciError::Answer(error.to_string()))?;
        self.client(url).request(request).await.map_err(|error| unreachable(url, &error))
    }

    /// This machine is open to a registry on it, and to nothing that one sends us to.
    fn client(&self, url: &Url) -> &HttpClient {
        if self.is_home(url) && is_loopback(url) { &self.network.loopback } else { &self.network.outside }
    }

    async fn authorize(&self, asked: Challenge) -> Result<String, OciError> {
        let basic = self.credentials.map(|Credentials { username, password }| {
            format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
        });
        let url = match asked {
            Challenge::Basic => return basic.ok_or_else(|| self.denied(StatusCode::UNAUTHORIZED)),
            Challenge::Token(url) => url,
        };
        let mut request = Request::get(url.as_str());
        if let Some(basic) = basic {
            request = request.header(AUTHORIZATION, basic);
        }
        // A registry on this machine may have its tokens made beside it.
        let beside = is_loopback(&self.registry) && is_loopback(&url);
        if !beside && !self.may_visit(&url) {
            return Err(OciError::Elsewhere(url.to_string()));
        }
        let client = if beside { &self.network.loopback } else { &self.network.outside };
        let request = request.body(Full::default()).map_err(|error| OciError::Answer(error.to_string()))?;
        let answer = client.request(request).await.map_err(|error| unreachable(&url, &error))?;
        if !answer.status().is_success() {
            return Err(self.denied(answer.status()));
        }
        let answer = read(answer, "token", TOKEN_BYTES_MAX).await?;
        Ok(format!("Bearer {}", token(&answer)?))
    }

    /// What became of a request that did not go well.
    pub(super) fn failed(&self, status: StatusCode, asked: &'static str) -> OciError {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.denied(status),
            status => OciError::Status { status, asked },
        }
    }

    fn denied(&self, status: StatusCode) -> OciError {
        let remedy = match self.credentials {
            Some(_) => "the name and the password are not right there, or do not allow this",
            None => "it wants a name and a password, and has none",
        };
        OciError::Denied { registry: self.registry.host_str().unwrap_or_default().to_owned(), status, remedy }
    }
}

fn unreachable(url: &Url, error: &hyper_util::client::legacy::Error) -> OciError {
    let host = url.host_str().unwrap_or_default();
    let registry = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    OciError::Unreachable { registry, cause: last_cause(error) }
}

/// The whole body, if it is within this limit.
pub(super) async fn read(answer: Response<Incoming>, what: &'static str, limit: usize) -> Result<Bytes, OciError> {
    match Limited::new(answer.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(OciError::TooLarge { what, limit }),
        Err(error) => Err(OciError::Answer(format!("the {what} broke off: {error}"))),
    }
}
