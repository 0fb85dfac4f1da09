//! A registry in a folder of its own.

use crate::binary::find;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Keeps the registry until nobody holds the other end of its standard input any more, then stops it: so it ends also
/// when we are killed. Ctrl-C is for us, not for it.
const KEEPER: &str = r#"
trap '' INT
"$@" </dev/null &
server=$!
read -r _
kill "$server"
wait "$server"
"#;

/// Its name and password where it has some, and the file with them that it reads (bcrypt, as it wants it).
const USER: (&str, &str) = ("author", "a-password-for-tests-only");
const PASSWORDS: &str = "author:$2a$04$fGLkxHa4NH7pGvgYs7S1auK3VJvd.a7k72ESUuRLnY9F.iScCaTN.\n";

/// A running registry. It stops when this is dropped.
#[derive(Debug)]
pub struct Registry {
    keeper: Child,
    address: String,
    _folder: TempDir,
}

impl Registry {
    /// Starts one that takes what anybody brings.
    ///
    /// # Errors
    /// When there is none on this machine, or it does not start.
    pub fn start() -> Result<Self> {
        Self::start_with("")
    }

    /// Starts one that wants the [`user`](Self::user)'s password.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_with_password() -> Result<Self> {
        Self::start_with("auth:\n  htpasswd:\n    realm: tests\n    path: {folder}/passwords\n")
    }

    /// A name and its password, where one is wanted.
    pub fn user() -> (&'static str, &'static str) {
        USER
    }

    fn start_with(more: &str) -> Result<Self> {
        let binary =
            find().context("there is no OCI registry on this machine: `cargo xtask test` installs one if it can")?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().display().to_string();
        let config = format!(
            "version: 0.1\nlog:\n  level: info\nstorage:\n  filesystem:\n    rootdirectory: {path}/data\n\
             http:\n  addr: 127.0.0.1:0\n{}",
            more.replace("{folder}", &path)
        );
        std::fs::write(folder.path().join("config.yml"), config)?;
        std::fs::write(folder.path().join("passwords"), PASSWORDS)?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(binary).arg("serve").arg(folder.path().join("config.yml"));
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut keeper = keeper.spawn().context("`sh` can't be started")?;
        let mut log = BufReader::new(keeper.stderr.take().context("piped")?);
        let address = listens_on(&mut log);
        // It may write as much as it likes.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Ok(Self { keeper, address: address?, _folder: folder })
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// What it says when it is ready.
fn listens_on(log: &mut impl BufRead) -> Result<String> {
    let mut said = String::new();
    for line in log.by_ref().lines().map_while(Result::ok) {
        if let Some((_, rest)) = line.split_once("listening on ") {
            let address: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
            return Ok(address);
        }
        said.push_str(&line);
        said.push('\n');
    }
    anyhow::bail!("the registry ended before it listened:\n{said}")
}

impl Drop for Registry {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It ends by itself, and there is nobody to tell if not.
        let _ = self.keeper.wait();
    }
}
