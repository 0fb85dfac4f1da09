//! Chance that can be repeated: the same seed, the same draws, on every machine.

use usher_model::Digest;

/// Draws from a seed.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    seed: Digest,
    drawn: u64,
}

impl Chance {
    /// What is drawn is decided by these words, whatever else happens.
    pub(crate) fn of(words: &[&str]) -> Self {
        Self { seed: Digest::of_words(words), drawn: 0 }
    }

    fn next(&mut self) -> u64 {
        let mut bytes = [0; 40];
        bytes[..32].copy_from_slice(self.seed.as_bytes());
        bytes[32..].copy_from_slice(&self.drawn.to_le_bytes());
        self.drawn += 1;
        let digest = Digest::of(&bytes);
        digest.as_bytes().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    /// One of so many, each as likely as the others; 0 of none.
    pub(crate) fn one_of(&mut self, many: usize) -> usize {
        // The share of the last ones is smaller by less than one in 2^32: nobody can tell.
        let scaled = (u128::from(self.next()) * many as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }

    /// True in so many of a hundred draws.
    pub(crate) fn happens(&mut self, percent: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "53 bits of chance are enough")]
        let drawn = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        drawn * 100.0 < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_draw_the_same() {
        let draws = |words: &[&str]| {
            let mut chance = Chance::of(words);
            (0..20).map(|_| chance.one_of(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(&["tea", "g1"]), draws(&["tea", "g1"]));
        assert_ne!(draws(&["tea", "g1"]), draws(&["te", "ag1"]));
    }

    #[test]
    fn all_are_as_likely() {
        let mut chance = Chance::of(&["a seed"]);
        let mut seen = [0; 4];
        (0..4000).for_each(|_| seen[chance.one_of(4)] += 1);
        assert!(seen.iter().all(|count| (900..1100).contains(count)), "{seen:?}");
        let happened = (0..10_000).filter(|_| chance.happens(12.5)).count();
        assert!((1_150..1_350).contains(&happened), "{happened}");
        assert_eq!(chance.one_of(0), 0);
    }
}
