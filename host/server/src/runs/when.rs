//! When a run is, and how it is called.

use super::RunError;
use crate::clock::Clock;
use crate::directory::{BrandEntry, GroupEntry};
use crate::host::Host;
use usher_model::{Digest, RunId, Scope, Timestamp};
use uuid::Uuid;

/// The moment that was asked for, or now. Where only events tell the time, now is the last event of the group, or of all
/// groups of the brand.
pub(crate) async fn moment(
    host: &Host,
    brand: &BrandEntry,
    group: Option<&GroupEntry>,
    asked: Option<Timestamp>,
) -> Result<Timestamp, RunError> {
    let ahead_ms = host.config.limits.ahead_ms;
    if let Some(at) = asked {
        let latest = host.config.clock.latest(ahead_ms);
        return if latest.is_none_or(|latest| at <= latest) { Ok(at) } else { Err(RunError::Ahead(at, ahead_ms)) };
    }
    if host.config.clock == Clock::Wall {
        return Ok(Clock::wall());
    }
    let mut last = Timestamp::EPOCH;
    let groups = match group {
        Some(group) => vec![group.key.clone()],
        None => brand.groups_in(&Scope::Brand).into_iter().map(|group| group.key.clone()).collect(),
    };
    for group in groups {
        last = last.max(host.store.head(&group).await?.at);
    }
    if last == Timestamp::EPOCH { Err(RunError::NoTime) } else { Ok(last) }
}

/// A new id; ids follow one another as runs are begun.
pub(crate) fn new_id() -> RunId {
    RunId::new(Uuid::now_v7())
}

/// The id of the one run that these words name as of a moment, so that it is made once, however often it is asked for.
pub(crate) fn id_of(at: Timestamp, words: &[&str]) -> RunId {
    let digest = Digest::of_words(words);
    let mut random = [0; 10];
    random.copy_from_slice(&digest.as_bytes()[..10]);
    RunId::new(uuid::Builder::from_unix_timestamp_millis(at.ms(), &random).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_name_the_same_run() {
        let (early, late) = (Timestamp::from_ms(1_000_000).unwrap(), Timestamp::from_ms(1_000_001).unwrap());
        assert_eq!(id_of(early, &["tea", "g1"]), id_of(early, &["tea", "g1"]));
        assert_ne!(id_of(early, &["tea", "g1"]), id_of(early, &["teag", "1"]));
        assert!(id_of(early, &["z"]) < id_of(late, &["a"]));
    }
}
