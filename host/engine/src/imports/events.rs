//! `usher:plugin/events`: the event at hand, and earlier ones that the plugin asked for.
//!
//! A handle's number says which thing it is; a guest can't forge one, since the runtime keeps a table per resource.

use crate::contract::bindings::usher::plugin::events::{Host, HostEvent, HostGroup, HostMember};
use crate::contract::bindings::{EventHandle, GroupHandle, MemberHandle};
use crate::failure::{ReadKey, Stop};
use crate::input::EventFacts;
use crate::sandbox::Sandbox;
use std::collections::BTreeSet;
use std::sync::Arc;
use usher_model::{Actor, Capability, Event, Group, Member, MemberId, Slot, SlotKey, Space, Timestamp};
use wasmtime::Result;
use wasmtime::component::Resource;

/// The event that the call is about, and the group. Earlier events are numbered from 1, in the order in which they were
/// handed out; a member has the number of the event that it acts in.
pub(crate) const AT_HAND: u32 = 0;

impl Sandbox {
    /// An earlier event, for the guest to ask.
    pub(super) fn hand_out(&mut self, event: Arc<EventFacts>) -> Result<Resource<EventHandle>> {
        self.past.push(event);
        let handle = u32::try_from(self.past.len()).map_err(|_| Stop::HostCalls(self.limits.host_calls))?;
        Ok(Resource::new_own(handle))
    }

    fn facts(&mut self, handle: u32) -> Result<Arc<EventFacts>> {
        self.enter()?;
        let at_hand = &self.input("event")?.at_hand;
        let facts = match (handle as usize).checked_sub(1) {
            None => Some(at_hand),
            Some(position) => self.past.get(position),
        };
        Ok(facts.cloned().ok_or_else(|| Stop::BadArgument("no such event".into()))?)
    }

    fn event(&mut self, handle: &Resource<EventHandle>) -> Result<Arc<Event>> {
        Ok(self.facts(handle.rep())?.event.clone())
    }

    fn actor(&mut self, handle: &Resource<MemberHandle>) -> Result<Actor> {
        let actor = self.facts(handle.rep())?.event.actor.clone();
        Ok(actor.ok_or_else(|| Stop::BadArgument("the event has no actor".into()))?)
    }

    fn group(&mut self) -> Result<&Group> {
        self.enter()?;
        Ok(&self.input("group")?.group.record)
    }

    /// What the host has on record about the member; not in memory ends the run.
    fn record(&mut self, handle: &Resource<MemberHandle>) -> Result<Option<Arc<Member>>> {
        let id = self.actor(handle)?.id;
        if !self.grants.members {
            return Err(Stop::Capability(Capability::Members).into());
        }
        if !self.records.contains(&id) {
            self.read_anew()?;
            self.records.insert(id.clone());
        }
        match self.input("member")?.members.get(&id) {
            Some(record) => Ok(record.clone()),
            None => Err(Stop::Missing(ReadKey::Member(id)).into()),
        }
    }

    /// The host's marks on a member that are in this space, as they are at the event.
    fn marks(&self, space: Space, id: &MemberId) -> Result<Option<&Slot>> {
        let key = SlotKey { owner: None, space, name: id.as_str().into() };
        Ok(self.input("member")?.slot(key).map_err(Stop::Missing)?)
    }

    /// Labels that plugins gave to the member; noted as read.
    fn labels_given(&mut self, id: &MemberId) -> Result<BTreeSet<String>> {
        if self.reads.marks.get(id).is_none_or(|marks| marks.labels.is_none()) {
            self.read_anew()?;
        }
        let at = self.input("member")?.event().at;
        let labels = match self.marks(Space::Labels, id)? {
            Some(Slot::Labels(labels)) => labels.standing(at),
            _ => BTreeSet::new(),
        };
        self.reads.marks.entry(id.clone()).or_default().labels = Some(labels.clone());
        Ok(labels)
    }

    /// The weight of the member's strikes; noted as read.
    fn strikes_standing(&mut self, id: &MemberId) -> Result<u32> {
        if self.reads.marks.get(id).is_none_or(|marks| marks.strikes.is_none()) {
            self.read_anew()?;
        }
        let at = self.input("member")?.event().at;
        let weight = match self.marks(Space::Strikes, id)? {
            Some(Slot::Strikes(strikes)) => strikes.weight(at),
            _ => 0,
        };
        self.reads.marks.entry(id.clone()).or_default().strikes = Some(weight);
        Ok(weight)
    }

