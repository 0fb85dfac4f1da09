//! A case: settings, a group, and events one after another with what should come of them. The format is described in
//! `docs/authors/cases.md`.

use anyhow::{Context, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// When a story begins that does not say so.
const BEGINNING: &str = "2026-01-01T12:00:00Z";

/// How long after the event before an event happens that does not say so.
const STEP: SignedDuration = SignedDuration::from_secs(1);

/// A file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    group: Map<String, Value>,
    #[serde(default)]
    members: BTreeMap<String, Value>,
    #[serde(default)]
    lists: BTreeMap<String, Vec<String>>,
    #[serde(default, rename = "event")]
    events: Vec<FileEvent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEvent {
    id: Option<String>,
    at: Option<Moment>,
    after: Option<SignedDuration>,
    kind: Option<String>,
    member: Option<String>,
    name: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    media: Vec<String>,
    #[serde(default)]
    links: Vec<String>,
    #[serde(default)]
    payload: Map<String, Value>,
    fired: Option<Vec<Value>>,
    expect: Option<Value>,
}

/// A time, with quotes around it or without.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Toml(toml::value::Datetime),
}

impl Moment {
    fn timestamp(&self) -> anyhow::Result<Timestamp> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Toml(datetime) => datetime.to_string(),
        };
        text.parse().with_context(|| format!("`{text}` is no time such as 2026-01-01T12:00:00Z"))
    }
}

/// A story.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) path: PathBuf,
    pub(super) settings: Value,
    pub(super) group: Value,
    pub(super) members: BTreeMap<String, Value>,
    pub(super) lists: BTreeMap<String, Vec<String>>,
    pub(super) events: Vec<CaseEvent>,
}

/// Something that happens, and what should come of it.
#[derive(Debug)]
pub(super) struct CaseEvent {
    /// As the API takes it.
    pub(super) event: Value,
    /// Parts of the decisions of timers that fire before it, all of them; not looked at when none.
    pub(super) fired: Option<Vec<Value>>,
    /// Part of its decision.
    pub(super) expect: Option<Value>,
}

impl Case {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can't be read", path.display()))?;
        Self::parse(path, &text).with_context(|| format!("`{}` is no case", path.display()))
    }

    pub(super) fn parse(path: &Path, text: &str) -> anyhow::Result<Self> {
        let File { settings, group, members, lists, events } = toml::from_str(text)?;
        ensure!(!events.is_empty(), "nothing happens in it: it needs an `[[event]]` at least");
        let mut now: Timestamp = BEGINNING.parse()?;
        let mut story = Vec::with_capacity(events.len());
        for (index, event) in events.into_iter().enumerate() {
            now = match (&event.at, event.after) {
                (Some(_), Some(_)) => bail!("event {}: `at` or `after`, not both", index + 1),
                (Some(at), None) => at.timestamp()?,
                (None, Some(after)) => now.checked_add(after)?,
                (None, None) if index == 0 => now,
                (None, None) => now.checked_add(STEP)?,
            };
            story.push(event.at(index, now));
        }
        let (settings, group) = (Value::Object(settings), Value::Object(group));
        Ok(Self { path: path.to_owned(), settings, group, members, lists, events: story })
    }
}

impl FileEvent {
    fn at(self, index: usize, now: Timestamp) -> CaseEvent {
        let mut event = json!({
            "id": self.id.unwrap_or_else(|| format!("event-{}", index + 1)),
            "kind": self.kind.unwrap_or_else(|| "message.created".into()),
            "at": now.to_string(),
            "text": self.text, "media": self.media, "links": self.links, "payload": self.payload,
        });
        if let Some(member) = self.member {
            let name = self.name.unwrap_or_else(|| member.clone());
            event["actor"] = json!({"id": member, "name": name, "roles": self.roles});
        }
        CaseEvent { event, fired: self.fired, expect: self.expect }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> anyhow::Result<Case> {
        Case::parse(Path::new("story.toml"), text)
    }

    #[test]
    fn time_goes_on_by_a_second_or_as_it_is_said() {
        let case = parse(
            "[[event]]\ntext = 'a'\n[[event]]\n[[event]]\nafter = '2m 59s'\n[[event]]\nat = 2026-01-02T00:00:00Z\n[[event]]",
        );
        let at: Vec<_> = case.unwrap().events.iter().map(|event| event.event["at"].clone()).collect();
        let expected = ["01T12:00:00Z", "01T12:00:01Z", "01T12:03:00Z", "02T00:00:00Z", "02T00:00:01Z"];
        assert_eq!(at, expected.map(|at| json!(format!("2026-01-{at}"))));
    }

    #[test]
    fn what_is_no_case_is_said_in_words_that_help() {
        let told = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert!(told("").contains("an `[[event]]` at least"));
        assert!(told("[[event]]\ntxet = 'a'").contains("unknown field `txet`, expected one of"));
        assert!(told("[[event]]\nafter = '1s'\nat = '2026-01-01T00:00:00Z'").contains("not both"));
        assert!(told("[[event]]\nafter = 'soon'").contains("soon"));
        assert!(told("[[event]]\nat = 2026-01-01").contains("`2026-01-01` is no time"));
    }
}
