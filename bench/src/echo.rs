//! The ceiling: an axum handler that parses the event and answers a decision, and does nothing else.

use crate::http::say;
use axum::Json;
use axum::extract::Path;
use axum::routing::post;
use std::collections::BTreeMap;
use usher_model::{
    Cost, Decision, DecisionId, Digest, Event, GroupId, Intent, Mode, Outcome, PluginName, PluginReport, PluginVersion,
    Reads,
};

/// Serves on a free port until killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        say(&format!("echo listens on http://{}", listener.local_addr()?));
        let router = axum::Router::new().route("/v1/brands/{brand}/groups/{group}/events", post(echo));
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// As much JSON as a decision without findings has.
async fn echo(Path((_, group)): Path<(String, GroupId)>, Json(event): Json<Event>) -> Json<Decision> {
    Json(Decision {
        id: DecisionId::new(uuid::Uuid::nil()),
        event: event.id,
        group,
        sequence: 1,
        at: event.at,
        reported_at: None,
        intent: Intent::default(),
        shadow: None,
        trial: None,
        plugins: vec![PluginReport {
            plugin: plugin(),
            version: version(),
            digest: Digest::from_bytes([7; 32]),
            revision: 1,
            mode: Mode::Enforce,
            on_trial: false,
            outcome: Outcome::Abstain,
            failure: None,
            approval: None,
            cost: Cost { fuel: 12_345, duration_us: 12 },
        }],
        actions_of_day: Vec::new(),
        word_lists: BTreeMap::new(),
        plan: Digest::from_bytes([9; 32]),
        reads: Reads::default(),
        memory: Vec::new(),
        timers: Vec::new(),
    })
}

#[expect(clippy::expect_used, reason = "a constant that is a name")]
fn plugin() -> PluginName {
    PluginName::new("ad-guard").expect("a name")
}

#[expect(clippy::expect_used, reason = "a constant that is a version")]
fn version() -> PluginVersion {
    PluginVersion::new("0.1.0").expect("a version")
}
