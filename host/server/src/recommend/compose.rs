//! What is taken of what was ranked: nothing twice, not too much of the same, and a share left to chance. Pure.

use super::chance::Chance;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use usher_text::Likeness;
use utoipa::ToSchema;

/// Titles that are at least so much alike say the same.
const ALIKE: f32 = 0.75;

/// Not too much of the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Variety {
    /// At most so many of one topic, those included that were seen within the window.
    pub(crate) per_topic: u32,
    /// At most so many of one author, those included that were seen within the window.
    pub(crate) per_author: u32,
    /// At most so many of one format among those that are recommended together; any number when it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) per_format: Option<u32>,
    /// How many days back what was seen counts, today included.
    pub(crate) window_days: u32,
}

impl Default for Variety {
    fn default() -> Self {
        Self { per_topic: 2, per_author: 3, per_format: None, window_days: 3 }
    }
}

/// Something that may be taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Offer<'a> {
    pub(crate) id: &'a str,
    pub(crate) score: f64,
    /// Empty when there is none; what has none is like nothing else.
    pub(crate) topic: &'a str,
    pub(crate) author: &'a str,
    pub(crate) format: &'a str,
    pub(crate) title: Likeness,
    /// A plugin said no.
    pub(crate) excluded: bool,
}

/// Something that was seen within the window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown<'a> {
    pub(crate) topic: &'a str,
    pub(crate) author: &'a str,
    pub(crate) title: Likeness,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// Taken, because it is the best of what could be taken.
    Ranked,
    /// Taken by chance, so that something new is tried.
    Explored,
    /// It could have been taken; others are better.
    NoRoom,
    /// It says the same as something that is taken or was just seen.
    Duplicate,
    /// There is enough of its topic.
    EnoughOfTopic,
    /// There is enough of its author.
    EnoughOfAuthor,
    /// There is enough of its format.
    EnoughOfFormat,
    /// A plugin said no.
    Excluded,
    /// It would be taken, and the account has no push left.
    QuotaUsedUp,
}

impl Fate {
    /// Whether it is recommended.
    pub(crate) fn is_taken(self) -> bool {
        matches!(self, Fate::Ranked | Fate::Explored)
    }
}

/// How many to take, and of what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mix {
    pub(crate) limit: usize,
    pub(crate) variety: Variety,
    /// The share of places that is left to chance.
    pub(crate) explore_percent: f64,
}

/// What becomes of each offer: first what is taken, in the order of its places, then the others by score. Equal scores are
/// ordered by id.
pub(crate) fn compose(offers: &[Offer<'_>], seen: &[Shown<'_>], mix: &Mix, chance: &mut Chance) -> Vec<(usize, Fate)> {
    let mut by_score: Vec<usize> = (0..offers.len()).collect();
    by_score.sort_by(|a, b| {
        let scores = offers[*b].score.total_cmp(&offers[*a].score);
        scores.then_with(|| offers[*a].id.cmp(offers[*b].id))
    });
    let mut table = Table::new(offers, seen, mix);
    let explored = explored_places(mix, chance);
    let mut taken = Vec::new();
    for explore in explored {
        let free: Vec<usize> = by_score.iter().copied().filter(|row| table.fates[*row] == Fate::NoRoom).collect();
        let place = if explore { chance.one_of(free.len()) } else { 0 };
        let Some(row) = free.get(place) else { break };
        table.take(*row, if explore { Fate::Explored } else { Fate::Ranked });
        taken.push(*row);
    }
    let others = by_score.into_iter().filter(|row| !table.fates[*row].is_taken());
    taken.into_iter().chain(others).map(|row| (row, table.fates[row])).collect()
}

/// Which places are left to chance: the whole part of their share for certain, and one more as often as the rest says.
fn explored_places(mix: &Mix, chance: &mut Chance) -> Vec<bool> {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred places")]
    let share = mix.limit as f64 * mix.explore_percent / 100.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most `limit`, and no less than 0")]
    let whole = share.floor() as usize;
    let explored = whole + usize::from(chance.happens((share - share.floor()) * 100.0));
    let mut places = vec![false; mix.limit];
    let mut order: Vec<usize> = (0..mix.limit).collect();
    for drawn in 0..explored.min(mix.limit) {
        let other = drawn + chance.one_of(mix.limit - drawn);
        order.swap(drawn, other);
        places[order[drawn]] = true;
    }
    places
}

