//! Who there is.

use crate::dice::Dice;
use crate::persona::Persona;
use crate::town::{OCCUPATIONS, REGIONS, TOPICS};

const SURNAMES: [&str; 16] =
    ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭"];

/// A member of one group.
#[derive(Debug, Clone)]
pub struct Member {
    /// Position among all members; part of the id, and the key of their dice.
    pub number: u64,
    /// The id.
    pub id: String,
    /// The name shown in the group.
    pub name: String,
    /// Which group.
    pub group: usize,
    /// What they are like.
    pub persona: Persona,
    /// The day on which they joined; before the first day when negative.
    pub joined: i64,
    /// The first day on which they are no longer there.
    pub left: Option<i64>,
    /// Which of [`TOPICS`] they are interested in.
    pub interest: usize,
    /// Which of [`REGIONS`] they live in.
    pub region: usize,
    /// The hour around which they come.
    pub hour: u64,
    /// How lively they are beside others of their kind, per mille.
    pub vigour: u64,
}

impl Member {
    pub(crate) fn number(seed: u64, number: u64, persona: Persona, groups: usize, days: i64) -> Self {
        let mut dice = Dice::of(&[seed, 1, number]);
        let group = usize::try_from(number).unwrap_or_default() % groups.max(1);
        let (joined, left) = stay(persona, days, &mut dice);
        let region = usize::try_from(dice.below(REGIONS.len() as u64)).unwrap_or_default();
        let surname = dice.pick(&SURNAMES).copied().unwrap_or_default();
        let occupation = dice.pick(&OCCUPATIONS).copied().unwrap_or_default();
        Self {
            number,
            id: format!("m-{number:05}"),
            name: format!("小{surname}-{}-{occupation}", REGIONS[region]),
            group,
            persona,
            joined,
            left,
            interest: usize::try_from(dice.below(TOPICS.len() as u64)).unwrap_or_default(),
            region,
            hour: dice.between(7, 20),
            vigour: dice.between(700, 1_300),
        }
    }

    /// Whether they are a member on this day.
    pub fn is_there(&self, day: i64) -> bool {
        self.joined <= day && self.left.is_none_or(|left| day < left)
    }

    /// How often they do something of this mean on that day.
    pub(crate) fn rate(&self, per_mille: u64) -> u64 {
        per_mille * self.vigour / 1000
    }
}

/// When they joined and left. Most were there before; a fifth join while we look on, a tenth leaves.
fn stay(persona: Persona, days: i64, dice: &mut Dice) -> (i64, Option<i64>) {
    let days = u64::try_from(days).unwrap_or_default();
    let some_day = |dice: &mut Dice| i64::try_from(dice.below(days.max(1))).unwrap_or_default();
    let before = -i64::try_from(dice.between(1, 400)).unwrap_or_default();
    match persona {
        Persona::Spammer => {
            let joined = some_day(dice);
            (joined, Some(joined + 2 + i64::try_from(dice.below(10)).unwrap_or_default()))
        }
        // They stay: a farm takes time.
        Persona::Farmer | Persona::Accomplice | Persona::Lapsed | Persona::Leader => (before, None),
        _ => {
            let joined = if dice.happens(200) { some_day(dice) } else { before };
            let left = dice.happens(100).then(|| joined.max(0) + 20 + some_day(dice));
            (joined, left)
        }
    }
}

/// The personas of so many members of one community, in an order that mixes them over groups.
pub(crate) fn personas(seed: u64, members: u64) -> Vec<Persona> {
    let mut personas = Vec::new();
    for (persona, per_mille) in Persona::SHARES {
        // At least one of each, so that a small community has every story in it.
        let count = (members * per_mille / 1000).max(1);
        personas.extend((0..count).map(|_| persona));
    }
    let members = usize::try_from(members).unwrap_or(usize::MAX);
    personas.resize(members.max(Persona::SHARES.len()), Persona::Regular);
    let mut dice = Dice::of(&[seed, 2]);
    for last in (1..personas.len()).rev() {
        let other = usize::try_from(dice.below(last as u64 + 1)).unwrap_or_default();
        personas.swap(last, other);
    }
    personas
}
