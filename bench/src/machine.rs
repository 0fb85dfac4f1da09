//! Where the figures come from.

use std::fs::read_to_string;
use std::time::{Duration, Instant};

/// How long a loop that does nothing is watched.
const WATCHED: Duration = Duration::from_secs(1);
/// A shorter gap is an interrupt, or another process's turn.
const PAUSE: Duration = Duration::from_millis(2);

/// A line on the machine, and on what else it does at the moment.
pub fn describe() -> String {
    let cpu_info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu_info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("?");
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("Measured on {cores} cores of {cpu}, Linux {}, load {load} at the start{}.", kernel.trim(), told(&pauses()))
}

/// When a loop that does nothing stood still: a virtual machine with a quota of processor time is stopped as a whole, and
/// a tail of milliseconds is then the machine's and not the program's.
fn pauses() -> Vec<Duration> {
    let started = Instant::now();
    let (mut before, mut pauses) = (started, Vec::new());
    while started.elapsed() < WATCHED {
        let now = Instant::now();
        if now - before >= PAUSE {
            pauses.push(now - before);
        }
        before = now;
    }
    pauses
}

fn told(pauses: &[Duration]) -> String {
    let Some(longest) = pauses.iter().max() else { return String::new() };
    let (count, ms) = (pauses.len(), longest.as_secs_f64() * 1e3);
    format!("; a loop that did nothing for a second was stopped {count} times, for {ms:.0} ms at most")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_told_only_where_there_were_any() {
        assert_eq!(told(&[]), "");
        let told = told(&[Duration::from_millis(3), Duration::from_micros(7_800)]);
        assert_eq!(told, "; a loop that did nothing for a second was stopped 2 times, for 8 ms at most");
    }
}
