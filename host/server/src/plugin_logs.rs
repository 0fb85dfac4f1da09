//! What plugins wrote to their logs lately: in memory, bounded, of this host alone, and gone with it.
//!
//! A line may quote what a member wrote, so it goes to no file and no database, and whoever reads it needs a permission
//! of its own. Only lines of decisions that were made are here: a run that was dropped has said nothing.

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::broadcast::{self, Receiver, Sender};
use usher_engine::{LogLevel, LogLine};
use usher_model::{BrandId, Decision, EventId, GroupId, PluginName, PluginVersion, Timestamp};

/// Lines that a reader may be behind.
const BEHIND_MAX: usize = 256;

/// How much is kept of what plugins write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PluginLogLimits {
    /// Lines of one plugin in one brand.
    pub lines: usize,
    /// Bytes of those lines.
    pub bytes: usize,
    /// Plugins, each brand's counted apart, that anything is kept of.
    pub plugins: usize,
}

impl Default for PluginLogLimits {
    fn default() -> Self {
        Self { lines: 1000, bytes: 64 << 10, plugins: 1000 }
    }
}

/// A line, and what it was written about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Counts a plugin's lines in a brand since the host started, from 1.
    pub(crate) number: u64,
    /// The group's time when it was written.
    pub(crate) at: Timestamp,
    pub(crate) group: GroupId,
    pub(crate) event: EventId,
    pub(crate) version: PluginVersion,
    pub(crate) level: LogLevel,
    pub(crate) message: String,
}

/// One plugin's lines in one brand.
#[derive(Debug, Default)]
struct Ring {
    lines: VecDeque<Arc<Line>>,
    bytes: usize,
    last: u64,
    /// When it was written to, as the number of writes before.
    written: u64,
    /// None until somebody follows.
    followers: Option<Sender<Arc<Line>>>,
}

impl Ring {
    fn push(&mut self, limits: &PluginLogLimits, line: Arc<Line>) {
        self.bytes += line.message.len();
        if let Some(followers) = &self.followers {
            // Nobody following any more is no error.
            let _ = followers.send(line.clone());
        }
        self.lines.push_back(line);
        while self.lines.len() > limits.lines || self.bytes > limits.bytes {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.message.len();
        }
    }

    fn last(&self, lines: usize) -> Vec<Arc<Line>> {
        self.lines.iter().skip(self.lines.len().saturating_sub(lines)).cloned().collect()
    }

    fn is_followed(&self) -> bool {
        self.followers.as_ref().is_some_and(|followers| followers.receiver_count() > 0)
    }
}

/// All of them, and how often any was written to.
#[derive(Debug, Default)]
struct Rings {
    of: BTreeMap<(BrandId, PluginName), Ring>,
    writes: u64,
}

impl Rings {
    /// The plugin's ring. When there are too many, the one that nobody follows and nothing was written to for longest
    /// goes.
    fn ring(&mut self, most: usize, brand: &BrandId, plugin: &PluginName) -> &mut Ring {
        let key = (brand.clone(), plugin.clone());
        if !self.of.contains_key(&key) && self.of.len() >= most {
            let idle = self.of.iter().filter(|(_, ring)| !ring.is_followed());
            if let Some(key) = idle.min_by_key(|(_, ring)| ring.written).map(|(key, _)| key.clone()) {
                self.of.remove(&key);
            }
        }
        self.writes += 1;
        let ring = self.of.entry(key).or_default();
        ring.written = self.writes;
        ring
    }
}

/// The lines of all plugins.
#[derive(Debug)]
pub(crate) struct PluginLogs {
    limits: PluginLogLimits,
    rings: Mutex<Rings>,
}

impl PluginLogs {
    pub(crate) fn new(limits: &PluginLogLimits) -> Self {
        Self { limits: limits.clone(), rings: Mutex::default() }
    }

