//! The three places where a plugin can be enabled, as paths. The same handlers serve all three.

use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::directory::BrandEntry;
use serde::Deserialize;
use usher_model::{BrandId, GroupId, PluginName, Scope};

/// `/v1/brands/{brand}/plugins/{plugin}` and its two siblings under `kinds/{kind}` and `groups/{group}`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct EnablementPath {
    pub(crate) brand: BrandId,
    pub(crate) plugin: PluginName,
    #[serde(default)]
    group: Option<GroupId>,
    #[serde(default)]
    kind: Option<String>,
}

impl EnablementPath {
    /// The scope that the path names; a group must be there.
    pub(crate) fn scope(&self, brand: &BrandEntry) -> Result<Scope, Problem> {
        match (&self.group, &self.kind) {
            (Some(group), _) => {
                brand.group(group).ok_or_else(|| not_found("group"))?;
                Ok(Scope::Group(group.clone()))
            }
            (None, Some(kind)) => Scope::parse(&format!("kind:{kind}")).map_err(|_| not_found("kind of group")),
            (None, None) => Ok(Scope::Brand),
        }
    }
}
