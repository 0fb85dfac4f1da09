//! A plugin in force somewhere.

use crate::{AskedLimits, CapabilitySet, GroupId, InvalidId, PluginVersion, Trial, merge_patch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;
use utoipa::ToSchema;

/// Largest settings of one scope, in bytes of JSON.
const SETTINGS_BYTES_MAX: usize = 64 * 1024;

/// Most kinds of actions that a scope can cap.
const CAPS_MAX: usize = 64;

/// The most that a plugin can weigh beside others.
const WEIGHT_MAX: f64 = 1_000.0;

/// Counts the changes of an enablement, from 1.
pub type Revision = u64;

/// Whether what a plugin says takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It does not run.
    Off,
    /// It runs and is recorded, without effect.
    Shadow,
    /// It counts.
    #[default]
    Enforce,
}

/// What a plugin's failure means for the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailurePolicy {
    /// Nothing: the others decide.
    #[default]
    Open,
    /// The event is blocked.
    Closed,
    /// The event waits for a person.
    Hold,
}

/// Where an enablement holds. The most specific wins; settings merge from wide to narrow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In every group of the brand.
    Brand,
    /// In every group of this kind.
    Kind(String),
    /// In one group.
    Group(GroupId),
}

/// A text that names no scope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a scope is `brand`, `kind:KIND` or `group:GROUP`")]
pub struct InvalidScope;

impl Scope {
    /// Reads what [`fmt::Display`] writes.
    ///
    /// # Errors
    /// [`InvalidScope`] when it is none of the three.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        if text == "brand" {
            return Ok(Scope::Brand);
        }
        match text.split_once(':') {
            Some(("kind", kind)) if !kind.contains(char::is_control) => Ok(Scope::Kind(kind.to_owned())),
            Some(("group", group)) => GroupId::new(group).map(Scope::Group).map_err(|_: InvalidId| InvalidScope),
            _ => Err(InvalidScope),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Brand => f.write_str("brand"),
            Scope::Kind(kind) => write!(f, "kind:{kind}"),
            Scope::Group(group) => write!(f, "group:{group}"),
        }
    }
}

/// A plugin in force at a scope. What is not said is as at the next wider scope, or else as the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enablement {
    /// Which version.
    pub version: PluginVersion,
    /// Whether it counts; `enforce` when no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// What its schema asks for; merged over wider scopes as RFC 7396.
    #[serde(default = "no_settings")]
    pub settings: Value,
    /// What it may do, of what it asks for; all that it asks for when no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub grants: Option<CapabilitySet>,
    /// What its failure means; `open` when no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_policy: Option<FailurePolicy>,
    /// The share of members for whom it counts, 0 to 100; the others see it in shadow. 100 when no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_percent: Option<u8>,
    /// What one call may use, up to what the host allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<AskedLimits>,
    /// How much its contributions count in a run beside those of other plugins, 0 to 1000; 1 when no scope says. For the
    /// hooks `score` and `rank`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// How many actions of a kind are done in a day without a person, in all groups of the brand together; more are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_actions: Option<DailyCaps>,
    /// Another version that is tried beside this one. What a wider scope tries is not tried here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
}

/// The most actions of a kind that are done in a day without a person.
pub type DailyCaps = BTreeMap<String, u32>;

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

impl Enablement {
    /// This enablement over a wider one: what it says wins, settings merge, the rest is inherited.
    #[must_use]
    pub fn over(&self, wider: &Enablement) -> Enablement {
        let mut settings = wider.settings.clone();
        merge_patch(&mut settings, &self.settings);
        Enablement {
            version: self.version.clone(),
            mode: self.mode.or(wider.mode),
            settings,
            grants: self.grants.clone().or_else(|| wider.grants.clone()),
            failure_policy: self.failure_policy.or(wider.failure_policy),
            canary_percent: self.canary_percent.or(wider.canary_percent),
            weight: self.weight.or(wider.weight),
            limits: match (&self.limits, &wider.limits) {
                (Some(own), Some(wider)) => Some(own.over(wider)),
                (own, wider) => own.as_ref().or(wider.as_ref()).cloned(),
            },
            daily_actions: match (&self.daily_actions, &wider.daily_actions) {
                (None, None) => None,
                (own, wider) => {
                    Some(wider.iter().chain(own).flatten().map(|(kind, cap)| (kind.clone(), *cap)).collect())
                }
            },
            trial: self.trial.clone(),
        }
    }
}

