//! What a check may see: one event, its group, the brand's word lists, and what was read so far.

use crate::failure::ReadKey;
use crate::memory::{History, Memory};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use usher_model::{Event, Group, GroupKey, Member, MemberId, Slot, SlotKey, WordListName};
use usher_text::{Folded, Hit, Likeness, WordList};

/// Bytes of a text that are compared with others. A long text is known by its beginning, so that many long ones don't
/// keep plugins from looking back.
pub const COMPARED_BYTES: usize = 1024;

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

/// An event, with what is worked out of it once: for all plugins, and for later events that look back at it.
#[derive(Debug, Clone)]
pub struct EventFacts {
    /// At the group's time.
    pub event: Arc<Event>,
    folded: OnceLock<Folded>,
    likeness: OnceLock<Likeness>,
}

impl EventFacts {
    /// Nothing is worked out yet.
    pub fn new(event: Arc<Event>) -> Self {
        Self { event, folded: OnceLock::new(), likeness: OnceLock::new() }
    }

    /// The event's text, folded.
    pub fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::new(&self.event.text))
    }

    /// The beginning of the event's text, made for comparing.
    pub(crate) fn likeness(&self) -> &Likeness {
        let text = &self.event.text;
        self.likeness.get_or_init(|| match text.len() {
            0..=COMPARED_BYTES => Likeness::new(self.folded().as_str()),
            _ => Likeness::new(Folded::new(&text[..text.floor_char_boundary(COMPARED_BYTES)]).as_str()),
        })
    }

    /// How much of the text is compared.
    pub(crate) fn compared_bytes(&self) -> u64 {
        self.event.text.len().min(COMPARED_BYTES) as u64
    }

    /// Memory that it takes, in bytes, by a rule of thumb: text, folded text and its pairs.
    pub(crate) fn weight_bytes(&self) -> u64 {
        512 + 6 * self.event.text.len() as u64
    }
}

/// Something that a plugin read and that was not at hand.
#[derive(Debug, Clone)]
pub enum Found {
    /// A member's record; none when the host has none.
    Member(MemberId, Option<Arc<Member>>),
    /// What a slot holds.
    Slot(SlotKey, Option<Slot>),
    /// The group's last events.
    History(History),
}

/// All that the plugins of one event may see, computed once for all of them.
#[derive(Debug, Clone)]
pub struct CheckInput {
    pub(crate) at_hand: Arc<EventFacts>,
    pub(crate) group: GroupFacts,
    pub(crate) word_lists: Arc<WordLists>,
    pub(crate) members: BTreeMap<MemberId, Option<Arc<Member>>>,
    pub(crate) memory: Memory,
    hits: Vec<OnceLock<Vec<Hit>>>,
}

impl CheckInput {
    /// An event, and what is at hand of its group's memory.
    pub fn new(event: Arc<EventFacts>, group: GroupFacts, word_lists: Arc<WordLists>, memory: Memory) -> Self {
        let hits = (0..word_lists.len()).map(|_| OnceLock::new()).collect();
        Self { at_hand: event, group, word_lists, members: BTreeMap::new(), memory, hits }
    }

    /// Adds what a call missed: [`ReadKey`] says what.
    pub fn add(&mut self, found: Found) {
        match found {
            Found::Member(id, record) => drop(self.members.insert(id, record)),
            Found::Slot(key, slot) => self.memory.insert(key, slot),
            Found::History(history) => self.memory.history = Some(history),
        }
    }

    /// Records of members that were read, and what is at hand of the group's memory.
    pub fn into_parts(self) -> (BTreeMap<MemberId, Option<Arc<Member>>>, Memory) {
        (self.members, self.memory)
    }

    /// The group's memory.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The event, at the group's time.
    pub fn event(&self) -> &Arc<Event> {
        &self.at_hand.event
    }

    /// The event's text, folded once for all plugins.
    pub fn folded(&self) -> &Folded {
        self.at_hand.folded()
    }

    /// What a slot holds at the event, if that is at hand; what has expired is not there.
    pub(crate) fn slot(&self, key: SlotKey) -> Result<Option<&Slot>, ReadKey> {
        let slot = self.memory.slot(&key).ok_or(ReadKey::Slot(key))?;
        Ok(slot.filter(|slot| slot.expires_at().is_none_or(|end| end > self.event().at)))
    }

    /// Hits of one list in the event's text, found once for all plugins.
    pub(crate) fn hits(&self, position: u32) -> &[Hit] {
        let Some((cell, list)) = self.hits.get(position as usize).zip(self.word_lists.list(position)) else {
            return &[];
        };
        cell.get_or_init(|| list.hits(self.folded()))
    }
}
