//! What can be seen of a host from outside: its journal, its numbers, its memory.

use crate::TestHost;
use serde_json::Value;
use std::fs::File;
use std::io::Read;

impl TestHost {
    /// All decisions of a group of `tea`, or of all groups, oldest first.
    ///
    /// # Panics
    /// When the host does not list them.
    #[expect(clippy::expect_used, reason = "a page without items is no page")]
    pub fn journal(&self, group: Option<&str>) -> Vec<Value> {
        let of_group = group.map(|group| format!("&group={group}")).unwrap_or_default();
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v1/brands/tea/decisions?limit=100{of_group}{cursor}")).expect(200).json();
            all.extend(page["items"].as_array().expect("items").iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        all.reverse();
        all
    }

    /// A number of `/metrics` that has no labels.
    ///
    /// # Panics
    /// When there is none of that name.
    #[expect(clippy::expect_used, reason = "without it no test can judge")]
    pub fn metric(&self, name: &str) -> usize {
        let metrics = self.get("/metrics").expect(200).text;
        let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.and_then(|value| value.parse().ok()).expect("a number of that name")
    }

    /// Resident memory of the process, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        let mut statm = String::new();
        let opened = File::open(format!("/proc/{}/statm", self.process_id()));
        let read = opened.and_then(|mut file| file.read_to_string(&mut statm));
        let pages = read.ok().and_then(|_| statm.split(' ').nth(1)?.parse::<u64>().ok());
        pages.unwrap_or_default() * 4096
    }
}
