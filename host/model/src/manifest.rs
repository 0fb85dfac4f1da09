//! What a plugin says of itself.

use crate::{
    Capability, CapabilitySet, EventKind, InvalidId, InvalidKind, PluginName, PluginVersion, UnknownCapability,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use utoipa::ToSchema;

/// Largest manifest, in bytes.
pub(crate) const MANIFEST_BYTES_MAX: usize = 256 * 1024;

/// What a plugin says of itself, from its `describe`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// Its name.
    pub name: PluginName,
    /// Its version.
    pub version: PluginVersion,
    /// One sentence for operators.
    pub summary: String,
    /// Event kinds that it wants to see; `message.*` for all that begin so.
    pub events: Vec<String>,
    /// What it asks for.
    #[schema(value_type = Vec<String>)]
    pub capabilities: CapabilitySet,
    /// JSON Schema (2020-12) of its settings.
    pub settings_schema: Value,
}

/// Why a text is no manifest.
#[derive(Debug, Error)]
pub enum InvalidManifest {
    /// Larger than [`MANIFEST_BYTES_MAX`].
    #[error("a manifest has at most {MANIFEST_BYTES_MAX} bytes, this one has {0}")]
    TooLarge(usize),
    /// Not JSON, or not of the manifest's shape.
    #[error("the manifest is not of the right shape: {0}")]
    Shape(#[from] serde_json::Error),
    /// The name or the version breaks a law.
    #[error("`{field}`: {source}")]
    Id {
        /// Which field.
        field: &'static str,
        /// Which law.
        source: InvalidId,
    },
    /// An event kind that can never come.
    #[error("`events`: `{kind}`: {source}")]
    Kind {
        /// Which kind.
        kind: String,
        /// Why not.
        source: InvalidKind,
    },
    /// A capability that does not exist.
    #[error("`capabilities`: {0}")]
    Capability(#[from] UnknownCapability),
    /// Settings that are not an object can't be merged over scopes.
    #[error("`settings_schema` must be an object that describes an object (`\"type\": \"object\"`)")]
    Schema,
}

/// As it stands in the JSON, so that each mistake gets its own words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    name: String,
    version: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    #[expect(dead_code, reason = "informative: the component's own imports say which contract it was built for")]
    contract: Option<String>,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default = "any_object")]
    settings_schema: Value,
}

fn any_object() -> Value {
    serde_json::json!({ "type": "object" })
}

impl Manifest {
    /// Reads what `describe` returned.
    ///
    /// # Errors
    /// [`InvalidManifest`] names the field and the law.
    pub fn parse(json: &str) -> Result<Self, InvalidManifest> {
        if json.len() > MANIFEST_BYTES_MAX {
            return Err(InvalidManifest::TooLarge(json.len()));
        }
        let draft: Draft = serde_json::from_str(json)?;
        let id = |field| move |source| InvalidManifest::Id { field, source };
        for kind in &draft.events {
            check_subscription(kind)?;
        }
        let capabilities = draft.capabilities.iter().map(|c| c.parse::<Capability>()).collect::<Result<_, _>>()?;
        if draft.settings_schema.get("type") != Some(&Value::from("object")) {
            return Err(InvalidManifest::Schema);
        }
        Ok(Self {
            name: PluginName::new(draft.name).map_err(id("name"))?,
            version: PluginVersion::new(draft.version).map_err(id("version"))?,
            summary: draft.summary,
            events: draft.events,
            capabilities,
            settings_schema: draft.settings_schema,
        })
    }
}

impl EventKind {
    /// Whether it is among these kinds; `message.*` is all that begin so.
    pub fn is_among(&self, wanted: &[String]) -> bool {
        wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(prefix) => self.as_str().starts_with(prefix),
            None => wanted == self.as_str(),
        })
    }
}

fn check_subscription(kind: &str) -> Result<(), InvalidManifest> {
    let example = match kind.strip_suffix(".*") {
        Some(prefix) => format!("{prefix}.any"),
        None => kind.to_owned(),
    };
    EventKind::new(example).map_err(|source| InvalidManifest::Kind { kind: kind.to_owned(), source })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"name":"ad-guard","version":"0.1.0","summary":"s","contract":"0.1.0",
        "events":["message.created","member.*"],"capabilities":["word-lists","action:warn"]}"#;

    #[test]
    fn a_manifest_says_what_the_plugin_wants() {
        let manifest = Manifest::parse(GOOD).unwrap();
        let kind = |k: &str| EventKind::new(k).unwrap();
        assert!(kind("message.created").is_among(&manifest.events));
        assert!(kind("member.joined").is_among(&manifest.events));
        assert!(!kind("message.recalled").is_among(&manifest.events));
        assert!(manifest.capabilities.contains(&Capability::WordLists));
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let check = |from: &str, to: &str, expect: &str| {
            let error = Manifest::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expect), "{error}");
        };
        check("ad-guard", "Ad Guard", "`name`: a name has lower-case letters");
        check("0.1.0\",\"summary", "1\",\"summary", "`version`: a version is");
        check("member.*", "member*", "`events`: `member*`");
        check("word-lists", "internet", "no capability `internet`");
        check("\"summary\"", "\"sumary\"", "unknown field `sumary`");
    }
}
