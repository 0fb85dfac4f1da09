//! Who waits, by whom they belong to: one of each owner in turn, and of one owner who came first.

use std::collections::{BTreeMap, VecDeque};

/// Those who wait. However many one owner has, another one's first is served when each owner had one at most.
#[derive(Debug)]
pub(super) struct Round<K, W> {
    /// Owners of whom somebody waits, in the order of their turns.
    order: VecDeque<K>,
    waiting: BTreeMap<K, VecDeque<W>>,
}

impl<K, W> Default for Round<K, W> {
    fn default() -> Self {
        Self { order: VecDeque::new(), waiting: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, W> Round<K, W> {
    /// Joins the line, if fewer than so many of the same owner stand there.
    ///
    /// # Errors
    /// The one who would have been too many.
    pub(super) fn join(&mut self, owner: &K, one: W, each_max: usize) -> Result<(), W> {
        let line = self.waiting.get(owner).map_or(0, VecDeque::len);
        if line >= each_max {
            return Err(one);
        }
        if line == 0 {
            self.order.push_back(owner.clone());
        }
        self.waiting.entry(owner.clone()).or_default().push_back(one);
        Ok(())
    }

    /// The next one that still waits. Who has left costs its owner no turn.
    pub(super) fn next(&mut self, waits: impl Fn(&W) -> bool) -> Option<W> {
        loop {
            let owner = self.order.pop_front()?;
            let Some(line) = self.waiting.get_mut(&owner) else { continue };
            let one = std::iter::from_fn(|| line.pop_front()).find(&waits);
            if line.is_empty() {
                self.waiting.remove(&owner);
            } else {
                self.order.push_back(owner);
            }
            if one.is_some() {
                return one;
            }
        }
    }

    /// Forgets those who do not wait any more.
    pub(super) fn retain(&mut self, owner: &K, waits: impl FnMut(&W) -> bool) {
        let Some(line) = self.waiting.get_mut(owner) else { return };
        let mut waits = waits;
        line.retain(|one| waits(one));
        if line.is_empty() {
            self.waiting.remove(owner);
            self.order.retain(|other| other != owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(round: &mut Round<u8, u32>) -> Vec<u32> {
        std::iter::from_fn(|| round.next(|_| true)).collect()
    }

    #[test]
    fn a_hundred_of_one_owner_let_another_ones_first_come_second() {
        let mut round = Round::default();
        for number in 0..100 {
            round.join(&1, number, 100).unwrap();
        }
        round.join(&2, 200, 100).unwrap();
        round.join(&2, 201, 100).unwrap();
        assert_eq!(line(&mut round)[..6], [0, 200, 1, 201, 2, 3]);
    }

    #[test]
    fn there_is_an_end_to_each_line_and_who_left_takes_no_place_in_it() {
        let mut round = Round::default();
        round.join(&1, 1, 2).unwrap();
        round.join(&1, 2, 2).unwrap();
        assert_eq!(round.join(&1, 3, 2), Err(3));
        round.join(&2, 4, 2).unwrap();
        round.retain(&1, |one| *one != 1);
        round.join(&1, 5, 2).unwrap();
        assert_eq!(line(&mut round), [2, 4, 5]);
        round.join(&1, 6, 2).unwrap();
        round.retain(&1, |_| false);
        assert_eq!(line(&mut round), [0_u32; 0]);
    }

    #[test]
    fn who_left_costs_its_owner_no_turn() {
        let mut round = Round::default();
        for (owner, number) in [(1, 1), (1, 2), (2, 3), (3, 4)] {
            round.join(&owner, number, 2).unwrap();
        }
        assert_eq!(round.next(|one| *one != 1), Some(2));
        assert_eq!(round.next(|one| *one != 3), Some(4));
        assert_eq!(round.next(|_| true), None);
    }

    proptest! {
        /// Whoever waits is passed by at most once by each other owner for each of its own that came before.
        #[test]
        fn nobody_is_passed_by_twice_by_the_same_owner(owners in prop::collection::vec(0_u16..6, 0..80)) {
            let mut round = Round::default();
            for (number, owner) in owners.iter().enumerate() {
                round.join(owner, (*owner, number), usize::MAX).unwrap();
            }
            let served: Vec<(u16, usize)> = std::iter::from_fn(|| round.next(|_| true)).collect();
            prop_assert_eq!(served.len(), owners.len());
            for (at, (owner, number)) in served.iter().enumerate() {
                let own = owners[..*number].iter().filter(|other| *other == owner).count();
                for other in (0..6).filter(|other| other != owner) {
                    let before = served[..at].iter().filter(|(one, _)| *one == other).count();
                    prop_assert!(before <= own + 1, "{served:?}");
                }
            }
        }
    }
}
