//! Plugin versions, and their bytes once per digest.

use super::changes::note_plugin;
use crate::StoreError;
use crate::columns::{digest, integer};
use crate::plugin::{NewPlugin, PluginRow, Published};
use crate::rows::{PLUGIN, PluginColumns};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Postgres, QueryBuilder, Transaction};
use usher_model::{Digest, PluginName, PluginVersion};

/// Starts a transaction that no other of its kind runs beside: two hosts publish and retire in turn.
async fn begin(connection: &mut PgConnection) -> Result<Transaction<'_, Postgres>, StoreError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("LOCK TABLE plugins IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
    Ok(transaction)
}

pub(super) async fn publish(connection: &mut PgConnection, plugin: NewPlugin) -> Result<Published, StoreError> {
    let NewPlugin { row, bytes } = plugin;
    let mut transaction = begin(connection).await?;
    let standing: Option<(Vec<u8>, bool)> =
        sqlx::query_as("SELECT digest, retired FROM plugins WHERE name = $1 AND version = $2")
            .bind(row.name.as_str())
            .bind(row.version.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
    match standing {
        Some((standing, _)) if digest(&standing, "plugins.digest")? != row.digest => return Ok(Published::Conflict),
        Some((_, false)) => return Ok(Published::Same),
        Some((_, true)) | None => {}
    }
    sqlx::query("INSERT INTO plugin_bytes (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING")
        .bind(row.digest.as_bytes().as_slice())
        .bind(bytes)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO plugins (name, version, digest, size_bytes, facts, uploaded_by, uploaded_at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name, version) DO UPDATE \
         SET uploaded_by = excluded.uploaded_by, uploaded_at_ms = excluded.uploaded_at_ms, retired = FALSE",
    )
    .bind(row.name.as_str())
    .bind(row.version.as_str())
    .bind(row.digest.as_bytes().as_slice())
    .bind(integer(row.size_bytes))
    .bind(row.facts.to_string())
    .bind(row.uploaded_by)
    .bind(integer(row.uploaded_at.ms()))
    .execute(&mut *transaction)
    .await?;
    note_plugin(&mut transaction, row.name.as_str(), row.version.as_str()).await?;
    transaction.commit().await?;
    Ok(Published::Created)
}

pub(super) async fn list(connection: &mut PgConnection) -> Result<Vec<PluginRow>, StoreError> {
    let rows: Vec<PluginColumns> = QueryBuilder::new(PLUGIN)
        .push(" FROM plugins ORDER BY name, uploaded_at_ms, version")
        .build_query_as()
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(PluginRow::try_from).collect()
}

pub(super) async fn bytes(connection: &mut PgConnection, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = sqlx::query_scalar("SELECT bytes FROM plugin_bytes WHERE digest = $1")
        .bind(digest.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(bytes)
}

/// False when there was none, or it was retired before.
pub(super) async fn retire(
    connection: &mut PgConnection,
    name: &PluginName,
    version: &PluginVersion,
) -> Result<bool, StoreError> {
    let mut transaction = begin(connection).await?;
    let retired = sqlx::query("UPDATE plugins SET retired = TRUE WHERE name = $1 AND version = $2 AND NOT retired")
        .bind(name.as_str())
        .bind(version.as_str())
        .execute(&mut *transaction)
        .await?;
    if retired.rows_affected() == 0 {
        return Ok(false);
    }
    note_plugin(&mut transaction, name.as_str(), version.as_str()).await?;
    transaction.commit().await?;
    Ok(true)
}