    /// Keeps what plugins wrote for a decision that was made.
    pub(crate) fn keep(&self, brand: &BrandId, decision: &Decision, lines: Vec<(PluginName, LogLine)>) {
        if lines.is_empty() {
            return;
        }
        let mut rings = self.rings.lock();
        for (plugin, LogLine { level, message }) in lines {
            let report = decision.plugins.iter().find(|report| report.plugin == plugin);
            let Some(version) = report.map(|report| report.version.clone()) else { continue };
            let ring = rings.ring(self.limits.plugins, brand, &plugin);
            ring.last += 1;
            let (number, at) = (ring.last, decision.at);
            let (group, event) = (decision.group.clone(), decision.event.clone());
            ring.push(&self.limits, Arc::new(Line { number, at, group, event, version, level, message }));
        }
    }

    /// The last lines of a plugin, oldest first.
    pub(crate) fn last(&self, brand: &BrandId, plugin: &PluginName, lines: usize) -> Vec<Arc<Line>> {
        let rings = self.rings.lock();
        rings.of.get(&(brand.clone(), plugin.clone())).map(|ring| ring.last(lines)).unwrap_or_default()
    }

    /// The last lines of a plugin, and all that come after them, without a gap.
    pub(crate) fn follow(
        &self,
        brand: &BrandId,
        plugin: &PluginName,
        lines: usize,
    ) -> (Vec<Arc<Line>>, Receiver<Arc<Line>>) {
        let mut rings = self.rings.lock();
        let ring = rings.ring(self.limits.plugins, brand, plugin);
        let followers = ring.followers.get_or_insert_with(|| broadcast::channel(BEHIND_MAX).0);
        let receiver = followers.subscribe();
        (ring.last(lines), receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(brand: &str, plugin: &str) -> (BrandId, PluginName) {
        (brand.parse().unwrap(), plugin.parse().unwrap())
    }

    fn write(logs: &PluginLogs, (brand, plugin): &(BrandId, PluginName), message: &str) {
        let report = serde_json::json!({"plugin": plugin, "version": "0.1.0", "digest": usher_model::Digest::of(b""),
            "revision": 1, "mode": "enforce", "outcome": "abstain", "fuel": 1, "duration_us": 1});
        let decision = serde_json::json!({"id": "dec_00000000000000000000000000000007", "event": "m-1", "group": "g",
            "sequence": 1, "at": "2026-11-22T12:00:00Z", "verdict": "allow", "actions": [], "findings": [],
            "plugins": [report],
            "plan": usher_model::Digest::of(b"")});
        let decision: Decision = serde_json::from_value(decision).unwrap();
        let line = LogLine { level: LogLevel::Info, message: message.into() };
        logs.keep(brand, &decision, vec![(plugin.clone(), line)]);
    }

    fn read(logs: &PluginLogs, (brand, plugin): &(BrandId, PluginName)) -> Vec<String> {
        logs.last(brand, plugin, 10).iter().map(|line| format!("{} {}", line.number, line.message)).collect()
    }

    #[test]
    fn the_newest_lines_are_kept_within_their_number_and_bytes() {
        let logs = PluginLogs::new(&PluginLogLimits { lines: 3, bytes: 8, plugins: 9 });
        let here = ids("tea", "a");
        for message in ["one", "two", "xy", "z"] {
            write(&logs, &here, message);
        }
        assert_eq!(read(&logs, &here), ["2 two", "3 xy", "4 z"]);
        write(&logs, &here, "sixsix");
        assert_eq!(read(&logs, &here), ["4 z", "5 sixsix"]);
        assert_eq!(read(&logs, &ids("coffee", "a")), [] as [&str; 0], "another brand's plugin of the same name");
    }

    #[test]
    fn who_follows_misses_nothing_and_keeps_the_place() {
        let logs = PluginLogs::new(&PluginLogLimits { plugins: 2, ..PluginLogLimits::default() });
        let [a, b, c] = ["a", "b", "c"].map(|plugin| ids("tea", plugin));
        write(&logs, &a, "before");
        let (last, mut receiver) = logs.follow(&a.0, &a.1, 10);
        assert_eq!(last[0].message, "before");
        write(&logs, &b, "x");
        write(&logs, &c, "x");
        assert_eq!((read(&logs, &b), read(&logs, &c).len()), (vec![], 1), "the idle one makes room");
        write(&logs, &a, "after");
        let line = receiver.try_recv().unwrap();
        assert_eq!((line.number, line.message.as_str()), (2, "after"));
    }
}
