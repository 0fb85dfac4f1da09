//! `usher:plugin/events`: the event at hand.
//!
//! A handle's number says which thing it is; a guest can't forge one, since the runtime keeps a table per resource.

use crate::contract::bindings::usher::plugin::events::{Host, HostEvent, HostGroup, HostMember};
use crate::contract::bindings::{EventHandle, GroupHandle, MemberHandle};
use crate::failure::{ReadKey, Stop};
use crate::input::CheckInput;
use crate::sandbox::Sandbox;
use std::sync::Arc;
use usher_model::{Actor, Capability, Event, Group, Member, Timestamp};
use wasmtime::Result;
use wasmtime::component::Resource;

/// The only event, member and group there are in a check.
pub(crate) const AT_HAND: u32 = 0;

impl Sandbox {
    fn event(&mut self) -> Result<&Event> {
        self.enter()?;
        Ok(&self.input("event")?.event)
    }

    fn actor(&mut self) -> Result<&Actor> {
        let actor = self.event()?.actor.as_ref();
        actor.ok_or_else(|| Stop::BadArgument("the event has no actor".into()).into())
    }

    fn group(&mut self) -> Result<&Group> {
        self.enter()?;
        Ok(&self.input("group")?.group.record)
    }

    /// What the host has on record about the actor; not in memory ends the run.
    fn record(&mut self) -> Result<Option<Arc<Member>>> {
        let id = self.actor()?.id.clone();
        if !self.grants.members {
            return Err(Stop::Capability(Capability::Members).into());
        }
        match self.input("member")?.members.get(&id) {
            Some(record) => Ok(record.clone()),
            None => Err(Stop::Missing(ReadKey::Member(id)).into()),
        }
    }

    /// The event, whose text is folded now: once for all plugins, and at the same price for each.
    fn folded_event(&mut self) -> Result<Arc<CheckInput>> {
        let input = self.input("event")?.clone();
        if !std::mem::replace(&mut self.fold_charged, true) {
            self.charge_text(input.event.text.len())?;
        }
        Ok(input)
    }

    fn text_answer(&mut self, text: String) -> Result<String> {
        self.answer(text.len())?;
        Ok(text)
    }

    fn list_answer(&mut self, list: Vec<String>) -> Result<Vec<String>> {
        self.answer(list.iter().map(String::len).sum())?;
        Ok(list)
    }
}

impl Host for Sandbox {}

impl HostEvent for Sandbox {
    fn id(&mut self, _: Resource<EventHandle>) -> Result<String> {
        let id = self.event()?.id.to_string();
        self.text_answer(id)
    }

    fn kind(&mut self, _: Resource<EventHandle>) -> Result<String> {
        let kind = self.event()?.kind.to_string();
        self.text_answer(kind)
    }

    fn at(&mut self, _: Resource<EventHandle>) -> Result<u64> {
        Ok(self.event()?.at.ms())
    }

    fn group(&mut self, _: Resource<EventHandle>) -> Result<Resource<GroupHandle>> {
        self.enter()?;
        Ok(Resource::new_own(AT_HAND))
    }

    fn actor(&mut self, _: Resource<EventHandle>) -> Result<Option<Resource<MemberHandle>>> {
        Ok(self.event()?.actor.is_some().then(|| Resource::new_own(AT_HAND)))
    }

    fn text(&mut self, _: Resource<EventHandle>) -> Result<String> {
        let text = self.event()?.text.clone();
        self.text_answer(text)
    }

    fn folded_text(&mut self, _: Resource<EventHandle>) -> Result<String> {
        self.enter()?;
        let folded = self.folded_event()?.folded().as_str().to_owned();
        self.text_answer(folded)
    }

    fn unfold(&mut self, _: Resource<EventHandle>, start: u32, end: u32) -> Result<(u32, u32)> {
        self.enter()?;
        let range = self.folded_event()?.folded().unfold(start, end);
        range.ok_or_else(|| Stop::BadArgument(format!("{start}..{end} is no range of the folded text")).into())
    }

    fn media(&mut self, _: Resource<EventHandle>) -> Result<Vec<String>> {
        let media = self.event()?.media.clone();
        self.list_answer(media)
    }

    fn links(&mut self, _: Resource<EventHandle>) -> Result<Vec<String>> {
        let links = self.event()?.links.clone();
        self.list_answer(links)
    }

    fn mentions(&mut self, _: Resource<EventHandle>) -> Result<Vec<String>> {
        let mentions = self.event()?.mentions().map(str::to_owned).collect();
        self.list_answer(mentions)
    }

    fn field(&mut self, _: Resource<EventHandle>, pointer: String) -> Result<Option<String>> {
        let payload = &self.event()?.payload;
        let json = field(payload, &pointer).map(ToString::to_string);
        self.answer(json.as_ref().map_or(0, String::len))?;
        Ok(json)
    }

