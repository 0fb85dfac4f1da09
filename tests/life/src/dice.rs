//! Chance that repeats: the same seed and the same key give the same throws, on every machine and in every version.

/// A stream of throws. `SplitMix64` written out here, because the generators of libraries may change between versions.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The stream of this key. Streams of other keys have nothing in common with it, so what happens to one member on
    /// one day does not hang on what happened to others.
    pub fn of(key: &[u64]) -> Self {
        let mut dice = Self { state: 0x5EED_0F11_FE00_0001 };
        for part in key {
            dice.state ^= part.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            dice.state = dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// A number from `least` to `most`, both possible.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Whether something of this chance happens.
    pub fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// How often something happens that happens `per_mille` times in a thousand: from never to twice the mean.
    pub fn times(&mut self, per_mille: u64) -> u64 {
        let thousandths = self.below(2 * per_mille + 1);
        thousandths / 1000 + u64::from(self.happens(thousandths % 1000))
    }

    /// One of them; none when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(items.len() as u64)).ok()?;
        items.get(index)
    }

    /// One of them, by weight; none when all weigh nothing.
    pub fn pick_by<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u64) -> Option<&'a T> {
        let mut rest = self.below(items.iter().map(&weight).sum());
        items.iter().find(|item| {
            let weight = weight(item);
            let found = rest < weight;
            rest = rest.saturating_sub(weight);
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_key_gives_the_same_throws_for_ever() {
        let mut dice = Dice::of(&[7, 1, 2]);
        let throws: Vec<u64> = (0..4).map(|_| dice.below(1000)).collect();
        assert_eq!(throws, THROWS);
        assert_ne!(Dice::of(&[7, 2, 1]).below(u64::MAX), Dice::of(&[7, 1, 2]).below(u64::MAX));
    }

    /// As they were when this was written; another machine and another version give the same.
    const THROWS: [u64; 4] = [492, 200, 722, 210];

    #[test]
    fn weights_are_kept_and_nothing_is_picked_of_nothing() {
        let mut dice = Dice::of(&[1]);
        let picks = (0..1000).filter(|_| dice.pick_by(&[1_u64, 9], |weight| *weight) == Some(&9)).count();
        assert!((850..950).contains(&picks), "{picks}");
        assert_eq!(dice.pick_by(&[0_u64], |weight| *weight), None);
        assert_eq!(dice.pick::<u64>(&[]), None);
    }

    #[test]
    fn counts_have_the_mean_that_was_asked_for() {
        let mut dice = Dice::of(&[3]);
        let sum: u64 = (0..10_000).map(|_| dice.times(1_500)).sum();
        assert!((14_000..16_000).contains(&sum), "{sum}");
    }
}