/// What has been taken, and what that leaves of the others.
struct Table<'o, 'a> {
    offers: &'o [Offer<'a>],
    /// `NoRoom` where it may still be taken.
    fates: Vec<Fate>,
    variety: Variety,
    topics: HashMap<&'a str, u32>,
    authors: HashMap<&'a str, u32>,
    formats: HashMap<&'a str, u32>,
}

impl<'o, 'a> Table<'o, 'a> {
    fn new(offers: &'o [Offer<'a>], seen: &[Shown<'a>], mix: &Mix) -> Self {
        let fates = offers.iter().map(|offer| if offer.excluded { Fate::Excluded } else { Fate::NoRoom }).collect();
        let mut table = Self {
            offers,
            fates,
            variety: mix.variety,
            topics: HashMap::new(),
            authors: HashMap::new(),
            formats: HashMap::new(),
        };
        for shown in seen {
            count(&mut table.topics, shown.topic);
            count(&mut table.authors, shown.author);
            table.strike_out_alike(&shown.title);
        }
        table.strike_out_enough();
        table
    }

    fn take(&mut self, row: usize, fate: Fate) {
        let offer = &self.offers[row];
        self.fates[row] = fate;
        count(&mut self.topics, offer.topic);
        count(&mut self.authors, offer.author);
        count(&mut self.formats, offer.format);
        self.strike_out_alike(&offer.title);
        self.strike_out_enough();
    }

    fn strike_out_alike(&mut self, title: &Likeness) {
        for (offer, fate) in self.offers.iter().zip(&mut self.fates) {
            if *fate == Fate::NoRoom && offer.title.with(title) >= ALIKE {
                *fate = Fate::Duplicate;
            }
        }
    }

    fn strike_out_enough(&mut self) {
        let Variety { per_topic, per_author, per_format, .. } = self.variety;
        let full = |counts: &HashMap<&str, u32>, key: &str, most: u32| {
            !key.is_empty() && counts.get(key).is_some_and(|count| *count >= most)
        };
        for (offer, fate) in self.offers.iter().zip(&mut self.fates) {
            if *fate != Fate::NoRoom {
                continue;
            }
            if full(&self.topics, offer.topic, per_topic) {
                *fate = Fate::EnoughOfTopic;
            } else if full(&self.authors, offer.author, per_author) {
                *fate = Fate::EnoughOfAuthor;
            } else if per_format.is_some_and(|most| full(&self.formats, offer.format, most)) {
                *fate = Fate::EnoughOfFormat;
            }
        }
    }
}

