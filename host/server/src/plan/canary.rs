//! Which members a canary counts for: always the same ones.

use usher_model::{Digest, Mode, PlannedPlugin, PluginName};

/// The mode of a plugin for this member: in force for its share of members, in shadow for the others.
///
/// A timer is in force for whom it was started.
pub(crate) fn mode_for(planned: &PlannedPlugin, member: Option<&str>) -> Mode {
    match planned.mode {
        Mode::Enforce if !is_in_share(&planned.plugin, planned.canary_percent, member) => Mode::Shadow,
        mode => mode,
    }
}

/// Whether a member is one of that share, in percent.
///
/// The share is a hash of plugin and member, so that a member stays in or out as long as the percentage stays, growing
/// it keeps those who are in, and two plugins do not always pick the same people. Events without a member are in it only
/// at 100 %.
pub(super) fn is_in_share(plugin: &PluginName, percent: u8, member: Option<&str>) -> bool {
    if percent >= 100 {
        return true;
    }
    let Some(member) = member else { return false };
    let digest = Digest::of(format!("{plugin}\n{member}").as_bytes());
    let [a, b, c, d, ..] = *digest.as_bytes();
    u32::from_be_bytes([a, b, c, d]) % 100 < u32::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(canary_percent: u8) -> Vec<usize> {
        let planned = PlannedPlugin {
            plugin: "ad-guard".parse().unwrap(),
            version: "0.1.0".parse().unwrap(),
            digest: Digest::of(b""),
            events: vec![],
            revision: 1,
            mode: Mode::Enforce,
            canary_percent,
            failure_policy: usher_model::FailurePolicy::Open,
            grants: None,
            limits: usher_model::CallLimits::default(),
            daily_actions: usher_model::DailyCaps::default(),
            settings: serde_json::json!({}),
            trial: None,
        };
        (0..1000).filter(|i| mode_for(&planned, Some(&format!("u-{i}"))) == Mode::Enforce).collect()
    }

    #[test]
    fn a_canary_is_a_stable_share_that_only_grows() {
        assert!(share(0).is_empty());
        assert_eq!(share(100).len(), 1000);
        let (ten, thirty) = (share(10), share(30));
        assert!((70..130).contains(&ten.len()), "{}", ten.len());
        assert!(ten.iter().all(|member| thirty.contains(member)));
        assert_eq!(ten, share(10));
    }
}
