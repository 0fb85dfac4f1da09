//! Where the figures come from.

use std::fs::read_to_string;

/// A line on the machine, and on what else it does at the moment.
pub fn describe() -> String {
    let cpu_info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu_info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("?");
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("Measured on {cores} cores of {cpu}, Linux {}, load {load} at the start.", kernel.trim())
}