fn count<'a>(counts: &mut HashMap<&'a str, u32>, key: &'a str) {
    if !key.is_empty() {
        *counts.entry(key).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    struct Thing {
        id: String,
        score: f64,
        topic: &'static str,
        author: &'static str,
        format: &'static str,
        title: String,
        excluded: bool,
    }

    const TOPICS: [&str; 4] = ["", "茶", "器", "人"];
    const AUTHORS: [&str; 3] = ["", "甲", "乙"];
    const FORMATS: [&str; 3] = ["text", "image", "article"];

    fn things(most: usize) -> impl Strategy<Value = Vec<Thing>> {
        let one = (0i8..10, 0usize..4, 0usize..3, 0usize..3, 0u32..40, prop::bool::weighted(0.1));
        prop::collection::vec(one, 0..most).prop_map(|things| {
            let numbered = things.into_iter().enumerate();
            numbered
                .map(|(id, (score, topic, author, format, title, excluded))| Thing {
                    id: format!("c-{id:03}"),
                    score: f64::from(score),
                    topic: TOPICS[topic],
                    author: AUTHORS[author],
                    format: FORMATS[format],
                    // Four characters of their own: alike only when they are the same.
                    title: (0..4).filter_map(|n| char::from_u32(0x4e00 + title * 8 + n)).collect(),
                    excluded,
                })
                .collect()
        })
    }

    fn mixes() -> impl Strategy<Value = Mix> {
        (0usize..12, 1u32..4, 1u32..4, prop::option::of(1u32..4), 0u8..=100).prop_map(
            |(limit, per_topic, per_author, per_format, explore)| Mix {
                limit,
                variety: Variety { per_topic, per_author, per_format, window_days: 1 },
                explore_percent: f64::from(explore),
            },
        )
    }

    fn offers(things: &[Thing]) -> Vec<Offer<'_>> {
        things
            .iter()
            .map(|thing| Offer {
                id: &thing.id,
                score: thing.score,
                topic: thing.topic,
                author: thing.author,
                format: thing.format,
                title: Likeness::new(&thing.title),
                excluded: thing.excluded,
            })
            .collect()
    }

    fn shown(things: &[Thing]) -> Vec<Shown<'_>> {
        let shown = things.iter();
        shown.map(|t| Shown { topic: t.topic, author: t.author, title: Likeness::new(&t.title) }).collect()
    }

    fn most_of<'a>(all: impl Iterator<Item = &'a str>, most: u32) -> bool {
        let mut counts = HashMap::new();
        all.for_each(|key| count(&mut counts, key));
        counts.into_values().all(|count| count <= most)
    }

    proptest! {
        #[test]
        fn what_is_taken_keeps_every_rule(
            things in things(40), seen in things(3), mix in mixes(), seed in "[a-z]{4}",
        ) {
            let (offers, seen) = (offers(&things), shown(&seen));
            let fates = compose(&offers, &seen, &mix, &mut Chance::of(&[&seed]));
            prop_assert_eq!(fates.len(), offers.len());
            let taken: Vec<&Offer<'_>> = fates.iter().filter(|(_, fate)| fate.is_taken()).map(|(row, _)| &offers[*row]).collect();
            prop_assert!(taken.len() <= mix.limit);
            prop_assert!(taken.iter().all(|offer| !offer.excluded));
            for (n, offer) in taken.iter().enumerate() {
                prop_assert!(taken[..n].iter().all(|other| other.title.with(&offer.title) < ALIKE));
                prop_assert!(seen.iter().all(|other| other.title.with(&offer.title) < ALIKE));
            }
            // What was seen alone may be too much already; then nothing is added.
            let topics = |topic: &str| seen.iter().filter(|s| s.topic == topic).count() < mix.variety.per_topic as usize;
            prop_assert!(taken.iter().all(|offer| offer.topic.is_empty() || topics(offer.topic)));
            let all_topics = taken.iter().map(|offer| offer.topic).chain(seen.iter().map(|s| s.topic).filter(|t| topics(t)));
            prop_assert!(most_of(all_topics, mix.variety.per_topic));
            prop_assert!(most_of(taken.iter().map(|offer| offer.author), mix.variety.per_author));
            prop_assert!(mix.variety.per_format.is_none_or(|most| most_of(taken.iter().map(|offer| offer.format), most)));
            // Nothing that could still be taken is left while there is room.
            let left = fates.iter().any(|(_, fate)| *fate == Fate::NoRoom);
            prop_assert!(!left || taken.len() == mix.limit);
        }

        #[test]
        fn without_exploration_the_best_comes_first(things in things(40), mix in mixes(), seed in "[a-z]{4}") {
            let offers = offers(&things);
            let mix = Mix { explore_percent: 0.0, ..mix };
            let fates = compose(&offers, &[], &mix, &mut Chance::of(&[&seed]));
            let scores: Vec<f64> = fates.iter().filter(|(_, fate)| fate.is_taken()).map(|(row, _)| offers[*row].score).collect();
            prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(fates.iter().all(|(_, fate)| *fate != Fate::Explored));
        }

        #[test]
        fn the_same_seed_takes_the_same(things in things(30), mix in mixes(), seed in "[a-z]{4}") {
            let offers = offers(&things);
            let compose = || compose(&offers, &[], &mix, &mut Chance::of(&[&seed]));
            prop_assert_eq!(compose(), compose());
        }
    }

    #[test]
    fn the_share_of_exploration_is_as_asked() {
        for (limit, percent) in [(1, 10.0), (3, 15.0), (10, 25.0), (4, 100.0)] {
            let mix = Mix { limit, variety: Variety::default(), explore_percent: percent };
            let places: usize = (0..4000)
                .map(|seed: i32| {
                    let mut chance = Chance::of(&[&seed.to_string()]);
                    explored_places(&mix, &mut chance).into_iter().filter(|explored| *explored).count()
                })
                .sum();
            #[expect(clippy::cast_precision_loss, reason = "some thousands")]
            let share = places as f64 * 100.0 / (4000 * limit) as f64;
            assert!((share - percent).abs() < 1.5, "{share} of {percent}");
        }
    }
}
