//! What the operator can set; `settings.schema.json` says the same to the host.

use crate::decay::Decay;
use serde::Deserialize;

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Points for a day of what is easily had.
    pub light: Light,
    /// Points for a day of what others had something of.
    pub earned: Earned,
    /// What a day counts by its age.
    pub decay: Decay,
    /// So many points of light sources count in any case; beyond that, as many as were earned.
    pub light_free: f64,
    /// The levels, lowest first.
    pub levels: Vec<Level>,
    /// A level is kept down to this share of its points.
    pub keep_share: f64,
}

/// Points for a day of what is easily had.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Light {
    /// A day with a message.
    pub messages: f64,
    /// A day with a check-in.
    pub checkins: f64,
    /// A day on which something was read.
    pub reads: f64,
    /// A day on which something was shared.
    pub shares: f64,
}

/// Points for a day of what others had something of.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Earned {
    /// A day on which somebody else was helped than before.
    pub helped: f64,
    /// A day with a purchase.
    pub purchases: f64,
    /// A day on which an invitation was accepted.
    pub invites: f64,
    /// A day with a red packet.
    pub red_packets: f64,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What its members are called.
    pub name: String,
    /// From which score on.
    pub points: f64,
}

impl Default for Settings {
    fn default() -> Self {
        let level = |name: &str, points| Level { name: name.to_owned(), points };
        Self {
            light: Light::default(),
            earned: Earned::default(),
            decay: Decay::default(),
            light_free: 150.0,
            levels: vec![
                level("铁粉·一级", 30.0),
                level("铁粉·二级", 100.0),
                level("铁粉·三级", 200.0),
                level("铁粉·四级", 350.0),
                level("铁粉·五级", 500.0),
                level("死硬分子", 700.0),
            ],
            keep_share: 0.8,
        }
    }
}

impl Default for Light {
    fn default() -> Self {
        Self { messages: 1.0, checkins: 1.0, reads: 1.0, shares: 2.0 }
    }
}

impl Default for Earned {
    fn default() -> Self {
        Self { helped: 6.0, purchases: 10.0, invites: 6.0, red_packets: 3.0 }
    }
}

impl Settings {
    /// Refuses levels that can't be told apart.
    ///
    /// # Errors
    /// Says what is wrong with them.
    pub fn check(&self) -> Result<(), String> {
        self.decay.check()?;
        if self.levels.is_sorted_by(|lower, higher| lower.points < higher.points) {
            Ok(())
        } else {
            Err("levels: each needs more points than the one before it".to_owned())
        }
    }
}
