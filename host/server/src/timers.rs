//! A group's pending timers, in the order in which they fire.

use std::collections::{BTreeMap, BTreeSet};
use usher_model::{Event, MemberId, PluginName, Sequence, Timer, TimerChange, Timestamp};
use usher_store::journal::TimerWrite;

type Name = (PluginName, Box<str>);

/// Timers that have not fired. There is one of a name, for each plugin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers {
    by_name: BTreeMap<Name, Timer>,
    by_due: BTreeSet<(Timestamp, Sequence, Name)>,
}

impl Timers {
    pub(crate) fn new(timers: impl IntoIterator<Item = Timer>) -> Self {
        let mut pending = Self::default();
        for timer in timers {
            pending.put((timer.plugin.clone(), timer.name.clone()), Some(timer));
        }
        pending
    }

    /// The first one due at or before that moment.
    pub(crate) fn due(&self, until: Timestamp) -> Option<&Timer> {
        let (due, _, name) = self.by_due.first()?;
        self.by_name.get(name).filter(|_| *due <= until)
    }

    /// When the first one fires.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_due.first().map(|(due, _, _)| *due)
    }

    /// How many of a plugin's would be pending after these changes.
    pub(crate) fn pending_after(&self, plugin: &PluginName, changes: &[TimerChange]) -> u64 {
        let from = (plugin.clone(), Box::from(""));
        let pending = self.by_name.range(from..).take_while(|((owner, _), _)| owner == plugin);
        let mut names: BTreeSet<&str> = pending.map(|((_, name), _)| &**name).collect();
        for change in changes {
            match change.due {
                Some(_) => names.insert(&change.name),
                None => names.remove(&*change.name),
            };
        }
        names.len() as u64
    }

    /// What the decision about an event writes: the timer that fired is gone, unless it was started again.
    pub(crate) fn writes(
        fired: Option<&Timer>,
        event: &Event,
        changes: &[TimerChange],
        sequence: Sequence,
    ) -> Vec<TimerWrite> {
        let member: Option<MemberId> = event.on_behalf_of().and_then(|member| member.parse().ok());
        let gone =
            fired.map(|timer| TimerWrite { plugin: timer.plugin.clone(), name: timer.name.clone(), timer: None });
        let changed = changes.iter().map(|change| TimerWrite {
            plugin: change.plugin.clone(),
            name: change.name.clone(),
            timer: change.due.map(|due| Timer {
                due,
                started: sequence,
                plugin: change.plugin.clone(),
                name: change.name.clone(),
                note: change.note.clone(),
                member: member.clone(),
            }),
        });
        gone.into_iter().chain(changed).collect()
    }

    /// Takes what a decision wrote.
    pub(crate) fn apply(&mut self, writes: &[TimerWrite]) {
        for write in writes {
            self.put((write.plugin.clone(), write.name.clone()), write.timer.clone());
        }
    }

    fn put(&mut self, name: Name, timer: Option<Timer>) {
        let before = match timer {
            Some(timer) => {
                self.by_due.insert((timer.due, timer.started, name.clone()));
                let same = |before: &Timer| (before.due, before.started) == (timer.due, timer.started);
                self.by_name.insert(name.clone(), timer.clone()).filter(|before| !same(before))
            }
            None => self.by_name.remove(&name),
        };
        if let Some(before) = before {
            self.by_due.remove(&(before.due, before.started, name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms).unwrap()
    }

    fn change(name: &str, due_ms: Option<u64>) -> TimerChange {
        TimerChange { plugin: "p".parse().unwrap(), name: name.into(), due: due_ms.map(at), note: "".into() }
    }

    fn message() -> Event {
        serde_json::from_str(r#"{"id":"e","kind":"message.created","at":"1970-01-01T00:00:00Z","actor":{"id":"u-7"}}"#)
            .unwrap()
    }

    fn after(timers: &mut Timers, changes: &[TimerChange], sequence: Sequence) {
        timers.apply(&Timers::writes(None, &message(), changes, sequence));
    }

    #[test]
    fn the_first_due_fires_first_and_moves_when_it_is_started_again() {
        let mut timers = Timers::default();
        after(&mut timers, &[change("b", Some(20)), change("a", Some(10)), change("c", Some(10))], 1);
        assert_eq!(timers.due(at(9)), None);
        assert_eq!(&*timers.due(at(10)).unwrap().name, "a");
        after(&mut timers, &[change("a", Some(30)), change("c", None)], 2);
        assert_eq!(&*timers.due(at(99)).unwrap().name, "b");
        assert_eq!(timers.next(), Some(at(20)));
        assert_eq!(timers.by_due.len(), 2);
    }

    #[test]
    fn one_that_fired_is_gone_unless_it_was_started_again() {
        let mut timers = Timers::default();
        after(&mut timers, &[change("a", Some(10))], 1);
        let fired = timers.due(at(10)).cloned().unwrap();
        timers.apply(&Timers::writes(Some(&fired), &fired.event(), &[change("a", Some(20))], 2));
        assert_eq!(timers.next(), Some(at(20)));
        let fired = timers.due(at(20)).cloned().unwrap();
        assert_eq!(fired.member, Some("u-7".parse().unwrap()), "whoever was the first one's");
        timers.apply(&Timers::writes(Some(&fired), &fired.event(), &[], 3));
        assert_eq!((timers.next(), timers.by_name.len()), (None, 0));
    }

    #[test]
    fn pending_counts_a_plugins_own_names() {
        let mut timers = Timers::default();
        after(&mut timers, &[change("a", Some(10)), change("b", Some(10))], 1);
        let p = "p".parse().unwrap();
        assert_eq!(timers.pending_after(&p, &[change("a", Some(9)), change("c", Some(9))]), 3);
        assert_eq!(timers.pending_after(&p, &[change("a", None), change("x", None)]), 1);
        assert_eq!(timers.pending_after(&"q".parse().unwrap(), &[]), 0);
    }
}
