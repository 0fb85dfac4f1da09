//! How decisions are listed, newest first, at a bounded price.
//!
//! One condition of the query picks an index that already is the list wanted, in order; the others are tested entry by
//! entry along that walk. The walk ends when the page is full or when it has looked at so many entries that the reader
//! is better served by a short page and a place to go on: no question, however odd, makes the database read it all.

use super::{DecisionPage, DecisionQuery, JournalEntry};
use usher_model::{DecisionId, GroupId, MemberId, PluginName, Verdict};

/// An index in the order wanted, from the one that usually leaves the least to look at.
#[derive(Debug, PartialEq)]
pub(crate) enum Walk<'q> {
    /// Findings; an empty name stands for any.
    Rule {
        plugin: &'q str,
        rule: &'q str,
    },
    Member(&'q MemberId),
    Group(&'q GroupId),
    Verdict(Verdict),
    Brand,
}

impl<'q> Walk<'q> {
    pub(crate) fn of(query: &'q DecisionQuery) -> Self {
        let plugin = query.plugin.as_ref().map_or("", PluginName::as_str);
        let rule = query.rule.as_deref().unwrap_or("");
        match query {
            _ if !(plugin.is_empty() && rule.is_empty()) => Walk::Rule { plugin, rule },
            DecisionQuery { member: Some(member), .. } => Walk::Member(member),
            // Grave verdicts are few among a group's or a brand's.
            DecisionQuery { verdict: Some(grave), group: None, .. } if *grave > Verdict::Allow => Walk::Verdict(*grave),
            DecisionQuery { group: Some(group), .. } => Walk::Group(group),
            _ => Walk::Brand,
        }
    }

    /// Whether every entry of the walk is one of the answer.
    pub(crate) fn is_whole_answer(&self, query: &DecisionQuery) -> bool {
        query.since.is_none()
            && (query.verdict.is_none() || matches!(self, Walk::Verdict(_)))
            && (query.group.is_none() || matches!(self, Walk::Group(_)))
            && (query.member.is_none() || matches!(self, Walk::Member(_)))
    }
}

/// The page, when one entry more than it holds was asked for, and nothing behind the floor was looked at.
pub(crate) fn page_of(
    mut entries: Vec<JournalEntry>,
    query: &DecisionQuery,
    floor: Option<DecisionId>,
) -> DecisionPage {
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let next = if entries.len() > wanted {
        entries.truncate(wanted);
        entries.last().map(|last| last.decision_id)
    } else {
        floor
    };
    DecisionPage { entries, next }
}
