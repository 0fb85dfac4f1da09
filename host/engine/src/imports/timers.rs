//! `usher:plugin/timers`: events that the plugin sends to itself.

use super::state::check_key;
use crate::contract::bindings::usher::plugin::timers::Host;
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use usher_model::{Capability, TIMER_CHAIN_MS_MIN, TimerChange, Timestamp};
use wasmtime::Result;

impl Sandbox {
    fn timer(&mut self, what: &'static str, name: String, due: Option<Timestamp>, note: String) -> Result<()> {
        if !self.grants.timers {
            return Err(Stop::Capability(Capability::Timers).into());
        }
        self.input(what)?;
        check_key("the name of a timer", &name, self.limits.state_key_bytes)?;
        if note.contains('\0') {
            return Err(Stop::BadArgument("the note of a timer has no NUL".into()).into());
        }
        let limit = self.limits.timers;
        let name: Box<str> = name.into();
        if self.timers.len() as u64 >= limit && !self.timers.contains_key(&name) {
            return Err(Stop::Output { what: "timers started or stopped", setting: "timers", limit }.into());
        }
        self.short(&note)?;
        let change = TimerChange { plugin: self.plugin.clone(), name: name.clone(), due, note: note.into() };
        self.timers.insert(name, change);
        Ok(())
    }
}

impl Host for Sandbox {
    fn start(&mut self, name: String, milliseconds: u64, note: String) -> Result<()> {
        self.enter()?;
        let event = self.input("timers.start")?.event();
        if event.kind.is_of_timers() && milliseconds < TIMER_CHAIN_MS_MIN {
            let message = format!(
                "a timer that is started when a timer fires is due {TIMER_CHAIN_MS_MIN} ms later at the earliest, not \
                 {milliseconds}"
            );
            return Err(Stop::BadArgument(message).into());
        }
        let due = event.at.plus_ms(milliseconds);
        self.timer("timers.start", name, Some(due), note)
    }

    fn stop(&mut self, name: String) -> Result<()> {
        self.enter()?;
        self.timer("timers.stop", name, None, String::new())
    }
}
