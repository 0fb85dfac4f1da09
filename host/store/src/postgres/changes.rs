//! Which things changed, for the other hosts.

use crate::StoreError;
use crate::change::{Change, Changed};
use crate::columns::{count, integer};
use crate::document::{Collection, DocumentKey};
use sqlx::postgres::PgConnection;

/// Where plugin versions stand among the documents' collections.
const PLUGINS: &str = "plugins";

/// Changes that are told at once; who gets so many asks again.
const CHANGES_MAX: i64 = 1000;

/// Tells the other hosts, when the transaction commits. The last statement before that: everybody else who changes
/// something waits for it.
pub(super) async fn note_document(connection: &mut PgConnection, key: &DocumentKey) -> Result<(), StoreError> {
    if matches!(key.collection, Collection::Plans | Collection::RunKeys | Collection::Candidates) {
        // Nobody keeps them: they are found by their digest.
        return Ok(());
    }
    note(connection, key.collection.as_str(), &key.brand, &key.id).await
}

pub(super) async fn note_plugin(connection: &mut PgConnection, name: &str, version: &str) -> Result<(), StoreError> {
    note(connection, PLUGINS, "", &format!("{name}/{version}")).await
}

async fn note(connection: &mut PgConnection, collection: &str, brand: &str, id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "WITH next AS (UPDATE change_counter SET last = last + 1 RETURNING last) \
         INSERT INTO changes (collection, brand, id, number) SELECT $1, $2, $3, last FROM next \
         ON CONFLICT (collection, brand, id) DO UPDATE SET number = excluded.number",
    )
    .bind(collection)
    .bind(brand)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn last(connection: &mut PgConnection) -> Result<u64, StoreError> {
    let last: i64 = sqlx::query_scalar("SELECT last FROM change_counter").fetch_one(connection).await?;
    count(last, "change_counter.last")
}

pub(super) async fn after(connection: &mut PgConnection, after: u64) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<(String, String, String, i64)> =
        sqlx::query_as("SELECT collection, brand, id, number FROM changes WHERE number > $1 ORDER BY number LIMIT $2")
            .bind(integer(after))
            .bind(CHANGES_MAX)
            .fetch_all(connection)
            .await?;
    let change = |(collection, brand, id, number): (String, String, String, i64)| {
        Ok(Change { number: count(number, "changes.number")?, what: changed(&collection, brand, id) })
    };
    rows.into_iter().map(change).collect()
}

/// None for what a later version keeps.
fn changed(collection: &str, brand: String, id: String) -> Option<Changed> {
    if collection == PLUGINS {
        let (name, version) = id.split_once('/')?;
        return Some(Changed::Plugin(name.parse().ok()?, version.parse().ok()?));
    }
    let collection = Collection::ALL.into_iter().find(|known| known.as_str() == collection)?;
    Some(Changed::Document(DocumentKey { collection, brand, id }))
}