    fn drop(&mut self, _: Resource<EventHandle>) -> Result<()> {
        Ok(())
    }
}

/// RFC 6901, over the payload as a whole.
fn field<'a>(payload: &'a serde_json::Map<String, serde_json::Value>, pointer: &str) -> Option<&'a serde_json::Value> {
    let path = pointer.strip_prefix('/')?;
    let (first, rest) = path.find('/').map_or((path, ""), |slash| path.split_at(slash));
    let name = first.replace("~1", "/").replace("~0", "~");
    payload.get(&name)?.pointer(rest)
}

impl HostMember for Sandbox {
    fn id(&mut self, _: Resource<MemberHandle>) -> Result<String> {
        let id = self.actor()?.id.to_string();
        self.text_answer(id)
    }

    fn name(&mut self, _: Resource<MemberHandle>) -> Result<String> {
        let name = self.actor()?.name.clone();
        self.text_answer(name)
    }

    fn roles(&mut self, _: Resource<MemberHandle>) -> Result<Vec<String>> {
        let roles = self.actor()?.roles.clone();
        self.list_answer(roles)
    }

    fn joined_at(&mut self, _: Resource<MemberHandle>) -> Result<Option<u64>> {
        Ok(self.record()?.and_then(|member| member.joined_at).map(Timestamp::ms))
    }

    fn labels(&mut self, _: Resource<MemberHandle>) -> Result<Vec<String>> {
        let labels = self.record()?.map(|member| member.labels.clone()).unwrap_or_default();
        self.list_answer(labels)
    }

    fn strikes(&mut self, _: Resource<MemberHandle>) -> Result<u32> {
        self.enter()?;
        Err(Stop::NotServed(Capability::Strikes).into())
    }

    fn attribute(&mut self, _: Resource<MemberHandle>, name: String) -> Result<Option<String>> {
        let value = self.record()?.and_then(|member| member.attributes.get(&name).cloned());
        self.answer(value.as_ref().map_or(0, String::len))?;
        Ok(value)
    }

    fn drop(&mut self, _: Resource<MemberHandle>) -> Result<()> {
        Ok(())
    }
}

impl HostGroup for Sandbox {
    fn id(&mut self, _: Resource<GroupHandle>) -> Result<String> {
        self.enter()?;
        let id = self.input("group")?.group.key.group.to_string();
        self.text_answer(id)
    }

    fn brand(&mut self, _: Resource<GroupHandle>) -> Result<String> {
        self.enter()?;
        let brand = self.input("group")?.group.key.brand.to_string();
        self.text_answer(brand)
    }

    fn kind(&mut self, _: Resource<GroupHandle>) -> Result<String> {
        let kind = Sandbox::group(self)?.kind.clone();
        self.text_answer(kind)
    }

    fn name(&mut self, _: Resource<GroupHandle>) -> Result<String> {
        let name = Sandbox::group(self)?.name.clone();
        self.text_answer(name)
    }

    fn size(&mut self, _: Resource<GroupHandle>) -> Result<u32> {
        Ok(Sandbox::group(self)?.size)
    }

    fn labels(&mut self, _: Resource<GroupHandle>) -> Result<Vec<String>> {
        let labels = Sandbox::group(self)?.labels.clone();
        self.list_answer(labels)
    }

    fn attribute(&mut self, _: Resource<GroupHandle>, name: String) -> Result<Option<String>> {
        let value = Sandbox::group(self)?.attributes.get(&name).cloned();
        self.answer(value.as_ref().map_or(0, String::len))?;
        Ok(value)
    }

    fn local_time(&mut self, _: Resource<GroupHandle>, at: u64) -> Result<String> {
        self.enter()?;
        let zone = self.input("group")?.group.time_zone.clone();
        let moment = Timestamp::from_ms(at).map_err(|error| Stop::BadArgument(format!("local-time: {error}")))?;
        self.text_answer(moment.in_zone(&zone))
    }

    fn drop(&mut self, _: Resource<GroupHandle>) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::field;
    use serde_json::json;

    #[test]
    fn fields_are_found_by_json_pointer() {
        let payload = json!({"a": {"b/c": [1, 2]}, "x~y": null});
        let payload = payload.as_object().unwrap();
        let check = |pointer: &str, expect: Option<&str>| {
            assert_eq!(field(payload, pointer).map(ToString::to_string).as_deref(), expect, "{pointer}");
        };
        check("/a", Some(r#"{"b/c":[1,2]}"#));
        check("/a/b~1c/1", Some("2"));
        check("/x~0y", Some("null"));
        check("/a/none", None);
        check("a", None);
        check("", None);
    }
}
