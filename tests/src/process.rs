//! What the kernel knows of a process.

use std::fs;

/// The environments of a process's children, as they stand now.
pub fn environments_of_children(process: u32) -> Vec<String> {
    let mut environments = Vec::new();
    for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            environments.extend(fs::read_to_string(format!("/proc/{child}/environ")));
        }
    }
    environments
}
