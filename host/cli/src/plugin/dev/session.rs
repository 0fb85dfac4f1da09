//! A host, a group in it, and the plugin that is swapped there.

use super::DevFlags;
use super::show::describe;
use crate::output;
use crate::plugin::api::Api;
use crate::plugin::build;
use crate::plugin::enable::settings;
use crate::plugin::local::{Facts, Local, Place};
use crate::plugin::paint::{Paint, Tone};
use crate::plugin::{logs, story, table};
use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// Lines of log that are asked for after a decision.
const LOG_LINES: usize = 100;

/// What is in force.
#[derive(Debug, Clone)]
struct InForce {
    plugin: String,
    version: String,
}

/// It is one task's alone.
#[derive(Debug)]
pub(super) struct Session {
    api: Api,
    brand: String,
    group: String,
    /// The host of this session's own.
    local: Option<Local>,
    settings: Option<PathBuf>,
    in_force: RefCell<Option<InForce>>,
    paint: Paint,
}

impl Session {
    pub(super) async fn open(flags: &DevFlags, settings: Option<PathBuf>) -> anyhow::Result<Self> {
        let (in_force, paint) = (RefCell::default(), Paint::stdout());
        if let (Some(host), Some(key), Some(brand), Some(group)) = (&flags.host, &flags.key, &flags.brand, &flags.group)
        {
            let api = Api::new(host, key)?;
            api.get(&format!("/v1/brands/{brand}/groups/{group}")).await.context("the group can't be used")?;
            let (brand, group) = (brand.clone(), group.clone());
            return Ok(Self { api, brand, group, local: None, settings, in_force, paint });
        }
        let local = Local::start_at(flags.listen).await?;
        let api = local.api.clone();
        api.put("/v1/brands/dev", &json!({})).await?;
        api.put("/v1/brands/dev/groups/dev", &json!({})).await?;
        let (brand, group) = ("dev".to_owned(), "dev".to_owned());
        Ok(Self { api, brand, group, local: Some(local), settings, in_force, paint })
    }

    pub(super) fn greeting(&self) -> String {
        let Self { brand, group, .. } = self;
        let typed = "Type a message and see what is decided; Ctrl-C ends it.";
        match &self.local {
            None => format!("decisions about {brand}/{group} as they are made. {typed}"),
            Some(Local { address, key, .. }) => format!(
                "usher listens on {address} until this ends, with the group `{group}` of the brand `{brand}`. {typed}\n\
                 From elsewhere:\n  \
                 export USHER_HOST={address} USHER_KEY={key}\n  \
                 curl $USHER_HOST/v1/brands/{brand}/groups/{group}/events -H \"Authorization: Bearer $USHER_KEY\" \\\n    \
                 -H 'Content-Type: application/json' \\\n    \
                 -d '{{\"id\":\"1\",\"kind\":\"message.created\",\"at\":\"'$(date -u +%FT%TZ)'\",\"actor\":{{\"id\":\"u1\"}},\"text\":\"hello\"}}'\n"
            ),
        }
    }

    pub(super) fn farewell(&self) -> String {
        let Self { brand, group, .. } = self;
        match (&self.local, &*self.in_force.borrow()) {
            (None, Some(InForce { plugin, version })) => format!(
                "\n{plugin} {version} stays in force in {brand}/{group}; back to what was there before: \
                 POST /v1/brands/{brand}/groups/{group}/plugins/{plugin}/rollback"
            ),
            _ => String::new(),
        }
    }

