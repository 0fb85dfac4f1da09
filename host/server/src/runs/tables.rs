//! The calls of a run: a table of so many rows at a time, each a call of its own, in turns with the heavy calls of
//! events, so that decisions beside a run stay fast.

use super::combine::Said;
use super::inputs::Columns;
use super::plan::Ready;
use super::progress::Running;
use crate::host::Host;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Contribution, Hook, Population, TableInput, TableReport};
use usher_model::{BrandId, CallLimits, Failure, FailureKind, PluginName};

/// A table that takes too much is tried again with half of the rows, down to so many.
const ROWS_MIN: usize = 64;

/// A table of more rows than that is made smaller when it takes more fuel than this, some 90 ms: others wait for the turn.
const TURN_FUEL: u64 = 150_000_000;

/// Most reasons for contributions that one plugin may have in a run, over all its tables.
const REASONS_MAX: usize = 64;

/// Why a plugin's part in a run is missing, and with it the run.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    /// A call failed.
    #[error("`{plugin}` failed on rows {from} to {until}: {message}", message = failure.message)]
    Failed {
        /// Who.
        plugin: PluginName,
        /// The first row of the table.
        from: usize,
        /// The row after the last one.
        until: usize,
        /// Why.
        failure: Failure,
    },
    /// Reasons that differ from row to row.
    #[error(
        "`{0}` gives more than {REASONS_MAX} different reasons: a reason is for all rows, what differs are the points"
    )]
    Reasons(PluginName),
    /// The host's own code failed.
    #[error("the call of `{0}` panicked; this is a bug of usher, please report it")]
    Panicked(PluginName),
}

/// Columns ready to be cut into tables.
#[derive(Debug)]
pub(crate) struct Rows<'c> {
    pub(crate) columns: &'c Columns,
    pub(crate) population: Arc<Population>,
    pub(crate) parameters: Arc<BTreeMap<Box<str>, Box<str>>>,
}

/// What a plugin says of all rows, and what it cost in units of fuel.
pub(crate) async fn call_tables(
    host: &Host,
    hook: Hook,
    plugin: &Ready,
    rows: &Rows<'_>,
    running: &Running,
) -> Result<(Said, u64), CallError> {
    let mut said = Said {
        plugin: plugin.planned.plugin.clone(),
        mode: plugin.planned.mode,
        weight: plugin.planned.weight,
        contributions: Vec::new(),
        exclusions: Vec::new(),
        labels: Vec::new(),
    };
    let all = rows.columns.ids.len();
    let mut size = usize::try_from(plugin.limits.table_rows).unwrap_or(usize::MAX).max(1);
    let brief = CallLimits { table_fuel: plugin.limits.table_fuel.min(TURN_FUEL), ..CallLimits::clone(&plugin.limits) };
    let brief = Arc::new(brief);
    let (mut from, mut fuel) = (0, 0u64);
    while from < all {
        let range = from..from.saturating_add(size).min(all);
        let limits = if range.len() > ROWS_MIN { &brief } else { &plugin.limits };
        let input = table(plugin, rows, &range);
        let report = call(host, &running.brand, hook, plugin, (input, limits.clone())).await?;
        fuel = fuel.saturating_add(report.cost.fuel);
        match report.failure.clone() {
            None => {
                running.advance(range.len() as u64);
                from = range.end;
                add(&mut said, report, &range, all)?;
            }
            // What ran out runs out again with the same rows, and may not with fewer; so would the tables after it.
            Some(failure) if took_too_much(&failure) && range.len() > ROWS_MIN => {
                size = (range.len() / 2).max(ROWS_MIN);
            }
            Some(failure) => {
                let plugin = said.plugin;
                return Err(CallError::Failed { plugin, from: range.start, until: range.end, failure });
            }
        }
    }
    Ok((said, fuel))
}

/// One call, when it is its turn. Not from the thread of the run, which may wait for a core: others would wait for the turn.
async fn call(
    host: &Host,
    brand: &BrandId,
    hook: Hook,
    plugin: &Ready,
    (input, limits): (TableInput, Arc<CallLimits>),
) -> Result<TableReport, CallError> {
    let (turns, engine) = (Arc::clone(&host.turns), Arc::clone(&host.engine));
    let (brand, snapshot) = (brand.clone(), Arc::clone(&plugin.snapshot));
    let called = host.background.spawn(async move {
        let place = turns.aside(&brand).await;
        place.run(|| engine.score(hook, &snapshot, &Arc::new(input), &limits))
    });
    called.await.map_err(|_| CallError::Panicked(plugin.planned.plugin.clone()))
}

