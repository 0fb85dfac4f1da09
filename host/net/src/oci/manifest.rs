//! The manifest of a wasm artifact, as the CNCF's format has it.

use super::error::OciError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use usher_model::Digest;

pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";

/// The most that is read of a manifest, in bytes.
pub(super) const MANIFEST_BYTES_MAX: usize = 64 << 10;

/// What is said of a component beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The plugin's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// Interfaces that it imports.
    pub imports: Vec<String>,
    /// Interfaces that it exports.
    pub exports: Vec<String>,
}

/// A part of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
}

impl Part {
    pub(super) fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self { media_type: media_type.to_owned(), digest: Digest::of(bytes).to_string(), size: bytes.len() as u64 }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    #[serde(default)]
    media_type: String,
    config: Part,
    layers: Vec<Part>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
}

/// The config of a component. The same component gives the same bytes: it was made at no time.
pub(super) fn config(about: &About, component: &[u8]) -> Vec<u8> {
    let config: Value = json!({
        "created": "1970-01-01T00:00:00Z", "architecture": "wasm", "os": "wasip2",
        "layerDigests": [Digest::of(component).to_string()],
        "component": {"exports": about.exports, "imports": about.imports},
    });
    config.to_string().into_bytes()
}

pub(super) fn manifest(about: &About, config: &[u8], component: &[u8]) -> Result<Vec<u8>, OciError> {
    let annotations = [("title", &about.name), ("version", &about.version), ("description", &about.summary)];
    let annotations = annotations.into_iter().filter(|(_, text)| !text.is_empty());
    let manifest = Manifest {
        schema_version: 2,
        media_type: MANIFEST.to_owned(),
        config: Part::of(CONFIG, config),
        layers: vec![Part::of(LAYER, component)],
        annotations: annotations
            .map(|(name, text)| (format!("org.opencontainers.image.{name}"), text.clone()))
            .collect(),
    };
    serde_json::to_vec(&manifest).map_err(|error| OciError::Answer(error.to_string()))
}

/// The component's part of a manifest.
pub(super) fn layer(manifest: &[u8]) -> Result<(Digest, u64), OciError> {
    let no_component = |why: String| OciError::NoComponent(why);
    let manifest: Manifest = serde_json::from_slice(manifest).map_err(|error| {
        no_component(format!("its manifest is not that of one artifact ({error}); an index of several can't be pulled"))
    })?;
    if manifest.config.media_type != CONFIG {
        return Err(no_component(format!("its config is `{}`, and would be `{CONFIG}`", manifest.config.media_type)));
    }
    let [layer] = manifest.layers.as_slice() else {
        return Err(no_component(format!("it has {} layers, and would have one", manifest.layers.len())));
    };
    if layer.media_type != LAYER {
        return Err(no_component(format!("its layer is `{}`, and would be `{LAYER}`", layer.media_type)));
    }
    let digest = layer.digest.parse().map_err(|_| no_component(format!("`{}` is no sha256 digest", layer.digest)))?;
    Ok((digest, layer.size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        let (name, version, summary) = ("word-guard".into(), "0.1.0".into(), String::new());
        About { name, version, summary, imports: vec![], exports: vec!["usher:plugin/plugin@0.1.0".into()] }
    }

    #[test]
    fn what_is_written_can_be_read_and_is_the_same_each_time() {
        let config = config(&about(), b"wasm");
        let written = manifest(&about(), &config, b"wasm").unwrap();
        assert_eq!(layer(&written).unwrap(), (Digest::of(b"wasm"), 4));
        assert_eq!(written, manifest(&about(), &config, b"wasm").unwrap());
    }

    #[test]
    fn other_artifacts_are_told_apart() {
        let good = manifest(&about(), b"{}", b"wasm").unwrap();
        let good = String::from_utf8(good).unwrap();
        let told = |from: &str, to: &str| layer(good.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(told(CONFIG, "application/vnd.oci.image.config.v1+json").contains("its config is"));
        assert!(told("application/wasm", "application/vnd.oci.image.layer.v1.tar+gzip").contains("its layer is"));
        assert!(told("\"layers\"", "\"manifests\"").contains("an index of several"));
        assert!(told(&Digest::of(b"wasm").to_string(), "md5:1").contains("`md5:1` is no sha256 digest"));
    }
}