    /// The text of an event, folded now: of the event at hand once for all plugins, and at the same price for each.
    fn folded(&mut self, handle: &Resource<EventHandle>) -> Result<Arc<EventFacts>> {
        let facts = self.facts(handle.rep())?;
        let charged = handle.rep() == AT_HAND && std::mem::replace(&mut self.fold_charged, true);
        if !charged {
            self.charge_text(facts.event.text.len())?;
        }
        Ok(facts)
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
    fn id(&mut self, this: Resource<EventHandle>) -> Result<String> {
        let id = self.event(&this)?.id.to_string();
        self.text_answer(id)
    }

    fn kind(&mut self, this: Resource<EventHandle>) -> Result<String> {
        let kind = self.event(&this)?.kind.to_string();
        self.text_answer(kind)
    }

    fn at(&mut self, this: Resource<EventHandle>) -> Result<u64> {
        Ok(self.event(&this)?.at.ms())
    }

    fn group(&mut self, _: Resource<EventHandle>) -> Result<Resource<GroupHandle>> {
        self.enter()?;
        Ok(Resource::new_own(AT_HAND))
    }

    fn actor(&mut self, this: Resource<EventHandle>) -> Result<Option<Resource<MemberHandle>>> {
        Ok(self.event(&this)?.actor.is_some().then(|| Resource::new_own(this.rep())))
    }

    fn text(&mut self, this: Resource<EventHandle>) -> Result<String> {
        let text = self.event(&this)?.text.clone();
        self.text_answer(text)
    }

    fn folded_text(&mut self, this: Resource<EventHandle>) -> Result<String> {
        let folded = self.folded(&this)?.folded().as_str().to_owned();
        self.text_answer(folded)
    }

    fn unfold(&mut self, this: Resource<EventHandle>, start: u32, end: u32) -> Result<(u32, u32)> {
        let range = self.folded(&this)?.folded().unfold(start, end);
        range.ok_or_else(|| Stop::BadArgument(format!("{start}..{end} is no range of the folded text")).into())
    }

    fn media(&mut self, this: Resource<EventHandle>) -> Result<Vec<String>> {
        let media = self.event(&this)?.media.clone();
        self.list_answer(media)
    }

    fn links(&mut self, this: Resource<EventHandle>) -> Result<Vec<String>> {
        let links = self.event(&this)?.links.clone();
        self.list_answer(links)
    }

    fn mentions(&mut self, this: Resource<EventHandle>) -> Result<Vec<String>> {
        let mentions = self.event(&this)?.mentions().map(str::to_owned).collect();
        self.list_answer(mentions)
    }

    fn field(&mut self, this: Resource<EventHandle>, pointer: String) -> Result<Option<String>> {
        let json = field(&self.event(&this)?.payload, &pointer).map(ToString::to_string);
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
    fn id(&mut self, this: Resource<MemberHandle>) -> Result<String> {
        let id = Sandbox::actor(self, &this)?.id.to_string();
        self.text_answer(id)
    }

    fn name(&mut self, this: Resource<MemberHandle>) -> Result<String> {
        let name = Sandbox::actor(self, &this)?.name;
        self.text_answer(name)
    }

    fn roles(&mut self, this: Resource<MemberHandle>) -> Result<Vec<String>> {
        let roles = Sandbox::actor(self, &this)?.roles;
        self.list_answer(roles)
    }

    fn joined_at(&mut self, this: Resource<MemberHandle>) -> Result<Option<u64>> {
        Ok(self.record(&this)?.and_then(|member| member.joined_at).map(Timestamp::ms))
    }

    fn labels(&mut self, this: Resource<MemberHandle>) -> Result<Vec<String>> {
        let record = self.record(&this)?;
        let id = Sandbox::actor(self, &this)?.id;
        let mut labels = record.map(|member| member.labels.clone()).unwrap_or_default();
        let given = self.labels_given(&id)?;
        labels.extend(given.into_iter().filter(|label| !labels.contains(label)).collect::<Vec<_>>());
        self.list_answer(labels)
    }

    fn strikes(&mut self, this: Resource<MemberHandle>) -> Result<u32> {
        let id = Sandbox::actor(self, &this)?.id;
        if !self.grants.strikes {
            return Err(Stop::Capability(Capability::Strikes).into());
        }
        self.strikes_standing(&id)
    }

    fn attribute(&mut self, this: Resource<MemberHandle>, name: String) -> Result<Option<String>> {
        let value = self.record(&this)?.and_then(|member| member.attributes.get(&name).cloned());
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
