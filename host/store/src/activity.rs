//! What members did, summed over windows of days.

use crate::StoreError;
use crate::columns::{count, text};
use crate::journal::Commit;
use std::collections::BTreeMap;
use usher_model::{BrandId, Day, GroupId, LedgerEntry, MemberId};

/// Whose activity to sum, and over which days. Adds up what groups of one brand have of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityQuery {
    /// Whose.
    pub brand: BrandId,
    /// Only in these groups; in all of the brand's when empty.
    pub groups: Vec<GroupId>,
    /// Only this member's; everybody's when none.
    pub member: Option<MemberId>,
    /// The first day of the window.
    pub from: Day,
    /// The day after its last. A window of no days has nothing in it.
    pub until: Day,
    /// Only members after this one, in the order of the list.
    pub after: Option<MemberId>,
    /// At most so many members. A page costs a walk over the window, however many it holds: ask for large ones.
    pub limit_members: u32,
}

/// What one measure of a member comes to in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Whose.
    pub member: MemberId,
    /// Which one, as [`usher_model::Measure`] names it.
    pub measure: Box<str>,
    /// The sum of its amounts; never so much that it overflows.
    pub sum: i64,
    /// On how many days there was any.
    pub days: u32,
    /// How many distinct others there were; 0 for measures that don't tell them apart.
    pub people: u32,
    /// The last day on which there was any.
    pub last: Day,
}

impl ActivityQuery {
    /// Whether nothing can come of it.
    pub(crate) fn is_empty(&self) -> bool {
        let passed =
            self.member.as_ref().is_some_and(|member| self.after.as_ref().is_some_and(|after| member <= after));
        self.from >= self.until || self.limit_members == 0 || passed
    }

    /// Everything is after nothing: ids are not empty.
    pub(crate) fn after(&self) -> &str {
        self.after.as_ref().map_or("", MemberId::as_str)
    }
}

/// An [`Activity`] as it is stored: member, measure, sum, days, people and the last day.
pub(crate) type ActivityRow = (String, String, i64, i64, i64, i64);

pub(crate) fn activity(row: ActivityRow) -> Result<Activity, StoreError> {
    let (member, measure, sum, days, people, last) = row;
    let few = |column, what| u32::try_from(count(column, what)?).map_err(|_| StoreError::Damaged { what });
    Ok(Activity {
        member: text(&member, "activity.member")?,
        measure: measure.into(),
        sum,
        days: few(days, "activity.day")?,
        people: few(people, "activity.other")?,
        last: day(last)?,
    })
}

pub(crate) fn day(column: i64) -> Result<Day, StoreError> {
    i32::try_from(column).map(Day::from_number).map_err(|_| StoreError::Damaged { what: "a day" })
}

/// The key of a row: group, day, member, measure and other.
pub(crate) type RowKey<'b> = (i64, i32, &'b str, &'b str, &'b str);

/// What a batch adds, each row once and in the order of the table.
pub(crate) fn added<'b>(written: impl Iterator<Item = (i64, &'b Commit)>) -> Vec<(RowKey<'b>, i64)> {
    let mut rows: BTreeMap<RowKey<'b>, i64> = BTreeMap::new();
    for (group, commit) in written {
        for LedgerEntry { day, member, measure, other, amount } in &commit.ledger {
            let other = other.as_ref().map_or("", MemberId::as_str);
            *rows.entry((group, day.number(), member.as_str(), measure.as_str(), other)).or_default() += amount;
        }
    }
    rows.into_iter().collect()
}
