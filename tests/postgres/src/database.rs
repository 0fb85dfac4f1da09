//! Empty databases, one for each test: schemas of one database, as making those is cheap.

use crate::SERVER;
use crate::binaries::find;
use crate::server::{Server, succeed};
use anyhow::Result;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The address of a new and empty database: on the server that [`SERVER`] names, or else on one that this process
/// starts and that ends with it.
///
/// # Errors
/// When there is no PostgreSQL here.
pub fn database() -> Result<String> {
    static OWN: OnceLock<Result<Server, String>> = OnceLock::new();
    static MADE: AtomicU32 = AtomicU32::new(0);
    let server = match std::env::var(SERVER) {
        Ok(server) => server,
        Err(_) => {
            match OWN.get_or_init(|| Server::start(&std::env::temp_dir()).map_err(|error| format!("{error:#}"))) {
                Ok(server) => server.url(),
                Err(error) => anyhow::bail!("{error}; `cargo xtask test` installs one if it can"),
            }
        }
    };
    let name = format!("t{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    execute(&server, &format!("CREATE SCHEMA {name}"))?;
    Ok(format!("{server}&options[search_path]={name}"))
}

/// Runs a statement.
fn execute(url: &str, sql: &str) -> Result<()> {
    let psql = find().unwrap_or_default().join("psql");
    let mut command = Command::new(psql);
    command.args(["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-c", sql, url]).current_dir(Path::new("/"));
    succeed(command.output())
}
