//! Recommendations: how well slot-ranker finds what people would read, on an invented community, and how long it takes.

mod quality;
mod speed;

use crate::http::{KEY, Server, target_dir};
use anyhow::{Context, bail, ensure};
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

/// Sends lines of a batch; an error is the first line that was refused.
fn batch(server: &Server, brand: &str, lines: String) -> anyhow::Result<()> {
    let url = format!("http://{}/v1/brands/{brand}/events/batch", server.address);
    let request = ureq::post(&url).header("Authorization", format!("Bearer {KEY}"));
    let request = request.header("Content-Type", "application/x-ndjson");
    let answers = request.send(lines)?.body_mut().with_config().limit(1 << 30).read_to_string()?;
    match answers.lines().find(|line| line.contains(r#""problem":"#)) {
        Some(refused) => bail!("{refused}"),
        None => Ok(()),
    }
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
