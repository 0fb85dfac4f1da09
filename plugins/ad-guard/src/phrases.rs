//! Phrases that the operator allows.

use std::ops::Range;

/// Folded phrases; what touches one of them is no match.
#[derive(Debug)]
pub(crate) struct Phrases(Vec<String>);

impl Phrases {
    pub(crate) fn new(phrases: &[String], fold: impl Fn(&str) -> String) -> Self {
        Self(phrases.iter().map(|phrase| fold(phrase)).filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Where they stand in a folded text.
    pub(crate) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        self.0
            .iter()
            .flat_map(|phrase| text.match_indices(phrase.as_str()).map(|(start, found)| start..start + found.len()))
            .collect()
    }
}

pub(crate) fn touches<T: PartialOrd>(ranges: &[Range<T>], span: &Range<T>) -> bool {
    ranges.iter().any(|range| range.start < span.end && span.start < range.end)
}
