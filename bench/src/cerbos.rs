//! Usher beside Cerbos over HTTP, for a rule that both can express: a link of someone who joined less than 72 hours ago
//! is held.

use crate::http::{CONNECTIONS, KEY, Row, Server, measure, table, target_dir};
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use usher_bench::corpus;
use usher_bench::load::{GROUPS, Requests, post};

const POLICY: &str = include_str!("cerbos/message.yaml");

/// 2026-11-22T12:00:00Z.
const AT_MS: u64 = 1_795_348_800_000;
const HOUR_MS: u64 = 3_600_000;

/// Messages that are compared before timing.
const COMPARED: u64 = 512;
/// Where their numbers begin: far above those of the load.
const COMPARED_FROM: u64 = 1 << 40;

/// How long Cerbos has to get ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// One message, in the words of neither server.
struct Message {
    number: u64,
    text: String,
    joined_ms: u64,
}

impl Message {
    /// One in three has a link; one in two is a newcomer's.
    fn new(number: u64, texts: &[String]) -> Self {
        let text = usize::try_from(number).ok().and_then(|n| texts.get(n % texts.len())).map_or("", String::as_str);
        let link = if number.is_multiple_of(3) { " https://tea.example/" } else { "" };
        Self { number, text: format!("{text}{link}"), joined_ms: AT_MS - (number * 7 % 144) * HOUR_MS }
    }

    fn is_held(&self) -> bool {
        self.text.contains("https://") && AT_MS - self.joined_ms < 72 * HOUR_MS
    }
}

/// A server's side of the rule: where a message goes, and what the answer says.
#[derive(Clone, Copy)]
struct Dialect {
    path: fn(&Message) -> String,
    body: fn(&Message) -> String,
    is_held: fn(&Value) -> bool,
}

const USHER: Dialect = Dialect {
    path: |message| format!("/v1/brands/b/groups/g{}/events", message.number % GROUPS),
    body: |Message { number, text, joined_ms }| {
        format!(
            r#"{{"id":"e-{number}","kind":"message.created","at":"2026-11-22T12:00:00Z","actor":{{"id":"u-{}","roles":["member"]}},"text":"{text}","payload":{{"joined_ms":{joined_ms}}}}}"#,
            number % 1000
        )
    },
    is_held: |answer| answer["verdict"] == "hold",
};

const CERBOS: Dialect = Dialect {
    path: |_| "/api/check/resources".to_owned(),
    body: |Message { number, text, joined_ms }| {
        format!(
            r#"{{"requestId":"e-{number}","principal":{{"id":"u-{}","roles":["member"],"attr":{{"joined_ms":{joined_ms}}}}},"resources":[{{"actions":["post"],"resource":{{"kind":"message","id":"e-{number}","attr":{{"at_ms":{AT_MS},"text":"{text}"}}}}}}]}}"#,
            number % 1000
        )
    },
    is_held: |answer| answer["results"][0]["actions"]["post"] == "EFFECT_DENY",
};

impl Dialect {
    fn requests(self) -> Requests {
        let texts = corpus::messages();
        Arc::new(move |number| {
            let message = Message::new(number, &texts);
            post(&(self.path)(&message), KEY, &(self.body)(&message))
        })
    }

    /// Every message must end as the rule says.
    fn compare(self, server: &Server) -> anyhow::Result<()> {
        let texts = corpus::messages();
        let messages: Vec<_> = (0..COMPARED).map(|number| Message::new(COMPARED_FROM + number, &texts)).collect();
        ensure!(messages.iter().any(Message::is_held), "the rule never speaks");
        for message in messages {
            let body = (self.body)(&message);
            let answer = server.send("POST", &(self.path)(&message), "application/json", body.as_bytes())?;
            ensure!((self.is_held)(&answer) == message.is_held(), "{body}: {answer}");
        }
        Ok(())
    }
}

/// The same load, the servers interleaved.
pub(crate) fn run(binary: &Path, rounds: usize, round: Duration) -> anyhow::Result<String> {
    let plugin =
        std::fs::read(target_dir().join("plugins/newcomer-links.wasm")).context("run this with `cargo xtask bench`")?;
    let (events, checks) = (USHER.requests(), CERBOS.requests());
    let mut rows = [
        Row::new("bare axum: parse the event, answer a decision", Server::echo()?, &events),
        Row::new("**Usher**, decisions durable", Server::usher(&[plugin])?, &events),
        Row::new("Cerbos, decisions not kept", serve(binary, Audit::Off)?, &checks),
        Row::new("Cerbos, decisions to its local audit log", serve(binary, Audit::Local)?, &checks),
    ];
    let [_, usher, stateless, audited] = &rows;
    for (dialect, row) in [(USHER, usher), (CERBOS, stateless), (CERBOS, audited)] {
        dialect.compare(&row.server)?;
    }
    measure(&mut rows, CONNECTIONS, rounds, round)?;
    let mut text = format!(
        "\n## Beside Cerbos, over HTTP\n\nA link of someone who joined less than 72 hours ago is held; {COMPARED} verdicts compared before timing. All that the\n\
         rule reads is in the request. Usher: a plugin on a fresh instance, every decision durable in SQLite before it is\n\
         answered, at most once for each event. Cerbos {}: the same condition in its policy, answers that nothing depends on\n\
         later; its audit log is written in batches after the answer. {CONNECTIONS} connections, one message a request;\n\
         Cerbos' gRPC was not measured. The load runs on the same machine.\n\n",
        version(binary)?
    );
    text.push_str(&table(&rows)?);
    Ok(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Audit {
    Off,
    Local,
}

fn serve(binary: &Path, audit: Audit) -> anyhow::Result<Server> {
    let data = tempfile::tempdir_in(target_dir())?;
    let policies = data.path().join("policies");
    std::fs::create_dir(&policies)?;
    std::fs::write(policies.join("message.yaml"), POLICY)?;
    let (http, grpc) = (free_address()?, free_address()?);
    let mut command = Command::new(binary);
    command.args(["server", "--log-level=error"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.arg(format!("--set=server.httpListenAddr={http}")).arg(format!("--set=server.grpcListenAddr={grpc}"));
    command.arg(format!("--set=storage.disk.directory={}", policies.display()));
    command.args([
        "--set=storage.driver=disk",
        "--set=storage.disk.watchForChanges=false",
        "--set=telemetry.disabled=true",
    ]);
    if audit == Audit::Local {
        command.args(["--set=audit.enabled=true", "--set=audit.backend=local", "--set=audit.decisionLogsEnabled=true"]);
        command.arg(format!("--set=audit.local.storagePath={}", data.path().join("audit").display()));
    }
    let server = Server::started(command, http, data)?;
    let started = Instant::now();
    while TcpStream::connect(&server.address).is_err() {
        if started.elapsed() > READY_WITHIN {
            bail!("Cerbos does not listen on {}", server.address);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

/// An address that nobody listens on.
fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn version(binary: &Path) -> anyhow::Result<String> {
    let output = Command::new(binary).arg("--version").output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Ok(said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("?").to_owned())
}
