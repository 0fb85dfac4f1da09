//! The host's side of the house rules, the same for everyone: fold the text, find the words, hand the message over.

use crate::{Found, Message, entries};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use usher_text::{Folded, WordList, WordListError};

/// A message as it arrives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written {
    /// As written.
    pub text: String,
    /// Of the member who wrote it.
    pub roles: Vec<String>,
}

/// Who finds the forbidden words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordsBy {
    /// The host, in one pass, before the rules run.
    Host,
    /// The rules.
    Rules,
}

/// Someone who judges, and what they say of each message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Judged {
    /// Which engine.
    pub engine: String,
    /// Who finds the words.
    pub words_by: WordsBy,
    /// Whether what a call leaves behind in memory meets the next one.
    pub keeps: bool,
    /// Message by message.
    pub verdicts: Vec<Vec<Found>>,
}

/// A host with the word list.
#[derive(Debug)]
pub struct Host {
    /// The forbidden words.
    pub entries: Vec<String>,
    /// The same, for matching.
    pub list: Arc<WordList>,
}

impl Host {
    /// Builds the automaton.
    ///
    /// # Errors
    /// None, as long as the list stays small.
    pub fn new() -> Result<Self, WordListError> {
        let entries = entries();
        let list = Arc::new(WordList::new(&entries, &[])?);
        Ok(Self { entries, list })
    }

    /// What any host does for a message, then the rules.
    pub fn hand_over<T>(&self, written: &Written, words_by: WordsBy, rules: impl FnOnce(&Message<'_>) -> T) -> T {
        let folded = Folded::new(&written.text);
        let words = (words_by == WordsBy::Host).then(|| self.listed(&folded));
        let roles = written.roles.iter().map(String::as_str).collect();
        rules(&Message { text: folded.as_str().into(), roles, words })
    }

    /// Entries that stand in the text, each once.
    fn listed(&self, folded: &Folded) -> Vec<&str> {
        let mut words = Vec::new();
        for hit in self.list.hits(folded) {
            let entry = self.list.entry(hit.entry);
            if !words.contains(&entry) {
                words.push(entry);
            }
        }
        words
    }
}
