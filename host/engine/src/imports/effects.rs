//! `usher:plugin/effects`: what the plugin wants. A handle's number is the position in the list.

use crate::contract::bindings::usher::plugin::effects::{self as wit, Host, HostAction, HostFinding};
use crate::contract::bindings::{ActionHandle, FindingHandle};
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use usher_model::{Action, Capability, Evidence, Finding, MemberId, Severity, Span, Strike};
use wasmtime::Result;
use wasmtime::component::Resource;

/// Longest rule and longest name of evidence, in bytes.
const NAME_BYTES_MAX: usize = 64;

impl Sandbox {
    fn finding(&mut self, handle: &Resource<FindingHandle>) -> Result<&mut Finding> {
        self.enter()?;
        let finding = self.effects.findings.get_mut(handle.rep() as usize);
        finding.ok_or_else(|| Stop::BadArgument("no such finding".into()).into())
    }

    fn action(&mut self, handle: &Resource<ActionHandle>) -> Result<&mut Action> {
        self.enter()?;
        let action = self.effects.actions.get_mut(handle.rep() as usize);
        action.ok_or_else(|| Stop::BadArgument("no such action".into()).into())
    }

    pub(super) fn short(&mut self, text: &str) -> Result<()> {
        let limit = self.limits.text_bytes;
        if text.len() as u64 > limit {
            return Err(Stop::Output { what: "bytes of one text", setting: "text_bytes", limit }.into());
        }
        self.say(text.len())
    }

    fn require_action(&self, kind: &str) -> Result<()> {
        if self.grants.allows_action(kind) {
            return Ok(());
        }
        Err(Stop::Capability(Capability::Action(kind.to_owned())).into())
    }
}

fn within(what: &'static str, setting: &'static str, count: usize, limit: u64) -> Result<()> {
    if (count as u64) < limit { Ok(()) } else { Err(Stop::Output { what, setting, limit }.into()) }
}

pub(super) fn check_name(what: &str, name: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    let law = format!("{what} has 1 to {NAME_BYTES_MAX} letters, digits, hyphens, underscores and dots");
    Err(Stop::BadArgument(law).into())
}

fn member_id(id: String) -> Result<MemberId> {
    MemberId::new(id).map_err(|error| Stop::BadArgument(format!("member: {error}")).into())
}

fn severity(severity: wit::Severity) -> Severity {
    match severity {
        wit::Severity::None => Severity::None,
        wit::Severity::Low => Severity::Low,
        wit::Severity::Medium => Severity::Medium,
        wit::Severity::High => Severity::High,
        wit::Severity::Severe => Severity::Severe,
    }
}

fn position(list_len: usize) -> Result<u32> {
    u32::try_from(list_len)
        .map_err(|_| Stop::Output { what: "findings or actions", setting: "findings", limit: u32::MAX.into() }.into())
}

impl Host for Sandbox {
    fn approve(&mut self, reason: String) -> Result<()> {
        self.enter()?;
        self.input("approve")?;
        self.short(&reason)?;
        self.effects.approval = Some(reason);
        Ok(())
    }

    fn strike(&mut self, member: String, weight: u32, expires_in: u64) -> Result<()> {
        self.enter()?;
        self.input("strike")?;
        self.require_action("strike")?;
        within("strikes", "actions", self.effects.strikes.len(), self.limits.actions)?;
        let strike =
            Strike { member: member_id(member)?, weight, expires_in_ms: expires_in, plugin: self.plugin.clone() };
        self.effects.strikes.push(strike);
        Ok(())
    }
}

impl HostFinding for Sandbox {
    fn new(&mut self, rule: String, grave: wit::Severity) -> Result<Resource<FindingHandle>> {
        self.enter()?;
        self.input("finding")?;
        within("findings", "findings", self.effects.findings.len(), self.limits.findings)?;
        check_name("a rule", &rule)?;
        let handle = position(self.effects.findings.len())?;
        self.effects.findings.push(Finding {
            plugin: self.plugin.clone(),
            rule,
            severity: severity(grave),
            confidence: 1.0,
            message: String::new(),
            spans: Vec::new(),
            evidence: Vec::new(),
        });
        Ok(Resource::new_own(handle))
    }

    fn confidence(&mut self, this: Resource<FindingHandle>, value: f32) -> Result<()> {
        let finding = self.finding(&this)?;
        if !(0.0..=1.0).contains(&value) {
            return Err(Stop::BadArgument(format!("a confidence lies between 0 and 1, not at {value}")).into());
        }
        finding.confidence = value;
        Ok(())
    }

    fn message(&mut self, this: Resource<FindingHandle>, text: String) -> Result<()> {
        self.short(&text)?;
        self.finding(&this)?.message = text;
        Ok(())
    }

    fn span(&mut self, this: Resource<FindingHandle>, start: u32, end: u32) -> Result<()> {
        let limit = self.limits.spans;
        let input = self.input("finding")?.clone();
        let Some(text) = (start <= end).then(|| input.event().text.get(start as usize..end as usize)).flatten() else {
            let law = format!("{start}..{end} is no range of the text on character boundaries");
            return Err(Stop::BadArgument(law).into());
        };
        self.say(text.len())?;
        let spans = &mut self.finding(&this)?.spans;
        within("spans of one finding", "spans", spans.len(), limit)?;
        spans.push(Span { start, end, text: text.to_owned() });
        Ok(())
    }

    fn evidence(&mut self, this: Resource<FindingHandle>, name: String, value: String) -> Result<()> {
        check_name("evidence", &name)?;
        self.short(&value)?;
        let limit = self.limits.evidence;
        let evidence = &mut self.finding(&this)?.evidence;
        within("pieces of evidence of one finding", "evidence", evidence.len(), limit)?;
        evidence.push(Evidence { name, value });
        Ok(())
    }

    fn drop(&mut self, _: Resource<FindingHandle>) -> Result<()> {
        Ok(())
    }
}

impl HostAction for Sandbox {
    fn new(&mut self, kind: String) -> Result<Resource<ActionHandle>> {
        self.enter()?;
        let member = self.input("action")?.event().actor.as_ref().map(|actor| actor.id.clone());
        check_name("a kind of action", &kind)?;
        self.require_action(&kind)?;
        within("actions", "actions", self.effects.actions.len(), self.limits.actions)?;
        let handle = position(self.effects.actions.len())?;
        self.effects.actions.push(Action {
            kind,
            member,
            text: None,
            lasts_ms: None,
            details: std::collections::BTreeMap::new(),
            plugin: self.plugin.clone(),
        });
        Ok(Resource::new_own(handle))
    }

    fn member(&mut self, this: Resource<ActionHandle>, id: String) -> Result<()> {
        self.action(&this)?.member = Some(member_id(id)?);
        Ok(())
    }

    fn text(&mut self, this: Resource<ActionHandle>, text: String) -> Result<()> {
        self.short(&text)?;
        self.action(&this)?.text = Some(text);
        Ok(())
    }

    fn lasts(&mut self, this: Resource<ActionHandle>, milliseconds: u64) -> Result<()> {
        self.action(&this)?.lasts_ms = Some(milliseconds);
        Ok(())
    }

    fn detail(&mut self, this: Resource<ActionHandle>, name: String, value: String) -> Result<()> {
        check_name("a detail", &name)?;
        self.short(&value)?;
        let limit = self.limits.evidence;
        let details = &mut self.action(&this)?.details;
        within("details of one action", "evidence", details.len(), limit)?;
        details.insert(name, value);
        Ok(())
    }

    fn drop(&mut self, _: Resource<ActionHandle>) -> Result<()> {
        Ok(())
    }
}
