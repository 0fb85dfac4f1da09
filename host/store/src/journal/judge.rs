//! What each commit of a batch comes to, in order. No I/O: the rules of the journal, to be read by themselves.

use crate::journal::{Commit, JournalEntry, Turn};
use std::collections::HashMap;
use usher_model::{DecisionId, EventId, GroupKey, Timestamp};

/// A group, as the batch finds it and then as the batch leaves it.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Its key in the database.
    pub id: i64,
    /// Sequence number of its last decision.
    pub sequence: u64,
    /// Its last decision; none before the first.
    pub decision: Option<DecisionId>,
    /// Whose turn it is, when only that one's commits take place.
    pub turn: Option<Turn>,
    /// Its time, once a commit of this batch has moved it.
    pub moved_to: Option<Timestamp>,
}

/// What becomes of one commit.
#[derive(Debug)]
pub(crate) enum Fate {
    /// It is written, at this position.
    Insert { sequence: u64 },
    /// Its event has this entry already.
    Duplicate(Box<JournalEntry>),
    /// The head that it was decided on has moved, or it is another's turn.
    Raced,
}

/// The batch's groups, each once, and for every commit which of them is its own.
pub(crate) fn groups_of(commits: &[Commit]) -> (Vec<&GroupKey>, Vec<usize>) {
    let (mut keys, mut places) = (Vec::new(), Vec::with_capacity(commits.len()));
    let mut seen = HashMap::new();
    for Commit { group, .. } in commits {
        places.push(*seen.entry(group).or_insert_with(|| {
            keys.push(group);
            keys.len() - 1
        }));
    }
    (keys, places)
}

/// Judges a batch. `places` says which of the groups each commit belongs to, and `standing` which commits have an entry
/// in the database. Later commits see what earlier ones of the batch did.
pub(crate) fn judge(
    commits: &[Commit],
    places: &[usize],
    groups: &mut [Group],
    mut standing: HashMap<usize, JournalEntry>,
) -> Vec<Fate> {
    let mut inserted: HashMap<(usize, &EventId), (&Commit, u64)> = HashMap::new();
    let mut fates = Vec::with_capacity(commits.len());
    for (index, (commit, &place)) in commits.iter().zip(places).enumerate() {
        let group = &mut groups[place];
        fates.push(if let Some(entry) = standing.remove(&index) {
            Fate::Duplicate(Box::new(entry))
        } else if let Some((first, sequence)) = inserted.get(&(place, &commit.event_id)) {
            Fate::Duplicate(Box::new(first.entry(*sequence)))
        } else if commit.expected_sequence != group.sequence
            || commit.expected_decision.is_some_and(|expected| group.decision != Some(expected))
            || group.turn.is_some_and(|turn| commit.turn != Some(turn))
        {
            Fate::Raced
        } else {
            let sequence = group.sequence + 1;
            (group.sequence, group.moved_to, group.decision) = (sequence, Some(commit.at), Some(commit.decision_id));
            group.turn = None;
            inserted.insert((place, &commit.event_id), (commit, sequence));
            Fate::Insert { sequence }
        });
    }
    fates
}
