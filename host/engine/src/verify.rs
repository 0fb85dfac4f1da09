//! Is it a plugin? What can be said without compiling it, each refusal with its remedy.

use crate::contract::{CONTRACT_VERSION, IMPORTS, PACKAGE};
use crate::limits::UploadLimits;
use crate::signatures::{self, full_name, hook, instead};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;
use wasmparser::types::Types;
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

/// What a plugin can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hook {
    /// Judge an event.
    Check,
    /// Score candidates.
    Score,
    /// Rank items.
    Rank,
}

impl Hook {
    /// The function of the contract, and the word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Hook::Check => "check",
            Hook::Score => "score",
            Hook::Rank => "rank",
        }
    }
}

/// Why bytes are no plugin.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Rejected {
    /// Over a limit of the host.
    #[error("the component has {found} {what}, and at most {limit} are allowed (`plugins.{setting}`)")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// Which limit.
        setting: &'static str,
        /// How many it has.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A core module.
    #[error(
        "these bytes are a core wasm module, not a component: turn it into one, for example with `wasm-tools component new`"
    )]
    CoreModule,
    /// Something else.
    #[error("these bytes are no WebAssembly: a plugin is a component, a file that begins with `\\0asm`")]
    NoWasm,
    /// Broken.
    #[error("these bytes are no valid WebAssembly component: {0}")]
    Invalid(String),
    /// Asks for something that the host does not have.
    #[error("the component imports `{name}`, which this host does not offer: {remedy}")]
    UnknownImport {
        /// What it asks for.
        name: String,
        /// What to do.
        remedy: String,
    },
    /// Built against another contract.
    #[error(
        "the component was built against contract {found}, and this host speaks {CONTRACT_VERSION}: \
         build it with an SDK of 0.1.x, x at most {newest}", newest = CONTRACT_VERSION.trim_start_matches("0.1.")
    )]
    WrongContract {
        /// The version that it names.
        found: String,
    },
    /// Without `plugin` there is no manifest.
    #[error(
        "the component does not export `{}`, the interface with `describe` and `configure`: {}",
        full_name("plugin"), instead(.exports)
    )]
    NoPlugin {
        /// What it exports.
        exports: Vec<String>,
    },
    /// Nothing to call.
    #[error(
        "the component exports no hook, which would be `{}`, or `scorer` or `ranker` in its place: {}",
        full_name("checker"), instead(.exports)
    )]
    NoHook {
        /// What it exports.
        exports: Vec<String>,
    },
    /// An interface without one of its functions.
    #[error(
        "`{interface}` of the component has no function `{function}`, which the contract has as `{function}: \
         {signature}`: {}", instead(.others)
    )]
    MissingFunction {
        /// Which interface.
        interface: String,
        /// Which function.
        function: &'static str,
        /// Its type in the contract.
        signature: &'static str,
        /// What the interface has.
        others: Vec<String>,
    },
    /// A function of another type.
    #[error(
        "`{function}` of `{interface}` has the type `{found}`, and in the contract it is `{function}: {signature}`"
    )]
    WrongType {
        /// Which interface.
        interface: String,
        /// Which function.
        function: &'static str,
        /// Its type in the contract.
        signature: &'static str,
        /// Its type in the component.
        found: String,
    },
}

/// What the bytes alone tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Surface {
    pub(crate) hooks: BTreeSet<Hook>,
    pub(crate) imports: BTreeSet<String>,
}

/// Parses, validates and looks at imports and exports.
pub(crate) fn verify(bytes: &[u8], limits: &UploadLimits) -> Result<Surface, Rejected> {
    within("bytes", "component_bytes", bytes.len(), limits.component_bytes)?;
    if !bytes.starts_with(b"\0asm") {
        return Err(Rejected::NoWasm);
    }
    let names = parse(bytes, limits)?;
    let invalid = |error: wasmparser::BinaryReaderError| Rejected::Invalid(error.message().to_owned());
    let types = Validator::new_with_features(features()).validate_all(bytes).map_err(invalid)?;
    within("imports", "imports", names.imports.len(), limits.imports as usize)?;
    for name in &names.imports {
        check_import(name)?;
    }
    check_exports(&names, &types)
}

