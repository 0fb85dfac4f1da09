//! `oci://registry/repository:tag@digest`

use std::fmt;
use std::net::IpAddr;
use thiserror::Error;
use url::{Host, Url};
use usher_model::Digest;

/// Longest name of a repository, in bytes; as the distribution protocol has it.
const REPOSITORY_BYTES_MAX: usize = 255;

/// Longest tag, in bytes; likewise.
const TAG_BYTES_MAX: usize = 128;

/// Why a text names nothing in a registry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidReference {
    /// Not `oci://`.
    #[error("`{0}` does not begin with `oci://`, as in `oci://ghcr.io/acme/word-guard:0.1.0`")]
    Scheme(String),
    /// No registry, or no repository.
    #[error("`{0}` has no repository: write `oci://REGISTRY/REPOSITORY`, as in `oci://ghcr.io/acme/word-guard`")]
    NoRepository(String),
    /// No such registry can be.
    #[error("`{0}` is no registry: a name or an address, and a port where it needs one, as in `ghcr.io`")]
    Registry(String),
    /// No such repository can be.
    #[error("`{0}` is no repository: lower-case letters, digits, `.`, `-`, `_`, and `/` between its parts")]
    Repository(String),
    /// No such tag can be.
    #[error("`{0}` is no tag: letters, digits, `.`, `-` and `_`, at most {TAG_BYTES_MAX}")]
    Tag(String),
    /// No such digest can be.
    #[error("`{0}` is no digest: `sha256:` and 64 hexadecimal digits")]
    Digest(String),
}

/// A repository of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    registry: String,
    repository: String,
}

impl Place {
    /// `ghcr.io`, `127.0.0.1:5000`
    pub fn registry(&self) -> &str {
        &self.registry
    }

    pub(super) fn repository(&self) -> &str {
        &self.repository
    }

    /// Whether it is this registry, or in this part of it: `ghcr.io`, `ghcr.io/acme`.
    pub fn is_within(&self, allowed: &str) -> bool {
        let whole = self.to_string();
        whole.strip_prefix(allowed.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Where its registry answers: over TLS, save on this machine.
    pub(super) fn base(&self) -> Option<Url> {
        let plain = Url::parse(&format!("http://{}/v2/", self.registry)).ok()?;
        if is_loopback(&plain) { Some(plain) } else { Url::parse(&format!("https://{}/v2/", self.registry)).ok() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)
    }
}

/// Whether it stays on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// Something in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where.
    pub place: Place,
    /// Under which name that may come to mean something else.
    pub tag: Option<String>,
    /// Under which name that can not: the digest of its manifest.
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads `oci://registry/repository`, with `:tag`, `@sha256:…` or both.
    ///
    /// # Errors
    /// [`InvalidReference`] names the part.
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        let rest = text.strip_prefix("oci://").ok_or_else(|| InvalidReference::Scheme(text.to_owned()))?;
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                (rest, Some(digest.parse().map_err(|_| InvalidReference::Digest(digest.to_owned()))?))
            }
            None => (rest, None),
        };
        let (registry, path) = rest.split_once('/').ok_or_else(|| InvalidReference::NoRepository(text.to_owned()))?;
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (path, None),
        };
        if let Some(tag) = tag.as_ref().filter(|tag| !is_tag(tag)) {
            return Err(InvalidReference::Tag(tag.clone()));
        }
        if !is_registry(registry) {
            return Err(InvalidReference::Registry(registry.to_owned()));
        }
        if !is_repository(repository) {
            return Err(InvalidReference::Repository(repository.to_owned()));
        }
        let place = Place { registry: registry.to_owned(), repository: repository.to_owned() };
        Ok(Self { place, tag, digest })
    }
}

/// A host and a port, and nothing else that an address may have.
fn is_registry(registry: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    let url = Url::parse(&format!("https://{registry}/"));
    // As it is written, so that what is allowed is what is called.
    let same = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let written = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        written == registry
    };
    !registry.is_empty() && registry.bytes().all(plain) && url.is_ok_and(|url| same(&url))
}

fn is_repository(repository: &str) -> bool {
    let part = |part: &str| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let all = part.bytes().all(|b| plain(b) || matches!(b, b'.' | b'-' | b'_'));
        all && part.bytes().next().is_some_and(plain) && part.bytes().last().is_some_and(plain)
    };
    repository.len() <= REPOSITORY_BYTES_MAX && repository.split('/').all(part)
}

fn is_tag(tag: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    tag.len() <= TAG_BYTES_MAX
        && tag.bytes().next().is_some_and(plain)
        && tag.bytes().all(|b| plain(b) || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:00000000000000000000000000000000000000000000000000000000000000ff";

    #[test]
    fn the_parts_of_a_reference_are_told_apart() {
        let read = |text: &str| {
            let Reference { place, tag, digest } = Reference::parse(text).unwrap();
            (place.to_string(), tag.unwrap_or_default(), digest.is_some())
        };
        assert_eq!(read("oci://ghcr.io/acme/word-guard"), ("ghcr.io/acme/word-guard".into(), String::new(), false));
        assert_eq!(read("oci://127.0.0.1:5000/a:0.1.0"), ("127.0.0.1:5000/a".into(), "0.1.0".into(), false));
        assert_eq!(read(&format!("oci://[::1]:5000/a/b:x@{DIGEST}")), ("[::1]:5000/a/b".into(), "x".into(), true));
        assert_eq!(
            read(&format!("oci://registry.example/a@{DIGEST}")),
            ("registry.example/a".into(), String::new(), true)
        );
    }

    #[test]
    fn what_names_nothing_is_refused_by_its_part() {
        let refused = |text: &str| Reference::parse(text).unwrap_err().to_string();
        assert!(refused("https://ghcr.io/a").contains("does not begin with `oci://`"));
        assert!(refused("oci://ghcr.io").contains("has no repository"));
        for registry in ["", "me:secret@ghcr.io", "GHCR.io", "ghcr.io:443", "127.1", "0x7f.0.0.1", "a..b:99999"] {
            let told = refused(&format!("oci://{registry}/a"));
            assert!(told.contains("is no registry") || told.contains("is no digest"), "{registry}: {told}");
        }
        for repository in ["", "A", "../a", "a//b", "a/", "-a", "a?b"] {
            assert!(refused(&format!("oci://ghcr.io/{repository}")).contains("is no repository"), "{repository}");
        }
        assert!(refused("oci://ghcr.io/a:.b").contains("is no tag"));
        assert!(refused("oci://ghcr.io/a@sha256:12").contains("is no digest"));
    }

    #[test]
    fn a_registry_is_allowed_as_a_whole_or_in_part() {
        let place = Reference::parse("oci://ghcr.io/acme/word-guard").unwrap().place;
        for allowed in ["ghcr.io", "ghcr.io/acme", "ghcr.io/acme/", "ghcr.io/acme/word-guard"] {
            assert!(place.is_within(allowed), "{allowed}");
        }
        for other in ["ghcr.i", "ghcr.io/ac", "ghcr.io/acme/word", "ghcr.io/other"] {
            assert!(!place.is_within(other), "{other}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        let base = |text: &str| Reference::parse(text).unwrap().place.base().unwrap().to_string();
        assert_eq!(base("oci://localhost:5000/a"), "http://localhost:5000/v2/");
        assert_eq!(base("oci://127.0.0.1:5000/a"), "http://127.0.0.1:5000/v2/");
        assert_eq!(base("oci://10.0.0.1:5000/a"), "https://10.0.0.1:5000/v2/");
        assert_eq!(base("oci://localhost.example/a"), "https://localhost.example/v2/");
    }
}
