//! JavaScript by QuickJS (`rquickjs`): one call with the parts of the message, in a context that lives on.

use anyhow::anyhow;
use rquickjs::{Context, Function, Object, Persistent, Runtime, Value};
use usher_bench_rules::host::Host;
use usher_bench_rules::{Found, Message};

/// A context with the policy loaded.
pub(crate) struct Policy {
    // Dropped before the context that it lives in
    check: Persistent<Function<'static>>,
    context: Context,
}

impl Policy {
    pub(crate) fn new(host: &Host) -> anyhow::Result<Self> {
        let context = Context::full(&Runtime::new()?)?;
        let check = context.with(|ctx| {
            ctx.globals().set("entries", host.entries.clone())?;
            ctx.eval::<Value<'_>, _>(include_str!("../policies/house.js"))?;
            let check: Function<'_> = ctx.globals().get("check")?;
            Ok::<_, rquickjs::Error>(Persistent::save(&ctx, check))
        })?;
        Ok(Self { check, context })
    }

    pub(crate) fn judge(&self, message: &Message<'_>) -> anyhow::Result<Vec<Found>> {
        let findings = self.context.with(|ctx| {
            let check = self.check.clone().restore(&ctx)?;
            let arguments = (&*message.text, message.roles.clone(), message.words.clone());
            let findings: Option<Vec<Object<'_>>> = check.call(arguments)?;
            findings.unwrap_or_default().iter().map(found).collect::<rquickjs::Result<_>>()
        });
        findings.map_err(|error| anyhow!("{error}"))
    }
}

fn found(finding: &Object<'_>) -> rquickjs::Result<Found> {
    Ok(Found { rule: finding.get("rule")?, severity: finding.get("severity")?, words: finding.get("words")? })
}
