//! A component out of a registry.

use super::error::OciError;
use super::manifest::{MANIFEST, MANIFEST_BYTES_MAX, layer};
use super::reference::Place;
use super::session::{Credentials, Network, Session, read};
use bytes::Bytes;
use hyper::StatusCode;
use std::time::Duration;
use usher_model::Digest;

/// Pulls the component of the artifact whose manifest has this digest, of at most so many bytes, within so long.
///
/// # Errors
/// [`OciError`]: nobody answers, or with something else than was asked for.
pub async fn pull(
    network: &Network,
    place: &Place,
    digest: &Digest,
    credentials: Option<&Credentials>,
    component_bytes: usize,
    within_ms: u64,
) -> Result<Vec<u8>, OciError> {
    let pulling = fetch(network, place, digest, credentials, component_bytes);
    let pulled = tokio::time::timeout(Duration::from_millis(within_ms), pulling).await;
    pulled.map_err(|_| OciError::Late(within_ms))?.map(Into::into)
}

async fn fetch(
    network: &Network,
    place: &Place,
    digest: &Digest,
    credentials: Option<&Credentials>,
    component_bytes: usize,
) -> Result<Bytes, OciError> {
    let mut session = Session::new(network, place, credentials, "pull")?;
    let url = session.at(&format!("manifests/{digest}"))?;
    let answer = session.get(&url, &[("accept", MANIFEST)]).await?;
    if answer.status() == StatusCode::NOT_FOUND {
        return Err(OciError::Missing { what: "artifact", name: format!("{place}@{digest}") });
    }
    if !answer.status().is_success() {
        return Err(session.failed(answer.status(), "for a manifest"));
    }
    let manifest = read(answer, "manifest", MANIFEST_BYTES_MAX).await?;
    verify("manifest", &manifest, digest)?;
    let (layer, size) = layer(&manifest)?;
    if size > component_bytes as u64 {
        return Err(OciError::TooLarge { what: "component", limit: component_bytes });
    }
    let answer = session.get(&session.at(&format!("blobs/{layer}"))?, &[]).await?;
    if !answer.status().is_success() {
        return Err(session.failed(answer.status(), "for the component"));
    }
    let component = read(answer, "component", component_bytes).await?;
    verify("component", &component, &layer)?;
    Ok(component)
}

/// Nothing that a registry says is believed: what it sent has the digest, or is something else.
fn verify(what: &'static str, bytes: &[u8], expected: &Digest) -> Result<(), OciError> {
    let found = Digest::of(bytes);
    if found == *expected {
        return Ok(());
    }
    Err(OciError::OtherDigest { what, expected: expected.to_string(), found: found.to_string() })
}
