//! Any text as a manifest: its own laws, and its schema as what settings are checked against.

#![no_main]

use libfuzzer_sys::fuzz_target;
use usher_engine::SettingsSchema;
use usher_model::Manifest;

fuzz_target!(|text: &str| {
    let Ok(manifest) = Manifest::parse(text) else { return };
    let Ok(schema) = SettingsSchema::new(&manifest.settings_schema) else { return };
    schema.problems(&serde_json::json!({}));
    schema.problems(&manifest.settings_schema);
});
