//! Asks everything that the contract offers, and says what it was told.

use serde::Deserialize;
use usher_plugin::history::Query;
use usher_plugin::prelude::*;
use usher_plugin::text::{Hit, WordList, fold};
use usher_plugin::timers::{self, Fired};
use usher_plugin::{state, strike};

#[derive(Deserialize, Default)]
struct Settings {
    greeting: String,
}

struct Conformance {
    greeting: String,
}

impl Check for Conformance {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("conformance", "0.1.0")
            .summary("Asks everything, and says what it was told.")
            .event("message.created")
            .event("redpacket.sent")
            .capability("members")
            .capability("strikes")
            .capability("word-lists")
            .capability("history")
            .capability("state")
            .capability("timers")
            .action("mute")
            .action("notify")
            .action("strike")
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        if settings.greeting == "refuse" {
            return Err("refused as asked".to_owned());
        }
        log::info(&format!("configured for {}", fold(&settings.greeting)));
        Ok(Self { greeting: settings.greeting })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        log::debug(&event.kind());
        if let Some(Fired { name, note }) = Fired::of(event) {
            Finding::new("fired", Severity::Low).evidence("name", name).evidence("note", note);
            Action::new("notify").member("u1").text(&self.greeting);
            return Ok(());
        }
        let text = event.text();
        match text.as_str() {
            "fail" => return Err("failed as asked".to_owned()),
            "approve" => {
                approve("as asked");
                return Ok(());
            }
            _ => {}
        }
        self.tell_event(event)?;
        if let Some(member) = event.actor() {
            tell_member(&member);
        }
        tell_group(&event.group(), event.at());
        tell_history(event);
        tell_state(&text)?;
        tell_text();
        if text.contains("act") {
            Action::new("mute").member("u2").text(&text).lasts(60_000).detail("why", "asked");
            strike("u2", 2, 86_400_000);
            timers::start("later", 5_000, &text);
        }
        if text == "stop" {
            timers::stop("later");
        }
        Ok(())
    }
}

impl Conformance {
    fn tell_event(&self, event: &Event) -> Result<(), String> {
        let finding = Finding::new("event", Severity::None).confidence(0.5).message(&self.greeting);
        let folded = event.folded_text();
        let finding = match event.original(&(0..folded.len())) {
            Some(span) if !folded.is_empty() => finding.span(span.start, span.end),
            _ => finding,
        };
        let amount: Option<f64> = event.payload("/amounts/0")?;
        finding
            .evidence("id", event.id())
            .evidence("kind", event.kind())
            .evidence("at", event.at())
            .evidence("text", event.text())
            .evidence("folded", folded)
            .evidence("media", event.media().join(","))
            .evidence("links", event.links().join(","))
            .evidence("mentions", event.mentions().join(","))
            .evidence("amount", amount.map_or("-".to_owned(), |amount| amount.to_string()));
        Ok(())
    }
}

fn tell_member(member: &Member) {
    Finding::new("member", Severity::Low)
        .evidence("id", member.id())
        .evidence("name", member.name())
        .evidence("roles", member.roles().join(","))
        .evidence("joined", member.joined_at().map_or("-".to_owned(), |at| at.to_string()))
        .evidence("labels", member.labels().join(","))
        .evidence("strikes", member.strikes())
        .evidence("city", or_dash(member.attribute("city")))
        .evidence("none", or_dash(member.attribute("none")));
}

fn tell_group(group: &Group, at: u64) {
    Finding::new("group", Severity::Medium)
        .evidence("id", group.id())
        .evidence("brand", group.brand())
        .evidence("kind", group.kind())
        .evidence("name", group.name())
        .evidence("size", group.size())
        .evidence("labels", group.labels().join(","))
        .evidence("city", or_dash(group.attribute("city")))
        .evidence("time", group.local_time(at));
}

fn tell_history(event: &Event) {
    let mut own = Query::new().kind("message.").within(3_600_000);
    if let Some(actor) = event.actor() {
        own = own.actor(&actor.id());
    }
    let latest = Query::new().latest(2);
    let ids: Vec<String> = latest.iter().map(Event::id).collect();
    Finding::new("history", Severity::High)
        .evidence("own", own.count())
        .evidence("similar", Query::new().similar(0.5).count())
        .evidence("actors", Query::new().distinct_actors())
        .evidence("latest", ids.join(","));
}

fn tell_state(text: &str) -> Result<(), String> {
    let before: Option<String> = state::get_json("last")?;
    state::put_json("last", &text)?;
    state::put_json_for("soon", &text, 1_000)?;
    let soon: Option<String> = state::get_json("soon")?;
    state::delete("soon");
    let gone: Option<String> = state::get_json("soon")?;
    state::add("events", 2);
    Finding::new("state", Severity::Severe)
        .evidence("before", or_dash(before))
        .evidence("soon", or_dash(soon))
        .evidence("gone", or_dash(gone))
        .evidence("sum", state::sum("events", 60_000));
    Ok(())
}

fn tell_text() {
    let list = WordList::open("words");
    let hits = |hits: Vec<Hit>| {
        let told: Vec<String> = hits.iter().map(|hit| format!("{}@{}-{}", hit.entry, hit.start, hit.end)).collect();
        told.join(",")
    };
    Finding::new("text", Severity::Low)
        .evidence("hits", or_dash(list.as_ref().map(|list| hits(list.hits()))))
        .evidence("elsewhere", or_dash(list.as_ref().map(|list| hits(list.hits_in("再说加 V 信")))))
        .evidence("missing", or_dash(WordList::open("none").map(|_| "there".to_owned())))
        .evidence("folded", fold("ＡＢＣ 臺灣"));
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}

usher_plugin::export!(Conformance);
