//! Settings against the manifest's JSON Schema.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// Most problems that one answer lists.
const PROBLEMS_MAX: usize = 20;

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsProblem {
    /// Where in the settings, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong, in the schema's words.
    pub detail: String,
}

/// A schema that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`settings_schema` is no usable JSON Schema: {0}")]
pub struct UnusableSchema(String);

/// A manifest's schema, ready to check settings.
#[derive(Debug)]
pub struct SettingsSchema(jsonschema::Validator);

impl SettingsSchema {
    /// Reads the schema. References may only stay inside it: nothing is fetched.
    ///
    /// # Errors
    /// [`UnusableSchema`] with the reason.
    pub fn new(schema: &Value) -> Result<Self, UnusableSchema> {
        jsonschema::draft202012::new(schema).map(Self).map_err(|error| UnusableSchema(error.to_string()))
    }

    /// What does not fit; empty when all fits.
    pub fn problems(&self, settings: &Value) -> Vec<SettingsProblem> {
        self.0
            .iter_errors(settings)
            .take(PROBLEMS_MAX)
            .map(|error| SettingsProblem { pointer: error.instance_path().to_string(), detail: error.to_string() })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn problems_point_at_the_settings() {
        let schema = json!({"type": "object", "additionalProperties": false,
            "properties": {"limit": {"type": "integer", "minimum": 1}}});
        let schema = SettingsSchema::new(&schema).unwrap();
        assert_eq!(schema.problems(&json!({"limit": 3})), []);
        let problems = schema.problems(&json!({"limit": 0}));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/limit");
        assert!(schema.problems(&json!({"limits": 1}))[0].detail.contains("limits"));
    }

    #[test]
    fn a_schema_can_not_reach_the_network() {
        let schema = json!({"type": "object", "$ref": "https://example.com/schema.json"});
        assert!(SettingsSchema::new(&schema).is_err());
        assert!(SettingsSchema::new(&json!({"type": "objekt"})).is_err());
    }
}
