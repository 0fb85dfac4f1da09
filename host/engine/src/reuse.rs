//! One instance for many calls. The host never does this; it is here to measure what a fresh instance costs.

use crate::bake::Snapshot;
use crate::contract::bindings::exports::usher::plugin::checker;
use crate::exports::no_hook;
use crate::failure::{Noticed, classify};
use crate::grants::Grants;
use crate::imports::AT_HAND;
use crate::input::CheckInput;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use crate::verify::Hook;
use std::sync::Arc;
use usher_model::{Failure, FailureKind};
use wasmtime::Store;
use wasmtime::component::Resource;

/// A live instance, called again and again.
pub struct Reused {
    store: Store<Sandbox>,
    checker: checker::Guest,
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
        let instance = snapshot.pre.instantiate(&mut store)?;
        let checker = snapshot.exports.checker.as_ref().ok_or_else(|| no_hook(Hook::Check))?;
        let checker = checker.load(&mut store, &instance)?;
        Ok(Reused { store, checker, fuel })
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
        self.checker.call_check(&mut self.store, Resource::new_borrow(AT_HAND))
    }
}
