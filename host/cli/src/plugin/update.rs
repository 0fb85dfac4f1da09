//! What came, written into a case in place of what was expected. The file stays as it is elsewhere, comments and all.

use super::case::Case;
use super::story::{Outcome, Step, failure};
use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value};
use std::fs;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value as Written};

/// Rewrites the case's file where it differs from what came, and says whether it did. What a plugin that failed came to
/// is no expectation: that stays a mistake.
pub(super) fn write(case: &Case, outcome: &mut Outcome) -> anyhow::Result<bool> {
    let about = || format!("`{}` can't be updated", case.path.display());
    let text = fs::read_to_string(&case.path).with_context(about)?;
    let updated = updated(&text, case, &outcome.steps).with_context(about)?;
    let failed = |event: usize| outcome.steps.get(event - 1).is_some_and(|step| failure(&step.decision).is_some());
    let kept: Vec<usize> = (1..=outcome.steps.len()).filter(|event| failed(*event)).collect();
    outcome.mistakes.retain(|mistake| kept.contains(&mistake.event));
    if updated == text {
        return Ok(false);
    }
    fs::write(&case.path, updated).with_context(about)?;
    Ok(true)
}

fn updated(text: &str, case: &Case, steps: &[Step]) -> anyhow::Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let events = document.get_mut("event").and_then(Item::as_array_of_tables_mut);
    let Some(events) = events else { bail!("its events are not written as `[[event]]`") };
    for ((table, event), step) in events.iter_mut().zip(&case.events).zip(steps) {
        if failure(&step.decision).is_some() {
            continue;
        }
        let found = Value::Array(step.fired.clone());
        let fired = event.fired.clone().map(Value::Array);
        for (name, expected, found) in [("expect", &event.expect, &step.decision), ("fired", &fired, &found)] {
            let Some(expected) = expected else { continue };
            rewrite(table, name, expected, found)?;
        }
    }
    Ok(document.to_string())
}

/// Writes what was found in place of what was expected, where they differ.
pub(super) fn rewrite(table: &mut Table, name: &str, expected: &Value, found: &Value) -> anyhow::Result<()> {
    let now = like(expected, found);
    if now != *expected {
        let mut value = written(&now).ok_or_else(|| anyhow!("`{name}` would be empty"))?;
        // A comment behind it stays.
        if let Some(before) = table.get(name).and_then(Item::as_value) {
            *value.decor_mut() = before.decor().clone();
        }
        table.insert(name, Item::Value(value));
    }
    Ok(())
}

/// What was found, told as far as the expectation told of it. An expectation that says nothing gets what matters.
fn like(expected: &Value, found: &Value) -> Value {
    match (expected, found) {
        (Value::Object(expected), Value::Object(_)) if expected.is_empty() => essence(found),
        (Value::Object(expected), Value::Object(found)) => {
            let told = expected.iter().filter_map(|(name, expected)| match (expected, found.get(name)) {
                (expected, Some(found)) => Some((name.clone(), like(expected, found))),
                // What is left out of an answer is empty.
                (Value::Array(_), None) => Some((name.clone(), Value::Array(Vec::new()))),
                (_, None) => None,
            });
            Value::Object(told.collect())
        }
        (Value::Array(expected), Value::Array(found)) => {
            let told = found.iter().enumerate().map(|(index, found)| match (expected.get(index), expected.last()) {
                // In a list it stands for any.
                (Some(Value::Object(any)), _) if any.is_empty() => Value::Object(Map::new()),
                (Some(shape), _) | (None, Some(shape)) => like(shape, found),
                (None, None) => essence(found),
            });
            Value::Array(told.collect())
        }
        _ => found.clone(),
    }
}

/// What an author would say of a decision, a finding, an action, or a row of a table.
fn essence(found: &Value) -> Value {
    const TOLD: [&str; 10] =
        ["verdict", "findings", "actions", "rule", "severity", "kind", "member", "score", "excluded", "labels"];
    match found {
        Value::Object(fields) => {
            let told = fields.iter().filter(|(name, _)| TOLD.contains(&name.as_str()));
            Value::Object(told.map(|(name, value)| (name.clone(), essence(value))).collect())
        }
        Value::Array(parts) => parts.iter().map(essence).collect(),
        _ => found.clone(),
    }
}

/// As TOML, on one line. There is no null in it.
fn written(value: &Value) -> Option<Written> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(parts) => Written::Array(parts.iter().filter_map(written).collect::<Array>()),
        Value::Object(fields) => {
            let mut table = InlineTable::new();
            table.extend(fields.iter().filter_map(|(name, value)| Some((name.as_str(), written(value)?))));
            Written::InlineTable(table)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::Path;

    fn after(text: &str, decisions: &[Value]) -> String {
        let case = Case::parse(Path::new("story.toml"), text).unwrap();
        let steps = decisions.iter().map(|decision| Step {
            decision: decision.clone(),
            fired: decision["before"].as_array().cloned().unwrap_or_default(),
            log: vec![],
        });
        updated(text, &case, &steps.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn only_what_was_expected_is_written_and_the_rest_of_the_file_stays() {
        let text = "# why\n[[event]]\ntext = 'a' # so\nexpect = { verdict = \"flag\", findings = [] }\n\n[[event]]\ntext = 'b'\n";
        let came =
            json!({"verdict": "allow", "sequence": 1, "findings": [{"rule": "r", "severity": "low", "message": "m"}]});
        let told = "# why\n[[event]]\ntext = 'a' # so\nexpect = { findings = [{ rule = \"r\", severity = \"low\" }], \
            verdict = \"allow\" }\n\n[[event]]\ntext = 'b'\n";
        assert_eq!(after(text, &[came.clone(), came]), told);
    }

    #[test]
    fn what_went_as_expected_is_left_alone_to_the_byte() {
        let text = "[[event]]\ntext = 'a'\nexpect={verdict='allow',  actions = [ ]}\n";
        assert_eq!(after(text, &[json!({"verdict": "allow"})]), text);
    }

    #[test]
    fn an_expectation_that_says_nothing_gets_what_matters() {
        let came = json!({"verdict": "flag", "sequence": 1, "actions": [{"kind": "warn", "member": "u", "text": "t"}]});
        let text = "[[event]]\nexpect = {}\n";
        let told = after(text, &[came]);
        assert_eq!(
            told,
            "[[event]]\nexpect = { actions = [{ kind = \"warn\", member = \"u\" }], verdict = \"flag\" }\n"
        );
    }

    #[test]
    fn lists_grow_and_shrink_and_timers_are_told_too() {
        let text = "[[event]]\n[[event.fired]]\nactions = [{ kind = \"mute\" }]\n";
        let came = json!({"before": [{"actions": [{"kind": "kick", "member": "u"}, {"kind": "notify"}]}]});
        let told = "[[event]]\nfired = [{ actions = [{ kind = \"kick\" }, { kind = \"notify\" }] }]\n";
        assert_eq!(after(text, &[came]), told);
        assert_eq!(after(told, &[json!({"before": []})]), "[[event]]\nfired = []\n");
    }

    #[test]
    fn what_a_failed_plugin_came_to_is_no_expectation() {
        let text = "[[event]]\nexpect = { verdict = \"flag\" }\n";
        let failed = json!({"verdict": "allow", "plugins": [{"outcome": "failed", "failure": {"kind": "trap"}}]});
        assert_eq!(after(text, &[failed]), text);
    }
}
