//! API keys and what they may do.

use crate::{BrandId, Digest};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// What the holder of a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, keys and plugins included.
    Admin,
    /// Brands, groups, members, enablements, word lists.
    Operator,
    /// Decisions and reviews.
    Moderator,
    /// Sends events and keeps members up to date.
    Integrator,
    /// Reads.
    Viewer,
}

impl Role {
    /// All roles, from the one that may do most.
    pub const ALL: [Role; 5] = [Role::Admin, Role::Operator, Role::Moderator, Role::Integrator, Role::Viewer];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Operator => "operator",
            Role::Moderator => "moderator",
            Role::Integrator => "integrator",
            Role::Viewer => "viewer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A key as the host keeps it: the secret itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it may do.
    pub role: Role,
    /// In which brand; everywhere when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// SHA-256 of the secret.
    pub secret_digest: Digest,
}
