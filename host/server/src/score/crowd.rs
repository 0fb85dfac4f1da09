//! Members as they become known, column by column: nothing is kept of a member but what was asked for. Pure.

use crate::runs::Columns;
use std::collections::{BTreeSet, HashMap};
use usher_model::{Aggregate, Day, Labels, Member, MemberColumn, Timestamp};
use usher_store::activity::Activity;

/// More members than a run may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are more than {0} members; the operator of the host can raise `run_rows`")]
pub(crate) struct TooManyRows(pub(crate) usize);

/// When a run is, for what is counted in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When {
    pub(crate) at: Timestamp,
    /// Of the group's or the brand's time zone.
    pub(crate) today: Day,
}

/// Those that are known so far.
#[derive(Debug)]
pub(crate) struct Crowd {
    when: When,
    most: usize,
    known: HashMap<Box<str>, usize>,
    ids: Vec<Box<str>>,
    numbers: Vec<(MemberColumn, Vec<f64>)>,
    texts: Vec<(MemberColumn, Vec<Box<str>>)>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new(when: When, most: usize, columns: &BTreeSet<MemberColumn>) -> Self {
        let numbers = columns.iter().filter(|column| column.is_number());
        let texts = columns.iter().filter(|column| column.is_text());
        Self {
            when,
            most,
            known: HashMap::new(),
            ids: Vec::new(),
            numbers: numbers.map(|column| (column.clone(), Vec::new())).collect(),
            texts: texts.map(|column| (column.clone(), Vec::new())).collect(),
        }
    }

    pub(crate) fn ids(&self) -> &[Box<str>] {
        &self.ids
    }

    /// Where somebody stands; somebody new has done nothing, and nothing else is known of them.
    fn row(&mut self, id: &str) -> Result<usize, TooManyRows> {
        if let Some(row) = self.known.get(id) {
            return Ok(*row);
        }
        if self.ids.len() >= self.most {
            return Err(TooManyRows(self.most));
        }
        for (column, values) in &mut self.numbers {
            values.push(unknown(column));
        }
        for (column, values) in &mut self.texts {
            values.push(if *column == MemberColumn::Id { id.into() } else { Box::default() });
        }
        let row = self.ids.len();
        self.ids.push(id.into());
        self.known.insert(id.into(), row);
        Ok(row)
    }

    /// What the brand has on record of somebody. Who is in several groups is described by the first, and has been there
    /// since they first joined one.
    pub(crate) fn record(&mut self, id: &str, member: &Member) -> Result<(), TooManyRows> {
        let at = self.when.at;
        let row = self.row(id)?;
        for (column, values) in &mut self.numbers {
            let value = &mut values[row];
            match column {
                MemberColumn::MemberDays => {
                    let days = member.joined_at.map_or(f64::NAN, |joined| days_between(joined, at));
                    *value = value.max(days); // NaN is less than any number here
                }
                MemberColumn::Attribute(name) if value.is_nan() => {
                    let number = member.attributes.get(name).and_then(|text| text.trim().parse::<f64>().ok());
                    *value = number.filter(|number| number.is_finite()).unwrap_or(f64::NAN);
                }
                _ => {}
            }
        }
        for (column, values) in &mut self.texts {
            let value = &mut values[row];
            if !value.is_empty() {
                continue;
            }
            *value = match column {
                MemberColumn::Name => member.name.as_str().into(),
                MemberColumn::Roles => member.roles.join("\n").into(),
                MemberColumn::Labels => member.labels.join("\n").into(),
                MemberColumn::Attribute(name) => member.attributes.get(name).map_or("", String::as_str).into(),
                _ => continue,
            };
        }
        Ok(())
    }

    /// What somebody did within a window of so many days.
    pub(crate) fn activity(&mut self, window: u16, activity: &Activity) -> Result<(), TooManyRows> {
        let (today, row) = (self.when.today, self.row(activity.member.as_str())?);
        for (column, values) in &mut self.numbers {
            let MemberColumn::Activity { measure, aggregate, days } = column else { continue };
            if *days == window && measure.as_str() == &*activity.measure {
                #[expect(clippy::cast_precision_loss, reason = "sums above 2^53 are not reached in a window")]
                let value = match aggregate {
                    Aggregate::Sum => activity.sum as f64,
                    Aggregate::Days => f64::from(activity.days),
                    Aggregate::People => f64::from(activity.people),
                    Aggregate::Since => f64::from(today.number() - activity.last.number()),
                };
                values[row] = value;
            }
        }
        Ok(())
    }

    /// Strikes against somebody that stand; those of several groups add up.
    pub(crate) fn strikes(&mut self, row: usize, weight: u32) {
        let column = self.numbers.iter_mut().find(|(column, _)| *column == MemberColumn::Strikes);
        if let Some((_, values)) = column {
            values[row] += f64::from(weight);
        }
    }

