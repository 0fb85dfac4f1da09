//! A whole community, and its days.

use crate::content::Content;
use crate::day::Day;
use crate::dice::Dice;
use crate::event::{Event, Line, id};
use crate::people::{Member, personas};
use crate::persona::Persona;
use crate::town::Group;
use jiff::Timestamp;
use jiff::civil::Date;

/// The community's midnight is so long before midnight in UTC: it lives in China, which has no summer time.
const AHEAD_OF_UTC_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// How large a community to invent. The same settings give the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Other seeds give other communities.
    pub seed: u64,
    /// Members, in all groups together.
    pub members: u64,
    /// Groups; members are dealt out to them.
    pub groups: usize,
    /// Contents to post, spread over the days.
    pub contents: u64,
    /// Days to live.
    pub days: i64,
    /// The first of them.
    pub first: Date,
}

/// A community. Its days are functions of it: any day can be lived without those before it.
#[derive(Debug, Clone)]
pub struct Life {
    /// Of the dice.
    pub seed: u64,
    /// How many days there are.
    pub days: i64,
    /// The first of them.
    pub first: Date,
    /// The groups.
    pub groups: Vec<Group>,
    /// Everybody who is ever there.
    pub members: Vec<Member>,
    /// Everything that is ever posted.
    pub contents: Vec<Content>,
}

impl Life {
    /// Invents a community.
    pub fn new(size: Size) -> Self {
        let Size { seed, groups, days, first, contents, .. } = size;
        let people = (0..).zip(personas(seed, size.members));
        let mut members: Vec<Member> =
            people.map(|(number, persona)| Member::number(seed, number, persona, groups, days)).collect();
        unite(&mut members);
        Self {
            seed,
            days,
            first,
            groups: (0..groups).map(Group::number).collect(),
            members,
            contents: (0..contents).map(|number| Content::number(seed, number, days, contents)).collect(),
        }
    }

    /// Everything that happens on a day, in all groups, in order.
    pub fn day(&self, day: i64) -> Vec<Line> {
        let mut lines: Vec<(u64, Line)> = Vec::new();
        for (group, at) in self.groups.iter().enumerate() {
            lines.extend(Day::live(self, group, day).into_iter().map(|happening| {
                let event = Event {
                    id: id(&at.id, day, happening.number),
                    kind: happening.kind,
                    at: self.moment(day, happening.at_ms),
                    actor: happening.actor,
                    text: happening.text,
                    payload: happening.payload,
                };
                (happening.at_ms, Line { group: at.id.clone(), event })
            }));
        }
        // Stable: within a group, and of groups at the same moment, the order stays.
        lines.sort_by_key(|(at_ms, _)| *at_ms);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// RFC 3339 in UTC, for milliseconds of a day.
    pub fn moment(&self, day: i64, at_ms: u64) -> String {
        moment(self.first, day, at_ms)
    }

    /// Members of this persona.
    pub fn of(&self, persona: Persona) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.persona == persona)
    }
}

/// RFC 3339 in UTC, for milliseconds since the midnight, in China, of so many days after the first one.
pub fn moment(first: Date, day: i64, at_ms: u64) -> String {
    let first = first.duration_since(Date::constant(1970, 1, 1)).as_millis();
    let first = i64::try_from(first).unwrap_or_default();
    let at_ms = i64::try_from(at_ms).unwrap_or_default();
    let at = Timestamp::from_millisecond(first + day * DAY_MS - AHEAD_OF_UTC_MS + at_ms);
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// Accomplices are in the group of a farmer, where else.
fn unite(members: &mut [Member]) {
    let farms: Vec<usize> =
        members.iter().filter(|member| member.persona == Persona::Farmer).map(|member| member.group).collect();
    for accomplice in members.iter_mut().filter(|member| member.persona == Persona::Accomplice) {
        let mut dice = Dice::of(&[6, accomplice.number]);
        accomplice.group = dice.pick(&farms).copied().unwrap_or(accomplice.group);
    }
}
