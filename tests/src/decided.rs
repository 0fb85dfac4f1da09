//! A decision, in the words of tests.

use serde_json::{Value, json};

/// A decision, as the host answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided(pub Value);

impl Decided {
    /// `allow`, `flag`, `hold` or `block`.
    pub fn verdict(&self) -> &str {
        self.0["verdict"].as_str().unwrap_or_default()
    }

    /// The rules that spoke, in order.
    pub fn rules(&self) -> Vec<&str> {
        rules_of(&self.0["findings"])
    }

    /// The rules that spoke in shadow, in order.
    pub fn shadow_rules(&self) -> Vec<&str> {
        rules_of(&self.0["shadow"]["findings"])
    }

    /// Without what names the component and its plan, and without what was measured: the same for two plugins that do the same.
    #[must_use]
    pub fn unmeasured(mut self) -> Self {
        for name in ["id", "plan"] {
            self.0[name] = json!("-");
        }
        for report in self.0["plugins"].as_array_mut().into_iter().flatten() {
            for name in ["digest", "fuel", "duration_us"] {
                report[name] = json!("-");
            }
        }
        self
    }

    /// How one plugin's part ended: `findings`, `abstain`, `failed(kind)`, or nothing when it did not run.
    pub fn outcome(&self, plugin: &str) -> String {
        let reports = self.0["plugins"].as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(report) = reports.iter().find(|report| report["plugin"] == plugin) else { return String::new() };
        match report["failure"]["kind"].as_str() {
            Some(kind) => format!("failed({kind})"),
            None => report["outcome"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

fn rules_of(findings: &Value) -> Vec<&str> {
    findings.as_array().into_iter().flatten().filter_map(|finding| finding["rule"].as_str()).collect()
}
