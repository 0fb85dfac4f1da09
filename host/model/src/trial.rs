//! Another version of a plugin, tried beside the one in force.

use crate::{Enablement, PluginVersion, merge_patch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Another version or other settings of a plugin, beside what is in force and only where that counts: in shadow, or in
/// force for a share of members. It holds at its scope, as the version does that it stands beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Which version.
    pub version: PluginVersion,
    /// What is other than in the settings in force, over which they merge as RFC 7396.
    #[serde(default = "none_other", skip_serializing_if = "is_none_other")]
    #[schema(value_type = Object)]
    pub settings: Value,
    /// The share of members for whom it decides in place of the version in force, 1 to 100; the others do not meet it.
    /// In shadow when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_percent: Option<u8>,
}

fn none_other() -> Value {
    Value::Object(serde_json::Map::new())
}

fn is_none_other(settings: &Value) -> bool {
    settings.as_object().is_some_and(serde_json::Map::is_empty)
}

impl Enablement {
    /// What would be in force if the trial were over and had gone well; none where nothing is tried.
    #[must_use]
    pub fn tried(&self) -> Option<Enablement> {
        let trial = self.trial.as_ref()?;
        let mut settings = self.settings.clone();
        merge_patch(&mut settings, &trial.settings);
        Some(Enablement { version: trial.version.clone(), settings, trial: None, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_differs_in_version_and_settings_only() {
        let parse = |json: &str| serde_json::from_str::<Enablement>(json).unwrap();
        let now = parse(
            r#"{"version":"0.1.0","failure_policy":"hold","settings":{"a":1,"b":2},
                "trial":{"version":"0.2.0","settings":{"a":null,"c":3}}}"#,
        );
        let then = parse(r#"{"version":"0.2.0","failure_policy":"hold","settings":{"b":2,"c":3}}"#);
        assert_eq!(now.tried(), Some(then.clone()));
        assert_eq!(then.tried(), None);
        assert_eq!(then.over(&now).trial, None, "it stands beside the version that it was said with");
    }

    #[test]
    fn a_trial_says_what_a_trial_can_be() {
        let check = |trial: &str| {
            let json = format!(r#"{{"version":"0.1.0","trial":{{"version":"0.2.0"{trial}}}}}"#);
            serde_json::from_str::<Enablement>(&json).unwrap().check().is_ok()
        };
        assert!(check("") && check(r#","canary_percent":1"#) && check(r#","canary_percent":100"#));
        assert!(!check(r#","canary_percent":0"#) && !check(r#","canary_percent":101"#) && !check(r#","settings":[]"#));
    }
}
