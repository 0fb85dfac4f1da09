//! What a component exports of the contract, looked up once for all its instances.

use crate::contract::bindings::exports::usher::plugin::{checker, plugin, ranker, scorer};
use crate::contract::{CHECKER, RANKER, SCORER};
use crate::sandbox::Sandbox;
use crate::verify::Hook;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

/// Where the exports are. A component has one hook at least.
#[derive(Clone)]
pub(crate) struct Exports {
    pub(crate) plugin: plugin::GuestIndices,
    pub(crate) checker: Option<checker::GuestIndices>,
    pub(crate) scorer: Option<scorer::GuestIndices>,
    pub(crate) ranker: Option<ranker::GuestIndices>,
}

impl Exports {
    /// Fails when an interface that is there lacks a function of the contract.
    pub(crate) fn new(pre: &InstancePre<Sandbox>) -> wasmtime::Result<Self> {
        let has = |interface| pre.component().get_export_index(None, interface).is_some();
        Ok(Self {
            plugin: plugin::GuestIndices::new(pre)?,
            checker: has(CHECKER).then(|| checker::GuestIndices::new(pre)).transpose()?,
            scorer: has(SCORER).then(|| scorer::GuestIndices::new(pre)).transpose()?,
            ranker: has(RANKER).then(|| ranker::GuestIndices::new(pre)).transpose()?,
        })
    }

    /// Whether the functions have the contract's shape: only an instance tells.
    pub(crate) fn check(&self, store: &mut Store<Sandbox>, instance: &Instance) -> wasmtime::Result<()> {
        self.plugin.load(&mut *store, instance)?;
        self.checker.as_ref().map(|checker| checker.load(&mut *store, instance)).transpose()?;
        self.scorer.as_ref().map(|scorer| scorer.load(&mut *store, instance)).transpose()?;
        self.ranker.as_ref().map(|ranker| ranker.load(&mut *store, instance)).transpose()?;
        Ok(())
    }

    pub(crate) fn has(&self, hook: Hook) -> bool {
        match hook {
            Hook::Check => self.checker.is_some(),
            Hook::Score => self.scorer.is_some(),
            Hook::Rank => self.ranker.is_some(),
        }
    }
}

/// A call of a hook that the component does not have.
pub(crate) fn no_hook(hook: Hook) -> wasmtime::Error {
    wasmtime::format_err!("the plugin has no hook `{}`", hook.as_str())
}
