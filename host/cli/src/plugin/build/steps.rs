//! What a build does, a line a step, with the seconds that it took. Told on standard error: the path of the component is
//! the answer, and goes to standard output.

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Does one thing, under a name.
pub(super) fn step<T>(name: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    // Nothing is drawn where standard error is no terminal.
    let spinner = ProgressBar::new_spinner().with_message(name.to_owned());
    let style = ProgressStyle::with_template("  {spinner} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    spinner.set_style(style);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let started = Instant::now();
    let done = work();
    spinner.finish_and_clear();
    if done.is_ok() {
        tell(&format!("  {name:<40} {:>6.1} s", started.elapsed().as_secs_f32()));
    }
    done
}

/// Runs a program to its end. What it says is shown when it fails.
pub(super) fn run(name: &str, command: &mut Command) -> anyhow::Result<()> {
    step(name, || {
        let program = command.get_program().to_string_lossy().into_owned();
        // A tool's own backtrace is for those who make the tool.
        let ended = command
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("`{program}` can't be started"))?;
        if !ended.status.success() {
            let said = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
            bail!("{}\n{name} failed", said.join("\n").trim());
        }
        Ok(())
    })
}

#[expect(clippy::print_stderr, reason = "progress of a long command")]
fn tell(text: &str) {
    eprintln!("{text}");
}
