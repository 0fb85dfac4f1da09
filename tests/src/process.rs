//! What the kernel knows of a process.

use std::fs;

/// The environments of a process's children, as they stand now.
pub fn environments_of_children(process: u32) -> Vec<String> {
    of_children(process, "environ")
}

/// How many threads each of a process's children has now, and by how much it gives way (`nice`).
pub fn threads_of_children(process: u32) -> Vec<(u32, i32)> {
    let threads = |stat: String| {
        // The fields after the name, which may contain anything: `proc_pid_stat(5)`.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some((fields.get(17)?.parse().ok()?, fields.get(16)?.parse().ok()?))
    };
    of_children(process, "stat").into_iter().filter_map(threads).collect()
}

fn of_children(process: u32, file: &str) -> Vec<String> {
    let mut contents = Vec::new();
    for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            contents.extend(fs::read_to_string(format!("/proc/{child}/{file}")));
        }
    }
    contents
}
