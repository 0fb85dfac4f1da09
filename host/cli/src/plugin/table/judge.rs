//! A scorer or a ranker in this process, under the limits of production.

use super::case::TableCase;
use crate::plugin::local::cache;
use crate::serve::engine_options;
use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use usher_engine::{Engine, Facts, Hook, LogLevel, SettingsSchema, Snapshot, TableInput, TableReport};
use usher_model::CallLimits;

/// It ends with the command.
pub(super) struct Judge {
    engine: Engine,
    component: Vec<u8>,
    facts: Facts,
}

impl Judge {
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        Self::with_cache(path, cache())
    }

    /// Nothing that it runs was compiled before.
    pub(super) fn anew(path: &Path) -> anyhow::Result<Self> {
        Self::with_cache(path, None)
    }

    fn with_cache(path: &Path, cache_dir: Option<PathBuf>) -> anyhow::Result<Self> {
        let component = std::fs::read(path).with_context(|| format!("`{}` can't be read", path.display()))?;
        let mut options = engine_options(&Settings::default())?;
        options.cache_dir = cache_dir;
        let engine = Engine::new(options)?;
        let facts = engine.inspect(&component).with_context(|| format!("`{}` is no plugin", path.display()))?;
        Ok(Self { engine, component, facts })
    }

    /// Its name, its version and its bytes.
    pub(super) fn about(&self) -> (String, String, usize) {
        let manifest = &self.facts.manifest;
        (manifest.name.to_string(), manifest.version.to_string(), self.component.len())
    }

    /// What it says of a table; the error is that there is none for it.
    pub(super) fn judge(&self, case: &TableCase) -> anyhow::Result<Value> {
        let ready = self.ready(case)?;
        Ok(as_json(&ready.input, &ready.call(self)))
    }

    /// A table with a plugin that is configured for it.
    pub(super) fn ready(&self, case: &TableCase) -> anyhow::Result<Ready> {
        let hook = self.hook(case.hook)?;
        let input = Arc::new(case.input(&self.facts.manifest, hook)?);
        let problems = SettingsSchema::new(&self.facts.manifest.settings_schema)?.problems(&case.settings);
        if let Some(problem) = problems.first() {
            bail!("settings: at `{}`: {}", problem.pointer, problem.detail);
        }
        let snapshot = self.engine.bake(&self.facts.manifest.name, &self.component, &case.settings.to_string())?;
        let limits = Arc::new(self.engine.calls().default.clone());
        Ok(Ready { hook, snapshot, input, limits })
    }

    /// The one that the case asks for, or the one that there is.
    fn hook(&self, asked: Option<Hook>) -> anyhow::Result<Hook> {
        let hooks = &self.facts.hooks;
        let of_tables = [Hook::Score, Hook::Rank].into_iter().find(|hook| hooks.contains(hook));
        let Some(found) = of_tables else {
            bail!("the plugin sees no table: it has the hook `check`, and its cases have an `[[event]]`");
        };
        let hook = asked.unwrap_or(found);
        ensure!(hook != Hook::Check && hooks.contains(&hook), "the plugin has no hook `{}` for tables", hook.as_str());
        Ok(hook)
    }
}

/// All that a call takes.
pub(super) struct Ready {
    hook: Hook,
    snapshot: Snapshot,
    input: Arc<TableInput>,
    limits: Arc<CallLimits>,
}

impl Ready {
    /// On a fresh instance, as every call.
    pub(super) fn call(&self, judge: &Judge) -> TableReport {
        judge.engine.score(self.hook, &self.snapshot, &self.input, &self.limits)
    }
}

fn as_json(input: &TableInput, report: &TableReport) -> Value {
    let rows: Vec<Value> = if report.failure.is_some() {
        Vec::new()
    } else {
        (0..).zip(&input.ids).map(|(row, id)| row_json(row, id, report)).collect()
    };
    let log = report.logs.iter().map(|line| json!({"level": word(line.level), "message": line.message}));
    json!({"rows": rows, "failure": report.failure, "log": log.collect::<Vec<Value>>(), "cost": report.cost})
}

fn row_json(row: u32, id: &str, report: &TableReport) -> Value {
    let (mut score, mut contributions) = (0.0, Map::new());
    for contribution in &report.contributions {
        let points = contribution.points.get(row as usize).copied().unwrap_or_default();
        score += points;
        let before = contributions.get(&contribution.reason).and_then(Value::as_f64).unwrap_or_default();
        contributions.insert(contribution.reason.clone(), (before + points).into());
    }
    let excluded = report.exclusions.iter().filter(|exclusion| exclusion.row == row);
    let labels = report.labels.iter().filter(|label| label.row == row);
    json!({"id": id, "score": score, "contributions": contributions,
        "excluded": excluded.map(|exclusion| exclusion.reason.as_str()).collect::<Vec<&str>>(),
        "labels": labels.map(|label| label.label.as_str()).collect::<Vec<&str>>()})
}

fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}
