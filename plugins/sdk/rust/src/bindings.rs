//! The contract as `wit-bindgen` generates it. The other modules give it the shape that authors see.
//!
//! A component exports `plugin` and one hook. Each of them is a world of its own here, as the macros that
//! `wit-bindgen` makes of an export have one name in a crate, and as a component should say that it has the exports that it
//! has: what is linked of several worlds is their union.

wit_bindgen::generate!({
    path: "wit",
    inline: "
        package usher:sdk;
        world check-hook {
            import usher:plugin/events@0.1.0;
            import usher:plugin/history@0.1.0;
            import usher:plugin/state@0.1.0;
            import usher:plugin/text@0.1.0;
            import usher:plugin/effects@0.1.0;
            import usher:plugin/timers@0.1.0;
            import usher:plugin/log@0.1.0;
            export usher:plugin/checker@0.1.0;
        }
    ",
    world: "usher:sdk/check-hook",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_hook",
    default_bindings_module: "usher_plugin::bindings",
    additional_type_attributes: {
        "usher:plugin/effects@0.1.0/severity": [#[derive(serde::Deserialize)] #[serde(rename_all = "lowercase")]],
    },
});

/// What every plugin exports.
pub mod plugin {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package usher:sdk;
            world any-plugin {
                export usher:plugin/plugin@0.1.0;
            }
        ",
        world: "usher:sdk/any-plugin",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_plugin",
        default_bindings_module: "usher_plugin::bindings::plugin",
    });
}

/// For scorers.
pub mod score {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package usher:sdk;
            world score-hook {
                import usher:plugin/tables@0.1.0;
                import usher:plugin/log@0.1.0;
                export usher:plugin/scorer@0.1.0;
            }
        ",
        world: "usher:sdk/score-hook",
        pub_export_macro: true,
        export_macro_name: "export_hook",
        default_bindings_module: "usher_plugin::bindings::score",
        with: {
            "usher:plugin/tables@0.1.0": generate,
            "usher:plugin/log@0.1.0": crate::bindings::usher::plugin::log,
            "usher:plugin/scorer@0.1.0": generate,
        },
    });
}

/// For rankers.
pub mod rank {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package usher:sdk;
            world rank-hook {
                import usher:plugin/tables@0.1.0;
                import usher:plugin/log@0.1.0;
                export usher:plugin/ranker@0.1.0;
            }
        ",
        world: "usher:sdk/rank-hook",
        pub_export_macro: true,
        export_macro_name: "export_hook",
        default_bindings_module: "usher_plugin::bindings::rank",
        with: {
            "usher:plugin/tables@0.1.0": crate::bindings::score::usher::plugin::tables,
            "usher:plugin/log@0.1.0": crate::bindings::usher::plugin::log,
            "usher:plugin/ranker@0.1.0": generate,
        },
    });
}
