//! Documents and their revisions.

use super::writer::begin;
use crate::StoreError;
use crate::columns::{count, integer};
use crate::document::{
    DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written, end_of_prefix,
};
use crate::rows::{DOCUMENT, DocumentRow};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{QueryBuilder, SqliteExecutor};

/// The revisions that stand.
const STANDING: &str = "documents JOIN document_revisions USING (collection, brand, id, revision)";

type Sql = QueryBuilder<sqlx::Sqlite>;

fn push_key(sql: &mut Sql, key: &DocumentKey) {
    sql.push(" WHERE collection = ").push_bind(key.collection.as_str());
    sql.push(" AND brand = ").push_bind(&key.brand);
    sql.push(" AND id = ").push_bind(&key.id);
}

pub(super) async fn find(from: impl SqliteExecutor<'_>, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push(STANDING);
    push_key(&mut sql, key);
    let row: Option<DocumentRow> = sql.build_query_as().fetch_optional(from).await?;
    row.map(|row| row.document(key.collection)).transpose()
}

pub(super) async fn revisions(
    readers: &SqlitePool,
    key: &DocumentKey,
    limit: u32,
) -> Result<Vec<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push("document_revisions");
    push_key(&mut sql, key);
    sql.push(" ORDER BY revision DESC LIMIT ").push_bind(i64::from(limit));
    let rows: Vec<DocumentRow> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(|row| row.document(key.collection)).collect()
}

pub(super) async fn at(readers: &SqlitePool, key: &DocumentKey, revision: u64) -> Result<Option<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push("document_revisions");
    push_key(&mut sql, key);
    sql.push(" AND revision = ").push_bind(integer(revision));
    let row: Option<DocumentRow> = sql.build_query_as().fetch_optional(readers).await?;
    row.map(|row| row.document(key.collection)).transpose()
}

pub(super) async fn list(readers: &SqlitePool, query: &DocumentQuery) -> Result<Vec<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push(STANDING).push(" WHERE collection = ").push_bind(query.collection.as_str());
    if let Some(brand) = &query.brand {
        sql.push(" AND brand = ").push_bind(brand);
    }
    if !query.prefix.is_empty() {
        sql.push(" AND id >= ").push_bind(&query.prefix);
        if let Some(end) = end_of_prefix(&query.prefix) {
            sql.push(" AND id < ").push_bind(end);
        }
    }
    if let Some((brand, id)) = &query.after {
        sql.push(" AND (brand, id) > (").push_bind(brand).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY brand, id LIMIT ").push_bind(i64::from(query.limit));
    let rows: Vec<DocumentRow> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(|row| row.document(query.collection)).collect()
}

pub(super) async fn put(
    connection: &mut SqliteConnection,
    document: NewDocument,
    precondition: Precondition,
) -> Result<Written, WriteError> {
    let mut transaction = begin(connection).await?;
    let standing = find(&mut *transaction, &document.key).await?;
    let current = standing.as_ref().map(|standing| standing.revision);
    if !precondition.holds(current) {
        return Err(WriteError::Precondition { current });
    }
    if let Some(standing) = standing.filter(|standing| standing.body == document.body) {
        return Ok(Written::Unchanged { revision: standing.revision });
    }
    let revision = append(&mut transaction, document).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(if current.is_some() { Written::Updated { revision } } else { Written::Created { revision } })
}

/// Writes the next revision and makes it the one that stands.
async fn append(connection: &mut SqliteConnection, document: NewDocument) -> Result<u64, StoreError> {
    let NewDocument { key, body, written_by, written_at } = document;
    let revision: i64 = sqlx::query_scalar(
        "INSERT INTO document_revisions (collection, brand, id, written_by, written_at_ms, body, revision) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, coalesce(max(revision), 0) + 1 FROM document_revisions \
         WHERE collection = ?1 AND brand = ?2 AND id = ?3 RETURNING revision",
    )
    .bind(key.collection.as_str())
    .bind(&key.brand)
    .bind(&key.id)
    .bind(written_by)
    .bind(integer(written_at.ms()))
    .bind(Json(body))
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO documents (collection, brand, id, revision) VALUES (?, ?, ?, ?) \
         ON CONFLICT (collection, brand, id) DO UPDATE SET revision = excluded.revision",
    )
    .bind(key.collection.as_str())
    .bind(key.brand)
    .bind(key.id)
    .bind(revision)
    .execute(connection)
    .await?;
    count(revision, "document_revisions.revision")
}

pub(super) async fn delete(
    connection: &mut SqliteConnection,
    key: &DocumentKey,
    precondition: Precondition,
) -> Result<(), DeleteError> {
    let mut transaction = begin(connection).await?;
    let current = find(&mut *transaction, key).await?.ok_or(DeleteError::Missing)?.revision;
    if !precondition.holds(Some(current)) {
        return Err(DeleteError::Precondition { current });
    }
    let mut sql = Sql::new("DELETE FROM documents");
    push_key(&mut sql, key);
    sql.build().execute(&mut *transaction).await.map_err(StoreError::from)?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}
