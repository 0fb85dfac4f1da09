//! What a plugin says of itself.

use crate::{
    Capability, CapabilitySet, EventKind, InvalidId, InvalidKind, ItemColumn, MemberColumn, PluginName, PluginVersion,
    UnknownCapability, UnknownColumn,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use thiserror::Error;
use utoipa::ToSchema;

/// Largest manifest, in bytes.
pub(crate) const MANIFEST_BYTES_MAX: usize = 256 * 1024;

/// Most columns that a plugin may ask for.
const COLUMNS_MAX: usize = 64;

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
    /// Columns that its tables have, where it scores or ranks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
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
    /// A column that no table has.
    #[error("`columns`: {0}")]
    Column(#[from] UnknownColumn),
    /// The same column again.
    #[error("`columns`: `{0}` stands there twice")]
    ColumnTwice(String),
    /// More than [`COLUMNS_MAX`].
    #[error("`columns`: at most {COLUMNS_MAX}, these are {0}")]
    TooManyColumns(usize),
    /// A plugin that sees no table asks for columns of one.
    #[error("`columns`: only plugins with the hook `score` or `rank` see a table, and this one exports neither")]
    NoTable,
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
    #[serde(default)]
    columns: Vec<String>,
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
            columns: distinct(draft.columns)?,
            settings_schema: draft.settings_schema,
        })
    }

    /// Holds the columns against the hooks that the component exports: which columns there are depends on them.
    ///
    /// # Errors
    /// [`InvalidManifest`] names the first column that its tables can't have, and which there are.
    pub fn check_columns(&self, scores: bool, ranks: bool) -> Result<(), InvalidManifest> {
        for column in &self.columns {
            let of_members = column.parse::<MemberColumn>();
            let of_items = column.parse::<ItemColumn>();
            match (scores, ranks) {
                (true, true) => drop(of_members.or_else(|_| of_items.map(|_| MemberColumn::Id))?),
                (true, false) => drop(of_members?),
                (false, true) => drop(of_items?),
                (false, false) => return Err(InvalidManifest::NoTable),
            }
        }
        Ok(())
    }

    /// The columns of the tables of members that it scores.
    pub fn member_columns(&self) -> Vec<MemberColumn> {
        self.columns.iter().filter_map(|column| column.parse().ok()).collect()
    }

    /// The columns of the tables of items that it ranks.
    pub fn item_columns(&self) -> Vec<ItemColumn> {
        self.columns.iter().filter_map(|column| column.parse().ok()).collect()
    }
}

fn distinct(columns: Vec<String>) -> Result<Vec<String>, InvalidManifest> {
    if columns.len() > COLUMNS_MAX {
        return Err(InvalidManifest::TooManyColumns(columns.len()));
    }
    let mut seen = BTreeSet::new();
    match columns.iter().find(|column| !seen.insert(column.as_str())) {
        Some(twice) => Err(InvalidManifest::ColumnTwice(twice.clone())),
        None => Ok(columns),
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

    #[test]
    fn columns_are_held_against_the_hooks() {
        let with = |columns: &[&str]| {
            let mut manifest: Value = serde_json::from_str(GOOD).unwrap();
            manifest["columns"] = columns.into();
            Manifest::parse(&manifest.to_string())
        };
        let members = with(&["messages@30d", "helped.people@90d", "name"]).unwrap();
        assert!(members.check_columns(true, false).is_ok() && members.member_columns().len() == 3);
        let words = |refused: Result<(), InvalidManifest>| refused.unwrap_err().to_string();
        assert!(words(members.check_columns(false, true)).contains("`messages@30d` is no column of a table of items"));
        assert!(words(members.check_columns(false, false)).contains("exports neither"));
        assert!(with(&["messages@30d", "topic"]).unwrap().check_columns(true, true).is_ok());
        assert!(words(with(&["id", "id"]).map(drop)).contains("`id` stands there twice"));
        assert!(words(with(&["id"; 65]).map(drop)).contains("at most 64"));
    }
}
