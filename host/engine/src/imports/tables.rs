//! `usher:plugin/tables`: for scorers and rankers. This version of the host runs checkers only, and never hands out a
//! table; a handle can't be forged, so none of these can be reached.

use crate::contract::bindings::TableHandle;
use crate::contract::bindings::usher::plugin::tables::{Host, HostTable};
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use wasmtime::Result;
use wasmtime::component::Resource;

fn no_table<T>() -> Result<T> {
    Err(Stop::NoEvent("table").into())
}

impl Host for Sandbox {}

impl HostTable for Sandbox {
    fn size(&mut self, _: Resource<TableHandle>) -> Result<u32> {
        no_table()
    }
    fn ids(&mut self, _: Resource<TableHandle>) -> Result<Vec<String>> {
        no_table()
    }
    fn numbers(&mut self, _: Resource<TableHandle>, _: String) -> Result<Result<Vec<f64>, String>> {
        no_table()
    }
    fn texts(&mut self, _: Resource<TableHandle>, _: String) -> Result<Result<Vec<String>, String>> {
        no_table()
    }
    fn quantiles(&mut self, _: Resource<TableHandle>, _: String, _: Vec<f64>) -> Result<Result<Vec<f64>, String>> {
        no_table()
    }
    fn contribute(&mut self, _: Resource<TableHandle>, _: String, _: Vec<f64>) -> Result<Result<(), String>> {
        no_table()
    }
    fn exclude(&mut self, _: Resource<TableHandle>, _: u32, _: String) -> Result<()> {
        no_table()
    }
    fn label(&mut self, _: Resource<TableHandle>, _: u32, _: String) -> Result<()> {
        no_table()
    }
    fn parameter(&mut self, _: Resource<TableHandle>, _: String) -> Result<Option<String>> {
        no_table()
    }
    fn drop(&mut self, _: Resource<TableHandle>) -> Result<()> {
        Ok(())
    }
}
