//! The engine with real components.

mod authors;
mod bounds;
mod growth;
mod life;
mod tables;

use crate::{
    Call, CheckInput, Engine, EngineOptions, EventFacts, Grants, GroupFacts, Memory, Report, Snapshot, WordLists,
};
use std::sync::Arc;
use usher_guests::Guest;
use usher_model::{CallLimits, Event, FailureKind, GroupKey, PluginName};

fn engine() -> Engine {
    Engine::new(EngineOptions { instances: 8, ..EngineOptions::default() }).unwrap()
}

fn bake(engine: &Engine, guest: &Guest, settings: &str) -> Snapshot {
    bake_bytes(engine, &guest.component(), settings)
}

fn bake_bytes(engine: &Engine, bytes: &[u8], settings: &str) -> Snapshot {
    engine.bake(&PluginName::new("guest").unwrap(), bytes, settings).unwrap()
}

fn message(text: &str) -> Arc<CheckInput> {
    let json = serde_json::json!({"id": "m-1", "kind": "message.created", "at": "2026-11-22T12:00:00Z",
        "actor": {"id": "u-1"}, "text": text});
    let event: Event = serde_json::from_value(json).unwrap();
    let key = GroupKey { brand: "b".parse().unwrap(), group: "g".parse().unwrap() };
    let group = GroupFacts { key, record: Arc::default(), time_zone: "UTC".into() };
    let event = Arc::new(EventFacts::new(Arc::new(event)));
    Arc::new(CheckInput::new(event, group, Arc::new(WordLists::default()), Memory::default()))
}

fn check(engine: &Engine, snapshot: &Snapshot) -> Report {
    check_under(engine, snapshot, CallLimits::default())
}

fn check_under(engine: &Engine, snapshot: &Snapshot, limits: CallLimits) -> Report {
    check_with(engine, snapshot, &[], limits)
}

fn check_with(engine: &Engine, snapshot: &Snapshot, granted: &[&str], limits: CallLimits) -> Report {
    let granted = granted.iter().map(|name| name.parse().unwrap()).collect();
    match engine.check(snapshot, &message("hello"), &Arc::new(Grants::new(&granted, None)), &Arc::new(limits)) {
        Call::Done(report) => report,
        Call::Missing(key, _) => panic!("missing {key:?}"),
    }
}

fn rules(report: &Report) -> Vec<&str> {
    assert_eq!(report.failure, None);
    report.effects.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

fn failure(report: &Report) -> Option<FailureKind> {
    assert!(report.effects.is_empty() || report.failure.is_none(), "effects of a failed call");
    report.failure.as_ref().map(|failure| failure.kind)
}
