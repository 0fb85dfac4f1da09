//! Settings against the manifest's JSON Schema.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// Most parts of a schema, with its references followed.
const NODES_MAX: usize = 5_000;

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

/// Walks a schema as checking settings would, references followed, and refuses one that is too much work or never ends.
fn expand<'s>(
    root: &'s Value,
    schema: &'s Value,
    following: &mut Vec<&'s str>,
    nodes: &mut usize,
) -> Result<(), UnusableSchema> {
    *nodes += 1;
    if *nodes > NODES_MAX {
        return Err(UnusableSchema(format!("with its references followed it has more than {NODES_MAX} parts")));
    }
    match schema {
        Value::Array(parts) => parts.iter().try_for_each(|part| expand(root, part, following, nodes)),
        Value::Object(fields) => {
            if fields.contains_key("$dynamicRef") || fields.contains_key("$recursiveRef") {
                return Err(UnusableSchema("it may use `$ref` only".into()));
            }
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
                let target = target.ok_or_else(|| {
                    UnusableSchema(format!("`{reference}` leads nowhere in it: write `#/$defs/NAME`"))
                })?;
                if following.contains(&reference.as_str()) {
                    return Err(UnusableSchema(format!("`{reference}` leads to itself")));
                }
                following.push(reference);
                expand(root, target, following, nodes)?;
                following.pop();
            }
            fields.values().try_for_each(|field| expand(root, field, following, nodes))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// A manifest's schema, ready to check settings.
#[derive(Debug)]
pub struct SettingsSchema(jsonschema::Validator);

impl SettingsSchema {
    /// Reads the schema. References may only stay inside it: nothing is fetched.
    ///
    /// # Errors
    /// [`UnusableSchema`] with the reason.
    pub fn new(schema: &Value) -> Result<Self, UnusableSchema> {
        expand(schema, schema, &mut Vec::new(), &mut 0)?;
        // Patterns in linear time: a schema is an author's, and authors are not trusted.
        jsonschema::draft202012::options()
            .with_pattern_options(jsonschema::PatternOptions::regex())
            .build(schema)
            .map(Self)
            .map_err(|error| {
                UnusableSchema(match error.instance_path().as_str() {
                    "" => error.to_string(),
                    place => format!("at `{place}`: {error}"),
                })
            })
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
    fn a_schema_that_is_too_much_work_is_refused() {
        let mut schema = json!({"type": "object", "$ref": "#/$defs/0", "$defs": {"26": {"type": "object"}}});
        for n in 0..26 {
            let next = json!({"$ref": format!("#/$defs/{}", n + 1)});
            schema["$defs"][n.to_string()] = json!({"allOf": [next, next]});
        }
        assert!(SettingsSchema::new(&schema).unwrap_err().to_string().contains("5000 parts"));
        let itself = json!({"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}});
        assert!(SettingsSchema::new(&itself).unwrap_err().to_string().contains("leads to itself"));
        let shared = json!({"type": "object", "$defs": {"n": {"type": "integer"}},
            "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"$ref": "#/$defs/n"}}});
        assert_eq!(SettingsSchema::new(&shared).unwrap().problems(&json!({"a": 1, "b": "x"})).len(), 1);
    }

    #[test]
    fn a_schema_can_not_reach_the_network() {
        let schema = json!({"type": "object", "$ref": "https://example.com/schema.json"});
        assert!(SettingsSchema::new(&schema).is_err());
        assert!(SettingsSchema::new(&json!({"type": "objekt"})).is_err());
    }
}