    /// Labels that plugins gave to somebody, beside those of the brand.
    pub(crate) fn labels(&mut self, row: usize, labels: &Labels) {
        let column = self.texts.iter_mut().find(|(column, _)| *column == MemberColumn::Labels);
        if let Some((_, values)) = column {
            let value = &mut values[row];
            let mut all: BTreeSet<String> = value.lines().map(str::to_owned).collect();
            all.extend(labels.standing(self.when.at));
            *value = all.into_iter().collect::<Vec<_>>().join("\n").into();
        }
    }

    /// All columns, in the order of the ids.
    pub(crate) fn columns(self) -> Columns {
        let mut order: Vec<usize> = (0..self.ids.len()).collect();
        order.sort_unstable_by(|a, b| self.ids[*a].cmp(&self.ids[*b]));
        let in_order = |values: &[Box<str>]| order.iter().map(|row| values[*row].clone()).collect();
        let numbers = self.numbers.iter().map(|(column, values)| {
            let values = order.iter().map(|row| values[*row]).collect();
            (column.to_string().into(), values)
        });
        let texts = self.texts.iter().map(|(column, values)| (column.to_string().into(), in_order(values)));
        Columns { numbers: numbers.collect(), texts: texts.collect(), ids: in_order(&self.ids) }
    }
}

/// What a column has of somebody of whom nothing is known: who did nothing did nothing, and the rest is not known.
fn unknown(column: &MemberColumn) -> f64 {
    match column {
        MemberColumn::Activity { aggregate: Aggregate::Since, .. }
        | MemberColumn::MemberDays
        | MemberColumn::Attribute(_) => f64::NAN,
        _ => 0.0,
    }
}

/// None are negative: who joins later has not been there for a day.
fn days_between(from: Timestamp, until: Timestamp) -> f64 {
    const DAY_MS: f64 = 86_400_000.0;
    #[expect(clippy::cast_precision_loss, reason = "times of this age are exact")]
    let ms = until.ms().saturating_sub(from.ms()) as f64;
    (ms / DAY_MS).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(most: usize, columns: &[&str]) -> Crowd {
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let when = When { at, today: Day::of(at, "UTC") };
        Crowd::new(when, most, &columns.iter().map(|column| column.parse().unwrap()).collect())
    }

    fn did(id: &str, measure: &str, sum: i64, last: &str) -> Activity {
        let (member, last) = (id.parse().unwrap(), last.parse().unwrap());
        Activity { member, measure: measure.into(), sum, days: 2, people: 1, last }
    }

    #[test]
    fn what_is_known_stands_in_its_column_in_the_order_of_the_ids() {
        let names = ["messages@30d", "messages.days@30d", "helped.people@7d", "messages.since@30d", "member_days"];
        let mut crowd = crowd(9, &[&names[..], &["attribute:city", "name", "strikes", "labels"]].concat());
        crowd.activity(30, &did("u-2", "messages", 5, "2026-11-20")).unwrap();
        crowd.activity(7, &did("u-2", "messages", 3, "2026-11-20")).unwrap();
        crowd.activity(7, &did("u-3", "helped", 1, "2026-11-22")).unwrap();
        let json = r#"{"name":"甲","joined_at":"2026-11-12T13:00:00Z","labels":["b"],"attributes":{"city":"7"}}"#;
        crowd.record("u-1", &serde_json::from_str(json).unwrap()).unwrap();
        crowd
            .record("u-1", &serde_json::from_str(r#"{"name":"乙","joined_at":"2026-11-01T12:00:00Z"}"#).unwrap())
            .unwrap();
        let row = crowd.ids().iter().position(|id| &**id == "u-1").unwrap();
        crowd.strikes(row, 2);
        let mut labels = Labels::default();
        labels.give(Timestamp::EPOCH, "a", None);
        crowd.labels(row, &labels);
        let columns = crowd.columns();
        let ids: Vec<&str> = columns.ids.iter().map(|id| &**id).collect();
        assert_eq!(ids, ["u-1", "u-2", "u-3"]);
        let number = |name: &str| -> Vec<String> { columns.numbers[name].iter().map(ToString::to_string).collect() };
        assert_eq!(number("messages@30d"), ["0", "5", "0"]);
        assert_eq!(number("messages.days@30d"), ["0", "2", "0"]);
        assert_eq!(number("helped.people@7d"), ["0", "0", "1"]);
        assert_eq!(number("messages.since@30d"), ["NaN", "2", "NaN"]);
        assert_eq!(number("member_days"), ["21", "NaN", "NaN"]);
        assert_eq!(number("strikes"), ["2", "0", "0"]);
        assert_eq!(number("attribute:city"), ["7", "NaN", "NaN"]);
        assert_eq!(&*columns.texts["name"][0], "甲");
        assert_eq!(&*columns.texts["labels"][0], "a\nb");
        assert_eq!(&*columns.texts["attribute:city"][0], "7");
    }

    #[test]
    fn there_is_a_bound() {
        let mut crowd = crowd(1, &[]);
        crowd.record("u-1", &Member::default()).unwrap();
        crowd.record("u-1", &Member::default()).unwrap();
        assert_eq!(crowd.record("u-2", &Member::default()), Err(TooManyRows(1)));
    }
}
