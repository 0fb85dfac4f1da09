//! Recommendations: how well slot-ranker finds what people would read, on an invented community, and how long it takes.

mod quality;
mod speed;

use crate::http::{Server, target_dir};
use anyhow::{Context, ensure};
use serde_json::{Value, json};

/// How well, and how fast.
pub(crate) fn run(rounds: usize, quick: bool) -> anyhow::Result<String> {
    let ranker = std::fs::read(target_dir().join("plugins/slot-ranker.wasm"))?;
    Ok(format!("{}\n{}", quality::run(&ranker, quick)?, speed::run(&ranker, rounds, quick)?))
}

/// A host without a brand, with this plugin.
fn host(component: &[u8]) -> anyhow::Result<Server> {
    let server = Server::usher(&[])?;
    server.send("POST", "/v1/plugins", "application/wasm", component)?;
    Ok(server)
}

/// What is recommended, best first.
fn recommend(server: &Server, brand: &str, group: &str, asked: &Value) -> anyhow::Result<Vec<String>> {
    let path = format!("/v1/brands/{brand}/groups/{group}/recommendations");
    let run = server.send("POST", &path, "application/json", asked.to_string().as_bytes())?;
    let rows = run["items"].as_array().context("rows of the run")?;
    let taken = rows.iter().filter(|row| row["recommended"] == true);
    let ids: Vec<String> = taken.filter_map(|row| row["content"].as_str()).map(str::to_owned).collect();
    ensure!(!ids.is_empty(), "nothing was recommended: {}", json!(rows.first()));
    Ok(ids)
}
