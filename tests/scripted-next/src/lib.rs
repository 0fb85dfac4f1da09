//! A second version of `scripted`, so that tests have something to compare: what is added counts twice, timers wait twice
//! as long, and it fails where people `say trouble`.

use usher_plugin::prelude::*;

#[path = "../../scripted/src/script.rs"]
mod script;

/// The plugin.
#[derive(Debug)]
pub struct ScriptedNext;

/// It has none.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {}

impl Check for ScriptedNext {
    type Settings = Settings;

    fn manifest() -> Manifest {
        script::manifest(env!("CARGO_PKG_VERSION"))
    }

    fn configure(_: Settings) -> Result<Self, String> {
        Ok(Self)
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        script::run(event, |words| match *words {
            ["add", counter, amount] => vec!["add".into(), counter.into(), twice(amount)],
            ["start", name, ms, note] => vec!["start".into(), name.into(), twice(ms), note.into()],
            ["say", "trouble"] => vec!["fail".into()],
            _ => words.iter().map(ToString::to_string).collect(),
        })
    }
}

fn twice(word: &str) -> String {
    word.parse::<u64>().map_or_else(|_| word.to_owned(), |number| (2 * number).to_string())
}

usher_plugin::export!(ScriptedNext);
