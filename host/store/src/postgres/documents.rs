//! Documents and their revisions.

use super::changes::note_document;
use crate::StoreError;
use crate::columns::{count, integer};
use crate::document::{
    DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written, end_of_prefix,
};
use crate::rows::{DOCUMENT, DocumentRow};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Postgres, QueryBuilder, Transaction};

/// The revisions that stand.
const STANDING: &str = "documents JOIN document_revisions USING (collection, brand, id, revision)";

type Sql = QueryBuilder<Postgres>;

fn push_key(sql: &mut Sql, key: &DocumentKey) {
    sql.push(" WHERE collection = ").push_bind(key.collection.as_str());
    sql.push(" AND brand = ").push_bind(key.brand.clone());
    sql.push(" AND id = ").push_bind(key.id.clone());
}

/// Starts a transaction that no other about this document runs beside. A lock on the row itself would not do: there may
/// be none.
async fn begin<'c>(
    connection: &'c mut PgConnection,
    key: &DocumentKey,
) -> Result<Transaction<'c, Postgres>, StoreError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(format!("{}\n{}\n{}", key.collection.as_str(), key.brand, key.id))
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

pub(super) async fn find(connection: &mut PgConnection, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push(STANDING);
    push_key(&mut sql, key);
    let row: Option<DocumentRow> = sql.build_query_as().fetch_optional(connection).await?;
    row.map(|row| row.document(key.collection)).transpose()
}

pub(super) async fn revisions(
    connection: &mut PgConnection,
    key: &DocumentKey,
    limit: u32,
) -> Result<Vec<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push("document_revisions");
    push_key(&mut sql, key);
    sql.push(" ORDER BY revision DESC LIMIT ").push_bind(i64::from(limit));
    let rows: Vec<DocumentRow> = sql.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(|row| row.document(key.collection)).collect()
}

pub(super) async fn at(
    connection: &mut PgConnection,
    key: &DocumentKey,
    revision: u64,
) -> Result<Option<Document>, StoreError> {
    let mut sql = Sql::new(DOCUMENT);
    sql.push("document_revisions");
    push_key(&mut sql, key);
    sql.push(" AND revision = ").push_bind(integer(revision));
    let row: Option<DocumentRow> = sql.build_query_as().fetch_optional(connection).await?;
    row.map(|row| row.document(key.collection)).transpose()
}

pub(super) async fn list(connection: &mut PgConnection, query: &DocumentQuery) -> Result<Vec<Document>, StoreError> {
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
        // No id has this character, and the server would refuse it: what comes after it comes after what is before it.
        let id = id.split('\0').next().unwrap_or_default();
        sql.push(" AND (brand, id) > (").push_bind(brand).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY brand, id LIMIT ").push_bind(i64::from(query.limit));
    let rows: Vec<DocumentRow> = sql.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(|row| row.document(query.collection)).collect()
}

pub(super) async fn put(
    connection: &mut PgConnection,
    document: NewDocument,
    precondition: Precondition,
) -> Result<Written, WriteError> {
    let mut transaction = begin(connection, &document.key).await?;
    let standing = find(&mut transaction, &document.key).await?;
    let current = standing.as_ref().map(|standing| standing.revision);
    if !precondition.holds(current) {
        return Err(WriteError::Precondition { current });
    }
    if let Some(standing) = standing.filter(|standing| standing.body == document.body) {
        return Ok(Written::Unchanged { revision: standing.revision });
    }
    let key = document.key.clone();
    let revision = append(&mut transaction, document).await?;
    note_document(&mut transaction, &key).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(if current.is_some() { Written::Updated { revision } } else { Written::Created { revision } })
}

/// Writes the next revision and makes it the one that stands.
async fn append(connection: &mut PgConnection, document: NewDocument) -> Result<u64, StoreError> {
    let NewDocument { key, body, written_by, written_at } = document;
    let revision: i64 = sqlx::query_scalar(
        "INSERT INTO document_revisions (collection, brand, id, written_by, written_at_ms, body, revision) \
         SELECT $1, $2, $3, $4, $5, $6, coalesce(max(revision), 0) + 1 FROM document_revisions \
         WHERE collection = $1 AND brand = $2 AND id = $3 RETURNING revision",
    )
    .bind(key.collection.as_str())
    .bind(&key.brand)
    .bind(&key.id)
    .bind(written_by)
    .bind(integer(written_at.ms()))
    .bind(body.to_string())
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO documents (collection, brand, id, revision) VALUES ($1, $2, $3, $4) \
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
    connection: &mut PgConnection,
    key: &DocumentKey,
    precondition: Precondition,
) -> Result<(), DeleteError> {
    let mut transaction = begin(connection, key).await?;
    let current = find(&mut transaction, key).await?.ok_or(DeleteError::Missing)?.revision;
    if !precondition.holds(Some(current)) {
        return Err(DeleteError::Precondition { current });
    }
    let mut sql = Sql::new("DELETE FROM documents");
    push_key(&mut sql, key);
    sql.build().execute(&mut *transaction).await.map_err(StoreError::from)?;
    note_document(&mut transaction, key).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}
