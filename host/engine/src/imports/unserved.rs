//! `history`, `state` and `timers`: in the contract, and not served by this version of the host. A plugin that asks for
//! them can be uploaded and not enabled; one that calls them without asking is stopped here.

use crate::contract::bindings::usher::plugin::{history, state, timers};
use crate::contract::bindings::{EventHandle, QueryHandle};
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use usher_model::Capability;
use wasmtime::Result;
use wasmtime::component::Resource;

fn history<T>() -> Result<T> {
    Err(Stop::NotServed(Capability::History).into())
}

fn state<T>() -> Result<T> {
    Err(Stop::NotServed(Capability::State).into())
}

fn timers<T>() -> Result<T> {
    Err(Stop::NotServed(Capability::Timers).into())
}

impl history::Host for Sandbox {}

impl history::HostQuery for Sandbox {
    fn new(&mut self) -> Result<Resource<QueryHandle>> {
        history()
    }
    fn kind(&mut self, _: Resource<QueryHandle>, _: String) -> Result<()> {
        history()
    }
    fn actor(&mut self, _: Resource<QueryHandle>, _: String) -> Result<()> {
        history()
    }
    fn within(&mut self, _: Resource<QueryHandle>, _: u64) -> Result<()> {
        history()
    }
    fn similar(&mut self, _: Resource<QueryHandle>, _: f32) -> Result<()> {
        history()
    }
    fn count(&mut self, _: Resource<QueryHandle>) -> Result<u32> {
        history()
    }
    fn latest(&mut self, _: Resource<QueryHandle>, _: u32) -> Result<Vec<Resource<EventHandle>>> {
        history()
    }
    fn distinct_actors(&mut self, _: Resource<QueryHandle>) -> Result<u32> {
        history()
    }
    fn drop(&mut self, _: Resource<QueryHandle>) -> Result<()> {
        Ok(())
    }
}

impl state::Host for Sandbox {
    fn get(&mut self, _: String) -> Result<Option<Vec<u8>>> {
        state()
    }
    fn put(&mut self, _: String, _: Vec<u8>) -> Result<()> {
        state()
    }
    fn put_for(&mut self, _: String, _: Vec<u8>, _: u64) -> Result<()> {
        state()
    }
    fn delete(&mut self, _: String) -> Result<()> {
        state()
    }
    fn add(&mut self, _: String, _: u32) -> Result<()> {
        state()
    }
    fn sum(&mut self, _: String, _: u64) -> Result<u64> {
        state()
    }
}

impl timers::Host for Sandbox {
    fn start(&mut self, _: String, _: u64, _: String) -> Result<()> {
        timers()
    }
    fn stop(&mut self, _: String) -> Result<()> {
        timers()
    }
}
