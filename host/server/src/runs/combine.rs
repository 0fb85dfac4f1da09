//! What several plugins said of every row becomes one score: the sum of their contributions, each times its plugin's
//! weight, in the order in which they were declared. Pure.

use super::exact::Exact;
use serde::{Deserialize, Serialize};
use usher_model::{Mode, PluginName};
use utoipa::ToSchema;

/// What one plugin said, over all tables.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) plugin: PluginName,
    /// In shadow it is recorded and does not count.
    pub(crate) mode: Mode,
    pub(crate) weight: f64,
    /// Each with a number for every row.
    pub(crate) contributions: Vec<(String, Vec<f64>)>,
    pub(crate) exclusions: Vec<(u32, String)>,
    pub(crate) labels: Vec<(u32, String)>,
}

/// One contribution to all scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Line {
    /// Who says so.
    pub(crate) plugin: PluginName,
    /// For people.
    pub(crate) reason: String,
}

/// Something that a plugin or a person says of one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub(crate) struct Remark {
    /// The plugin; `people` when it was a person.
    pub(crate) by: String,
    /// In their words.
    pub(crate) text: String,
}

/// All that counts, row by row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
    /// Of each line, a number for every row; with the weight.
    points: Vec<Vec<f64>>,
    pub(crate) scores: Vec<f64>,
    pub(crate) excluded: Vec<Vec<Remark>>,
    pub(crate) labels: Vec<Vec<Remark>>,
}

/// A score that is too large to be a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the contributions of row {row} come to more than a number can hold: `{plugin}` should give fewer points")]
pub(crate) struct Overflow {
    pub(crate) row: usize,
    pub(crate) plugin: PluginName,
}

impl Sheet {
    /// What a row's score is the sum of, in the order of the lines.
    pub(crate) fn points_of(&self, row: usize) -> Vec<Exact> {
        self.points.iter().map(|line| Exact(line[row])).collect()
    }
}

/// Adds up what plugins in this mode said.
pub(crate) fn combine(rows: usize, said: &[Said], mode: Mode) -> Result<Sheet, Overflow> {
    let mut sheet = Sheet {
        scores: vec![0.0; rows],
        excluded: vec![Vec::new(); rows],
        labels: vec![Vec::new(); rows],
        ..Sheet::default()
    };
    for said in said.iter().filter(|said| said.mode == mode) {
        for (reason, points) in &said.contributions {
            let points: Vec<f64> = points.iter().map(|points| points * said.weight).collect();
            for (row, (score, points)) in sheet.scores.iter_mut().zip(&points).enumerate() {
                *score += points;
                if !score.is_finite() {
                    return Err(Overflow { row, plugin: said.plugin.clone() });
                }
            }
            sheet.lines.push(Line { plugin: said.plugin.clone(), reason: reason.clone() });
            sheet.points.push(points);
        }
        let remark = |text: &String| Remark { by: said.plugin.to_string(), text: text.clone() };
        for (row, reason) in &said.exclusions {
            sheet.excluded[*row as usize].push(remark(reason));
        }
        for (row, label) in &said.labels {
            let (labels, label) = (&mut sheet.labels[*row as usize], remark(label));
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(plugin: &str, mode: Mode, weight: f64, contributions: Vec<(String, Vec<f64>)>) -> Said {
        let plugin = PluginName::new(plugin).unwrap();
        Said { plugin, mode, weight, contributions, exclusions: vec![(0, "no".into())], labels: vec![] }
    }

    fn points() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(-1e9f64..1e9, 3)
    }

    proptest! {
        #[test]
        fn a_score_is_the_sum_of_its_contributions_to_the_last_bit(
            one in prop::collection::vec(points(), 0..4), other in prop::collection::vec(points(), 0..4), weight in 0.0f64..10.0,
        ) {
            let named = |all: Vec<Vec<f64>>| all.into_iter().map(|points| ("r".to_owned(), points)).collect();
            let all = [said("a", Mode::Enforce, weight, named(one)), said("b", Mode::Enforce, 1.0, named(other))];
            let sheet = combine(3, &all, Mode::Enforce).unwrap();
            for row in 0..3 {
                let sum = sheet.points_of(row).iter().fold(0.0, |sum, points| sum + points.0);
                prop_assert_eq!(sum.to_bits(), sheet.scores[row].to_bits());
                prop_assert_eq!(sheet.points_of(row).len(), sheet.lines.len());
            }
        }
    }

    #[test]
    fn what_is_in_shadow_does_not_count() {
        let line = vec![("r".to_owned(), vec![1.0])];
        let sheet = combine(1, &[said("a", Mode::Shadow, 1.0, line)], Mode::Enforce).unwrap();
        assert_eq!((sheet.scores, sheet.excluded, sheet.lines), (vec![0.0], vec![vec![]], vec![]));
    }

    #[test]
    fn a_score_that_is_no_number_is_refused() {
        let line = vec![("r".to_owned(), vec![f64::MAX]), ("s".to_owned(), vec![f64::MAX])];
        assert!(combine(1, &[said("a", Mode::Enforce, 1.0, line)], Mode::Enforce).is_err());
    }
}
