//! What to do about a component that is no plugin, in the language that it was written in.

use super::api::ApiError;
use super::build;
use super::language::Language;
use anyhow::anyhow;
use std::path::Path;
use usher_engine::{CONTRACT_VERSION, Rejected, UploadLimits, examine};

/// The host's refusal of a component, and what its author can do about it.
pub(super) fn explained(error: ApiError, component: &Path) -> anyhow::Error {
    // Of a key, of the version, of the host: that has nothing to do with what the component is.
    let ApiError::Problem(problem) = &error else { return error.into() };
    if !["not-a-plugin", "too-large", "compile-limit"].contains(&problem.code.as_str()) {
        return error.into();
    }
    let about = format!("`{}` is no plugin", component.display());
    let remedy = std::fs::read(component).ok().and_then(|bytes| {
        let folder = build::project_of(component);
        let language = folder.and_then(|folder| Language::of(&folder).ok()).or_else(|| Language::of_component(&bytes));
        remedy(&bytes, &problem.code, &problem.detail, language)
    });
    let remedy = remedy.map(|remedy| format!("\n\n{remedy}")).unwrap_or_default();
    anyhow!("{about}: {error}{remedy}")
}

fn remedy(bytes: &[u8], code: &str, detail: &str, language: Option<Language>) -> Option<String> {
    if code == "too-large" {
        return Some(format!(
            "It has {} bytes. What makes a component large is debug information, which `usher plugin build` leaves out, and \
             packages that it brings and does not need.",
            bytes.len()
        ));
    }
    if code != "not-a-plugin" {
        return None;
    }
    match examine(bytes, &UploadLimits::default()) {
        Err(Rejected::CoreModule | Rejected::NoWasm) => {
            Some("`usher plugin build` makes a component of a plugin's sources, in any of its languages.".to_owned())
        }
        Err(Rejected::WrongContract { .. }) => Some(format!(
            "`usher plugin build` of this usher brings the SDK for {CONTRACT_VERSION}: build with it, or use an usher \
             that is newer."
        )),
        Err(Rejected::UnknownImport { name, .. }) if name.starts_with("wasi:") => Some(no_wasi(language)),
        Err(
            Rejected::NoPlugin { .. }
            | Rejected::NoHook { .. }
            | Rejected::MissingFunction { .. }
            | Rejected::WrongType { .. },
        ) => Some(exports(language)),
        Err(Rejected::Invalid(_)) => Some(
            "The file is damaged, or a tool made it that is much newer than this usher: build it again with `usher plugin \
             build`."
                .to_owned(),
        ),
        Err(_) => None,
        // What only the plugin itself can say: its manifest.
        Ok(()) if detail.starts_with("`describe` failed") || detail.starts_with("the component does not fit") => None,
        Ok(()) => Some(manifest(language)),
    }
}

/// How a plugin's exports are written.
pub(super) fn exports(language: Option<Language>) -> String {
    let written = match language {
        None => {
            return "`usher plugin new NAME --lang LANGUAGE` makes a plugin with all of its exports, to compare with."
                .to_owned();
        }
        Some(Language::Rust) => {
            "impl Check for MyPlugin {\n    \
                 type Settings = Settings;\n    \
                 fn manifest() -> Manifest { … }\n    \
                 fn configure(settings: Settings) -> Result<Self, String> { … }\n    \
                 fn check(&self, event: &Event) -> Result<(), String> { … }\n\
             }\n\n\
             usher_plugin::export!(MyPlugin);"
        }
        Some(Language::Typescript) => {
            "export const { plugin, checker } = definePlugin<Settings>({\n  \
                 manifest: { … },\n  \
                 configure(settings) {\n    \
                     return (event: Event) => { … };\n  \
                 },\n\
             });"
        }
        Some(Language::Python) => {
            "class MyPlugin(Check):\n    \
                 manifest = Manifest(…)\n\n    \
                 def __init__(self, settings: dict[str, Any]) -> None: …\n\n    \
                 def check(self, event: Event) -> None: …\n\n\n\
             Plugin, Checker = export(MyPlugin)"
        }
        Some(Language::C) => {
            "static void configure(usher_text settings, usher_error *error) { … }\n\
             static void check(usher_event event, usher_error *error) { … }\n\n\
             USHER_PLUGIN(((usher_text){ manifest, sizeof(manifest) }), configure, check)"
        }
        Some(Language::Zig) => {
            "pub const manifest = @embedFile(\"manifest.json\");\n\
             pub const panic = usher.panic;\n\
             pub fn configure(json: []const u8) !void { … }\n\
             pub fn check(event: usher.Event) !void { … }\n\n\
             comptime {\n    usher.@\"export\"(@This());\n}"
        }
        Some(Language::Go) => {
            "func configure(settings Settings) (*MyPlugin, error) { … }\n\n\
             func (p *MyPlugin) Check(event usher.Event) error { … }\n\n\
             func init() { checker.Export(manifest, Settings{}, configure) }\n\n\
             func main() {}"
        }
    };
    let source = source(language);
    format!(
        "The SDK exports all that the contract asks for. In {source} it is written so:\n\n{}\n\nThat is for events. \
         `usher plugin new NAME --lang LANGUAGE --hook score` shows what scores members, `--hook rank` what ranks items.",
        set_in(written)
    )
}

fn no_wasi(language: Option<Language>) -> String {
    let how = match language {
        Some(Language::Rust) => {
            "for the target wasm32-unknown-unknown: clock, files and `println!` of std are not there"
        }
        Some(Language::Typescript) => "with `--stub-wasi`: `Date.now()` and `console` are not there",
        Some(Language::Python) => "with `--stub-wasi`: `time`, `open` and `print` are not there",
        Some(Language::C | Language::Zig) => "for a reactor without `printf`, `time` and files",
        Some(Language::Go) => "with an empty WASI inside the component: `os.Open`, `net` and `os.Getenv` find nothing",
        None => "for a target without an operating system",
    };
    format!(
        "A plugin has no clock, no files and no network, so nothing of WASI is there. `usher plugin build` builds {how}. \
         The time is the event's, what to tell the author goes to the SDK's log, and what to remember into `state`."
    )
}

/// Where a plugin's manifest is written.
fn manifest(language: Option<Language>) -> String {
    let place = match language {
        Some(Language::Rust) => "is made in `fn manifest()` of `impl Check`, in src/lib.rs",
        Some(Language::Typescript) => "is `manifest` of `definePlugin`, in src/plugin.ts",
        Some(Language::Python) => "is `manifest = Manifest(…)` of the class, in src/app.py",
        Some(Language::C | Language::Zig) => "is src/manifest.json",
        Some(Language::Go) => "is the `usher.Manifest` that `Export` is given, in src/plugin.go",
        None => "is what `describe` returns",
    };
    format!(
        "The manifest {place}. It has `name` and `version`, and as it needs them `summary`, `events`, `capabilities` and \
         `settings_schema`."
    )
}

fn source(language: Option<Language>) -> &'static str {
    match language {
        Some(Language::Rust) => "src/lib.rs",
        Some(Language::Typescript) => "src/plugin.ts",
        Some(Language::Python) => "src/app.py",
        Some(Language::C) => "src/plugin.c",
        Some(Language::Zig) => "src/plugin.zig",
        Some(Language::Go) => "src/plugin.go",
        None => "the sources",
    }
}

fn set_in(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}
