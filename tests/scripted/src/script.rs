//! What a message says, carried out command by command.

use usher_plugin::prelude::*;
use usher_plugin::{Member, history::Query, state, strike, timers};

/// What it asks for, in whichever version.
pub(crate) fn manifest(version: &'static str) -> Manifest {
    let capabilities = ["state", "history", "timers", "strikes", "members"];
    let manifest = Manifest::new("scripted", version).event("message.created");
    capabilities.into_iter().fold(manifest, Manifest::capability).action("strike").action("label").action("kick")
}

/// Carries out what the message says, or the note of a timer, each command as `reading` reads it, and tells what was seen.
pub(crate) fn run(event: &Event, reading: impl Fn(&[&str]) -> Vec<String>) -> Result<(), String> {
    let script = match timers::Fired::of(event) {
        Some(fired) => fired.note.replace('&', ";"),
        None => event.text(),
    };
    let mut saw = Vec::new();
    for line in script.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        let words = reading(&line.splitn(4, ' ').collect::<Vec<_>>());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(answer) = carry_out(event, &words)? {
            saw.push(answer);
        }
    }
    if !saw.is_empty() {
        Finding::new("saw", Severity::Low).message(saw.join(" "));
    }
    Ok(())
}

fn carry_out(event: &Event, words: &[&str]) -> Result<Option<String>, String> {
    match *words {
        ["get", key] => {
            let value = state::get(key).map(|value| String::from_utf8_lossy(&value).into_owned());
            return Ok(Some(value.unwrap_or_else(|| "-".into())));
        }
        ["sum", counter, ms] => return Ok(Some(state::sum(counter, number(ms)?).to_string())),
        ["count", kind, ms] => return Ok(Some(Query::new().kind(kind).within(number(ms)?).count().to_string())),
        ["similar", percent] => {
            let percent = percent.parse::<u8>().map_err(|_| format!("`{percent}` is no percentage"))?;
            return Ok(Some(Query::new().similar(f32::from(percent) / 100.0).count().to_string()));
        }
        ["actors", kind] => return Ok(Some(Query::new().kind(kind).distinct_actors().to_string())),
        ["latest", n] => {
            let texts: Vec<_> = Query::new().latest(count(n)?).iter().map(Event::text).collect();
            return Ok(Some(texts.join("|")));
        }
        ["strikes"] => return Ok(Some(actor(event)?.strikes().to_string())),
        ["labels"] => return Ok(Some(actor(event)?.labels().join(","))),
        ["put", key, ref value @ ..] => state::put(key, value.join(" ").as_bytes()),
        ["put-for", ms, key, value] => state::put_for(key, value.as_bytes(), number(ms)?),
        ["delete", key] => state::delete(key),
        ["add", counter, amount] => state::add(counter, count(amount)?),
        ["start", name, ms, note] => timers::start(name, number(ms)?, note),
        ["stop", name] => timers::stop(name),
        ["strike", weight, ms] => strike(&actor(event)?.id(), count(weight)?, number(ms)?),
        ["label", name] => drop(Action::new("label").detail("label", name)),
        ["unlabel", name] => drop(Action::new("label").detail("unlabel", name)),
        ["kick", member] => drop(Action::new("kick").member(member)),
        ["fill", n, bytes] => {
            let value = vec![b'x'; count(bytes)? as usize];
            (0..count(n)?).for_each(|n| state::put(&format!("fill-{n}"), &value));
        }
        ["read", n] => {
            let there = (0..count(n)?).filter(|n| state::get(&format!("fill-{n}")).is_some()).count();
            return Ok(Some(there.to_string()));
        }
        ["say", ..] => {}
        ["fail"] => return Err("as the script says".into()),
        _ => return Err(format!("`{}` is no command", words.join(" "))),
    }
    Ok(None)
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("`{word}` is no number"))
}

fn count(word: &str) -> Result<u32, String> {
    word.parse().map_err(|_| format!("`{word}` is no number"))
}

fn actor(event: &Event) -> Result<Member, String> {
    event.actor().ok_or_else(|| "nobody did this".into())
}
