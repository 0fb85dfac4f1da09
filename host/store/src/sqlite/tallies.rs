//! Actions of a day, counted over all groups of a brand.

use crate::StoreError;
use crate::columns::count;
use crate::journal::{Commit, TallyKey};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;

/// Adds what the written commits of a batch add. Most add nothing.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let row = |tally: &'b crate::journal::Tally| {
        let TallyKey { brand, plugin, kind, day } = &tally.key;
        (brand.as_str(), plugin.as_str(), &**kind, &**day, tally.added)
    };
    let rows: Vec<_> = written.flat_map(|commit| &commit.tallies).map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO tallies (brand, plugin, kind, day, actions) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, sum(value ->> 4) FROM json_each(?) \
         WHERE true GROUP BY 1, 2, 3, 4 ON CONFLICT DO UPDATE SET actions = actions + excluded.actions",
    )
    .bind(Json(rows))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn find(readers: &SqlitePool, key: &TallyKey) -> Result<u64, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT actions FROM tallies WHERE brand = ? AND plugin = ? AND kind = ? AND day = ?")
            .bind(key.brand.as_str())
            .bind(key.plugin.as_str())
            .bind(&*key.kind)
            .bind(&*key.day)
            .fetch_optional(readers)
            .await?;
    found.map_or(Ok(0), |actions| count(actions, "tallies.actions"))
}
