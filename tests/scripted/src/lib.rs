//! A plugin for tests: it does what the message says, one command a line, and tells in a finding what it saw.
//!
//! | command | does |
//! | --- | --- |
//! | `get KEY` `put KEY VALUE` `put-for MS KEY VALUE` `delete KEY` | state |
//! | `add COUNTER N` `sum COUNTER MS` | counters |
//! | `start NAME MS NOTE` `stop NAME` | timers |
//! | `count KIND MS` `similar PERCENT` `actors KIND` `latest N` | history |
//! | `strike WEIGHT MS` `strikes` `label NAME` `unlabel NAME` `labels` | marks on the actor |
//! | `fill N BYTES` | so many values of so many bytes |
//! | `read N` | how many of so many values there are |
//! | `say WORDS` | nothing: people talk |
//! | `fail` | an error, after all that |
//!
//! A timer's note is carried out as a script when the timer fires, with `&` between its commands.

use usher_plugin::prelude::*;

mod script;

/// The plugin.
#[derive(Debug)]
pub struct Scripted;

/// It has none.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {}

impl Check for Scripted {
    type Settings = Settings;

    fn manifest() -> Manifest {
        script::manifest(env!("CARGO_PKG_VERSION"))
    }

    fn configure(_: Settings) -> Result<Self, String> {
        Ok(Self)
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        script::run(event, |words| words.iter().map(ToString::to_string).collect())
    }
}

usher_plugin::export!(Scripted);
