//! A host of its own for each test: the real binary, an empty data folder, a port that was free, and virtual time.

use crate::built::{plugin, profile_dir, shared_cache};
use crate::decided::Decided;
use crate::http::{Answer, Client};
use crate::watch::Watched;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;

const KEY: &str = "a-key-for-tests-only";

/// The moment at which every test begins: 2026-11-22T12:00:00Z, in milliseconds.
const BEGINNING_MS: u64 = 1_795_348_800_000;

/// A running host; it is killed when dropped. It is also the [`Client`] with the admin key.
#[derive(Debug)]
pub struct TestHost {
    child: Child,
    client: Client,
    data: TempDir,
    flags: Vec<String>,
    env: Vec<(String, String)>,
    log: Arc<Mutex<String>>,
    events: AtomicU64,
    now_ms: AtomicU64,
}

impl Deref for TestHost {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for TestHost {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The address of a new and empty PostgreSQL database.
#[expect(clippy::expect_used, reason = "without it no test can run")]
pub fn postgres() -> String {
    private_postgres::database().expect("a PostgreSQL on this machine")
}

/// Runs the `usher` command as authors do, without a host.
#[expect(clippy::expect_used, reason = "a command that does not start ends the test")]
pub fn author(arguments: &[&str]) -> Output {
    Command::new(profile_dir().join("usher")).args(arguments).output().expect("the command starts")
}

/// The same, in this folder.
#[expect(clippy::expect_used, reason = "a command that does not start ends the test")]
pub fn author_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(profile_dir().join("usher"));
    let command = command.args(arguments).current_dir(folder).env_remove("USHER_KEY").env_remove("USHER_HOST");
    command.output().expect("the command starts")
}

/// The same, while it goes on: standard input is open, and all that it says comes on standard output.
#[expect(clippy::expect_used, reason = "a command that does not start ends the test")]
pub fn author_running(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(profile_dir().join("usher")).args(arguments);
    command.current_dir(folder).env_remove("USHER_KEY").env_remove("USHER_HOST");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the command starts")
}

#[expect(clippy::expect_used, reason = "a host that does not start ends the test")]
fn spawn(data: &TempDir, flags: &[String], env: &[(String, String)]) -> (Child, String, Arc<Mutex<String>>) {
    let mut child = Command::new(profile_dir().join("usher"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .args(flags)
        .env("USHER_ADMIN_KEY", KEY)
        .env("USHER_LOG", "debug")
        // Of the tests themselves, and no settings.
        .env_remove("USHER_GENERATE")
        .env_remove("USHER_THOROUGH")
        .envs(env.iter().cloned())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("run `cargo build --workspace --bin usher` first");
    let log = Arc::new(Mutex::new(String::new()));
    let stderr = child.stderr.take().expect("piped");
    let kept = log.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_str(&line);
            kept.push('\n');
        }
    });
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut said).expect("the host speaks");
    let base = said.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    if !base.starts_with("http://") {
        let mut rest = String::new();
        child.wait().expect("it ended");
        rest.push_str(&log.lock().unwrap_or_else(PoisonError::into_inner));
        panic!("the host did not start: {said}{rest}");
    }
    (child, base, log)
}

impl TestHost {
    /// A fresh host whose clock is the events'.
    pub fn start() -> Self {
        Self::start_with(&["--clock", "events"])
    }

    /// A fresh host with these flags.
    pub fn start_with(flags: &[&str]) -> Self {
        Self::start_with_env(flags, &[])
    }

    /// A fresh host with these flags, and this in its environment.
    #[expect(clippy::expect_used, reason = "without a folder no test can run")]
    pub fn start_with_env(flags: &[&str], env: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let env: Vec<(String, String)> =
            env.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let (child, base, log) = spawn(&data, &flags, &env);
        let client = Client::new(base, Some(KEY.into()));
        let (events, now_ms) = (AtomicU64::new(0), AtomicU64::new(BEGINNING_MS));
        Self { child, client, data, flags, env, log, events, now_ms }
    }

