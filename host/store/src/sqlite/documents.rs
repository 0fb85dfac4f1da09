//! Documents and their revisions.

use super::columns::{count, integer, json, moment};
use super::writer::begin;
use crate::StoreError;
use crate::document::{
    Collection, DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written,
};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use sqlx::{QueryBuilder, SqliteExecutor};

/// The columns of a [`DocumentRow`].
const DOCUMENT: &str = "SELECT brand, id, revision, body, written_by, written_at_ms FROM ";

/// The revisions that stand.
const STANDING: &str = "documents JOIN document_revisions USING (collection, brand, id, revision)";

#[derive(sqlx::FromRow)]
struct DocumentRow {
    brand: String,
    id: String,
    revision: i64,
    body: String,
    written_by: String,
    written_at_ms: i64,
}

impl DocumentRow {
    fn document(self, collection: Collection) -> Result<Document, StoreError> {
        Ok(Document {
            key: DocumentKey { collection, brand: self.brand, id: self.id },
            revision: count(self.revision, "document_revisions.revision")?,
            body: json(&self.body, "document_revisions.body")?,
            written_by: self.written_by,
            written_at: moment(self.written_at_ms, "document_revisions.written_at_ms")?,
        })
    }
}

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

/// The first text after all that begin so, in the order of bytes, which is that of characters. None when there is no
/// end: only a prefix of nothing but the last character of Unicode has none.
fn end_of_prefix(prefix: &str) -> Option<String> {
    let kept = prefix.trim_end_matches(char::MAX);
    let last = kept.chars().next_back()?;
    // The characters after this one, without the gap of the surrogates.
    let next = (last..=char::MAX).nth(1)?;
    Some(format!("{}{next}", &kept[..kept.len() - last.len_utf8()]))
}

/// Whether a write may take place on what stands.
fn holds(precondition: Precondition, current: Option<u64>) -> bool {
    match precondition {
        Precondition::None => true,
        Precondition::Absent => current.is_none(),
        Precondition::Revision(expected) => current == Some(expected),
    }
}

pub(super) async fn put(
    connection: &mut SqliteConnection,
    document: NewDocument,
    precondition: Precondition,
) -> Result<Written, WriteError> {
    let mut transaction = begin(connection).await?;
    let standing = find(&mut *transaction, &document.key).await?;
    let current = standing.as_ref().map(|standing| standing.revision);
    if !holds(precondition, current) {
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
    if !holds(precondition, Some(current)) {
        return Err(DeleteError::Precondition { current });
    }
    let mut sql = Sql::new("DELETE FROM documents");
    push_key(&mut sql, key);
    sql.build().execute(&mut *transaction).await.map_err(StoreError::from)?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        for (prefix, end) in [("a", "b"), ("group/g-1/", "group/g-10"), ("群", "羥"), ("a\u{d7ff}", "a\u{e000}")] {
            assert_eq!(end_of_prefix(prefix).as_deref(), Some(end), "{prefix}");
        }
        assert_eq!(end_of_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(end_of_prefix("\u{10ffff}"), None);
    }
}
