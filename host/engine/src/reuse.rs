//! One instance for many calls. The host never does this; it is here to measure what a fresh instance costs.

use crate::bake::Snapshot;
use crate::contract::bindings::CheckHost;
use crate::failure::{Noticed, classify};
use crate::grants::Grants;
use crate::imports::AT_HAND;
use crate::input::CheckInput;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use std::sync::Arc;
use usher_model::{Failure, FailureKind};
use wasmtime::Store;
use wasmtime::component::Resource;

/// A live instance, called again and again.
pub struct Reused {
    store: Store<Sandbox>,
    host: CheckHost,
    fuel: u64,
}

impl std::fmt::Debug for Reused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reused").finish_non_exhaustive()
    }
}

impl Engine {
    /// An instance of a snapshot, kept for the calls to come.
    ///
    /// # Errors
    /// A [`Failure`] when there is no room for it.
    pub fn reuse(&self, snapshot: &Snapshot, input: &Arc<CheckInput>, grants: &Arc<Grants>) -> Result<Reused, Failure> {
        self.instance(snapshot, input, grants).map_err(|error| classify(&error, Noticed::default()))
    }

    fn instance(&self, snapshot: &Snapshot, input: &Arc<CheckInput>, grants: &Arc<Grants>) -> wasmtime::Result<Reused> {
        let phase = Phase::Check(input.clone());
        let limits = Arc::new(self.calls().default.clone());
        let fuel = limits.fuel;
        let mut store = store(&self.runtime, phase, snapshot.plugin.clone(), grants.clone(), limits)?;
        let host = snapshot.pre.instantiate(&mut store)?;
        Ok(Reused { store, host, fuel })
    }
}

impl Reused {
    /// Checks one event and returns how many findings there were.
    ///
    /// # Errors
    /// What ended the call.
    pub fn check(&mut self, input: &Arc<CheckInput>) -> Result<usize, Failure> {
        match self.call(input) {
            Ok(Ok(())) => Ok(self.store.data().effects.findings.len()),
            Ok(Err(message)) => Err(Failure { kind: FailureKind::Error, message }),
            Err(error) => Err(classify(&error, self.store.data().noticed())),
        }
    }

    fn call(&mut self, input: &Arc<CheckInput>) -> wasmtime::Result<Result<(), String>> {
        self.store.set_fuel(self.fuel)?;
        self.store.data_mut().begin(Phase::Check(input.clone()));
        self.host.usher_plugin_checker().call_check(&mut self.store, Resource::new_borrow(AT_HAND))
    }
}
