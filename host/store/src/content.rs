//! What became of contents, summed over windows of days; and who has seen what.

use crate::StoreError;
use crate::activity::day;
use crate::columns::{count, text};
use crate::journal::Commit;
use std::collections::BTreeMap;
use usher_model::{BrandId, ContentEntry, ContentId, Day, GroupId, MemberId};

/// Of which contents, over which days and through whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentQuery {
    /// Whose.
    pub brand: BrandId,
    /// Through whom.
    pub scope: ContentScope,
    /// Only of this content; of all when none.
    pub content: Option<ContentId>,
    /// The first day of the window.
    pub from: Day,
    /// The day after its last. A window of no days has nothing in it.
    pub until: Day,
    /// Only contents after this one, in the order of the list.
    pub after: Option<ContentId>,
    /// At most so many contents. A page costs a walk over the window, however many it holds: ask for large ones.
    pub limit_contents: u32,
}

/// Through whom a content had its activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentScope {
    /// Everybody.
    Brand,
    /// A group and its members there.
    Group(GroupId),
    /// A segment, in all groups.
    Segment(Box<str>),
    /// A member, in all groups.
    Member(MemberId),
}

/// What one measure of a content comes to in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentActivity {
    /// Which content.
    pub content: ContentId,
    /// Which measure, as [`usher_model::ContentMeasure`] names it.
    pub measure: Box<str>,
    /// The sum of its amounts.
    pub sum: i64,
    /// How many distinct members there were. What happened to a group as a whole is nobody's.
    pub members: u32,
    /// The last day on which there was any.
    pub last: Day,
}

/// Who may have seen a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A group.
    Group(GroupId),
    /// A member: what they have seen in any group, and what this group has seen as a whole.
    Member {
        /// Who.
        member: MemberId,
        /// In which group.
        group: GroupId,
    },
}

/// A content that was shown, pushed, read, shared or converted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which content.
    pub content: ContentId,
    /// The last day.
    pub last: Day,
    /// Whether it was shown or pushed to the group as a whole: by an event without an actor.
    pub by_all: bool,
    /// How many members have seen it beside that; for a member 1, or 0.
    pub members: u32,
}

impl ContentQuery {
    /// Whether nothing can come of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.from >= self.until || self.limit_contents == 0
    }

    /// Everything is after nothing: ids are not empty.
    pub(crate) fn after(&self) -> &str {
        self.after.as_ref().map_or("", ContentId::as_str)
    }

    /// The column that the scope is about, and what it holds.
    pub(crate) fn condition(&self) -> Option<(&'static str, &str)> {
        match &self.scope {
            ContentScope::Brand => None,
            ContentScope::Group(group) => Some((" AND a.group_name = ", group.as_str())),
            ContentScope::Segment(segment) => Some((" AND a.segment = ", segment)),
            ContentScope::Member(member) => Some((" AND a.member = ", member.as_str())),
        }
    }
}

fn few(column: i64, what: &'static str) -> Result<u32, StoreError> {
    u32::try_from(count(column, what)?).map_err(|_| StoreError::Damaged { what })
}

/// A [`ContentActivity`] as it is stored: content, measure, sum, members and the last day.
pub(crate) type ActivityRow = (String, String, i64, i64, i64);

pub(crate) fn activity((content, measure, sum, members, last): ActivityRow) -> Result<ContentActivity, StoreError> {
    Ok(ContentActivity {
        content: text(&content, "content_activity.content")?,
        measure: measure.into(),
        sum,
        members: few(members, "content_activity.member")?,
        last: day(last)?,
    })
}

/// A [`Seen`] as it is stored: content, the last day, rows of the whole group and rows of members.
pub(crate) type SeenRow = (String, i64, i64, i64);

pub(crate) fn seen((content, last, by_all, members): SeenRow) -> Result<Seen, StoreError> {
    let (content, last) = (text(&content, "content_seen.content")?, day(last)?);
    Ok(Seen { content, last, by_all: by_all > 0, members: few(members, "content_seen.member")? })
}

/// The key of a row: brand, day, content, group, segment, member and measure.
pub(crate) type RowKey<'b> = (&'b str, i32, &'b str, &'b str, &'b str, &'b str, &'static str);

/// The key of a row of what was seen: brand, group, member and content.
pub(crate) type SeenKey<'b> = (&'b str, &'b str, &'b str, &'b str);

/// What a batch adds, each row once and in the order of the tables.
#[derive(Debug, Default)]
pub(crate) struct Added<'b> {
    pub activity: BTreeMap<RowKey<'b>, i64>,
    pub seen: BTreeMap<SeenKey<'b>, i32>,
}

impl<'b> Added<'b> {
    pub(crate) fn of(written: impl Iterator<Item = &'b Commit>) -> Self {
        let mut added = Self::default();
        for commit in written {
            let (brand, group) = (commit.group.brand.as_str(), commit.group.group.as_str());
            for ContentEntry { day, content, member, segment, measure, amount } in &commit.contents {
                let (day, content) = (day.number(), content.as_str());
                let member = member.as_ref().map_or("", MemberId::as_str);
                let key = (brand, day, content, group, &**segment, member, measure.as_str());
                *added.activity.entry(key).or_default() += amount;
                let last = added.seen.entry((brand, group, member, content)).or_insert(day);
                *last = day.max(*last);
            }
        }
        added
    }
}