    /// A fresh host whose clock is the events', and whose compiled plugins are also other tests'.
    pub fn start_with_shared_cache() -> Self {
        Self::start_with(&["--clock", "events", "--cache", &shared_cache()])
    }

    /// A fresh host on this PostgreSQL database, whose clock is the events'. Several may share it.
    pub fn on(database_url: &str) -> Self {
        Self::start_with_env(&["--clock", "events"], &[("USHER_DATABASE_URL", database_url)])
    }

    /// A fresh host with the brand `tea`, its group `g1`, and ad-guard uploaded.
    pub fn with_a_group() -> Self {
        let host = Self::start().where_tea_is_drunk();
        host.upload(&plugin("ad-guard")).expect(201);
        host
    }

    /// A fresh host with the brand `tea` and its group `g1`, whose compiled plugins are also other tests'.
    pub fn with_a_group_and_shared_cache() -> Self {
        Self::start_with_shared_cache().where_tea_is_drunk()
    }

    /// With the brand `tea` and its group `g1`.
    fn where_tea_is_drunk(self) -> Self {
        self.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
        self.put("/v1/brands/tea/groups/g1", &json!({"name": "茶友一群", "kind": "interest"})).expect(201);
        self
    }

    /// A fresh host with the brand `tea`, its group `g1`, and this guest in force there.
    pub fn with_guest(component: &[u8]) -> Self {
        Self::with_guest_and_env(component, &["--clock", "events"], &[])
    }

    /// As [`with_guest`](Self::with_guest), with these flags, and this in its environment.
    pub fn with_guest_and_env(component: &[u8], flags: &[&str], env: &[(&str, &str)]) -> Self {
        let host = Self::start_with_env(flags, env).where_tea_is_drunk();
        host.enable_guest(component, &json!({})).expect(201);
        host
    }

    /// A fresh host with ad-guard enabled in the group `g1` of the brand `tea`.
    pub fn with_ad_guard() -> Self {
        let host = Self::with_a_group();
        host.enable("ad-guard", &json!({"version": "0.1.0"})).expect(201);
        host
    }

    /// Enables a plugin in `g1`.
    #[track_caller]
    pub fn enable(&self, plugin: &str, enablement: &Value) -> Answer {
        self.put(&format!("/v1/brands/tea/groups/g1/plugins/{plugin}"), enablement)
    }

    /// Uploads a guest and enables it in `g1` with what it asks for.
    #[track_caller]
    pub fn enable_guest(&self, component: &[u8], settings: &Value) -> Answer {
        let uploaded = self.upload(component);
        assert!(uploaded.status < 300, "{}", uploaded.text);
        let facts = uploaded.json();
        let name = facts["name"].as_str().unwrap_or_default();
        self.enable(name, &json!({"version": facts["version"], "settings": settings}))
    }

    /// A message in `g1`, a second after the last one.
    #[track_caller]
    pub fn post_message(&self, member: &str, text: &str) -> Decided {
        let event = self.message(member, text);
        Decided(self.post_event(&event).expect(200).json())
    }

    /// The time of the last message, in RFC 3339.
    pub fn now(&self) -> String {
        time(self.now_ms.load(Ordering::Relaxed))
    }

    /// Nothing happens for so long.
    pub fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// An event for `g1`, not sent yet.
    pub fn message(&self, member: &str, text: &str) -> Value {
        let number = self.events.fetch_add(1, Ordering::Relaxed) + 1;
        let at = self.now_ms.fetch_add(1000, Ordering::Relaxed) + 1000;
        json!({"id": format!("m-{number}"), "kind": "message.created", "at": time(at),
               "actor": {"id": member, "name": member}, "text": text})
    }

    /// Sends an event to `g1`.
    #[track_caller]
    pub fn post_event(&self, event: &Value) -> Answer {
        self.post("/v1/brands/tea/groups/g1/events", event)
    }

    /// A key with this role, for one brand or for all.
    #[track_caller]
    pub fn key(&self, role: &str, brand: Option<&str>) -> Client {
        let made = self.post("/v1/keys", &json!({"role": role, "brand": brand})).expect(201).json();
        self.with_key(made["secret"].as_str().unwrap_or_default())
    }

