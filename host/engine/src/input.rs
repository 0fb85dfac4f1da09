//! What a check may see: one event, its group, the brand's word lists, and the records read so far.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use usher_model::{Event, Group, GroupKey, Member, MemberId, WordListName};
use usher_text::{Folded, Hit, WordList};

/// The word lists of a brand, each with its revision, in the order of their names.
#[derive(Debug, Default)]
pub struct WordLists(Vec<(WordListName, u64, Arc<WordList>)>);

impl WordLists {
    /// Sorts and keeps the lists.
    pub fn new(lists: impl IntoIterator<Item = (WordListName, u64, Arc<WordList>)>) -> Self {
        let mut lists: Vec<_> = lists.into_iter().collect();
        lists.sort_by(|a, b| a.0.cmp(&b.0));
        Self(lists)
    }

    pub(crate) fn position(&self, name: &str) -> Option<u32> {
        let found = self.0.binary_search_by(|(known, _, _)| known.as_str().cmp(name)).ok()?;
        u32::try_from(found).ok()
    }

    pub(crate) fn list(&self, position: u32) -> Option<&Arc<WordList>> {
        self.0.get(position as usize).map(|(_, _, list)| list)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// What is known of the group.
#[derive(Debug, Clone)]
pub struct GroupFacts {
    /// Which group.
    pub key: GroupKey,
    /// What the brand says of it.
    pub record: Arc<Group>,
    /// IANA name of its time zone.
    pub time_zone: Arc<str>,
}

/// All that the plugins of one event may see, computed once for all of them.
#[derive(Debug)]
pub struct CheckInput {
    pub(crate) event: Arc<Event>,
    pub(crate) group: GroupFacts,
    pub(crate) word_lists: Arc<WordLists>,
    pub(crate) members: BTreeMap<MemberId, Option<Arc<Member>>>,
    folded: OnceLock<Folded>,
    hits: Vec<OnceLock<Vec<Hit>>>,
}

impl CheckInput {
    /// An event, before anything else was read.
    pub fn new(event: Arc<Event>, group: GroupFacts, word_lists: Arc<WordLists>) -> Self {
        let hits = (0..word_lists.len()).map(|_| OnceLock::new()).collect();
        Self { event, group, word_lists, members: BTreeMap::new(), folded: OnceLock::new(), hits }
    }

    /// The same input, with a member's record: none when the host has none.
    #[must_use]
    pub fn with_member(mut self, id: MemberId, record: Option<Arc<Member>>) -> Self {
        self.members.insert(id, record);
        self
    }

    /// The event's text, folded once for all plugins.
    pub fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::new(&self.event.text))
    }

    /// Hits of one list in the event's text, found once for all plugins.
    pub(crate) fn hits(&self, position: u32) -> &[Hit] {
        let Some((cell, list)) = self.hits.get(position as usize).zip(self.word_lists.list(position)) else {
            return &[];
        };
        cell.get_or_init(|| list.hits(self.folded()))
    }
}
