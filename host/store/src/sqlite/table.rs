//! Many rows in one statement, bound value by value: as JSON, which takes any number of them, they cost SQLite several
//! times as much to read.

use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite};

/// How high a table may be: a few heights, so that there are a few statements, each prepared once.
const HEIGHTS: [usize; 5] = [1, 4, 16, 64, 256];

/// Rows of one table, at most.
pub(super) const ROWS_MAX: usize = 256;

/// A row under construction.
pub(super) type Cells<'q> = Separated<'q, Sqlite, &'static str>;

/// Writes `(VALUES …)`, which has the columns `column1`, `column2`, … `bind` binds them all for a row, and as many NULLs
/// for none: the table is as high as the next of the heights, and whoever reads it leaves the rows without values out.
pub(super) fn push_table<'r, T>(
    sql: &mut QueryBuilder<Sqlite>,
    rows: &'r [T],
    bind: impl FnMut(Cells<'_>, Option<&'r T>),
) {
    let height = HEIGHTS.into_iter().find(|&height| height >= rows.len()).unwrap_or(rows.len());
    sql.push("(");
    sql.push_values(rows.iter().map(Some).chain(std::iter::repeat(None)).take(height), bind);
    sql.push(")");
}
