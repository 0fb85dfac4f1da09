//! From a core module to a component.

use super::Project;
use super::world::World;
use anyhow::{Context, anyhow};
use std::fmt::Display;
use std::fs;
use std::path::Path;
use thiserror::Error;
use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{PackageId, Resolve};

/// A module lacks something that the contract wants, or has it otherwise.
#[derive(Debug, Error)]
#[error("the module does not fit the contract")]
pub(super) struct Unfit;

/// A module that names its world itself, as Rust's do.
pub(super) fn encode(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let encoded = ComponentEncoder::default().validate(true).module(module).and_then(|mut encoder| encoder.encode());
    encoded.map_err(|error| anyhow!("{error:#}")).context(Unfit)
}

/// A module that imports and exports what the contract says and knows nothing of it.
pub(super) fn encode_plain(project: &Project, module: &Path) -> anyhow::Result<Vec<u8>> {
    encode(&with_world(project, module)?)
}

/// Such a module that imports WASI's preview 1 too, and another that takes WASI's place, in words: it imports the log and no
/// more.
pub(super) fn encode_on(project: &Project, module: &Path, wasi: &str) -> anyhow::Result<Vec<u8>> {
    let module = with_world(project, module)?;
    let mut wasi = wat::parse_str(wasi).context("what takes WASI's place")?;
    let mut resolve = Resolve::default();
    resolve.push_dir(project.contract()).map_err(of_contract)?;
    let package = resolve.push_str("wasi.wit", ONLY_THE_LOG).map_err(of_contract)?;
    embed(&mut wasi, &resolve, package, "wasi")?;
    let encoded = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", &wasi))
        .and_then(|mut encoder| encoder.encode());
    encoded.map_err(|error| anyhow!("{error:#}")).context(Unfit)
}

/// What a module that takes WASI's place knows of the contract.
const ONLY_THE_LOG: &str = "package usher:build; world wasi { import usher:plugin/log@0.1.0; }";

/// A module that says which of the contract's worlds is its own.
fn with_world(project: &Project, module: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(module).with_context(|| format!("`{}` can't be read", module.display()))?;
    let mut bytes = without_debug(&bytes)?;
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(project.contract()).map_err(of_contract)?;
    let world = World::of_module(&bytes)?.name();
    embed(&mut bytes, &resolve, package, world)?;
    Ok(bytes)
}

fn embed(module: &mut Vec<u8>, resolve: &Resolve, package: PackageId, world: &str) -> anyhow::Result<()> {
    let world = resolve.select_world(&[package], Some(world)).map_err(of_contract)?;
    embed_component_metadata(module, resolve, world, StringEncoding::UTF8).map_err(of_contract)
}

fn of_contract(error: impl Display) -> anyhow::Error {
    anyhow!("the contract: {error:#}")
}

/// The names of functions stay, for backtraces; what a debugger wants goes, which is most of the file.
fn without_debug(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if matches!(&payload, Payload::CustomSection(section) if section.name().starts_with(".debug_")) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let data = module.get(range).context("a section beyond the module's end")?;
            kept.section(&RawSection { id, data });
        }
    }
    Ok(kept.finish())
}
