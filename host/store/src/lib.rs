//! What Usher remembers, and the only SQL there is.
//!
//! [`Store`] is the contract that every database keeps; [`Sqlite`] is built in and one host's alone, [`Postgres`] is for
//! several hosts. Two kinds of things
//! are kept: [`document`]s (brands, groups, members, enablements, word lists, keys: small, edited by people, every
//! revision kept) and the [`journal`] (one row per event and its decision, appended by compare-and-swap on the group's
//! sequence number). A commit is acknowledged only when it is durable.

pub mod activity;
pub mod backtest;
pub mod change;
mod columns;
pub mod content;
pub mod document;
pub mod journal;
pub mod outbox;
pub mod plugin;
mod postgres;
pub mod push;
mod rows;
pub mod run;
mod slot;
mod sqlite;
mod store;

pub use postgres::{ConnectError, DatabaseUrl, InvalidUrl, Postgres, PostgresOptions};
pub use sqlite::{OpenError, Sqlite, SqliteOptions};
pub use store::{Store, StoreError};
