//! Actions of a day, counted over all groups of a brand.

use crate::StoreError;
use crate::columns::count;
use crate::journal::{Commit, TallyKey};
use sqlx::postgres::PgConnection;

/// Adds what the written commits of a batch add, in the order of the keys, as other hosts do. Most add nothing.
pub(super) async fn write<'b>(
    connection: &mut PgConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let (mut brands, mut plugins, mut kinds, mut days) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut added = Vec::new();
    for tally in written.flat_map(|commit| &commit.tallies) {
        brands.push(tally.key.brand.as_str());
        plugins.push(tally.key.plugin.as_str());
        kinds.push(&*tally.key.kind);
        days.push(&*tally.key.day);
        added.push(i64::from(tally.added));
    }
    if added.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO tallies (brand, plugin, kind, day, actions) \
         SELECT t.brand, t.plugin, t.kind, t.day, sum(t.added)::bigint \
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS t (brand, plugin, kind, day, added) \
         GROUP BY t.brand, t.plugin, t.kind, t.day \
         ORDER BY t.brand COLLATE \"C\", t.plugin COLLATE \"C\", t.kind COLLATE \"C\", t.day COLLATE \"C\" \
         ON CONFLICT (brand, plugin, kind, day) DO UPDATE SET actions = tallies.actions + excluded.actions",
    )
    .bind(brands)
    .bind(plugins)
    .bind(kinds)
    .bind(days)
    .bind(added)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn find(connection: &mut PgConnection, key: &TallyKey) -> Result<u64, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT actions FROM tallies WHERE brand = $1 AND plugin = $2 AND kind = $3 AND day = $4")
            .bind(key.brand.as_str())
            .bind(key.plugin.as_str())
            .bind(&*key.kind)
            .bind(&*key.day)
            .fetch_optional(connection)
            .await?;
    found.map_or(Ok(0), |actions| count(actions, "tallies.actions"))
}
