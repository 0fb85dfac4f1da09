//! What there is both in a group and in a brand as a whole. The same handlers serve both; the document describes them at
//! the group.

use crate::api::auth::{Caller, Permission};
use crate::api::problem::Problem;
use crate::host::Host;
use crate::score::Place;
use serde::Deserialize;
use usher_model::{BrandId, GroupId};

/// `/v1/brands/{brand}/…`, or `/v1/brands/{brand}/groups/{group}/…`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ScopePath {
    pub(crate) brand: BrandId,
    #[serde(default)]
    pub(crate) group: Option<GroupId>,
}

/// The same with something's name.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct NamedPath {
    pub(crate) brand: BrandId,
    #[serde(default)]
    pub(crate) group: Option<GroupId>,
    #[serde(alias = "member", alias = "schedule")]
    pub(crate) name: String,
}

impl NamedPath {
    pub(crate) fn scope(&self) -> ScopePath {
        ScopePath { brand: self.brand.clone(), group: self.group.clone() }
    }
}

impl ScopePath {
    /// The place that the path names, if it is there and the caller may do this in it.
    pub(crate) fn place(&self, host: &Host, caller: &Caller, permission: Permission) -> Result<Place, Problem> {
        match &self.group {
            Some(group) => {
                let (brand, group) = caller.group(host, permission, &self.brand, group)?;
                Ok(Place { brand, group: Some(group) })
            }
            None => Ok(Place { brand: caller.brand(host, permission, &self.brand)?, group: None }),
        }
    }
}
