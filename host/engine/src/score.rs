//! One plugin, one table, one fresh instance.

use crate::bake::Snapshot;
use crate::exports::no_hook;
use crate::fresh::{Answer, unavailable};
use crate::grants::Grants;
use crate::imports::TABLE_AT_HAND;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox};
use crate::table::{TableEffects, TableInput, TableReport};
use crate::verify::Hook;
use std::sync::Arc;
use usher_model::{CallLimits, Failure, FailureKind};
use wasmtime::Store;
use wasmtime::component::{Instance, Resource};

impl Engine {
    /// Runs a plugin's `score` or `rank` over one table, on a fresh instance of its snapshot. Never fails: whatever goes
    /// wrong in the guest is in the report, and then it has said nothing. As [`check`](Engine::check), it waits for room.
    pub fn score(
        &self,
        hook: Hook,
        snapshot: &Snapshot,
        input: &Arc<TableInput>,
        limits: &Arc<CallLimits>,
    ) -> TableReport {
        if let Err(refusal) = fits(input, limits) {
            return not_run(refusal);
        }
        let grants = Arc::new(Grants::default());
        let call = |store: &mut Store<Sandbox>, instance: &Instance| call_hook(hook, snapshot, store, instance);
        match self.fresh(snapshot, &Phase::Table(input.clone()), &grants, limits, call) {
            Err(error) => not_run(unavailable(&error)),
            Ok(ended) => {
                let Sandbox { table, logs, .. } = ended.sandbox;
                let said = if ended.failure.is_some() { TableEffects::default() } else { table };
                let TableEffects { contributions, exclusions, labels } = said;
                let (failure, cost, usage) = (ended.failure, ended.cost, ended.usage);
                TableReport { contributions, exclusions, labels, failure, logs, cost, usage }
            }
        }
    }
}

fn call_hook(hook: Hook, snapshot: &Snapshot, store: &mut Store<Sandbox>, instance: &Instance) -> Answer {
    let table = Resource::new_borrow(TABLE_AT_HAND);
    match (hook, &snapshot.exports.scorer, &snapshot.exports.ranker) {
        (Hook::Score, Some(scorer), _) => scorer.load(&mut *store, instance)?.call_score(&mut *store, table),
        (Hook::Rank, _, Some(ranker)) => ranker.load(&mut *store, instance)?.call_rank(&mut *store, table),
        _ => Err(no_hook(hook)),
    }
}

/// A table is made by the host: one that does not fit is no fault of the plugin.
fn fits(input: &TableInput, limits: &CallLimits) -> Result<(), Failure> {
    let refused = |message| Err(Failure { kind: FailureKind::Unavailable, message });
    let (rows, limit) = (input.rows(), limits.table_rows);
    if rows as u64 > limit {
        return refused(format!("a table of {rows} rows, and a call gets at most {limit} (`table_rows`)"));
    }
    match input.uneven() {
        Some(column) => refused(format!("the column `{column}` has not a value for each of {rows} rows")),
        None => Ok(()),
    }
}

fn not_run(failure: Failure) -> TableReport {
    TableReport { failure: Some(failure), ..TableReport::default() }
}
