//! What nearly every plugin needs: `use usher_plugin::prelude::*;`

pub use crate::{
    Action, Check, Event, Finding, Group, Manifest, Member, Rank, Score, Severity, Table, approve, log, strike,
};
