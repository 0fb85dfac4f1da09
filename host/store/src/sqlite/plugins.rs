//! Plugin versions, and their bytes once per digest.

use super::writer::begin;
use crate::StoreError;
use crate::columns::{digest, integer};
use crate::plugin::{NewPlugin, PluginRow, Published};
use crate::rows::{PLUGIN, PluginColumns};
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use usher_model::{Digest, PluginName, PluginVersion};

pub(super) async fn publish(connection: &mut SqliteConnection, plugin: NewPlugin) -> Result<Published, StoreError> {
    let NewPlugin { row, bytes } = plugin;
    let mut transaction = begin(connection).await?;
    let standing: Option<(Vec<u8>, bool)> =
        sqlx::query_as("SELECT digest, retired FROM plugins WHERE name = ? AND version = ?")
            .bind(row.name.as_str())
            .bind(row.version.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
    match standing {
        Some((standing, _)) if digest(&standing, "plugins.digest")? != row.digest => return Ok(Published::Conflict),
        Some((_, false)) => return Ok(Published::Same),
        Some((_, true)) | None => {}
    }
    sqlx::query("INSERT INTO plugin_bytes (digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING")
        .bind(row.digest.as_bytes().as_slice())
        .bind(bytes)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO plugins (name, version, digest, size_bytes, facts, uploaded_by, uploaded_at_ms) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name, version) DO UPDATE \
         SET uploaded_by = excluded.uploaded_by, uploaded_at_ms = excluded.uploaded_at_ms, retired = FALSE",
    )
    .bind(row.name.as_str())
    .bind(row.version.as_str())
    .bind(row.digest.as_bytes().as_slice())
    .bind(integer(row.size_bytes))
    .bind(Json(row.facts))
    .bind(row.uploaded_by)
    .bind(integer(row.uploaded_at.ms()))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Published::Created)
}

pub(super) async fn list(readers: &SqlitePool) -> Result<Vec<PluginRow>, StoreError> {
    let rows: Vec<PluginColumns> = QueryBuilder::new(PLUGIN)
        .push(" FROM plugins ORDER BY name, uploaded_at_ms, version")
        .build_query_as()
        .fetch_all(readers)
        .await?;
    rows.into_iter().map(PluginRow::try_from).collect()
}

pub(super) async fn bytes(readers: &SqlitePool, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = sqlx::query_scalar("SELECT bytes FROM plugin_bytes WHERE digest = ?")
        .bind(digest.as_bytes().as_slice())
        .fetch_optional(readers)
        .await?;
    Ok(bytes)
}

/// False when there was none, or it was retired before.
pub(super) async fn retire(
    connection: &mut SqliteConnection,
    name: &PluginName,
    version: &PluginVersion,
) -> Result<bool, StoreError> {
    let retired = sqlx::query("UPDATE plugins SET retired = TRUE WHERE name = ? AND version = ? AND NOT retired")
        .bind(name.as_str())
        .bind(version.as_str())
        .execute(connection)
        .await?;
    Ok(retired.rows_affected() > 0)
}
