//! Where this machine has PostgreSQL.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with `initdb`, `postgres` and `psql`; none when this machine has no server.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    configured.into_iter().chain(packaged()).chain(std::env::split_paths(&path)).find(|folder| is_whole(folder))
}

/// Where Debian and its kin put them, the newest first.
fn packaged() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    versions.into_iter().map(|version| version.join("bin")).collect()
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| folder.join(name).is_file())
}

/// Installs PostgreSQL when this machine has none.
///
/// # Errors
/// When that is not possible here, with what to do.
pub fn install() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    let install = "(apt-get update && apt-get install --yes postgresql) >/dev/null";
    let as_root = format!("if [ \"$(id -u)\" = 0 ]; then {install}; else sudo -n sh -c '{install}'; fi");
    let mut command = Command::new("sh");
    command.args(["-c", &as_root]).env("DEBIAN_FRONTEND", "noninteractive");
    let status = command.status().context("`sh` can't be started")?;
    if !status.success() || find().is_none() {
        bail!("PostgreSQL is not on this machine and can't be installed here: put `initdb` and `postgres` on the PATH");
    }
    Ok(())
}
