//! Extism: a plugin that takes JSON and gives JSON, kept alive or made anew for each call.

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use usher_bench_rules::host::Host;
use usher_bench_rules::{Found, Message};

/// The plugin, compiled.
pub(crate) struct Compiled(CompiledPlugin);

impl Compiled {
    pub(crate) fn new(host: &Host, module: &[u8]) -> anyhow::Result<Self> {
        let manifest = Manifest::new([Wasm::data(module)]).with_config_key("words", host.entries.join("\n"));
        Ok(Self(CompiledPlugin::new(PluginBuilder::new(manifest).with_cache_disabled())?))
    }

    pub(crate) fn instance(&self) -> anyhow::Result<Instance> {
        Ok(Instance(Plugin::new_from_compiled(&self.0)?))
    }
}

/// An instance, which keeps its memory from call to call.
pub(crate) struct Instance(Plugin);

impl Instance {
    pub(crate) fn judge(&mut self, message: &Message<'_>) -> anyhow::Result<Vec<Found>> {
        let json = serde_json::to_vec(message)?;
        let findings: &[u8] = self.0.call("check", json.as_slice())?;
        Ok(serde_json::from_slice(findings)?)
    }
}
