//! Files to events. Ids and times come from the file, so that sending it again is the same events again.

use crate::send::FormatFlag;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Ndjson,
    Table(u8),
    Lines,
}

impl Format {
    pub(crate) fn choose(flag: FormatFlag, file: &Path) -> Self {
        match flag {
            FormatFlag::Ndjson => Format::Ndjson,
            FormatFlag::Csv => Format::Table(b','),
            FormatFlag::Tsv => Format::Table(b'\t'),
            FormatFlag::Lines => Format::Lines,
            FormatFlag::Auto => match file.extension().and_then(|ending| ending.to_str()) {
                Some("ndjson" | "jsonl") => Format::Ndjson,
                Some("csv") => Format::Table(b','),
                Some("tsv") => Format::Table(b'\t'),
                _ => Format::Lines,
            },
        }
    }
}

/// Names of columns that hold the text, tried in this order in any case.
const TEXT_COLUMNS: [&str; 4] = ["text", "content", "message", "test_case"];

/// An event, ready to send.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) id: String,
    pub(crate) body: String,
}

/// Reads the whole file.
pub(crate) fn read_events(
    file: &Path,
    format: Format,
    text_column: Option<&str>,
    actor: &str,
    at: Option<jiff::Timestamp>,
) -> anyhow::Result<Vec<Outgoing>> {
    let (text, written) = read(file)?;
    let at = at.unwrap_or(written);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-").unwrap_or("stdin");
    let made = |(index, text): (usize, &str)| Ok(message(stem, index, text, actor, at));
    match format {
        Format::Ndjson => ndjson(&text),
        Format::Lines => text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(made).collect(),
        Format::Table(delimiter) => {
            let cells = column(&text, delimiter, text_column)?;
            cells.iter().map(String::as_str).enumerate().filter(|(_, cell)| !cell.is_empty()).map(made).collect()
        }
    }
}

/// The text, and when it was last written.
fn read(file: &Path) -> anyhow::Result<(String, jiff::Timestamp)> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok((text, jiff::Timestamp::UNIX_EPOCH));
    }
    let bytes = std::fs::read(file)?;
    let written = jiff::Timestamp::try_from(std::fs::metadata(file)?.modified()?)?;
    Ok((String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned(), written))
}

/// A message of a line or a row; its time is the file's, so that it stays the same.
fn message(stem: &str, index: usize, text: &str, actor: &str, at: jiff::Timestamp) -> Outgoing {
    let safe: String = stem.chars().map(|c| if c.is_whitespace() || "/?#\\".contains(c) { '_' } else { c }).collect();
    let id = format!("{}-{}", safe.get(..safe.floor_char_boundary(80)).unwrap_or_default(), index + 1);
    let event =
        json!({"id": id, "kind": "message.created", "at": at.to_string(), "actor": {"id": actor}, "text": text});
    Outgoing { body: event.to_string(), id }
}

fn ndjson(text: &str) -> anyhow::Result<Vec<Outgoing>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let line: Value = serde_json::from_str(line).with_context(|| format!("line {}", index + 1))?;
            // A line of a batch holds the event under this name.
            let event = line.get("event").unwrap_or(&line);
            let Some(id) = event.get("id").and_then(Value::as_str) else { bail!("line {}: no `id`", index + 1) };
            Ok(Outgoing { id: id.to_owned(), body: event.to_string() })
        })
        .collect()
}

fn column(text: &str, delimiter: u8, wanted: Option<&str>) -> anyhow::Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let position = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let found = match wanted {
        Some(name) => position(name),
        None => TEXT_COLUMNS.into_iter().find_map(position),
    };
    let Some(index) = found else {
        let columns: Vec<&str> = header.iter().collect();
        bail!("no column with the text; name one with --text-column: {}", columns.join(", "));
    };
    reader.records().map(|row| Ok(row?.get(index).unwrap_or_default().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_id_and_time() {
        let sent = message("my chat", 0, "hi", "u-1", "2025-11-22T12:00:00Z".parse().unwrap());
        assert_eq!(sent.id, "my_chat-1");
        assert!(sent.body.contains("\"at\":\"2025-11-22T12:00:00Z\""), "{}", sent.body);
    }

    #[test]
    fn the_text_column_is_found_or_asked_for() {
        assert_eq!(column("id,TEXT\n1,\"a, b\"\n", b',', None).unwrap(), ["a, b"]);
        assert_eq!(column("id\tbody\n1\tx\n", b'\t', Some("body")).unwrap(), ["x"]);
        let error = column("id,body\n1,x\n", b',', None).unwrap_err().to_string();
        assert!(error.contains("--text-column: id, body"), "{error}");
    }
}
