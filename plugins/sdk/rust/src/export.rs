//! What stands between the component's exports and the author's type.

use std::cell::OnceCell;

use crate::{Check, Event, log};

/// Where the configured plugin lives between `configure` and `check`.
///
/// A thread-local static, because wasm has one thread: it needs no `Sync` from the author's type, and it is part of
/// the memory that the host snapshots.
#[derive(Debug)]
pub struct Slot<P>(OnceCell<P>);

impl<P: Check> Slot<P> {
    /// An empty slot.
    #[expect(clippy::new_without_default, reason = "only the export macro builds it, in a const")]
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// The export `describe`.
    pub fn describe() -> String {
        report_panics();
        P::manifest().to_json()
    }

    /// The export `configure`.
    pub fn configure(&self, settings: &str) -> Result<(), String> {
        report_panics();
        let plugin = P::configure(parse_settings(settings)?)?;
        self.0.set(plugin).map_err(|_| "configured twice".to_owned())
    }

    /// The export `check`.
    pub fn check(&self, event: &Event) -> Result<(), String> {
        self.0.get().ok_or("checked before it was configured")?.check(event)
    }
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

/// Makes a type that implements [`Check`](crate::Check) the component's plugin. Once in a crate, at its root.
#[macro_export]
macro_rules! export {
    ($plugin:ty) => {
        // Export names are global symbols: outside of wasm, two plugins in one binary would collide.
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            ::std::thread_local! {
                static PLUGIN: $crate::export::Slot<$plugin> = const { $crate::export::Slot::new() };
            }

            struct Component;

            impl $crate::bindings::exports::usher::plugin::plugin::Guest for Component {
                fn describe() -> ::std::string::String {
                    $crate::export::Slot::<$plugin>::describe()
                }

                fn configure(settings: ::std::string::String) -> ::std::result::Result<(), ::std::string::String> {
                    PLUGIN.with(|plugin| plugin.configure(&settings))
                }
            }

            impl $crate::bindings::exports::usher::plugin::checker::Guest for Component {
                fn check(event: &$crate::Event) -> ::std::result::Result<(), ::std::string::String> {
                    PLUGIN.with(|plugin| plugin.check(event))
                }
            }

    $crate::bindings::export_check_plugin!(Component with_types_in $crate::bindings);
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> ::std::string::String = $crate::export::Slot::<$plugin>::describe;
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
