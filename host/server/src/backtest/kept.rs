//! Backtests as the database has them, whichever host ran them.

use super::{Asked, BACKTESTS_MAX, BacktestError, Difference, Progress, State};
use crate::clock::Clock;
use crate::host::Host;
use usher_model::{BacktestId, BrandId, Timestamp};
use usher_store::StoreError;
use usher_store::backtest::{BacktestNote, BacktestRow};

/// How long the host that runs a backtest may say nothing of it, in milliseconds, before others take it to have gone.
const SILENCE_MS: u64 = 30_000;

/// A backtest, as far as it is known here.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) id: BacktestId,
    pub(crate) asked: Asked,
    pub(crate) progress: Progress,
}

/// What became of a backtest that was to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was under way, and ends.
    Cancelled,
    /// It was over, and nothing of it is kept any more.
    Forgotten,
    /// There was none.
    Missing,
}

/// The brand's backtests, the newest first.
pub(crate) async fn list(host: &Host, brand: &BrandId) -> Result<Vec<Seen>, StoreError> {
    let mut all = Vec::new();
    for row in host.store.backtests(brand).await? {
        all.extend(told_last(host, row).await?);
    }
    Ok(all)
}

pub(crate) async fn find(host: &Host, brand: &BrandId, id: BacktestId) -> Result<Option<Seen>, StoreError> {
    let Some(row) = host.store.backtest(brand, id).await? else { return Ok(None) };
    told_last(host, row).await
}

/// One that ended here while its row was read is not running any more, and its row does not say so yet. As its end is noted
/// before it is over, the row of one that is over tells when it is read again. None when it was forgotten meanwhile.
async fn told_last(host: &Host, row: BacktestRow) -> Result<Option<Seen>, StoreError> {
    if row.noted.has_ended || host.backtests.runs(row.id) {
        return seen(&row, false).map(Some);
    }
    let Some(row) = host.store.backtest(&row.brand, row.id).await? else { return Ok(None) };
    let elsewhere = host.store.is_shared().then(Clock::wall);
    seen(&row, !row.noted.has_ended && is_orphaned(row.noted.at, elsewhere)).map(Some)
}

/// What it found, from that number on.
pub(crate) async fn differences(
    host: &Host,
    id: BacktestId,
    from: u64,
    limit: u32,
) -> Result<Vec<Difference>, StoreError> {
    let found = host.store.differences(id, from, limit).await?;
    let read = found.iter().map(|body| serde_json::from_str(body)).collect::<Result<_, _>>();
    read.map_err(|_| StoreError::Damaged { what: "backtest_differences" })
}

/// Ends it early when it is under way, through whichever host; forgets it when it is over.
pub(crate) async fn end(host: &Host, brand: &BrandId, id: BacktestId) -> Result<Ended, StoreError> {
    let Some(seen) = find(host, brand, id).await? else { return Ok(Ended::Missing) };
    if seen.progress.state == State::Running && host.store.cancel_backtest(brand, id).await? {
        host.backtests.cancel(id);
        return Ok(Ended::Cancelled);
    }
    let forgotten = host.store.forget_backtest(brand, id).await?;
    Ok(if forgotten { Ended::Forgotten } else { Ended::Missing })
}

/// Forgets the oldest that are over, so that there is room for one more.
pub(super) async fn make_room(host: &Host, brand: &BrandId) -> Result<(), BacktestError> {
    let mut kept = list(host, brand).await?;
    while kept.len() >= BACKTESTS_MAX {
        let over = kept.iter().rposition(|one| one.progress.state != State::Running);
        let oldest = kept.remove(over.ok_or(BacktestError::TooMany(kept.len()))?);
        host.store.forget_backtest(brand, oldest.id).await?;
    }
    Ok(())
}

pub(super) async fn add(host: &Host, brand: &BrandId, seen: &Seen) -> Result<(), StoreError> {
    let damaged = |_| StoreError::Damaged { what: "a backtest to be written" };
    let progress = serde_json::to_string(&seen.progress).map_err(damaged)?.into();
    let asked = serde_json::to_string(&seen.asked).map_err(damaged)?.into();
    let noted = BacktestNote { progress, has_ended: false, at: Clock::wall() };
    let row = BacktestRow { id: seen.id, brand: brand.clone(), asked, noted, is_cancelled: false };
    host.store.add_backtest(&row).await
}

fn seen(row: &BacktestRow, is_orphan: bool) -> Result<Seen, StoreError> {
    let damaged = |_| StoreError::Damaged { what: "backtests.progress" };
    let asked = serde_json::from_str(&row.asked).map_err(damaged)?;
    let mut progress: Progress = serde_json::from_str(&row.noted.progress).map_err(damaged)?;
    if is_orphan {
        progress.state = State::Failed { reason: "the host that ran it ended before it did: start it again".into() };
    }
    Ok(Seen { id: row.id, asked, progress })
}

/// Whether nobody runs a backtest any more that does not run here, as was told of it then. Nobody else does where no other
/// host is; where others are, it is now.
fn is_orphaned(told_at: Timestamp, elsewhere: Option<Timestamp>) -> bool {
    elsewhere.is_none_or(|now| told_at.ms().saturating_add(SILENCE_MS) < now.ms())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backtest_of_another_host_is_given_up_after_a_silence() {
        let at = |ms| Timestamp::from_ms(ms).unwrap();
        assert!(is_orphaned(at(1_000), None), "nobody else is there");
        assert!(!is_orphaned(at(1_000), Some(at(31_000))));
        assert!(is_orphaned(at(1_000), Some(at(31_001))));
        assert!(!is_orphaned(at(5_000), Some(at(1_000))), "its clock is ahead of ours");
    }
}
