//! Contents as rankers see them: the columns that they ask for, of those contents that can be for the recipient. Pure.

use super::outcome::Words;
use crate::runs::Columns;
use std::collections::BTreeSet;
use usher_model::{Content, ItemColumn, Timestamp};

/// Contents that are ranked, and what is known of each.
#[derive(Debug)]
pub(crate) struct Shelf {
    at: Timestamp,
    ids: Vec<Box<str>>,
    pub(crate) words: Vec<Words>,
    numbers: Vec<(ItemColumn, Vec<f64>)>,
    texts: Vec<(ItemColumn, Vec<Box<str>>)>,
}

impl Shelf {
    /// Nothing yet.
    pub(crate) fn new(at: Timestamp, columns: &BTreeSet<ItemColumn>) -> Self {
        let numbers = columns.iter().filter(|column| column.is_number());
        let texts = columns.iter().filter(|column| column.is_text());
        Self {
            at,
            ids: Vec::new(),
            words: Vec::new(),
            numbers: numbers.map(|column| (column.clone(), Vec::new())).collect(),
            texts: texts.map(|column| (column.clone(), Vec::new())).collect(),
        }
    }

    pub(crate) fn ids(&self) -> &[Box<str>] {
        &self.ids
    }

    /// One content more; contents come in the order of their ids.
    pub(crate) fn add(&mut self, id: &str, content: &Content) {
        self.ids.push(id.into());
        self.words.push(Words::of(content));
        for (column, values) in &mut self.numbers {
            values.push(match column {
                ItemColumn::AgeHours => content.valid_from.map_or(f64::NAN, |from| hours_between(from, self.at)),
                ItemColumn::Attribute(name) => {
                    let number = content.attributes.get(name).and_then(|text| text.trim().parse::<f64>().ok());
                    number.filter(|number| number.is_finite()).unwrap_or(f64::NAN)
                }
                _ => 0.0, // nothing came of it, until something did
            });
        }
        for (column, values) in &mut self.texts {
            values.push(match column {
                ItemColumn::Id => id.into(),
                ItemColumn::Kind => content.kind.as_str().into(),
                ItemColumn::Topic => content.topic.as_str().into(),
                ItemColumn::Format => content.format.as_str().into(),
                ItemColumn::Author => content.author.as_str().into(),
                ItemColumn::Title => content.title.as_str().into(),
                ItemColumn::Audience => audience(content).into(),
                ItemColumn::Attribute(name) => content.attributes.get(name).map_or("", String::as_str).into(),
                ItemColumn::Reach { .. } | ItemColumn::AgeHours => Box::default(),
            });
        }
    }

    /// What came of showing a content; unknown contents are nobody's.
    pub(crate) fn reached(&mut self, column: &ItemColumn, id: &str, amount: f64) {
        let Ok(row) = self.ids.binary_search_by(|known| (**known).cmp(id)) else { return };
        if let Some((_, values)) = self.numbers.iter_mut().find(|(known, _)| known == column) {
            values[row] = amount;
        }
    }

    /// All columns, and the words of each row.
    pub(crate) fn columns(self) -> (Columns, Vec<Words>) {
        let numbers = self.numbers.into_iter().map(|(column, values)| (column.to_string().into(), values));
        let texts = self.texts.into_iter().map(|(column, values)| (column.to_string().into(), values));
        (Columns { ids: self.ids, numbers: numbers.collect(), texts: texts.collect() }, self.words)
    }
}

/// Whom it is for, one a line.
fn audience(content: &Content) -> String {
    let all: Vec<&str> = content.audience.kinds.iter().chain(&content.audience.segments).map(String::as_str).collect();
    all.join("\n")
}

fn hours_between(from: Timestamp, until: Timestamp) -> f64 {
    const HOUR_MS: f64 = 3_600_000.0;
    #[expect(clippy::cast_precision_loss, reason = "times of this age are exact")]
    let ms = until.ms().saturating_sub(from.ms()) as f64;
    ms / HOUR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_stands_in_its_column() {
        let at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let names = ["age_hours", "reads@7d", "topic", "audience", "attribute:price", "id"];
        let mut shelf = Shelf::new(at, &names.iter().map(|name| name.parse().unwrap()).collect());
        let json = r#"{"topic":"茶","valid_from":"2026-11-22T09:30:00Z","audience":{"kinds":["product"],"segments":["north"]},
            "attributes":{"price":"12.5"}}"#;
        shelf.add("c-1", &serde_json::from_str(json).unwrap());
        shelf.add("c-2", &Content::default());
        shelf.reached(&"reads@7d".parse().unwrap(), "c-2", 4.0);
        shelf.reached(&"reads@7d".parse().unwrap(), "c-9", 4.0);
        let (columns, words) = shelf.columns();
        let number = |name: &str| -> Vec<String> { columns.numbers[name].iter().map(ToString::to_string).collect() };
        assert_eq!(number("age_hours"), ["2.5", "NaN"]);
        assert_eq!(number("reads@7d"), ["0", "4"]);
        assert_eq!(number("attribute:price"), ["12.5", "NaN"]);
        assert_eq!(&*columns.texts["audience"][0], "product\nnorth");
        assert_eq!((&*columns.texts["topic"][0], &*columns.texts["id"][1]), ("茶", "c-2"));
        assert_eq!(words[0].topic, "茶");
    }
}
