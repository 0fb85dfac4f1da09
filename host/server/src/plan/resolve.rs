//! What is in force in a group: the most specific scope wins, settings merge from wide to narrow (RFC 7396). Pure.

use std::collections::{BTreeMap, BTreeSet};
use usher_model::{Enablement, GroupId, PluginName, PluginVersion, Revision, Scope};

/// An enablement at a scope, and its revision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Enabled {
    pub(crate) enablement: Enablement,
    pub(crate) revision: Revision,
}

/// What a group gets of one plugin.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Effective {
    pub(crate) plugin: PluginName,
    /// With what wider scopes say where it says nothing, and the settings of all merged.
    pub(crate) enablement: Enablement,
    pub(crate) revision: Revision,
    /// The scope that won.
    pub(crate) from: Scope,
}

/// A brand's enablements, by scope.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Enablements(BTreeMap<Scope, BTreeMap<PluginName, Enabled>>);

impl Enablements {
    pub(crate) fn get(&self, scope: &Scope, plugin: &PluginName) -> Option<&Enabled> {
        self.0.get(scope)?.get(plugin)
    }

    pub(crate) fn put(&mut self, scope: Scope, plugin: PluginName, enabled: Enabled) {
        self.0.entry(scope).or_default().insert(plugin, enabled);
    }

    pub(crate) fn remove(&mut self, scope: &Scope, plugin: &PluginName) {
        if let Some(plugins) = self.0.get_mut(scope) {
            plugins.remove(plugin);
            if plugins.is_empty() {
                self.0.remove(scope);
            }
        }
    }

    /// Whether this version is in force or on trial, or would be if a mode changed.
    pub(crate) fn uses(&self, plugin: &PluginName, version: &PluginVersion) -> bool {
        self.0.values().filter_map(|plugins| plugins.get(plugin)).any(|Enabled { enablement, .. }| {
            let tried = enablement.trial.as_ref().map(|trial| &trial.version);
            enablement.version == *version || tried == Some(version)
        })
    }

    /// What a group gets, in the order of the plugins' names.
    pub(crate) fn effective(&self, group: &GroupId, kind: &str) -> Vec<Effective> {
        let names: BTreeSet<&PluginName> =
            scopes(group, kind).iter().filter_map(|scope| self.0.get(scope)).flat_map(BTreeMap::keys).collect();
        names.into_iter().filter_map(|plugin| self.effective_plugin(group, kind, plugin)).collect()
    }

    /// What is in force in the brand as a whole, in the order of the plugins' names.
    pub(crate) fn of_brand(&self) -> Vec<Effective> {
        let names = self.0.get(&Scope::Brand).into_iter().flat_map(BTreeMap::keys);
        names.filter_map(|plugin| merge(&[Scope::Brand], plugin, |scope| self.get(scope, plugin))).collect()
    }

    /// What a group gets of one plugin.
    pub(crate) fn effective_plugin(&self, group: &GroupId, kind: &str, plugin: &PluginName) -> Option<Effective> {
        merge(&scopes(group, kind), plugin, |scope| self.get(scope, plugin))
    }
}

/// What comes of a plugin's enablements at these scopes, from wide to narrow.
pub(crate) fn merge<'a>(
    scopes: &[Scope],
    plugin: &PluginName,
    standing: impl Fn(&Scope) -> Option<&'a Enabled>,
) -> Option<Effective> {
    let mut effective: Option<Effective> = None;
    for scope in scopes {
        let Some(enabled) = standing(scope) else { continue };
        // The widest is laid over nothing, so that a `null` in its settings removes nothing.
        let nothing = Enablement { settings: serde_json::json!({}), ..enabled.enablement.clone() };
        let wider = effective.as_ref().map_or(&nothing, |effective| &effective.enablement);
        let enablement = enabled.enablement.over(wider);
        let from = scope.clone();
        effective = Some(Effective { plugin: plugin.clone(), enablement, revision: enabled.revision, from });
    }
    effective
}

/// From wide to narrow.
pub(crate) fn scopes(group: &GroupId, kind: &str) -> [Scope; 3] {
    [Scope::Brand, Scope::Kind(kind.to_owned()), Scope::Group(group.clone())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn enablements(rows: &[(&str, &str, &str)]) -> Enablements {
        let mut enablements = Enablements::default();
        for (revision, (scope, version, settings)) in rows.iter().enumerate() {
            let json = format!(r#"{{"version":"{version}","settings":{settings}}}"#);
            let enabled = Enabled { enablement: serde_json::from_str(&json).unwrap(), revision: revision as u64 + 1 };
            enablements.put(Scope::parse(scope).unwrap(), PluginName::new("ad-guard").unwrap(), enabled);
        }
        enablements
    }

    #[test]
    fn the_most_specific_scope_wins_and_settings_merge() {
        let enablements = enablements(&[
            ("group:g1", "0.3.0", r#"{"b":null,"c":3}"#),
            ("brand", "0.1.0", r#"{"a":1,"b":1}"#),
            ("kind:product", "0.2.0", r#"{"b":2}"#),
        ]);
        let check = |group: &str, kind: &str, version: &str, settings: serde_json::Value, from: &str| {
            let effective = enablements.effective(&GroupId::new(group).unwrap(), kind);
            assert_eq!(effective.len(), 1);
            assert_eq!(effective[0].enablement.version.as_str(), version);
            assert_eq!(effective[0].enablement.settings, settings);
            assert_eq!(effective[0].from.to_string(), from);
        };
        check("g1", "product", "0.3.0", json!({"a":1,"c":3}), "group:g1");
        check("g1", "interest", "0.3.0", json!({"a":1,"c":3}), "group:g1");
        check("g2", "product", "0.2.0", json!({"a":1,"b":2}), "kind:product");
        check("g2", "interest", "0.1.0", json!({"a":1,"b":1}), "brand");
    }
}
