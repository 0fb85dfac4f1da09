//! What the host has on record about brands, groups and members.

use crate::{Combining, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The time zone of a brand that names none.
const DEFAULT_TIME_ZONE: &str = "Asia/Shanghai";

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Brand {
    /// For people.
    pub name: String,
    /// IANA name; what "today" means in its groups.
    pub time_zone: String,
    /// How its groups make one verdict of many findings.
    pub combining: Combining,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: String::new(), time_zone: DEFAULT_TIME_ZONE.into(), combining: Combining::default() }
    }
}

/// A group of a brand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// For people.
    pub name: String,
    /// The brand's word for what it is for; plugins may be enabled by kind.
    pub kind: String,
    /// Members, as the brand last said.
    pub size: u32,
    /// The brand's marks.
    pub labels: Vec<String>,
    /// What else the brand keeps.
    pub attributes: BTreeMap<String, String>,
    /// IANA name; the brand's when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The brand's when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combining: Option<Combining>,
}

/// A member of a group, as the brand describes them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Member {
    /// The name shown in the group.
    pub name: String,
    /// `owner`, `admin`, `member`, …
    pub roles: Vec<String>,
    /// When they joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// The brand's marks.
    pub labels: Vec<String>,
    /// What else the brand keeps.
    pub attributes: BTreeMap<String, String>,
}