fn took_too_much(failure: &Failure) -> bool {
    use FailureKind::{Deadline, HostCalls, Memory, Output};
    matches!(failure.kind, Deadline | Memory | HostCalls | Output)
}

/// These rows, and of each the columns that the plugin's manifest names.
fn table(plugin: &Ready, rows: &Rows<'_>, range: &Range<usize>) -> TableInput {
    let wanted = |name: &str| plugin.planned.columns.iter().any(|column| column == name);
    let numbers = rows.columns.numbers.iter().filter(|(name, _)| wanted(name));
    let texts = rows.columns.texts.iter().filter(|(name, _)| wanted(name));
    TableInput {
        ids: rows.columns.ids[range.clone()].to_vec(),
        numbers: numbers.map(|(name, values)| (name.clone(), values[range.clone()].to_vec())).collect(),
        texts: texts.map(|(name, values)| (name.clone(), values[range.clone()].to_vec())).collect(),
        population: rows.population.clone(),
        parameters: rows.parameters.clone(),
    }
}

/// Adds what was said of a table. The same reason of several tables is one line; the first table that has a reason says
/// where it stands, and rows that have none of it get nothing for it. A reason that comes twice in a table is two lines.
fn add(said: &mut Said, report: TableReport, range: &Range<usize>, all: usize) -> Result<(), CallError> {
    let mut used = vec![false; said.contributions.len()];
    for Contribution { reason, points } in report.contributions {
        let known = said.contributions.iter().zip(&used).position(|((known, _), used)| !used && *known == reason);
        let line = known.unwrap_or(said.contributions.len());
        if known.is_none() {
            if line == REASONS_MAX {
                return Err(CallError::Reasons(said.plugin.clone()));
            }
            said.contributions.push((reason, vec![0.0; all]));
            used.push(false);
        }
        used[line] = true;
        said.contributions[line].1[range.clone()].copy_from_slice(&points);
    }
    let offset = u32::try_from(range.start).unwrap_or(u32::MAX);
    said.exclusions.extend(report.exclusions.into_iter().map(|one| (one.row + offset, one.reason)));
    said.labels.extend(report.labels.into_iter().map(|one| (one.row + offset, one.label)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_engine::{Exclusion, RowLabel};
    use usher_model::Mode;

    fn report(contributions: &[(&str, &[f64])]) -> TableReport {
        let contribution =
            |(reason, points): &(&str, &[f64])| Contribution { reason: (*reason).to_owned(), points: points.to_vec() };
        TableReport {
            contributions: contributions.iter().map(contribution).collect(),
            exclusions: vec![Exclusion { row: 1, reason: "no".into() }],
            labels: vec![RowLabel { row: 0, label: "yes".into() }],
            ..TableReport::default()
        }
    }

    #[test]
    fn tables_are_put_together_reason_by_reason() {
        let plugin = PluginName::new("p").unwrap();
        let (contributions, exclusions, labels) = Default::default();
        let mut said = Said { plugin, mode: Mode::Enforce, weight: 1.0, contributions, exclusions, labels };
        add(&mut said, report(&[("a", &[1.0, 2.0]), ("a", &[3.0, 4.0])]), &(0..2), 4).unwrap();
        add(&mut said, report(&[("b", &[5.0, 6.0]), ("a", &[7.0, 8.0])]), &(2..4), 4).unwrap();
        let line = |reason: &str, points: [f64; 4]| (reason.to_owned(), points.to_vec());
        let lines = [line("a", [1.0, 2.0, 7.0, 8.0]), line("a", [3.0, 4.0, 0.0, 0.0]), line("b", [0.0, 0.0, 5.0, 6.0])];
        assert_eq!(said.contributions, lines);
        assert_eq!(said.exclusions, [(1, "no".to_owned()), (3, "no".to_owned())]);
        assert_eq!(said.labels, [(0, "yes".to_owned()), (2, "yes".to_owned())]);
        let reasons: Vec<String> = (0..80).map(|n| n.to_string()).collect();
        let many: Vec<(&str, &[f64])> = reasons.iter().map(|reason| (reason.as_str(), &[0.0, 0.0][..])).collect();
        assert!(matches!(add(&mut said, report(&many), &(0..2), 4), Err(CallError::Reasons(_))));
    }
}
