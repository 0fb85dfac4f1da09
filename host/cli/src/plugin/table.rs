//! Tables in files, judged by a scorer or a ranker: the engine and the limits of production, and nothing around them.

mod bench;
mod case;
mod judge;
mod update;

pub(super) use bench::bench;

use super::compare::{Difference, differences};
use crate::output;
use anyhow::Context;
use case::TableCase;
use judge::Judge;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Whether these files hold tables, and no stories: one that does is enough, and then the others must.
pub(super) fn are_tables(files: &[PathBuf]) -> bool {
    files.iter().any(|path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        toml::from_str::<toml::Table>(&text).is_ok_and(|file| file.contains_key("row"))
    })
}

/// Judges the tables of these files and holds what came against what was expected, or writes it in its place.
pub(super) fn test(component: &Path, files: &[PathBuf], update: bool, as_json: bool) -> anyhow::Result<ExitCode> {
    let judge = Judge::of(component)?;
    let (mut failed, mut all) = (0, Vec::with_capacity(files.len()));
    for path in files {
        let case = TableCase::read(path)?;
        let said = judge.judge(&case).with_context(|| format!("`{}` can't begin", path.display()))?;
        let mut mistakes = compare(&case, &said);
        let updated = update && update::write(path, &case, &said)?;
        if updated {
            // What can't be written, such as a failure, stays a mistake.
            mistakes.retain(|(row, _)| *row == 0);
        }
        failed += usize::from(!mistakes.is_empty());
        let name = path.display().to_string();
        if !as_json {
            output::line(&tell(&name, case.rows.len(), &mistakes, updated));
        }
        all.push(json!({"case": name, "ok": mistakes.is_empty(), "rows": case.rows.len(),
            "mistakes": mistakes.iter().map(as_value).collect::<Vec<Value>>()}));
    }
    if as_json {
        output::line(&serde_json::to_string_pretty(&all)?);
    } else {
        output::line(&format!("\n{} of {} cases went as they should", files.len() - failed, files.len()));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Judges the table of one file and shows all that the plugin said of it.
pub(super) fn run(component: &Path, file: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let case = TableCase::read(file)?;
    let said = Judge::of(component)?.judge(&case).with_context(|| format!("`{}` can't begin", file.display()))?;
    output::line(&if as_json { serde_json::to_string_pretty(&said)? } else { describe(&said) });
    Ok(if said["failure"].is_null() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Row by row, from 1; the whole table is row 0.
fn compare(case: &TableCase, said: &Value) -> Vec<(usize, Difference)> {
    let failure = said["failure"]["message"].as_str();
    match (&case.fails, failure) {
        (Some(words), Some(message)) if message.contains(words.as_str()) => return Vec::new(),
        (Some(words), _) => {
            let found = failure.map(Value::from);
            return vec![(0, Difference { place: "the failure".into(), expected: words.as_str().into(), found })];
        }
        (None, Some(_)) => {
            let found = Some(said["failure"].clone());
            return vec![(0, Difference { place: "the plugin".into(), expected: json!("an answer"), found })];
        }
        (None, None) => {}
    }
    let mut all = Vec::new();
    for (index, row) in case.rows.iter().enumerate() {
        let found = differences(&rounded(&row.expect), Some(&rounded(&said["rows"][index])));
        all.extend(found.into_iter().map(|what| (index + 1, what)));
    }
    all
}

/// With numbers as people write them: the same to six places after the point, whole or not.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, |number| ((number * 1e6).round() / 1e6).into()),
        Value::Array(values) => values.iter().map(rounded).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), rounded(value))).collect(),
        other => other.clone(),
    }
}

fn tell(name: &str, rows: usize, mistakes: &[(usize, Difference)], updated: bool) -> String {
    let about = format!("{name} ({rows} row{})", if rows == 1 { "" } else { "s" });
    if mistakes.is_empty() {
        return format!("{} {about}", if updated { "updated" } else { "ok    " });
    }
    let mut lines = vec![format!("FAILED {about}")];
    for (row, Difference { place, expected, found }) in mistakes {
        let found = found.as_ref().map_or("nothing".into(), Value::to_string);
        let place = if *row == 0 { place.clone() } else { format!("row {row}, {place}") };
        lines.extend([
            format!("       {place}:"),
            format!("       - expected {expected}"),
            format!("       + came     {found}"),
        ]);
    }
    lines.join("\n")
}

fn as_value((row, what): &(usize, Difference)) -> Value {
    json!({"row": row, "place": what.place, "expected": what.expected, "found": what.found})
}

fn describe(said: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    if said["failure"].is_object() {
        lines.push(format!("failed   {}: {}", text(&said["failure"]["kind"]), text(&said["failure"]["message"])));
    }
    for row in said["rows"].as_array().into_iter().flatten() {
        lines.push(format!("{:<12} {}", text(&row["id"]), row["score"]));
        for (reason, points) in row["contributions"].as_object().into_iter().flatten() {
            lines.push(format!("             {points} for {reason}"));
        }
        for (name, word) in [("excluded", "excluded"), ("labels", "label")] {
            let words = row[name].as_array().into_iter().flatten();
            lines.extend(words.map(|words| format!("             {word}: {}", text(words))));
        }
    }
    for line in said["log"].as_array().into_iter().flatten() {
        lines.push(format!("log      {}: {}", text(&line["level"]), text(&line["message"])));
    }
    lines.push(format!("fuel     {} ({} µs)", said["cost"]["fuel"], said["cost"]["duration_us"]));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(case: &str, said: &Value) -> Vec<String> {
        let case = TableCase::parse(Path::new("table.toml"), case).unwrap();
        compare(&case, said).into_iter().map(|(row, what)| format!("{row} {}", what.place)).collect()
    }

    #[test]
    fn a_table_is_compared_row_by_row_and_numbers_as_people_write_them() {
        let said = json!({"failure": null, "rows": [
            {"id": "a", "score": 0.1 + 0.2, "contributions": {"x": 12.0}, "excluded": []},
            {"id": "b", "score": 1.0, "excluded": ["new"]},
        ]});
        let none: [String; 0] = [];
        let right =
            "[[row]]\nexpect = { score = 0.3, contributions = { x = 12 } }\n[[row]]\nexpect = { excluded = ['new'] }";
        assert_eq!(mistakes(right, &said), none);
        let wrong = "[[row]]\nexpect = { score = 0.31, excluded = ['x'] }\n[[row]]\nexpect = { labels = ['vip'] }";
        assert_eq!(mistakes(wrong, &said), ["1 excluded", "1 score", "2 labels"]);
    }

    #[test]
    fn a_failure_may_be_what_is_expected() {
        let said = json!({"failure": {"kind": "error", "message": "no column `x`"}, "rows": []});
        assert_eq!(mistakes("fails = 'no column'\n[[row]]", &said), [] as [&str; 0]);
        assert_eq!(mistakes("fails = 'trap'\n[[row]]", &said), ["0 the failure"]);
        assert_eq!(mistakes("[[row]]", &said), ["0 the plugin"]);
    }
}
