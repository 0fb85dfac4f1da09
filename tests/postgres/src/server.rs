//! A server in a folder of its own.

use crate::binaries::find;
use anyhow::{Context, Result, bail};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server has to get ready.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// No network, many tests at once, and a disk that has enough to do: each commit is synced, and little else.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "max_connections=300",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "checkpoint_timeout=1d",
    "full_page_writes=off",
];

/// Keeps the server until nobody holds the other end of its standard input any more, then stops it and tidies up: so
/// it ends also when we are killed. Ctrl-C is for us, not for it. Nothing is worth a clean shutdown.
const KEEPER: &str = r#"
trap '' INT
folder=$1; sockets=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$folder" "$sockets"
"#;

/// A running PostgreSQL. It stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    keeper: Child,
    sockets: PathBuf,
    folder: PathBuf,
}

/// Who the server runs as when we are root: it refuses to be.
#[derive(Debug, Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl Server {
    /// Starts a server whose data lies in a new folder in this one.
    ///
    /// # Errors
    /// When there is no PostgreSQL here, or it does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let binaries = find().context("there is no PostgreSQL on this machine")?;
        let user = unprivileged()?;
        sweep(folder);
        let name = format!("postgres-{}-{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        // A socket's path is short, so it is not in the target folder.
        let sockets = make(&std::env::temp_dir().join(format!("usher-{name}")), user)?;
        let data = match make(&folder.join(&name), user) {
            Ok(data) if may_write(&data, user) => data,
            // Somewhere above it is a folder that the other user may not enter.
            _ => make(&sockets.join("data"), user)?,
        };
        let initdb = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"];
        let mut initdb = command(&binaries.join("initdb"), &initdb, user);
        succeed(initdb.arg(data.join("cluster")).current_dir(&data).output())?;
        let mut keeper = command(Path::new("sh"), &["-c", KEEPER, "keeper"], user);
        keeper.args([&data, &sockets, &binaries.join("postgres")]).arg("-D").arg(data.join("cluster"));
        keeper.arg("-k").arg(&sockets);
        keeper.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.current_dir(&data).spawn().context("`sh` can't be started")?;
        let mut server = Self { keeper, sockets, folder: folder.to_owned() };
        server.wait_until_ready(&binaries, &data)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, binaries: &Path, data: &Path) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < READY_WITHIN {
            let asked = Command::new(binaries.join("pg_isready")).arg("--quiet").arg("-h").arg(&self.sockets).status();
            if asked.context("`pg_isready` can't be started")?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(data.join("log")).unwrap_or_default();
        bail!("PostgreSQL is not ready after {} s: {log}", READY_WITHIN.as_secs())
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.sockets.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It ends by itself, and there is nobody to tell if not.
        let _ = self.keeper.wait();
        sweep(&self.folder);
    }
}

/// Takes away what servers left in the folder, which they could empty and not remove. One that runs is not empty.
fn sweep(folder: &Path) {
    let left = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in left.filter(|entry| entry.file_name().to_string_lossy().starts_with("postgres-")) {
        let _ = std::fs::remove_dir(entry.path());
    }
}

fn unprivileged() -> Result<Option<User>> {
    let number = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    if number(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let user = |name| Some(User { id: number(&["-u", name])?, group: number(&["-g", name])? });
    let user = user("postgres").or_else(|| user("nobody"));
    Ok(Some(user.context("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")?))
}

/// A folder for that user alone.
fn make(folder: &Path, user: Option<User>) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    if let Some(user) = user {
        chown(folder, Some(user.id), Some(user.group))?;
    }
    Ok(folder.to_owned())
}

fn may_write(folder: &Path, user: Option<User>) -> bool {
    let mut test = command(Path::new("test"), &["-w"], user);
    test.arg(folder).current_dir("/").status().is_ok_and(|status| status.success())
}

fn command(program: &Path, arguments: &[&str], user: Option<User>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    if let Some(User { id, group }) = user {
        command.uid(id).gid(group);
    }
    command
}

pub(crate) fn succeed(output: std::io::Result<Output>) -> Result<()> {
    let output = output.context("PostgreSQL can't be started")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
