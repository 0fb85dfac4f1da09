//! The world that a plugin is built for: seen by the hook that its sources or its module export.

use anyhow::Context;
use serde_json::Value;
use wasmparser::{Parser, Payload};

/// One of the contract's worlds. Each exports `plugin` and one hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum World {
    Check,
    Score,
    Rank,
}

impl World {
    const ALL: [World; 3] = [World::Check, World::Score, World::Rank];

    /// As the contract calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Check => "check-plugin",
            Self::Score => "score-plugin",
            Self::Rank => "rank-plugin",
        }
    }

    /// The interface that its hook is in.
    fn interface(self) -> &'static str {
        match self {
            Self::Check => "checker",
            Self::Score => "scorer",
            Self::Rank => "ranker",
        }
    }

    /// Of a core module that exports the contract's functions.
    pub(super) fn of_module(module: &[u8]) -> anyhow::Result<Self> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::ExportSection(section) = payload? {
                for export in section {
                    names.push(export?.name.to_owned());
                }
            }
        }
        let exports = |world: Self| {
            let interface = format!("usher:plugin/{}@", world.interface());
            names.iter().any(|name| name.starts_with(&interface))
        };
        // Without any, the encoder says which function is missing.
        Ok(Self::ALL.into_iter().find(|world| exports(*world)).unwrap_or(Self::Check))
    }

    /// Of a bundle, by what esbuild wrote about it.
    pub(super) fn of_bundle(metadata: &[u8]) -> anyhow::Result<Self> {
        let metadata: Value = serde_json::from_slice(metadata).context("esbuild's metadata")?;
        let outputs = metadata["outputs"].as_object().into_iter().flatten();
        let names: Vec<&str> = outputs
            .flat_map(|(_, output)| output["exports"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .collect();
        // Without any, whoever looks at the exports says which is missing.
        Ok(Self::ALL.into_iter().find(|world| names.contains(&world.interface())).unwrap_or(Self::Check))
    }

    /// Of `app.py`, by the name that it gives to what `export` returns.
    pub(super) fn of_python(source: &str) -> Self {
        for line in source.lines() {
            let Some((names, _)) = line.split_once('=').filter(|(names, _)| !names.starts_with([' ', '\t', '#']))
            else {
                continue;
            };
            let mut names = names.split(',').map(|name| name.trim().to_lowercase());
            if let Some(world) = names.find_map(|name| Self::ALL.into_iter().find(|world| world.interface() == name)) {
                return world;
            }
        }
        Self::Check
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_seen_by_what_is_exported() {
        assert_eq!(World::of_python("import x\n\nPlugin, Scorer = export(Vip)\n"), World::Score);
        assert_eq!(World::of_python("Plugin, Checker = export(Words)"), World::Check);
        let bundle = |exports: &str| {
            World::of_bundle(format!(r#"{{"outputs":{{"a.mjs":{{"exports":[{exports}]}}}}}}"#).as_bytes())
        };
        assert_eq!(bundle(r#""plugin","ranker""#).unwrap(), World::Rank);
        assert_eq!(bundle(r#""plugin""#).unwrap(), World::Check);
        assert_eq!(World::of_python("class X:\n    ranker = 1\n# Plugin, Ranker = export(X)"), World::Check);
    }
}
