//! A table in a file: settings, parameters, and rows with what should come of them. The format is described in
//! `docs/authors/scores.md`.

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use usher_engine::{Hook, Population, TableInput};
use usher_model::{ItemColumn, Manifest, MemberColumn};

/// A file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hook: Option<Hook>,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    parameters: BTreeMap<Box<str>, Box<str>>,
    /// Of others, who count for quantiles and have no row.
    #[serde(default)]
    population: BTreeMap<String, Vec<f64>>,
    /// Words of the failure that is expected.
    fails: Option<String>,
    #[serde(default, rename = "row")]
    rows: Vec<Map<String, Value>>,
}

/// A table, and what should come of it.
#[derive(Debug)]
pub(super) struct TableCase {
    pub(super) hook: Option<Hook>,
    pub(super) settings: Value,
    pub(super) fails: Option<String>,
    pub(super) rows: Vec<Row>,
    parameters: BTreeMap<Box<str>, Box<str>>,
    population: BTreeMap<String, Vec<f64>>,
}

/// One member or item, by column.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) expect: Value,
    values: Map<String, Value>,
}

impl TableCase {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can't be read", path.display()))?;
        Self::parse(path, &text)
    }

    pub(super) fn parse(path: &Path, text: &str) -> anyhow::Result<Self> {
        let file = toml::from_str(text).with_context(|| format!("`{}` is no case", path.display()))?;
        let File { hook, settings, parameters, population, fails, rows } = file;
        ensure!(!rows.is_empty(), "`{}` is no table: it needs a `[[row]]` at least", path.display());
        let rows = rows.into_iter().enumerate().map(|(index, values)| Row::new(index, values)).collect();
        Ok(Self { hook, settings: Value::Object(settings), fails, rows, parameters, population })
    }

    /// The table as the plugin sees it: with the columns that its manifest names.
    pub(super) fn input(&self, manifest: &Manifest, hook: Hook) -> anyhow::Result<TableInput> {
        let columns = columns(manifest, hook);
        self.check_names(&columns)?;
        let mut input = TableInput {
            ids: self.rows.iter().map(|row| row.id.as_str().into()).collect(),
            parameters: self.parameters.clone().into(),
            ..TableInput::default()
        };
        for column in columns {
            let name: Box<str> = column.name.as_str().into();
            if column.is_text {
                let texts = self.rows.iter().map(|row| row.text(&column.name)).collect();
                input.texts.insert(name.clone(), texts);
            }
            if column.is_number {
                input.numbers.insert(name, self.rows.iter().map(|row| row.number(&column.name)).collect());
            }
        }
        let all = input.numbers.iter().map(|(name, values)| {
            let others = self.population.get(&**name).map(Vec::as_slice).unwrap_or_default();
            (name.clone(), [values, others].concat())
        });
        input.population = Population::new(all).into();
        Ok(input)
    }

    /// A value that the plugin will never see is a mistake in the case.
    fn check_names(&self, columns: &[Column]) -> anyhow::Result<()> {
        let known = |name: &str| name == "id" || columns.iter().any(|column| column.name == name);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(", ");
        for (number, row) in (1..).zip(&self.rows) {
            if let Some(name) = row.values.keys().find(|name| !known(name)) {
                bail!("row {number}: the manifest does not name the column `{name}`; it names {names}");
            }
        }
        if let Some(name) = self.population.keys().find(|name| !known(name)) {
            bail!("population: the manifest does not name the column `{name}`; it names {names}");
        }
        Ok(())
    }
}

impl Row {
    fn new(index: usize, mut values: Map<String, Value>) -> Self {
        let expect = values.remove("expect").unwrap_or_else(|| Value::Object(Map::new()));
        let id = values.get("id").and_then(Value::as_str).map(str::to_owned);
        Self { id: id.unwrap_or_else(|| format!("row-{}", index + 1)), expect, values }
    }

    fn number(&self, column: &str) -> f64 {
        match self.values.get(column) {
            Some(Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
            Some(Value::String(text)) => {
                text.parse().ok().filter(|number: &f64| number.is_finite()).unwrap_or(f64::NAN)
            }
            _ => f64::NAN,
        }
    }

    fn text(&self, column: &str) -> Box<str> {
        match self.values.get(column) {
            None if column == "id" => self.id.as_str().into(),
            None | Some(Value::Null) => "".into(),
            Some(Value::String(text)) => text.as_str().into(),
            Some(Value::Array(words)) => {
                let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                words.join("\n").into()
            }
            Some(other) => other.to_string().into(),
        }
    }
}

/// A column of the manifest, as far as a table is concerned.
struct Column {
    name: String,
    is_number: bool,
    is_text: bool,
}

fn columns(manifest: &Manifest, hook: Hook) -> Vec<Column> {
    let of_member = |column: MemberColumn| Column {
        is_number: column.is_number(),
        is_text: column.is_text(),
        name: column.to_string(),
    };
    let of_item = |column: ItemColumn| Column {
        is_number: column.is_number(),
        is_text: column.is_text(),
        name: column.to_string(),
    };
    match hook {
        Hook::Rank => manifest.item_columns().into_iter().map(of_item).collect(),
        Hook::Score | Hook::Check => manifest.member_columns().into_iter().map(of_member).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str =
        r#"{"name":"vip","version":"0.1.0","columns":["messages@30d","attribute:age","roles","id"]}"#;

    fn input(text: &str) -> anyhow::Result<TableInput> {
        TableCase::parse(Path::new("table.toml"), text)?.input(&Manifest::parse(MANIFEST)?, Hook::Score)
    }

    #[test]
    fn a_row_has_a_value_for_each_column_of_the_manifest() {
        let input = input(
            "[population]\n'messages@30d' = [0, 10]\n[[row]]\nid = 'u1'\n'messages@30d' = 2\n'attribute:age' = '30'\n\
             roles = ['admin', 'owner']\n[[row]]\n'attribute:age' = 'old'",
        )
        .unwrap();
        assert_eq!(input.ids, ["u1".into(), "row-2".into()]);
        let messages = &input.numbers["messages@30d"];
        assert!(messages[0].to_bits() == 2.0_f64.to_bits() && messages[1].is_nan());
        assert!(input.numbers["attribute:age"][0] > 29.0 && input.numbers["attribute:age"][1].is_nan());
        assert_eq!(&*input.texts["attribute:age"][1], "old");
        assert_eq!((&*input.texts["roles"][0], &*input.texts["id"][1]), ("admin\nowner", "row-2"));
        assert_eq!(input.population.quantile("messages@30d", 0.5), Some(2.0));
    }

    #[test]
    fn what_is_no_table_is_said_in_words_that_help() {
        let told = |text: &str| format!("{:#}", input(text).unwrap_err());
        assert!(told("").contains("a `[[row]]` at least"));
        assert!(told("[[row]]\nlikes = 3").contains("row 1: the manifest does not name the column `likes`; it names"));
        assert!(told("[population]\nlikes = [3]\n[[row]]").contains("population: the manifest does not name"));
        assert!(told("[[rows]]").contains("unknown field `rows`"));
    }
}
