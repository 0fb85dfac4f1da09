//! A component into a registry.

use super::error::OciError;
use super::manifest::{About, MANIFEST, Part, config, manifest};
use super::reference::Place;
use super::session::{Credentials, Network, Session};
use bytes::Bytes;
use hyper::{Method, StatusCode};
use usher_model::Digest;

/// What was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Of its manifest: what it is pulled by.
    pub digest: Digest,
    /// The name that it has until another gets it.
    pub tag: String,
}

/// Pushes a component under a tag. The same component again gives the same digest.
///
/// # Errors
/// [`OciError`]: nobody answers, or does not take it.
pub async fn push(
    network: &Network,
    place: &Place,
    tag: &str,
    credentials: Option<&Credentials>,
    component: Vec<u8>,
    about: &About,
) -> Result<Pushed, OciError> {
    let mut session = Session::new(network, place, credentials, "pull,push")?;
    let config = config(about, &component);
    let manifest = manifest(about, &config, &component)?;
    put_blob(&mut session, config.into()).await?;
    put_blob(&mut session, component.into()).await?;
    let digest = Digest::of(&manifest);
    let url = session.at(&format!("manifests/{tag}"))?;
    let answer = session.send(Method::PUT, &url, &[("content-type", MANIFEST)], manifest.into()).await?;
    if !answer.status().is_success() {
        return Err(session.failed(answer.status(), "to take the manifest"));
    }
    Ok(Pushed { digest, tag: tag.to_owned() })
}

/// Uploads a blob that is not there, in one piece.
async fn put_blob(session: &mut Session<'_>, bytes: Bytes) -> Result<(), OciError> {
    let Part { digest, .. } = Part::of("", &bytes);
    let there = session.at(&format!("blobs/{digest}"))?;
    if session.send(Method::HEAD, &there, &[], Bytes::new()).await?.status() == StatusCode::OK {
        return Ok(());
    }
    let uploads = session.at("blobs/uploads/")?;
    let answer = session.send(Method::POST, &uploads, &[("content-length", "0")], Bytes::new()).await?;
    if answer.status() != StatusCode::ACCEPTED {
        return Err(session.failed(answer.status(), "for an upload"));
    }
    let mut url = session.location(&uploads, &answer)?;
    url.query_pairs_mut().append_pair("digest", &digest);
    let headers = [("content-type", "application/octet-stream")];
    let answer = session.send(Method::PUT, &url, &headers, bytes).await?;
    if answer.status() != StatusCode::CREATED {
        return Err(session.failed(answer.status(), "to take a blob"));
    }
    Ok(())
}
