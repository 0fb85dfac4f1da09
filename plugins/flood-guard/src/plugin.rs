//! The plugin itself: the only file that talks to the host.

use usher_plugin::history::Query;
use usher_plugin::prelude::*;
use usher_plugin::{chinese, state, text};

use crate::judge::{Flood, Seen, Size, floods};
use crate::ladder::{Record, check_steps};
use crate::settings::{Remedy, Settings};

/// Messages whose senders a finding names.
const MOST_NAMED: u32 = 20;
/// Characters at the beginning of a text in which an allowed phrase counts.
const OPENING_CHARS: usize = 200;

/// Finds flooding, and asks for more the more often a member does it.
#[derive(Debug)]
pub struct FloodGuard {
    settings: Settings,
    /// Folded, as the texts that they are looked for in.
    allowed_phrases: Vec<String>,
}

impl Check for FloodGuard {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let manifest = Manifest::new("flood-guard", env!("CARGO_PKG_VERSION"))
            .summary("Flooding: too many messages, the same again, too long, the same from several members")
            .event("message.created")
            .capability("history")
            .capability("state")
            .settings_schema(include_str!("settings.schema.json"));
        ["warn", "hide", "delete", "mute", "kick", "notify"].into_iter().fold(manifest, Manifest::action)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        check_steps(&settings.escalation.steps)?;
        let allowed_phrases = settings.allowed_phrases.iter().map(|phrase| text::fold(phrase)).collect();
        Ok(Self { settings, allowed_phrases })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        let Some(sender) = event.actor() else { return Ok(()) };
        if sender.has_role(&self.settings.exempt_roles) {
            return Ok(());
        }
        let member = sender.id();
        let found = floods(&self.settings, Size::of(&event.text()), self.seen(event, &member));
        for flood in &found {
            self.report(*flood);
        }
        let counted = |flood: &Flood| flood.severity(&self.settings) >= self.settings.escalation.from;
        match found.into_iter().filter(counted).max_by_key(|flood| flood.severity(&self.settings)) {
            Some(worst) => self.escalate(event, &member, worst),
            None => Ok(()),
        }
    }
}

impl FloodGuard {
    /// Reads the group's past as far as the rules that are in force need it. This event is not in it.
    fn seen(&self, event: &Event, member: &str) -> Seen {
        let Settings { too_many, repeated, coordinated, .. } = &self.settings;
        let mut seen = Seen::default();
        if too_many.severity > Severity::None {
            seen.messages += messages(too_many.window_ms).actor(member).count();
        }
        let folded = event.folded_text();
        let chars = Size::of(&folded).chars;
        let opening = folded.char_indices().nth(OPENING_CHARS).map_or(&*folded, |(end, _)| &folded[..end]);
        if self.allowed_phrases.iter().any(|phrase| opening.contains(phrase)) {
            return seen;
        }
        if repeated.severity > Severity::None && chars >= repeated.least_chars {
            seen.repeats += messages(repeated.window_ms).actor(member).similar(repeated.similarity).count();
        }
        if coordinated.severity > Severity::None && chars >= coordinated.least_chars {
            let alike = || messages(coordinated.window_ms).similar(coordinated.similarity);
            let before = alike().distinct_actors();
            // The sender may be one of them.
            let counted = before >= coordinated.most && alike().actor(member).count() > 0;
            seen.members = if counted { before } else { before + 1 };
        }
        seen
    }

    fn report(&self, flood: Flood) {
        let mut finding =
            Finding::new(flood.rule(), flood.severity(&self.settings)).message(flood.message(&self.settings));
        for (name, value) in flood.evidence(&self.settings) {
            finding = finding.evidence(name, value);
        }
        if let Flood::Coordinated(_) = flood {
            finding.evidence("others", self.others());
        }
    }

    /// Who said the same before.
    fn others(&self) -> String {
        let coordinated = &self.settings.coordinated;
        let alike = messages(coordinated.window_ms).similar(coordinated.similarity).latest(MOST_NAMED);
        let mut ids: Vec<String> = Vec::new();
        for id in alike.iter().filter_map(Event::actor).map(|actor| actor.id()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids.join(" ")
    }

    /// Counts the flood, and asks for what follows.
    fn escalate(&self, event: &Event, member: &str, worst: Flood) -> Result<(), String> {
        let escalation = &self.settings.escalation;
        let key = format!("member/{member}");
        let mut record: Record = state::get_json(&key)?.unwrap_or_default();
        let another = record.flood(escalation, event.at());
        if another {
            state::put_json_for(&key, &record, escalation.remember_ms)?;
            self.alarm();
        }
        if let Some(rung) = record.step(escalation, another) {
            let told = format!("{}：{}", escalation.warning, worst.message(&self.settings));
            let action = Action::new(rung.action.kind()).detail("floods", record.floods());
            match (rung.action, rung.lasts_ms) {
                (Remedy::Mute, Some(lasts_ms)) => {
                    action.text(format!("{told}，禁言{}", chinese::duration(lasts_ms))).lasts(lasts_ms)
                }
                _ => action.text(told),
            };
        }
        Ok(())
    }

    /// Counts a flood of the group, and tells the group when there are many: once in the window.
    fn alarm(&self) {
        let alarm = &self.settings.alarm;
        if alarm.text.is_empty() {
            return;
        }
        state::add("floods", 1);
        let floods = state::sum("floods", alarm.window_ms);
        if floods >= u64::from(alarm.floods) && state::get("alarm").is_none() {
            state::put_for("alarm", b"", alarm.window_ms);
            Action::new("notify").text(&alarm.text).detail("floods", floods);
        }
    }
}

/// Messages of the group in the last `window_ms`.
fn messages(window_ms: u64) -> Query {
    Query::new().kind("message.created").within(window_ms)
}
