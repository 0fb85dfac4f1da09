//! What was expected beside what came: an expectation is a part of the answer, and says nothing of the rest. Pure.

use serde_json::Value;

/// One place where they differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// Where: `findings[0].rule`.
    pub(super) place: String,
    pub(super) expected: Value,
    /// None when there is nothing at that place.
    pub(super) found: Option<Value>,
}

/// Every place where what was found is not what was expected. Objects may have more than was expected; lists have as many
/// elements, each in its place.
pub(super) fn differences(expected: &Value, found: Option<&Value>) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(String::new(), expected, found, &mut all);
    all
}

fn compare(place: String, expected: &Value, found: Option<&Value>, all: &mut Vec<Difference>) {
    match (expected, found) {
        (Value::Object(expected), Some(Value::Object(found))) => {
            for (name, expected) in expected {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                compare(place, expected, found.get(name), all);
            }
        }
        (Value::Array(parts), Some(Value::Array(found))) if parts.len() == found.len() => {
            for (index, (expected, found)) in parts.iter().zip(found).enumerate() {
                compare(format!("{place}[{index}]"), expected, Some(found), all);
            }
        }
        // What is left out of an answer is empty.
        (Value::Array(parts), None) if parts.is_empty() => {}
        (expected, found) if Some(expected) == found => {}
        (expected, found) => all.push(Difference { place, expected: expected.clone(), found: found.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(expected: &Value, found: &Value) -> Vec<String> {
        differences(expected, Some(found)).into_iter().map(|difference| difference.place).collect()
    }

    #[test]
    fn an_expectation_is_a_part_of_the_answer() {
        let found = json!({"verdict": "flag", "findings": [{"rule": "a", "severity": "low"}, {"rule": "b"}]});
        let right =
            [json!({}), json!({"verdict": "flag"}), json!({"findings": [{"rule": "a"}, {}]}), json!({"actions": []})];
        for right in right {
            assert_eq!(places(&right, &found), [] as [&str; 0], "{right}");
        }
        assert_eq!(places(&json!({"verdict": "allow", "x": 1}), &found), ["verdict", "x"]);
        assert_eq!(places(&json!({"findings": [{"rule": "a"}, {"rule": "c"}]}), &found), ["findings[1].rule"]);
        assert_eq!(places(&json!({"findings": [{"rule": "a"}]}), &found), ["findings"]);
        assert_eq!(places(&json!({"findings": []}), &found), ["findings"]);
    }
}
