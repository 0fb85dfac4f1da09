//! What every database keeps to, tried on each of them; and what only some have to keep to.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod activity;
mod backtests;
mod commits;
mod contents;
mod decisions;
mod documents;
mod fixtures;
mod history;
mod memory;
mod outbox;
mod places;
mod plugins;
mod postgres;
mod pushes;
mod runs;
mod sqlite;
mod tallies;

/// Tries laws, each on a fresh store of every database.
macro_rules! laws {
    ($($law:ident),* $(,)?) => {
        mod on_every_database {
            $(#[tokio::test]
            async fn $law() {
                for place in crate::places::places() {
                    let store = place.open().await;
                    super::$law(std::sync::Arc::clone(&store)).await;
                    store.close().await;
                }
            })*
        }
    };
}
pub(crate) use laws;
