//! Lua 5.4 by `mlua`: one call with the parts of the message, in a state that lives on.

use anyhow::anyhow;
use mlua::{Function, Lua, Table};
use usher_bench_rules::host::Host;
use usher_bench_rules::{Found, Message};

/// A state with the policy loaded.
pub(crate) struct Policy {
    check: Function,
    /// Functions do not keep their state alive.
    _lua: Lua,
}

impl Policy {
    pub(crate) fn new(host: &Host) -> anyhow::Result<Self> {
        Self::load(host).map_err(|error| anyhow!("{error}"))
    }

    fn load(host: &Host) -> mlua::Result<Self> {
        let lua = Lua::new();
        lua.globals().set("entries", host.entries.as_slice())?;
        lua.load(include_str!("../policies/house.lua")).exec()?;
        Ok(Self { check: lua.globals().get("check")?, _lua: lua })
    }

    pub(crate) fn judge(&self, message: &Message<'_>) -> anyhow::Result<Vec<Found>> {
        self.call(message).map_err(|error| anyhow!("{error}"))
    }

    fn call(&self, message: &Message<'_>) -> mlua::Result<Vec<Found>> {
        let arguments = (&*message.text, message.roles.as_slice(), message.words.as_deref());
        let Some(findings) = self.check.call::<Option<Table>>(arguments)? else { return Ok(Vec::new()) };
        findings.sequence_values::<Table>().map(|finding| found(&finding?)).collect()
    }
}

fn found(finding: &Table) -> mlua::Result<Found> {
    let words: Option<Vec<String>> = finding.get("words")?;
    Ok(Found { rule: finding.get("rule")?, severity: finding.get("severity")?, words: words.unwrap_or_default() })
}
