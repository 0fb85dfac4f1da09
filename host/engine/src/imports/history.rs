//! `usher:plugin/history`: the group's last events. A query is a filter; asking it looks at what is at hand.

use crate::contract::bindings::usher::plugin::history::{Host, HostQuery};
use crate::contract::bindings::{EventHandle, QueryHandle};
use crate::failure::{ReadKey, Stop};
use crate::input::EventFacts;
use crate::sandbox::Sandbox;
use std::collections::BTreeSet;
use std::sync::Arc;
use usher_model::Capability;
use wasmtime::Result;
use wasmtime::component::Resource;

/// What looking at an event costs, in units of fuel.
const LOOK_WORK: u64 = 20;

/// What comparing a byte of an event costs, in units of fuel: less than folding it, which happens once.
const COMPARED_BYTE_WORK: u64 = 5;

/// A query, as far as it was narrowed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    kind: String,
    actor: Option<String>,
    within_ms: Option<u64>,
    similar: Option<f32>,
}

impl Filter {
    fn concerns(&self, past: &EventFacts) -> bool {
        past.event.kind.as_str().starts_with(&self.kind) && self.actor.as_ref().is_none_or(|id| actor(past) == Some(id))
    }

    fn reaches(&self, past: &EventFacts, now: &EventFacts) -> bool {
        self.within_ms.is_none_or(|ms| past.event.at.ms().saturating_add(ms) > now.event.at.ms())
    }
}

fn actor(facts: &EventFacts) -> Option<&str> {
    facts.event.actor.as_ref().map(|actor| actor.id.as_str())
}

impl Sandbox {
    fn filter(&mut self, handle: &Resource<QueryHandle>) -> Result<&mut Filter> {
        self.enter()?;
        let filter = self.queries.get_mut(handle.rep() as usize);
        filter.ok_or_else(|| Stop::BadArgument("no such query".into()).into())
    }

    /// The events that match, newest first, at most so many.
    fn ask(&mut self, handle: &Resource<QueryHandle>, most: usize) -> Result<Vec<Arc<EventFacts>>> {
        let filter = self.filter(handle)?.clone();
        if !self.reads.history {
            self.read_anew()?;
        }
        self.reads.history = true;
        let input = self.input("history")?.clone();
        let history = input.memory.history.as_ref().ok_or(Stop::Missing(ReadKey::History))?;
        let mut found = Vec::new();
        // Time never runs backwards in a group: beyond the first event that is too old, all are.
        for past in history.newest_first().take_while(|past| filter.reaches(past, &input.at_hand)) {
            if found.len() >= most {
                break;
            }
            self.charge(LOOK_WORK)?;
            if !filter.concerns(past) {
                continue;
            }
            if let Some(least) = filter.similar {
                self.charge(past.compared_bytes().saturating_mul(COMPARED_BYTE_WORK))?;
                if past.likeness().with(input.at_hand.likeness()) < least {
                    continue;
                }
            }
            found.push(past.clone());
        }
        Ok(found)
    }
}

impl Host for Sandbox {}

impl HostQuery for Sandbox {
    fn new(&mut self) -> Result<Resource<QueryHandle>> {
        self.enter()?;
        if !self.grants.history {
            return Err(Stop::Capability(Capability::History).into());
        }
        self.input("history")?;
        let handle = u32::try_from(self.queries.len()).map_err(|_| Stop::HostCalls(self.limits.host_calls))?;
        self.queries.push(Filter::default());
        Ok(Resource::new_own(handle))
    }

    fn kind(&mut self, this: Resource<QueryHandle>, prefix: String) -> Result<()> {
        self.filter(&this)?.kind = prefix;
        Ok(())
    }

    fn actor(&mut self, this: Resource<QueryHandle>, id: String) -> Result<()> {
        self.filter(&this)?.actor = Some(id);
        Ok(())
    }

    fn within(&mut self, this: Resource<QueryHandle>, milliseconds: u64) -> Result<()> {
        self.filter(&this)?.within_ms = Some(milliseconds);
        Ok(())
    }

    fn similar(&mut self, this: Resource<QueryHandle>, least: f32) -> Result<()> {
        if !(0.0..=1.0).contains(&least) {
            return Err(Stop::BadArgument(format!("a similarity lies between 0 and 1, not at {least}")).into());
        }
        self.filter(&this)?.similar = Some(least);
        Ok(())
    }

    fn count(&mut self, this: Resource<QueryHandle>) -> Result<u32> {
        Ok(u32::try_from(self.ask(&this, usize::MAX)?.len()).unwrap_or(u32::MAX))
    }

    fn latest(&mut self, this: Resource<QueryHandle>, limit: u32) -> Result<Vec<Resource<EventHandle>>> {
        let found = self.ask(&this, limit as usize)?;
        found.into_iter().map(|event| self.hand_out(event)).collect()
    }

    fn distinct_actors(&mut self, this: Resource<QueryHandle>) -> Result<u32> {
        let found = self.ask(&this, usize::MAX)?;
        let actors: BTreeSet<_> = found.iter().filter_map(|facts| actor(facts)).collect();
        Ok(u32::try_from(actors.len()).unwrap_or(u32::MAX))
    }

    fn drop(&mut self, _: Resource<QueryHandle>) -> Result<()> {
        Ok(())
    }
}
