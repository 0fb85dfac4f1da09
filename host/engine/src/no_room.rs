//! What a component asks of the host before it runs: memories, tables, instances. Pools have places for so many, of such a
//! size, and what does not fit is told by the limit that it does not fit.

use crate::runtime::{INSTANCE_BYTES_MAX, MEMORIES_MAX, MODULE_MEMORIES_MAX, MODULE_TABLES_MAX, TABLES_MAX};
use thiserror::Error;

/// It compiles, and no instance of it would find a place.
#[derive(Debug, Error)]
#[error("the host has no room for it: {limit}; {why:#}")]
pub struct NoRoom {
    /// In words: what there is, and the setting where there is one.
    limit: String,
    why: wasmtime::Error,
}

impl NoRoom {
    /// Finds out by the runtime's words which limit it was: it gives no more than those. When they are none of these, all
    /// limits that it can be are told.
    pub(crate) fn of(why: wasmtime::Error) -> Self {
        let text = format!("{why:#}");
        let known = [
            ("Wasm linear memories", format!("a component has at most {MEMORIES_MAX} memories")),
            ("tables, which exceeds", format!("a component has at most {TABLES_MAX} tables")),
            ("defined memories count", format!("a module has at most {MODULE_MEMORIES_MAX} memory")),
            ("defined tables count", format!("a module has at most {MODULE_TABLES_MAX} table")),
            (
                "core module instances",
                "a component has at most so many instances of modules (`plugins.modules`)".into(),
            ),
            ("minimum byte size", "a memory begins with at most `calls_max.memory_bytes`".into()),
            ("minimum element size", "a table begins with at most `calls_max.table_elements`".into()),
            (
                "instance allocation for this",
                format!("an instance takes at most {INSTANCE_BYTES_MAX} bytes beside its memory"),
            ),
        ];
        let found = known.iter().find(|(words, _)| text.contains(words)).map(|(_, limit)| limit.clone());
        let all = || known.iter().map(|(_, limit)| limit.as_str()).collect::<Vec<_>>().join(", ");
        Self { limit: found.unwrap_or_else(all), why }
    }
}
