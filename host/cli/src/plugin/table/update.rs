//! What came of each row, written into a table's file in place of what was expected.

use super::case::TableCase;
use super::rounded;
use crate::plugin::update::rewrite;
use anyhow::{Context, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use toml_edit::{DocumentMut, Item};

/// Rewrites the file where it differs from what came, and says whether it did. A failure is no expectation: then the file
/// stays as it is.
pub(super) fn write(path: &Path, case: &TableCase, said: &Value) -> anyhow::Result<bool> {
    if !said["failure"].is_null() {
        return Ok(false);
    }
    let about = || format!("`{}` can't be updated", path.display());
    let text = fs::read_to_string(path).with_context(about)?;
    let updated = updated(&text, case, said).with_context(about)?;
    if updated == text {
        return Ok(false);
    }
    fs::write(path, updated).with_context(about)?;
    Ok(true)
}

fn updated(text: &str, case: &TableCase, said: &Value) -> anyhow::Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let rows = document.get_mut("row").and_then(Item::as_array_of_tables_mut);
    let Some(rows) = rows else { bail!("its rows are not written as `[[row]]`") };
    let came = said["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    for ((table, row), found) in rows.iter_mut().zip(&case.rows).zip(came) {
        if table.contains_key("expect") {
            rewrite(table, "expect", &rounded(&row.expect), &rounded(found))?;
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_rows_that_expected_something_else_are_written() {
        let text = "# why\n[[row]]\nexpect = { score = 3 } # so\n\n[[row]]\nexpect={score=1}\n\n[[row]]\nid = 'c'\n";
        let case = TableCase::parse(Path::new("table.toml"), text).unwrap();
        let said = json!({"failure": null, "rows": [
            {"id": "a", "score": 0.1 + 0.2, "excluded": []}, {"id": "b", "score": 1.0}, {"id": "c", "score": 9.0},
        ]});
        let told = "# why\n[[row]]\nexpect = { score = 0.3 } # so\n\n[[row]]\nexpect={score=1}\n\n[[row]]\nid = 'c'\n";
        assert_eq!(updated(text, &case, &said).unwrap(), told);
        assert_eq!(updated(told, &case, &said).unwrap(), told);
    }
}
