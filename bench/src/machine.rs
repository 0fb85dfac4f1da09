//! Where the figures come from.

use std::fs::read_to_string;

/// A heading with the machine.
pub(crate) fn describe() -> String {
    let cpu_info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu_info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("?");
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "# Performance\n\nMade by `cargo xtask bench`: every table is one run, its rows interleaved; figures are medians over the\n\
         rounds, ratios are medians of each round's ratio. Absolute figures move with the machine, ratios much less.\n\n\
         Machine: {cores} cores of {cpu}, Linux {}, load {load} at the start.\n",
        kernel.trim()
    )
}
