//! The contract as `wit-bindgen` generates it. The other modules give it the shape that authors see.

wit_bindgen::generate!({
    path: "wit",
    world: "check-plugin",
    pub_export_macro: true,
    export_macro_name: "export_check_plugin",
    default_bindings_module: "usher_plugin::bindings",
    additional_type_attributes: {
        "usher:plugin/effects@0.1.0/severity": [#[derive(serde::Deserialize)] #[serde(rename_all = "lowercase")]],
    },
});
