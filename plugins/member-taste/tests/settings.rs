//! The schema, its defaults and the type say the same.

#![expect(clippy::unwrap_used, reason = "a test")]

use member_taste::Settings;
use serde_json::{Map, Value};

fn schema() -> Value {
    serde_json::from_str(include_str!("../src/settings.schema.json")).unwrap()
}

#[test]
fn every_property_has_a_default_and_a_description() {
    for (name, property) in schema()["properties"].as_object().unwrap() {
        assert!(property.get("default").is_some(), "{name} has no default");
        assert!(property["description"].as_str().is_some_and(|it| !it.is_empty()), "{name} has no description");
    }
}

#[test]
fn the_defaults_of_the_schema_are_those_of_the_type() {
    let schema = schema();
    let defaults: Map<String, Value> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, property)| (name.clone(), property["default"].clone()))
        .collect();
    let written: Settings = serde_json::from_value(Value::Object(defaults)).unwrap();
    assert_eq!(format!("{written:?}"), format!("{:?}", Settings::default()));
}