/// An enablement that can't be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidEnablement {
    /// Settings merge by name.
    #[error("settings must be an object")]
    Settings,
    /// Checking settings costs their size times their schema's.
    #[error(
        "settings have at most {SETTINGS_BYTES_MAX} bytes as JSON, these have {0}; long lists belong in word lists"
    )]
    SettingsTooLarge(usize),
    /// Caps are for a few kinds.
    #[error("daily_actions names at most {CAPS_MAX} kinds of actions, these are {0}")]
    Caps(usize),
    /// Not a percentage.
    #[error("canary_percent lies between 0 and 100")]
    Canary,
    /// Settings of a trial merge by name too.
    #[error("trial.settings must be an object of at most {SETTINGS_BYTES_MAX} bytes as JSON")]
    TrialSettings,
    /// Not a share.
    #[error("trial.canary_percent lies between 1 and 100; without it the version is tried in shadow")]
    TrialCanary,
    /// Not a weight.
    #[error("weight lies between 0 and {WEIGHT_MAX}")]
    Weight,
}

impl Enablement {
    /// Checks what the types do not.
    ///
    /// # Errors
    /// [`InvalidEnablement`] names the field.
    pub fn check(&self) -> Result<(), InvalidEnablement> {
        if !self.settings.is_object() {
            return Err(InvalidEnablement::Settings);
        }
        let bytes = self.settings.to_string().len();
        if bytes > SETTINGS_BYTES_MAX {
            return Err(InvalidEnablement::SettingsTooLarge(bytes));
        }
        if let Some(caps) = self.daily_actions.as_ref().map(BTreeMap::len).filter(|caps| *caps > CAPS_MAX) {
            return Err(InvalidEnablement::Caps(caps));
        }
        if self.canary_percent.is_some_and(|percent| percent > 100) {
            return Err(InvalidEnablement::Canary);
        }
        if self.weight.is_some_and(|weight| !(0.0..=WEIGHT_MAX).contains(&weight)) {
            return Err(InvalidEnablement::Weight);
        }
        let Some(trial) = &self.trial else { return Ok(()) };
        if !trial.settings.is_object() || trial.settings.to_string().len() > SETTINGS_BYTES_MAX {
            return Err(InvalidEnablement::TrialSettings);
        }
        if trial.canary_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(InvalidEnablement::TrialCanary);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_round_trip() {
        let group = Scope::Group(GroupId::new("zz:01").unwrap());
        for scope in [Scope::Brand, Scope::Kind("product".into()), group] {
            assert_eq!(Scope::parse(&scope.to_string()), Ok(scope));
        }
        assert_eq!(Scope::parse("planet"), Err(InvalidScope));
    }

    #[test]
    fn what_a_narrower_scope_does_not_say_is_inherited() {
        let parse = |json: &str| serde_json::from_str::<Enablement>(json).unwrap();
        let wide = parse(
            r#"{"version":"0.1.0","mode":"shadow","grants":[],"failure_policy":"hold","canary_percent":5,"limits":{"fuel":7},"daily_actions":{"kick":9,"ban":1},"settings":{"a":1}}"#,
        );
        let narrow = parse(r#"{"version":"0.2.0","limits":{"spans":9},"daily_actions":{"kick":3},"settings":{"b":2}}"#);
        assert_eq!(narrow.check(), Ok(()));
        let both = narrow.over(&wide);
        assert_eq!(both.version.as_str(), "0.2.0");
        assert_eq!(both.settings, serde_json::json!({"a": 1, "b": 2}));
        assert_eq!((both.mode, both.failure_policy), (Some(Mode::Shadow), Some(FailurePolicy::Hold)));
        assert_eq!((both.grants, both.canary_percent), (Some(CapabilitySet::new()), Some(5)));
        assert_eq!(both.daily_actions, Some(DailyCaps::from([("ban".into(), 1), ("kick".into(), 3)])));
        assert_eq!(both.limits, Some(AskedLimits { fuel: Some(7), spans: Some(9), ..AskedLimits::default() }));
    }
}
