//! Components out of registries: only of those that the operator allows, and only by digest.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use usher_model::Digest;
use usher_net::NoTls;
use usher_net::oci::{Credentials, InvalidReference, Network, OciError, Reference, pull};

/// Where plugins may be pulled from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registries {
    /// Registries, or parts of them: `ghcr.io/acme`, `127.0.0.1:5000`. None are allowed when there are none.
    pub allowed: Vec<String>,
    /// Who we are there, by registry.
    pub credentials: BTreeMap<String, RegistryLogin>,
    /// How long a registry may take to give a component, in milliseconds.
    pub pull_ms: u64,
    /// Whether registries may be in private networks, and send us there.
    pub private_addresses: bool,
}

impl Default for Registries {
    fn default() -> Self {
        Self { allowed: Vec::new(), credentials: BTreeMap::new(), pull_ms: 60_000, private_addresses: false }
    }
}

impl Registries {
    /// As they may be shown: without passwords.
    #[must_use]
    pub fn shown(&self) -> Self {
        let hidden = |login: &RegistryLogin| {
            RegistryLogin(Credentials { username: login.0.username.clone(), password: "…".into() })
        };
        let credentials = self.credentials.iter().map(|(registry, login)| (registry.clone(), hidden(login)));
        Self { credentials: credentials.collect(), ..self.clone() }
    }
}

/// A name and a password, `NAME:PASSWORD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistryLogin(Credentials);

impl TryFrom<String> for RegistryLogin {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        let (username, password) = text.split_once(':').ok_or("a registry's credentials are `NAME:PASSWORD`")?;
        Ok(Self(Credentials { username: username.to_owned(), password: password.to_owned() }))
    }
}

impl From<RegistryLogin> for String {
    fn from(login: RegistryLogin) -> String {
        format!("{}:{}", login.0.username, login.0.password)
    }
}

/// Why a component was not taken out of a registry.
#[derive(Debug, Error)]
pub(crate) enum SourceError {
    /// It names nothing in a registry.
    #[error(transparent)]
    Reference(#[from] InvalidReference),
    /// Not by digest, or by two.
    #[error("`{0}` is pulled by the digest in `digest`, and names another one itself")]
    TwoDigests(String),
    /// The operator did not allow it.
    #[error("plugins are not pulled from `{0}` here: the host's setting `registries.allowed` has not got it")]
    NotAllowed(String),
    /// It did not work.
    #[error(transparent)]
    Registry(#[from] OciError),
    /// This machine has no certificates to trust.
    #[error(transparent)]
    NoTls(#[from] NoTls),
}

/// What pulls.
#[derive(Debug)]
pub(crate) struct Sources {
    registries: Registries,
    /// Or why there is none.
    network: Result<Network, NoTls>,
}

impl Sources {
    pub(crate) fn new(registries: &Registries) -> Self {
        Self { registries: registries.clone(), network: Network::new(registries.private_addresses) }
    }

    /// The component of the artifact with this digest, of at most so many bytes.
    pub(crate) async fn pull(
        &self,
        source: &str,
        digest: &Digest,
        component_bytes: usize,
    ) -> Result<Vec<u8>, SourceError> {
        let Reference { place, digest: own, .. } = Reference::parse(source)?;
        if own.is_some_and(|own| own != *digest) {
            return Err(SourceError::TwoDigests(source.to_owned()));
        }
        let Registries { allowed, credentials, pull_ms, .. } = &self.registries;
        if !allowed.iter().any(|allowed| place.is_within(allowed)) {
            return Err(SourceError::NotAllowed(place.to_string()));
        }
        let network = self.network.as_ref().map_err(Clone::clone)?;
        let credentials = credentials.get(place.registry()).map(|login| &login.0);
        Ok(pull(network, &place, digest, credentials, component_bytes, *pull_ms).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        let written = r#"{"allowed":["ghcr.io/acme"],"credentials":{"ghcr.io":"me:se:cret"}}"#;
        let registries: Registries = serde_json::from_str(written).unwrap();
        assert_eq!(serde_json::to_value(&registries).unwrap()["credentials"]["ghcr.io"], "me:se:cret");
        assert_eq!(serde_json::to_value(registries.shown()).unwrap()["credentials"]["ghcr.io"], "me:…");
        assert!(!format!("{registries:?}").contains("cret"));
        assert!(serde_json::from_str::<Registries>(r#"{"credentials":{"ghcr.io":"secret"}}"#).is_err());
    }
}
