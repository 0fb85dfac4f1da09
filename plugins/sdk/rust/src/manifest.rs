//! What a plugin says about itself.

use serde::Serialize;
use serde_json::value::RawValue;

/// The version of the contract that this crate is built against.
pub const CONTRACT: &str = "0.1.0";

/// What a plugin is and what it asks for; what the operator grants may be less.
#[derive(Debug, Serialize)]
pub struct Manifest {
    name: &'static str,
    version: &'static str,
    contract: &'static str,
    summary: &'static str,
    events: Vec<&'static str>,
    capabilities: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<&'static str>,
    settings_schema: &'static RawValue,
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "a builder; what is forgotten here is missing in the trait's return"
)]
impl Manifest {
    /// A plugin that takes no settings, sees no event and may do nothing but find. `name` is kebab-case and unique
    /// on the host; `version` is best `env!("CARGO_PKG_VERSION")`.
    pub fn new(name: &'static str, version: &'static str) -> Self {
        let manifest = Self {
            name,
            version,
            contract: CONTRACT,
            summary: "",
            events: Vec::new(),
            capabilities: Vec::new(),
            columns: Vec::new(),
            settings_schema: RawValue::NULL,
        };
        manifest.settings_schema(r#"{"type":"object","additionalProperties":false}"#)
    }

    /// What it is for, in one sentence.
    pub fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// A kind of event that it wants to see, for example `message.created`.
    pub fn event(mut self, kind: &'static str) -> Self {
        self.events.push(kind);
        self
    }

    /// A capability that it needs, for example `history`, `state`, `word-lists`.
    pub fn capability(mut self, name: &str) -> Self {
        self.capabilities.push(name.to_owned());
        self
    }

    /// A kind of [`Action`](crate::Action) that it may ask for, for example `warn`: short for the capability
    /// `action:warn`.
    pub fn action(self, kind: &str) -> Self {
        self.capability(&format!("action:{kind}"))
    }

    /// Columns that the tables of a scorer or a ranker have, beside those named before: `messages@30d`,
    /// `helped.people@90d`, `member_days`, `attribute:city` of members, `reads.segment@7d`, `age_hours`, `topic` of items.
    pub fn columns(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.columns.extend(names);
        self
    }

    /// The JSON Schema of its settings, best an `include_str!("settings.schema.json")`.
    ///
    /// # Panics
    ///
    /// When it is no JSON; the upload fails with that message.
    pub fn settings_schema(mut self, schema: &'static str) -> Self {
        match serde_json::from_str(schema) {
            Ok(schema) => self.settings_schema = schema,
            Err(error) => panic!("the settings schema is no JSON: {error}"),
        }
        self
    }

    /// What the export `describe` returns.
    pub fn to_json(&self) -> String {
        // Cannot fail (strings, and JSON that was parsed above); if it ever did, the host would refuse the empty text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_itself_in_the_words_of_the_contract() {
        let json = Manifest::new("ad-guard", "1.2.3")
            .summary("Finds ads")
            .event("message.created")
            .capability("word-lists")
            .action("warn")
            .settings_schema(r#"{"type":"object"}"#)
            .to_json();
        let manifest: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            manifest,
            serde_json::json!({
                "name": "ad-guard", "version": "1.2.3", "contract": "0.1.0", "summary": "Finds ads",
                "events": ["message.created"], "capabilities": ["word-lists", "action:warn"],
                "settings_schema": {"type": "object"},
            })
        );
    }

    #[test]
    fn only_scorers_and_rankers_speak_of_columns() {
        let json = |manifest: Manifest| serde_json::from_str::<serde_json::Value>(&manifest.to_json()).unwrap();
        let scorer = json(Manifest::new("vip", "1.2.3").columns(["messages@30d"]).columns(["name"]));
        assert_eq!(scorer["columns"], serde_json::json!(["messages@30d", "name"]));
        assert_eq!(json(Manifest::new("x", "1.2.3")).get("columns"), None);
    }

    #[test]
    #[should_panic(expected = "the settings schema is no JSON")]
    fn refuses_a_broken_schema() {
        let _ = Manifest::new("x", "1").settings_schema("{");
    }
}
