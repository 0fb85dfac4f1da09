//! How alike two folded texts are.

/// Pairs of neighbouring characters that are looked at: a very long text is known by its beginning.
const PAIRS_MAX: usize = 4096;

/// A folded text, made for comparing: its pairs of neighbouring characters, without blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// In order; the same pair as often as it stands in the text.
    pairs: Vec<u64>,
}

impl Likeness {
    /// Of a folded text.
    pub fn new(folded: &str) -> Self {
        let mut characters = folded.chars().filter(|c| !c.is_whitespace()).map(|c| u64::from(u32::from(c)));
        let Some(mut last) = characters.next() else { return Self { pairs: Vec::new() } };
        let mut pairs: Vec<u64> =
            characters.take(PAIRS_MAX).map(|next| (std::mem::replace(&mut last, next) << 32) | next).collect();
        // A text of one character is the pair of it and nothing.
        if pairs.is_empty() {
            pairs.push(last << 32);
        }
        pairs.sort_unstable();
        Self { pairs }
    }

    /// From 0, nothing in common, to 1, the same pairs: the Sørensen–Dice coefficient of both sets of pairs
    /// (<https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient>). Two empty texts have nothing in common.
    pub fn with(&self, other: &Likeness) -> f32 {
        let all = self.pairs.len() + other.pairs.len();
        if all == 0 {
            return 0.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
        let ratio = 2.0 * common(&self.pairs, &other.pairs) as f32 / all as f32;
        ratio
    }
}

/// How many elements two ordered lists share.
fn common(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alike(a: &str, b: &str) -> f32 {
        Likeness::new(a).with(&Likeness::new(b))
    }

    #[test]
    fn small_changes_leave_texts_alike() {
        assert!(alike("今天下午三点开会", "今天下午三点开会!") > 0.9);
        assert!(alike("加我领红包", "加我 领红包") > 0.99);
        assert!(alike("今天下午三点开会", "明天早上吃什么") < 0.3);
        assert!(alike("\0", "\0") > 0.99);
        assert!(alike("好", "好") > 0.99 && alike("好", "坏") < 0.01 && alike("", "") < 0.01);
    }

    proptest! {
        #[test]
        fn it_is_symmetric_and_lies_between_nothing_and_all(a in ".{0,40}", b in ".{0,40}") {
            prop_assert!((alike(&a, &b) - alike(&b, &a)).abs() < f32::EPSILON);
            prop_assert!((0.0..=1.0).contains(&alike(&a, &b)));
            prop_assert!(a.trim().is_empty() || (alike(&a, &a) - 1.0).abs() < f32::EPSILON);
        }
    }
}
