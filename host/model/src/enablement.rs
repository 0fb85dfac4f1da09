//! A plugin in force somewhere.

use crate::{CapabilitySet, GroupId, InvalidId, PluginVersion};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use thiserror::Error;
use utoipa::ToSchema;

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
            Some(("kind", kind)) => Ok(Scope::Kind(kind.to_owned())),
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

/// A plugin in force at a scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enablement {
    /// Which version.
    pub version: PluginVersion,
    /// Whether it counts.
    #[serde(default)]
    pub mode: Mode,
    /// What its schema asks for; merged over wider scopes as RFC 7396.
    #[serde(default = "no_settings")]
    pub settings: Value,
    /// What it may do, of what it asks for; all that it asks for when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub grants: Option<CapabilitySet>,
    /// What its failure means.
    #[serde(default)]
    pub failure_policy: FailurePolicy,
    /// The share of members for whom it counts, 0 to 100; the others see it in shadow.
    #[serde(default = "everyone")]
    pub canary_percent: u8,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

fn everyone() -> u8 {
    100
}

/// An enablement that can't be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidEnablement {
    /// Settings merge by name.
    #[error("settings must be an object")]
    Settings,
    /// Not a percentage.
    #[error("canary_percent lies between 0 and 100")]
    Canary,
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
        if self.canary_percent > 100 {
            return Err(InvalidEnablement::Canary);
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
    fn an_enablement_needs_only_a_version() {
        let enablement: Enablement = serde_json::from_str(r#"{"version":"0.1.0"}"#).unwrap();
        assert_eq!(enablement.mode, Mode::Enforce);
        assert_eq!(enablement.canary_percent, 100);
        assert_eq!(enablement.check(), Ok(()));
    }
}
