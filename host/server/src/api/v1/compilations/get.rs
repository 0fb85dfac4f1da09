//! `GET /v1/compilations/{compilation}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::catalog::{Compilation, Progress};
use crate::changes::Change;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use usher_model::{CompilationId, Timestamp};
use utoipa::ToSchema;

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeProgress {
    /// Others are compiled first.
    Waiting,
    /// It is being compiled, or brought into force.
    Compiling,
    /// It has ended, well or not.
    Done,
}

/// What a change came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeOutcome {
    /// What would have been answered: 2xx when it is done, 4xx or 5xx when nothing changed.
    status: u16,
    /// Where what it made is.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The version of a plugin or the enablement, or else the problem.
    #[schema(value_type = Object)]
    body: Box<RawValue>,
}

/// A change that something is compiled for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompilationBody {
    /// Its id.
    id: CompilationId,
    /// Since when it is under way.
    since: Timestamp,
    /// How far it is.
    progress: ChangeProgress,
    /// What is compiled for it now, and what waits.
    compilations: Vec<Compilation>,
    /// What it came to, when it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<ChangeOutcome>,
}

impl CompilationBody {
    /// A change, and what of all that is compiled is for it.
    pub(crate) fn new(change: &Change, all: Vec<Compilation>) -> Self {
        let compilations: Vec<_> = all.into_iter().filter(|one| one.id == Some(change.id)).collect();
        let outcome = change.outcome().map(|outcome| ChangeOutcome {
            status: outcome.status.as_u16(),
            location: outcome.location.clone(),
            body: RawValue::from_string(outcome.body.clone().into()).unwrap_or_default(),
        });
        let waits = compilations.iter().any(|one| one.progress == Progress::Waiting);
        let progress = match (&outcome, waits) {
            (Some(_), _) => ChangeProgress::Done,
            (None, true) => ChangeProgress::Waiting,
            (None, false) => ChangeProgress::Compiling,
        };
        Self { id: change.id, since: change.since, progress, compilations, outcome }
    }
}

/// How far a change is that was not waited for, and what it came to: an upload or an enablement with `Prefer:
/// respond-async`, or one that took longer than a request may. For the key that asked, and for keys of all brands; on the
/// host that does it.
#[utoipa::path(get, path = "/v1/compilations/{compilation}", tag = "plugins", operation_id = "get_compilation",
    params(("compilation" = CompilationId, Path, description = "Which one")),
    responses((status = 200, description = "How far it is", body = CompilationBody)))]
pub(crate) async fn get_compilation(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(id): Path<CompilationId>,
) -> Result<Json<CompilationBody>, Problem> {
    caller.may(Permission::Read)?;
    let change = host.long_changes.get(id);
    let change = change.filter(|change| change.by == caller.id() || caller.only_brand().is_none());
    let change = change.ok_or_else(|| not_found("compilation"))?;
    Ok(Json(CompilationBody::new(&change, host.catalog.compilations())))
}
