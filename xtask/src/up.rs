//! A host with a demo brand, from a fresh clone, in one command.

use crate::cargo::{cargo, root, run as run_command, target_dir};
use crate::plugins;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the host has to get ready.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// Flags of `cargo xtask up`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder for the demo's data
    #[arg(long, default_value = ".usher")]
    data: PathBuf,
    /// Build optimised: slower to start with, faster to run
    #[arg(long)]
    release: bool,
}

/// Builds, starts, fills and keeps serving until Ctrl-C.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(crate) fn run(flags: &Flags) -> Result<()> {
    println!("Building the bundled plugins and the host; the first time takes some minutes ...");
    plugins::build_in_rust()?;
    let mut build = cargo(&["build", "--workspace", "--bin", "usher"]);
    run_command(build.args(flags.release.then_some("--release")))?;
    let data = root().join(&flags.data);
    let key = demo_key(&data)?;
    let mut host = start(flags, &data, &key)?;
    let demo = Demo { address: flags.listen, key, data, usher: binary(flags) };
    if let Err(error) = demo.wait_until_ready(&mut host).and_then(|()| demo.fill()) {
        host.kill().ok();
        host.wait().ok();
        return Err(error);
    }
    println!("{}", demo.greeting());
    host.wait()?;
    Ok(())
}

/// The demo's key, made once, so that a restart does not change it.
fn demo_key(data: &PathBuf) -> Result<String> {
    fs::create_dir_all(data)?;
    let path = data.join("admin-key");
    if let Ok(key) = fs::read_to_string(&path) {
        return Ok(key.trim().to_owned());
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let key = format!("demo_{}", hex::encode(bytes));
    fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?.write_all(key.as_bytes())?;
    Ok(key)
}

fn binary(flags: &Flags) -> PathBuf {
    target_dir().join(if flags.release { "release" } else { "debug" }).join("usher")
}

fn start(flags: &Flags, data: &PathBuf, key: &str) -> Result<Child> {
    let binary = binary(flags);
    let mut command = Command::new(&binary);
    command.arg("serve").arg("--listen").arg(flags.listen.to_string()).arg("--data").arg(data);
    command.env("USHER_ADMIN_KEY", key).env("USHER_LOG", "warn");
    command.spawn().with_context(|| format!("`{}` can't be started", binary.display()))
}

/// A running host with the demo brand.
struct Demo {
    address: SocketAddr,
    key: String,
    data: PathBuf,
    usher: PathBuf,
}

impl Demo {
    fn wait_until_ready(&self, host: &mut Child) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < READY_WITHIN {
            if let Some(status) = host.try_wait()? {
                bail!("the host ended ({status}); its last words are above");
            }
            if ureq::get(format!("http://{}/readyz", self.address)).call().is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!("the host is not ready after {} s", READY_WITHIN.as_secs())
    }

    /// A tea brand with two groups, one plugin for both, and a word list of its own.
    fn fill(&self) -> Result<()> {
        let component = fs::read(plugins::path("ad-guard"))?;
        let uploaded = self.send("POST", "/v1/plugins", "application/wasm", &component)?;
        let version = uploaded.get("version").cloned().unwrap_or_default();
        self.put("/v1/brands/demo", &json!({"name": "茶语 Tea Talk", "time_zone": "Asia/Shanghai"}))?;
        let groups = [("tea-house", "茶友一群", "interest"), ("tea-shop", "新品茶样群", "product")];
        for (id, name, kind) in groups {
            let group = json!({"name": name, "kind": kind, "size": 120});
            self.put(&format!("/v1/brands/demo/groups/{id}"), &group)?;
        }
        let words = json!({"entries": ["刷单", "兼职日结", "博彩"], "allow": []});
        self.put("/v1/brands/demo/word-lists/ads", &words)?;
        let settings =
            json!({"word_lists": [{"name": "ads", "severity": "medium"}], "allowed_domains": ["example.com"]});
        let enablement = json!({"version": version, "settings": settings});
        self.put("/v1/brands/demo/plugins/ad-guard", &enablement)?;
        Ok(())
    }

    fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.send("PUT", path, "application/json", body.to_string().as_bytes())
    }

    fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Result<Value> {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let url = format!("http://{}{path}", self.address);
        let request = if method == "PUT" { agent.put(&url) } else { agent.post(&url) };
        let request =
            request.header("Authorization", format!("Bearer {}", self.key)).header("Content-Type", media_type);
        let mut response = request.send(body).with_context(|| format!("{method} {path}"))?;
        let answer = response.body_mut().read_to_string()?;
        if !response.status().is_success() {
            bail!("{method} {path}: {answer}");
        }
        Ok(serde_json::from_str(&answer)?)
    }

    fn greeting(&self) -> String {
        let Self { address, key, data, usher } = self;
        let (data, usher) = (data.display(), usher.display());
        format!(
            r#"
Usher decides about the brand `demo` on http://{address}
  admin key   {key}
  groups      tea-house, tea-shop; plugin ad-guard enabled for both

Try it:
  curl -s http://{address}/v1/brands/demo/groups/tea-house/events \
    -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \
    -d '{{"id":"m-1","kind":"message.created","at":"2026-11-22T12:00:00Z","actor":{{"id":"u-7","name":"小王"}},"text":"想做兼职的加 V❤信 abc123"}}'

Or send a file:
  USHER_KEY={key} {usher} send tests/fixtures/messages.txt --host http://{address} --brand demo --group tea-house

Ctrl-C stops it; what it decided stays in {data}."#
        )
    }
}
