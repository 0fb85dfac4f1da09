//! What can be asked of a recommendation.

use super::compose::Variety;
use super::quota::Account;
use crate::runs::check_name;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use usher_model::{MemberId, PluginName, Timestamp};
use utoipa::ToSchema;

/// Most contents of one recommendation.
const LIMIT_MAX: u32 = 100;

/// Contents that are recommended where nothing is said.
const LIMIT_DEFAULT: u32 = 3;

/// The share of places left to chance where nothing is said.
const EXPLORE_DEFAULT: f64 = 10.0;

/// Most days that what was seen counts for variety.
const WINDOW_DAYS_MAX: u32 = 366;

/// What is asked of a recommendation: the slot has to be said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecommendAsked {
    /// What it is for: `morning`, `noon`, `evening`, or what the brand calls it. Plugins see it.
    pub(crate) slot: String,
    /// For this member; for the group as a whole when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<MemberId>,
    /// At most so many, 1 to 100; 3 if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u32>,
    /// As of when; now if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
    /// Whatever is asked again with the same key gets the same answer, and uses no quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<String>,
    /// Which of the plugins with the hook `rank` that are enabled; all when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) plugins: Vec<PluginName>,
    /// The account that it is pushed from: a push of its quota is reserved, and nothing is recommended when it is used up.
    /// Without an account nothing is reserved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Account>,
    /// Not too much of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) variety: Option<Variety>,
    /// The share of places that is left to chance, 0 to 100; 10 if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) explore_percent: Option<f64>,
    /// Handed to the plugins as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<String, String>,
}

/// What can't be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidMix {
    /// Not a name.
    #[error("`slot` says what it is for, in 1 to 128 bytes without control characters: `morning`, for example")]
    Slot,
    /// None, or too many.
    #[error("`limit` lies between 1 and {LIMIT_MAX}")]
    Limit,
    /// Not a share.
    #[error("`explore_percent` lies between 0 and 100")]
    Explore,
    /// Nothing could be recommended, or the whole past would be read.
    #[error(
        "`per_topic`, `per_author` and `per_format` are at least 1, and `window_days` lies between 1 and {WINDOW_DAYS_MAX}"
    )]
    Variety,
    /// Not a key.
    #[error("an idempotency key has 1 to 128 bytes without control characters")]
    Key,
}

impl RecommendAsked {
    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(LIMIT_DEFAULT)
    }

    pub(crate) fn variety(&self) -> Variety {
        self.variety.unwrap_or_default()
    }

    pub(crate) fn explore_percent(&self) -> f64 {
        self.explore_percent.unwrap_or(EXPLORE_DEFAULT)
    }

    /// Checks what the types do not.
    pub(crate) fn check(&self) -> Result<(), InvalidMix> {
        if !check_name(&self.slot) {
            return Err(InvalidMix::Slot);
        }
        if !(1..=LIMIT_MAX).contains(&self.limit()) {
            return Err(InvalidMix::Limit);
        }
        if !(0.0..=100.0).contains(&self.explore_percent()) {
            return Err(InvalidMix::Explore);
        }
        let Variety { per_topic, per_author, per_format, window_days } = self.variety();
        let least = per_topic.min(per_author).min(per_format.unwrap_or(1));
        if least == 0 || !(1..=WINDOW_DAYS_MAX).contains(&window_days) {
            return Err(InvalidMix::Variety);
        }
        let key = self.idempotency_key.as_deref().unwrap_or("none");
        if check_name(key) { Ok(()) } else { Err(InvalidMix::Key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_own_words() {
        let check = |json: &str| serde_json::from_str::<RecommendAsked>(json).unwrap().check();
        assert_eq!(check(r#"{"slot":"morning"}"#), Ok(()));
        assert_eq!(check(r#"{"slot":""}"#), Err(InvalidMix::Slot));
        assert_eq!(check(r#"{"slot":"a","limit":0}"#), Err(InvalidMix::Limit));
        assert_eq!(check(r#"{"slot":"a","limit":101}"#), Err(InvalidMix::Limit));
        assert_eq!(check(r#"{"slot":"a","explore_percent":-1}"#), Err(InvalidMix::Explore));
        assert_eq!(check(r#"{"slot":"a","variety":{"per_topic":0}}"#), Err(InvalidMix::Variety));
        assert_eq!(check(r#"{"slot":"a","variety":{"window_days":0}}"#), Err(InvalidMix::Variety));
        assert_eq!(check(r#"{"slot":"a","idempotency_key":""}"#), Err(InvalidMix::Key));
    }
}
