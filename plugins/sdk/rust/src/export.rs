//! What stands between the component's exports and the author's type.

use std::cell::OnceCell;

use serde::de::DeserializeOwned;

pub use crate::bindings::score::usher::plugin::tables::Table as RawTable;

use crate::{Manifest, log};

/// Where the configured plugin lives between `configure` and the calls of its hook.
///
/// A thread-local static, because wasm has one thread: it needs no `Sync` from the author's type, and it is part of
/// the memory that the host snapshots.
#[derive(Debug)]
pub struct Slot<P>(OnceCell<P>);

impl<P> Slot<P> {
    /// An empty slot.
    #[expect(clippy::new_without_default, reason = "only the export macro builds it, in a const")]
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// The export `configure`.
    pub fn configure<S: DeserializeOwned + Default>(
        &self,
        settings: &str,
        build: impl FnOnce(S) -> Result<P, String>,
    ) -> Result<(), String> {
        report_panics();
        let plugin = build(parse_settings(settings)?)?;
        self.0.set(plugin).map_err(|_| "configured twice".to_owned())
    }

    /// The export of the hook.
    pub fn call(&self, hook: impl FnOnce(&P) -> Result<(), String>) -> Result<(), String> {
        hook(self.0.get().ok_or("called before it was configured")?)
    }
}

/// The export `describe`.
pub fn describe(manifest: impl FnOnce() -> Manifest) -> String {
    report_panics();
    manifest().to_json()
}

/// No settings at all are the defaults.
fn parse_settings<S: serde::de::DeserializeOwned + Default>(settings: &str) -> Result<S, String> {
    match settings.trim() {
        "" | "null" => Ok(S::default()),
        json => serde_json::from_str(json).map_err(|error| format!("settings: {error}")),
    }
}

/// A panic ends in a trap, which says nothing; so the message goes to the log first, where the author finds it.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| log::error(&panic.to_string())));
}

/// Makes a type that implements [`Check`](crate::Check), [`Score`](crate::Score) or [`Rank`](crate::Rank) the
/// component's plugin: `export!(AdGuard)`, `export!(score: VipScore)`, `export!(rank: SlotRanker)`. Once in a crate, at its
/// root.
#[macro_export]
macro_rules! export {
    (score: $plugin:ty) => {
        $crate::export_component!($plugin, Score, { $crate::bindings::score }, {
            impl bindings::exports::usher::plugin::scorer::Guest for Component {
                fn score(members: &$crate::export::RawTable) -> ::std::result::Result<(), ::std::string::String> {
                    let members = $crate::Table::new(members);
                    PLUGIN.with(|plugin| plugin.call(|plugin| $crate::Score::score(plugin, &members)))
                }
            }
        });
    };
    (rank: $plugin:ty) => {
        $crate::export_component!($plugin, Rank, { $crate::bindings::rank }, {
            impl bindings::exports::usher::plugin::ranker::Guest for Component {
                fn rank(items: &$crate::export::RawTable) -> ::std::result::Result<(), ::std::string::String> {
                    let items = $crate::Table::new(items);
                    PLUGIN.with(|plugin| plugin.call(|plugin| $crate::Rank::rank(plugin, &items)))
                }
            }
        });
    };
    ($plugin:ty) => {
        $crate::export_component!($plugin, Check, { $crate::bindings }, {
            impl bindings::exports::usher::plugin::checker::Guest for Component {
                fn check(event: &$crate::Event) -> ::std::result::Result<(), ::std::string::String> {
                    PLUGIN.with(|plugin| plugin.call(|plugin| $crate::Check::check(plugin, event)))
                }
            }
        });
    };
}

/// What is the same whatever the hook: the component, its manifest and its settings. `export!` brings the hook.
#[doc(hidden)]
#[macro_export]
macro_rules! export_component {
    ($plugin:ty, $author:ident, { $($bindings:tt)* }, { $($hook:tt)* }) => {
        // Export names are global symbols: outside of wasm, two plugins in one binary would collide.
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $($bindings)* as bindings;

            ::std::thread_local! {
                static PLUGIN: $crate::export::Slot<$plugin> = const { $crate::export::Slot::new() };
            }

            struct Component;

            impl $crate::bindings::plugin::exports::usher::plugin::plugin::Guest for Component {
                fn describe() -> ::std::string::String {
                    $crate::export::describe(<$plugin as $crate::$author>::manifest)
                }

                fn configure(settings: ::std::string::String) -> ::std::result::Result<(), ::std::string::String> {
                    PLUGIN.with(|plugin| plugin.configure(&settings, <$plugin as $crate::$author>::configure))
                }
            }

            $($hook)*

            $crate::bindings::plugin::export_plugin!(Component with_types_in $crate::bindings::plugin);
            bindings::export_hook!(Component with_types_in bindings);
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::Manifest = <$plugin as $crate::$author>::manifest;
    };
}

#[cfg(test)]
mod tests {
    use super::parse_settings;

    #[derive(serde::Deserialize, Default, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        limit: u32,
    }

    #[test]
    fn no_settings_are_the_defaults() {
        for absent in ["", " \n", "null"] {
            assert_eq!(parse_settings(absent), Ok(Settings::default()));
        }
        assert_eq!(parse_settings(r#"{"limit":3}"#), Ok(Settings { limit: 3 }));
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let error = parse_settings::<Settings>(r#"{"limits":3}"#).unwrap_err();
        assert!(error.contains("limits"), "{error}");
    }
}
