//! Where webhooks lead: a server that does what the test says and keeps what it is told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Inbox, Sender, channel};
use std::thread;
use std::time::Duration;

/// A message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// By name, in lower case.
    pub headers: HashMap<String, String>,
    /// As it came.
    pub body: String,
}

impl Told {
    /// What the receiver keeps apart by.
    pub fn id(&self) -> &str {
        self.headers.get("webhook-id").map_or("", String::as_str)
    }

    /// The message.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it is signed with this secret, checked as the specification of Standard Webhooks says.
    #[expect(clippy::expect_used, reason = "a secret that is none ends the test")]
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let timestamp = self.headers.get("webhook-timestamp").map_or("", String::as_str);
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length is a key");
        mac.update(format!("{}.{timestamp}.{}", self.id(), self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.headers.get("webhook-signature").is_some_and(|all| all.split(' ').any(|one| one == expected))
    }
}

/// What to do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// This status.
    With(u16),
    /// Nothing at all; the connection stays open.
    Never,
}

/// A server on a port of its own. It lives as long as the process.
#[derive(Debug)]
pub struct Receiver {
    url: String,
    told: Inbox<Told>,
    answers: Sender<Answers>,
}

impl Receiver {
    /// Answers the first messages so, and all others with 204.
    #[expect(clippy::expect_used, reason = "without a port no test can run")]
    pub fn start(first: &[Answers]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/usher", listener.local_addr().expect("an address"));
        let ((tell, told), (answers, script)) = (channel(), channel());
        for answer in first {
            answers.send(*answer).expect("the other end is here");
        }
        let script = std::sync::Arc::new(std::sync::Mutex::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tell, script) = (tell.clone(), script.clone());
                thread::spawn(move || {
                    let next = || script.lock().ok()?.try_recv().ok();
                    // A connection that ends is the sender's right.
                    let _ = serve(&stream, &tell, next);
                });
            }
        });
        Self { url, told, answers }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Does this with the next message that has no other instruction yet.
    pub fn answer(&self, answer: Answers) {
        self.answers.send(answer).ok();
    }

    /// The next message; waits for it.
    #[expect(clippy::expect_used, reason = "a message that does not come ends the test")]
    pub fn next(&self) -> Told {
        self.told.recv_timeout(Duration::from_mins(1)).expect("a message")
    }

    /// The messages that have come and were not looked at.
    pub fn rest(&self) -> Vec<Told> {
        self.told.try_iter().collect()
    }
}

fn serve(stream: &TcpStream, tell: &Sender<Told>, next: impl Fn() -> Option<Answers>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut headers = HashMap::new();
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let answer = next().unwrap_or(Answers::With(204));
        tell.send(Told { headers, body: String::from_utf8_lossy(&body).into() }).ok();
        match answer {
            Answers::With(status) => write!(&*stream, "HTTP/1.1 {status} As told\r\nContent-Length: 0\r\n\r\n")?,
            Answers::Never => {}
        }
    }
}
