//! Who is chosen: thresholds that differ for entering and leaving, room for so many, and what people said. Pure.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The score from which on a member is chosen, and below which one who was chosen is not any more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Threshold {
    /// Who was not chosen in the run before needs at least this score.
    pub(crate) enter: f64,
    /// Who was chosen in the run before stays with at least this score; `enter` when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) leave: Option<f64>,
}

/// What it takes to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rules {
    /// Scores that it takes; none is needed when it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threshold: Option<Threshold>,
    /// At most so many are chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top: Option<u32>,
    /// Only those above this percentile of all who can be chosen: 95 leaves room for one in twenty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) percentile: Option<f64>,
    /// Where there is not room for all, by how much a newcomer must surpass one who was chosen in the run before.
    pub(crate) margin: f64,
}

/// Rules that contradict themselves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidRules {
    /// Leaving above entering: members would come and go with every run.
    #[error("`leave` is at most `enter`, so that nobody flickers between two runs")]
    Threshold,
    /// Not a percentile.
    #[error("a percentile lies between 0 and 100, without 100 itself: 95 chooses one in twenty")]
    Percentile,
    /// A negative margin would prefer newcomers.
    #[error("a margin is 0 or more points")]
    Margin,
    /// Nobody could be chosen.
    #[error("`top` is at least 1; leave it out for as many as pass")]
    Top,
}

impl Rules {
    /// Whether the rules make sense, and else where not.
    pub(crate) fn check(&self) -> Result<(), InvalidRules> {
        if let Some(threshold) = &self.threshold
            && !(threshold.enter.is_finite() && threshold.leaves_below() <= threshold.enter)
        {
            return Err(InvalidRules::Threshold);
        }
        if self.percentile.is_some_and(|percentile| !(0.0..100.0).contains(&percentile)) {
            return Err(InvalidRules::Percentile);
        }
        if !(self.margin.is_finite() && self.margin >= 0.0) {
            return Err(InvalidRules::Margin);
        }
        if self.top == Some(0) { Err(InvalidRules::Top) } else { Ok(()) }
    }

    /// How many there is room for, of so many who can be chosen.
    fn room(&self, eligible: usize) -> usize {
        let top = self.top.map_or(usize::MAX, |top| top as usize);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of at most some hundred thousand members"
        )]
        let share = self
            .percentile
            .map_or(usize::MAX, |percentile| ((100.0 - percentile) * eligible as f64 / 100.0).ceil() as usize);
        top.min(share)
    }
}

impl Threshold {
    fn leaves_below(&self) -> f64 {
        self.leave.unwrap_or(self.enter)
    }
}

/// Someone to choose or not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate<'a> {
    pub(crate) id: &'a str,
    pub(crate) score: f64,
    /// People want them in, whatever the score, the room, and the plugins say.
    pub(crate) pinned: bool,
    /// People or a plugin want them out.
    pub(crate) excluded: bool,
}

/// Why someone is chosen or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// Chosen by people.
    Pinned,
    /// Chosen, and was before.
    Stayed,
    /// Chosen, and was not before.
    Entered,
    /// The score does not suffice for entering.
    BelowEnter,
    /// The score does not suffice for staying.
    BelowLeave,
    /// The score suffices, and others have more.
    NoRoom,
    /// A person or a plugin said no.
    Excluded,
    /// Chosen before, and not there any more.
    Gone,
}

impl Why {
    /// Whether it is a yes.
    pub(crate) fn is_chosen(self) -> bool {
        matches!(self, Why::Pinned | Why::Stayed | Why::Entered)
    }
}

/// A candidate's place among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which of the candidates.
    pub(crate) row: usize,
    pub(crate) why: Why,
}