fn features() -> WasmFeatures {
    WasmFeatures::default() - WasmFeatures::THREADS - WasmFeatures::CM_ASYNC
}

#[derive(Default)]
struct Names {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
}

/// Counts what is limited and collects the outermost names.
fn parse(bytes: &[u8], limits: &UploadLimits) -> Result<Names, Rejected> {
    let mut names = Names::default();
    let (mut modules, mut functions, mut depth) = (0_usize, 0_usize, 0_usize);
    let mut first = true;
    for payload in Parser::new(0).parse_all(bytes) {
        let invalid = |error: wasmparser::BinaryReaderError| Rejected::Invalid(error.message().to_owned());
        match payload.map_err(invalid)? {
            Payload::Version { encoding: Encoding::Module, .. } if first => return Err(Rejected::CoreModule),
            Payload::Version { .. } => {
                depth += usize::from(!first);
                first = false;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                modules += 1;
                within("modules", "modules", modules, limits.modules as usize)?;
            }
            Payload::FunctionSection(section) => {
                functions += section.count() as usize;
                within("functions", "functions", functions, limits.functions as usize)?;
            }
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    names.imports.insert(import.map_err(invalid)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    names.exports.insert(export.map_err(invalid)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

fn within(what: &'static str, setting: &'static str, found: usize, limit: usize) -> Result<(), Rejected> {
    if found <= limit { Ok(()) } else { Err(Rejected::TooLarge { what, setting, found, limit }) }
}

/// An interface of the contract, split: `events`, `0.1.0`.
fn of_contract(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(PACKAGE)?.strip_prefix('/')?.split_once('@')
}

/// Whether a component built against `version` runs here: 0.1.x of any x not newer than the host's.
fn speaks(version: &str) -> bool {
    let patch = |v: &str| v.strip_prefix("0.1.").and_then(|patch| patch.parse::<u32>().ok());
    patch(version).is_some_and(|theirs| patch(CONTRACT_VERSION).is_some_and(|ours| theirs <= ours))
}

fn check_import(name: &str) -> Result<(), Rejected> {
    let unknown = |remedy: String| Err(Rejected::UnknownImport { name: name.to_owned(), remedy });
    if name.starts_with("wasi:") {
        return unknown("plugins get no WASI; build for `wasm32-unknown-unknown`, or with `--stub-wasi`".into());
    }
    match of_contract(name) {
        Some((_, version)) if !speaks(version) => Err(Rejected::WrongContract { found: version.to_owned() }),
        Some((interface, _)) if IMPORTS.contains(&interface) => Ok(()),
        _ => unknown(format!("it offers the interfaces {} of `{PACKAGE}`", IMPORTS.join(", "))),
    }
}

fn check_exports(names: &Names, types: &Types) -> Result<Surface, Rejected> {
    let mut exported = BTreeSet::new();
    for name in &names.exports {
        let Some((interface, version)) = of_contract(name) else { continue };
        if !speaks(version) {
            return Err(Rejected::WrongContract { found: version.to_owned() });
        }
        signatures::check(types, interface, name)?;
        exported.insert(interface);
    }
    let all = || names.exports.iter().cloned().collect();
    if !exported.contains("plugin") {
        return Err(Rejected::NoPlugin { exports: all() });
    }
    let hooks: BTreeSet<Hook> = exported.iter().filter_map(|interface| hook(interface)).collect();
    if hooks.is_empty() {
        return Err(Rejected::NoHook { exports: all() });
    }
    Ok(Surface { hooks, imports: names.imports.clone() })
}

/// What the bytes alone say against it, as an upload would: for authors, who want it told apart.
///
/// # Errors
/// [`Rejected`].
pub fn examine(bytes: &[u8], limits: &UploadLimits) -> Result<(), Rejected> {
    verify(bytes, limits).map(|_| ())
}