    /// Everything that the host wrote to its log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The host's process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// `SIGKILL`: nothing is said, nothing is saved.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// `SIGKILL`, while others still talk to it: [`restart`](Self::restart) comes later.
    pub fn kill_now(&self) {
        let killed = Command::new("kill").args(["-9", &self.child.id().to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()));
    }

    /// Asks politely to stop (`SIGTERM`) and returns how the process ended.
    #[expect(clippy::expect_used, reason = "a process that can't be waited for ends the test")]
    pub fn stop(&mut self) -> std::process::ExitStatus {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.is_ok_and(|status| status.success()));
        self.child.wait().expect("the host ends")
    }

    /// Starts again on the same data; the port is another one.
    pub fn restart(&mut self) {
        self.kill();
        let (child, base, log) = spawn(&self.data, &self.flags, &self.env);
        self.child = child;
        self.log = log;
        self.client = Client::new(base, Some(KEY.into()));
    }

    /// As [`restart`](Self::restart), with other flags.
    pub fn restart_with_flags(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(ToString::to_string).collect();
        self.restart();
    }

    /// As [`restart`](Self::restart), with this in its environment beside what was there.
    pub fn restart_with_env(&mut self, env: &[(&str, &str)]) {
        self.env.extend(env.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        self.restart();
    }

    /// Removes what the disk has of a component's compiled code, while the host is down.
    pub fn forget_compiled_of(&self, digest: &str) {
        let digest = digest.trim_start_matches("sha256:");
        for file in self.cached_files().filter(|file| file.file_name().to_string_lossy().starts_with(digest)) {
            std::fs::remove_file(file.path()).ok();
        }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        self.client.address()
    }

    /// Watches the decisions of the brand `tea`. When this returns, nothing that comes is missed.
    pub fn watch(&self) -> Watched {
        Watched::open(self.address(), KEY)
    }

    /// Runs the `usher` command against this host, with its key.
    #[expect(clippy::expect_used, reason = "a command that does not start ends the test")]
    pub fn usher(&self, arguments: &[&str]) -> Output {
        Command::new(profile_dir().join("usher"))
            .args(arguments)
            .env("USHER_HOST", format!("http://{}", self.address()))
            .env("USHER_KEY", KEY)
            .output()
            .expect("the command starts")
    }

    /// The same, while it goes on: what it says on standard output can be read.
    #[expect(clippy::expect_used, reason = "a command that does not start ends the test")]
    pub fn usher_running(&self, arguments: &[&str]) -> Child {
        Command::new(profile_dir().join("usher"))
            .args(arguments)
            .env("USHER_HOST", format!("http://{}", self.address()))
            .env("USHER_KEY", KEY)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command starts")
    }

    /// Tries to serve the same data a second time, and waits for the end of that.
    pub fn second_on_the_same_data(&self) -> Output {
        let data = self.data.path().display().to_string();
        self.usher(&["serve", "--listen", "127.0.0.1:0", "--data", &data])
    }

    /// Forgets the compiled code on disk.
    #[expect(clippy::expect_used, reason = "without it the test shows nothing")]
    pub fn forget_compiled(&self) {
        std::fs::remove_dir_all(self.data.path().join("cache")).expect("there is compiled code");
    }

    /// Compiled code on disk, in bytes.
    pub fn cache_bytes(&self) -> u64 {
        self.cached_files().filter_map(|file| Some(file.metadata().ok()?.len())).sum()
    }

    fn cached_files(&self) -> impl Iterator<Item = std::fs::DirEntry> {
        let folders = std::fs::read_dir(self.data.path().join("cache")).into_iter().flatten().flatten();
        folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten())
    }
}

/// RFC 3339, for milliseconds of the test's day.
fn time(ms: u64) -> String {
    let since = ms - BEGINNING_MS;
    let (hours, minutes) = (12 + since / 3_600_000, since / 60_000 % 60);
    let (seconds, ms) = (since / 1000 % 60, since % 1000);
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("2026-11-22T{hours:02}:{minutes:02}:{seconds:02}{fraction}Z")
}