/// Everybody in order: the chosen ones by score, then who could have been, then the excluded ones. `before` are those who
/// were chosen in the run before. Equal scores are ordered by id, so the order of the candidates makes no difference.
pub(crate) fn choose(candidates: &[Candidate<'_>], rules: &Rules, before: &BTreeSet<&str>) -> Vec<Place> {
    let eligible = candidates.iter().filter(|candidate| candidate.pinned || !candidate.excluded).count();
    let pinned = candidates.iter().filter(|candidate| candidate.pinned).count();
    let mut why: Vec<Why> = candidates.iter().map(|candidate| by_itself(candidate, rules, before)).collect();
    let mut passing: Vec<usize> =
        (0..candidates.len()).filter(|row| matches!(why[*row], Why::Stayed | Why::Entered)).collect();
    // Who was chosen before comes first among equals, and is as good as `margin` points better.
    let advantage = |row: usize| if why[row] == Why::Stayed { rules.margin } else { 0.0 };
    passing.sort_by(|a, b| {
        let (one, other) = (candidates[*a].score + advantage(*a), candidates[*b].score + advantage(*b));
        other.total_cmp(&one).then(why[*a].cmp(&why[*b])).then_with(|| candidates[*a].id.cmp(candidates[*b].id))
    });
    for row in passing.into_iter().skip(rules.room(eligible).saturating_sub(pinned)) {
        why[row] = Why::NoRoom;
    }
    let mut places: Vec<Place> = why.into_iter().enumerate().map(|(row, why)| Place { row, why }).collect();
    places.sort_by(|a, b| in_order((&candidates[a.row], a.why), (&candidates[b.row], b.why)));
    places
}

/// What becomes of a candidate if there is room for everybody.
fn by_itself(candidate: &Candidate<'_>, rules: &Rules, before: &BTreeSet<&str>) -> Why {
    if candidate.pinned {
        return Why::Pinned;
    }
    if candidate.excluded {
        return Why::Excluded;
    }
    let was = before.contains(candidate.id);
    match &rules.threshold {
        Some(threshold) if was && candidate.score < threshold.leaves_below() => Why::BelowLeave,
        Some(threshold) if !was && candidate.score < threshold.enter => Why::BelowEnter,
        _ if was => Why::Stayed,
        _ => Why::Entered,
    }
}

fn in_order(one: (&Candidate<'_>, Why), other: (&Candidate<'_>, Why)) -> Ordering {
    let block = |why: Why| if why.is_chosen() { 0 } else { 1 + u8::from(why == Why::Excluded) };
    let scores = other.0.score.total_cmp(&one.0.score);
    block(one.1).cmp(&block(other.1)).then(scores).then_with(|| one.0.id.cmp(other.0.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ids are two digits; a few scores, so that there are ties.
    fn crowd() -> impl Strategy<Value = Vec<(String, f64, bool, bool)>> {
        let one = (0i8..8, prop::bool::weighted(0.1), prop::bool::weighted(0.2));
        prop::collection::btree_map(0u8..60, one, 0..40).prop_map(|crowd| {
            let crowd = crowd.into_iter();
            crowd.map(|(id, (score, pin, out))| (format!("{id:02}"), f64::from(score) * 10.0, pin, out)).collect()
        })
    }

    fn rules() -> impl Strategy<Value = Rules> {
        let threshold = prop::option::of((0i8..8, 0i8..8)).prop_map(|pair| {
            let (a, b) = pair?;
            Some(Threshold { enter: f64::from(a.max(b)) * 10.0, leave: Some(f64::from(a.min(b)) * 10.0) })
        });
        let percentile = prop::option::of((0u8..100).prop_map(f64::from));
        (threshold, prop::option::of(1u32..12), percentile, (0u8..3).prop_map(|m| f64::from(m) * 10.0))
            .prop_map(|(threshold, top, percentile, margin)| Rules { threshold, top, percentile, margin })
    }

    fn candidates(crowd: &[(String, f64, bool, bool)]) -> Vec<Candidate<'_>> {
        crowd
            .iter()
            .map(|(id, score, pinned, excluded)| Candidate { id, score: *score, pinned: *pinned, excluded: *excluded })
            .collect()
    }

    fn chosen<'a>(candidates: &[Candidate<'a>], places: &[Place]) -> BTreeSet<&'a str> {
        places.iter().filter(|place| place.why.is_chosen()).map(|place| candidates[place.row].id).collect()
    }

    proptest! {
        #[test]
        fn people_have_the_last_word_and_nobody_is_above_the_room(crowd in crowd(), rules in rules(), before in crowd()) {
            let candidates = candidates(&crowd);
            let before = before.iter().map(|one| one.0.as_str()).collect();
            let places = choose(&candidates, &rules, &before);
            let rows: BTreeSet<usize> = places.iter().map(|place| place.row).collect();
            prop_assert_eq!(rows.len(), candidates.len());
            let chosen = chosen(&candidates, &places);
            let pinned = candidates.iter().filter(|one| one.pinned).count();
            let eligible = candidates.iter().filter(|one| one.pinned || !one.excluded).count();
            prop_assert!(chosen.len() <= rules.room(eligible).max(pinned));
            for one in &candidates {
                prop_assert!(!one.pinned || chosen.contains(one.id));
                prop_assert!(one.pinned || !one.excluded || !chosen.contains(one.id));
            }
        }

        #[test]
        fn nobody_is_passed_over_for_somebody_with_less(crowd in crowd(), rules in rules(), before in crowd()) {
            let candidates = candidates(&crowd);
            let before = before.iter().map(|one| one.0.as_str()).collect();
            let places = choose(&candidates, &rules, &before);
            let worth = |place: &Place| {
                let advantage = if before.contains(candidates[place.row].id) { rules.margin } else { 0.0 };
                candidates[place.row].score + advantage
            };
            let weakest = places.iter().filter(|p| matches!(p.why, Why::Stayed | Why::Entered)).map(worth);
            let weakest = weakest.fold(f64::INFINITY, f64::min);
            for place in places.iter().filter(|place| place.why == Why::NoRoom) {
                prop_assert!(worth(place) <= weakest);
            }
        }

        #[test]
        fn the_order_of_the_candidates_makes_no_difference(crowd in crowd(), rules in rules(), before in crowd()) {
            let before = before.iter().map(|one| one.0.as_str()).collect();
            let forth = candidates(&crowd);
            let back: Vec<_> = forth.iter().rev().cloned().collect();
            let ids = |all: &[Candidate<'_>]| -> Vec<(String, Why)> {
                let places = choose(all, &rules, &before);
                places.iter().map(|place| (all[place.row].id.to_owned(), place.why)).collect()
            };
            prop_assert_eq!(ids(&forth), ids(&back));
        }

        #[test]
        fn the_same_scores_again_change_nobody(crowd in crowd(), rules in rules(), before in crowd()) {
            let candidates = candidates(&crowd);
            let before = before.iter().map(|one| one.0.as_str()).collect();
            let first = choose(&candidates, &rules, &before);
            let first = chosen(&candidates, &first);
            let again = choose(&candidates, &rules, &first);
            prop_assert_eq!(chosen(&candidates, &again), first);
        }

        #[test]
        fn scores_that_swing_between_leaving_and_entering_move_nobody(
            swings in prop::collection::vec(prop::collection::vec(50u8..60, 8), 1..30), start in prop::collection::vec(0u8..100, 8),
        ) {
            let rules = Rules { threshold: Some(Threshold { enter: 60.0, leave: Some(50.0) }), ..Rules::default() };
            let ids: Vec<String> = (0..8).map(|id| format!("u-{id}")).collect();
            let run = |scores: &[u8], before: &BTreeSet<&str>| {
                let candidates: Vec<_> = ids.iter().zip(scores).map(|(id, score)| {
                    Candidate { id, score: f64::from(*score), pinned: false, excluded: false }
                }).collect();
                let places = choose(&candidates, &rules, before);
                places.iter().filter(|place| place.why.is_chosen()).map(|place| ids[place.row].clone()).collect::<BTreeSet<_>>()
            };
            let first = run(&start, &BTreeSet::new());
            for scores in swings {
                let before = first.iter().map(String::as_str).collect();
                prop_assert_eq!(run(&scores, &before), first.clone());
            }
        }
    }

    #[test]
    fn rules_that_contradict_themselves_are_refused() {
        let threshold = |enter, leave| Rules { threshold: Some(Threshold { enter, leave }), ..Rules::default() };
        assert_eq!(threshold(1.0, Some(2.0)).check(), Err(InvalidRules::Threshold));
        assert_eq!(threshold(f64::NAN, None).check(), Err(InvalidRules::Threshold));
        assert_eq!(threshold(2.0, Some(1.0)).check(), Ok(()));
        assert_eq!(Rules { percentile: Some(100.0), ..Rules::default() }.check(), Err(InvalidRules::Percentile));
        assert_eq!(Rules { margin: -1.0, ..Rules::default() }.check(), Err(InvalidRules::Margin));
        assert_eq!(Rules { top: Some(0), ..Rules::default() }.check(), Err(InvalidRules::Top));
    }
}