    /// Builds the plugin, puts it into force, and plays its cases. What was in force stays until then.
    pub(super) async fn swap(&self, folder: &Path) -> anyhow::Result<()> {
        let component = build::build_aside(folder).await?;
        let bytes = std::fs::read(&component).with_context(|| format!("`{}` can't be read", component.display()))?;
        let facts = self
            .api
            .upload_for_development(bytes)
            .await
            .map_err(|error| crate::plugin::remedy::explained(error, &component))?;
        let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
        let now = InForce { plugin: text("name"), version: text("version") };
        let Self { brand, group, .. } = self;
        let enablement = json!({"version": now.version, "settings": settings(self.settings.as_deref())?});
        let path = format!("/v1/brands/{brand}/groups/{group}/plugins/{}", now.plugin);
        self.api.put(&path, &enablement).await.context("what was in force stays in force")?;
        let before = self.in_force.replace(Some(now.clone()));
        output::line(&self.paint.in_tone(Tone::Good, &format!("{} {} is in force", now.plugin, now.version)));
        if let Some(InForce { plugin, version }) = before.filter(|before| before.version != now.version) {
            // It may be in force elsewhere, and is of no use here.
            let _ = self.api.delete(&format!("/v1/plugins/{plugin}/versions/{version}")).await;
        }
        self.play_cases(&folder.join("cases"), &component).await
    }

    /// On a host of their own: its clock is the events', and its memory is empty.
    async fn play_cases(&self, cases: &Path, component: &Path) -> anyhow::Result<()> {
        if !cases.is_dir() {
            return Ok(());
        }
        let files = story::files(&[cases.to_owned()])?;
        if table::are_tables(&files) {
            return table::test(component, &files, false, false).map(|_| ());
        }
        let cases = story::read(&[cases.to_owned()])?;
        let local = Local::start().await?;
        let facts: Facts = local.take(component).await?;
        let mut failed = 0;
        for (number, case) in cases.iter().enumerate() {
            let outcome = story::play(&local, &facts, &Place::numbered(number), case).await?;
            if !outcome.mistakes.is_empty() {
                failed += 1;
                output::line(&crate::plugin::test::tell(&outcome, false, self.paint));
            }
        }
        let (told, tone) =
            (format!("{} of {} cases went as they should", cases.len() - failed, cases.len()), failed == 0);
        output::line(&self.paint.in_tone(if tone { Tone::Good } else { Tone::Bad }, &told));
        Ok(())
    }

    /// Each decision about the group as it is made, with what the plugin wrote about it.
    pub(super) async fn show_decisions(&self) -> anyhow::Result<()> {
        let mut messages = self.api.stream(&format!("/v1/brands/{}/decisions/stream", self.brand)).await?;
        while let Some(message) = messages.next().await? {
            let Ok(decision) = serde_json::from_str::<Value>(&message.data) else { continue };
            if decision["group"] == self.group.as_str() {
                output::line(&describe(&decision, self.paint));
                self.show_log(&decision["event"]).await?;
            }
        }
        anyhow::bail!("the host ended the stream of decisions")
    }

    async fn show_log(&self, event: &Value) -> anyhow::Result<()> {
        let Some(InForce { plugin, .. }) = self.in_force.borrow().clone() else { return Ok(()) };
        let page = self.api.get(&format!("/v1/brands/{}/plugins/{plugin}/logs?limit={LOG_LINES}", self.brand)).await?;
        for line in page["items"].as_array().into_iter().flatten().filter(|line| line["event"] == *event) {
            output::line(&format!("  {}", logs::describe(line, self.paint)));
        }
        Ok(())
    }

    /// A line that was typed: an event, or the text of a message.
    pub(super) async fn send(&self, line: &str) -> anyhow::Result<()> {
        let now = Timestamp::now();
        let mut event = json!({"id": format!("typed-{}", now.as_microsecond()), "kind": "message.created",
            "at": now.to_string(), "actor": {"id": "you", "name": "you"}});
        if line.trim_start().starts_with('{') {
            let typed: Value = serde_json::from_str(line).context("the line begins with `{` and is not JSON")?;
            for (name, value) in typed.as_object().into_iter().flatten() {
                event[name.as_str()] = value.clone();
            }
        } else {
            event["text"] = json!(line);
        }
        self.api.post(&format!("/v1/brands/{}/groups/{}/events", self.brand, self.group), &event).await?;
        Ok(())
    }
}
