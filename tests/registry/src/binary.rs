//! Where this machine has a registry.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// None when this machine has none. Debian calls it `docker-registry`, others `registry`.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let named = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    named("docker-registry").or_else(|| named("registry"))
}

/// Installs a registry when this machine has none.
///
/// # Errors
/// When that is not possible here, with what to do.
pub fn install() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    // Where there is a service manager, the package would start a registry that everybody reaches.
    let install = "ln -sf /dev/null /etc/systemd/system/docker-registry.service 2>/dev/null; \
                   (apt-get update && apt-get install --yes docker-registry) >/dev/null";
    let as_root = format!("if [ \"$(id -u)\" = 0 ]; then {install}; else sudo -n sh -c '{install}'; fi");
    let mut command = Command::new("sh");
    command.args(["-c", &as_root]).env("DEBIAN_FRONTEND", "noninteractive");
    let status = command.status().context("`sh` can't be started")?;
    if !status.success() || find().is_none() {
        bail!(
            "an OCI registry is not on this machine and can't be installed here: put `registry` of distribution on the \
             PATH (Debian: docker-registry)"
        );
    }
    Ok(())
}
