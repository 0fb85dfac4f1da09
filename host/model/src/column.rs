//! What scorers and rankers may ask to see, column by column: the names in a manifest's `columns`, and what they mean.
//!
//! What happened is asked for with a window: `messages@30d`, `helped.people@90d`, `reads.segment@7d`. Everything else
//! has a plain name.

mod item;
mod member;

pub use item::{ContentScope, ItemColumn, Reach};
pub use member::{Aggregate, MemberColumn};

use thiserror::Error;

/// Longest window, in days.
pub const WINDOW_DAYS_MAX: u16 = 1096;

/// Longest name of an attribute, in bytes.
const ATTRIBUTE_BYTES_MAX: usize = 64;

/// A text that names no column.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{column}` is no column of a table of {of}: {why}")]
pub struct UnknownColumn {
    /// What was asked for.
    pub column: String,
    /// Whose table.
    pub of: &'static str,
    /// What is wrong with it, and what there is.
    pub why: String,
}

/// `name.part@30d`, taken apart.
struct Windowed<'c> {
    name: &'c str,
    part: Option<&'c str>,
    days: u16,
}

/// None when the column has no window; the error is what is wrong with the window.
fn windowed(column: &str) -> Result<Option<Windowed<'_>>, String> {
    let Some((what, window)) = column.split_once('@') else { return Ok(None) };
    let days = window.strip_suffix('d').filter(|days| !days.starts_with(['0', '+'])).and_then(|days| days.parse().ok());
    let Some(days) = days.filter(|days| (1..=WINDOW_DAYS_MAX).contains(days)) else {
        return Err(format!("a window is a number of days from 1 to {WINDOW_DAYS_MAX}, as in `{what}@30d`"));
    };
    let (name, part) = match what.split_once('.') {
        Some((name, part)) => (name, Some(part)),
        None => (what, None),
    };
    Ok(Some(Windowed { name, part, days }))
}

/// The name in `attribute:name`; the error is what is wrong with it.
fn attribute(column: &str) -> Result<Option<String>, String> {
    match column.strip_prefix("attribute:") {
        Some(name) if (1..=ATTRIBUTE_BYTES_MAX).contains(&name.len()) => Ok(Some(name.to_owned())),
        Some(_) => Err(format!("the name of an attribute has 1 to {ATTRIBUTE_BYTES_MAX} bytes")),
        None => Ok(None),
    }
}
