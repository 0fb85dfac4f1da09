//! What happens in a group where one plugin is in force, event by event.

use crate::built::plugin;
use crate::decided::Decided;
use crate::host::TestHost;
use serde_json::{Value, json};
use std::cell::Cell;
use std::ops::{Deref, DerefMut};

/// A host with the brand `tea`, its group `g1`, and a bundled plugin in force there.
#[derive(Debug)]
pub struct Story {
    host: TestHost,
    events: Cell<u32>,
}

impl Deref for Story {
    type Target = TestHost;
    fn deref(&self) -> &TestHost {
        &self.host
    }
}

impl DerefMut for Story {
    fn deref_mut(&mut self) -> &mut TestHost {
        &mut self.host
    }
}

impl Story {
    /// The plugin of this name, with these settings, in this group.
    #[track_caller]
    pub fn of(name: &str, group: &Value, settings: &Value) -> Self {
        let host = TestHost::start_with_shared_cache();
        host.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
        host.put("/v1/brands/tea/groups/g1", group).expect(201);
        host.enable_guest(&plugin(name), settings).expect(201);
        Self { host, events: Cell::new(0) }
    }

    /// Something happens; a message, if the event has no kind. `at` is a day and a time: `22T12:00:00`.
    #[track_caller]
    pub fn happens(&self, at: &str, member: &str, mut event: Value) -> Decided {
        self.events.set(self.events.get() + 1);
        if event["id"].is_null() {
            event["id"] = json!(format!("e-{}", self.events.get()));
        }
        if event["kind"].is_null() {
            event["kind"] = json!("message.created");
        }
        event["at"] = json!(format!("2026-11-{at}Z"));
        event["actor"]["id"] = json!(member);
        Decided(self.host.post_event(&event).expect(200).json())
    }

    /// What was done because of a rule, oldest first: when, and the texts of the actions.
    #[track_caller]
    pub fn said_for(&self, rule: &str) -> Vec<(String, Vec<String>)> {
        let path = format!("/v1/brands/tea/decisions?group=g1&rule={rule}&limit=100");
        let page = self.host.get(&path).expect(200).json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let said = |decision: &Value| {
            let actions = decision["actions"].as_array().into_iter().flatten();
            (text(&decision["at"]), actions.map(|action| text(&action["text"])).collect())
        };
        page["items"].as_array().into_iter().flatten().rev().map(said).collect()
    }
}
