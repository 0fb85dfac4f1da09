//! The register of problems, and how the rooms' errors become them.

use crate::api::problem::{Detail, Kind, Problem};
use crate::backtest::BacktestError;
use crate::catalog::{EnableError, SnapshotError, SourceError, UploadError};
use crate::host::StartError;
use crate::ingest::IngestError;
use crate::pipeline::DecideError;
use crate::plan::PlanError;
use crate::recommend::InvalidMix;
use crate::replay::ReplayError;
use crate::runs::{InvalidAsked, PlanRunError, RunError};
use crate::score::{GatherError, InvalidRules};
use axum::http::StatusCode;
use usher_engine::{BakeError, CompileError, InspectError};
use usher_model::InvalidEnablement;
use usher_net::oci::OciError;
use usher_store::StoreError;
use usher_store::document::{DeleteError, WriteError};
use usher_store::journal::CommitError;

macro_rules! kinds {
    ($($name:ident $code:literal $status:ident $title:literal $about:literal)*) => {
        $(pub(crate) const $name: Kind =
            Kind { code: $code, status: StatusCode::$status, title: $title, about: $about };)*

        /// Every kind there is.
        pub(crate) const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED "malformed" BAD_REQUEST "The request can't be read"
        "The body is not JSON, the path or the query does not have the right form, or a header is broken. Mend the request."
    UNAUTHENTICATED "unauthenticated" UNAUTHORIZED "No valid key"
        "Send `Authorization: Bearer <key>` with a key of this host. Admins make keys with `POST /v1/keys`."
    FORBIDDEN "forbidden" FORBIDDEN "The key may not do this"
        "The key's role does not allow this. Ask an admin for a key with the role that the detail names."
    NOT_FOUND "not-found" NOT_FOUND "There is no such thing"
        "It was never there, is gone, or belongs to another brand than the key's. Check the path."
    NOT_ALLOWED "method-not-allowed" METHOD_NOT_ALLOWED "The path has no such method"
        "See `/openapi.json` for what each path can do."
    CONFLICT "conflict" CONFLICT "It stands against what is there"
        "The request is fine and the host's state does not allow it; the detail says which state that is."
    EVENT_TAKEN "event-id-taken" CONFLICT "The event id is taken"
        "An event id names one event of a group for ever. This one was used with another content: choose another id."
    PRECONDITION "precondition-failed" PRECONDITION_FAILED "It changed meanwhile"
        "`If-Match` names another revision than the one that stands. Read it again, apply your change, and send the new ETag."
    TOO_LARGE "too-large" PAYLOAD_TOO_LARGE "The body is too large"
        "The detail names the limit. Operators can raise it; see the configuration."
    UNSUPPORTED_MEDIA "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "The body is of another type"
        "Set `Content-Type` to what the detail names."
    INVALID "invalid" UNPROCESSABLE_ENTITY "The content is not valid"
        "The body can be read, and something in it can't be. `errors` points at each place."
    NO_PLUGIN "not-a-plugin" UNPROCESSABLE_ENTITY "The upload is no plugin"
        "The component does not fit the contract, or its manifest is wrong. The detail says what, and what to do."
    SOURCE "source-failed" BAD_GATEWAY "The registry did not give it"
        "The registry could not be reached, refused, or answered with something else than was asked for; the detail says which. Check the reference, the digest and the registry's credentials in the host's configuration."
    SETTINGS "settings-invalid" UNPROCESSABLE_ENTITY "The settings don't fit the plugin's schema"
        "`errors` points at each place in the settings. What was in force stays in force."
    CONFIGURE "configure-failed" UNPROCESSABLE_ENTITY "The plugin can't be configured so"
        "The plugin refused its settings or failed on them, in its own words. What was in force stays in force."
    COMPILE "compile-limit" UNPROCESSABLE_ENTITY "Compiling it takes too much"
        "Compiling the component used more time, memory or room than it may; the detail names the limit. Make it smaller, or ask the operator to raise the limit. What was in force stays in force."
    RUN_FAILED "run-failed" UNPROCESSABLE_ENTITY "The run came to nothing"
        "A plugin failed on a table of rows, or gave what can't be added up; the detail says which and why. Nothing of the run is kept, and what was chosen before stands. Mend the plugin or its settings, or raise its limits."
    BUSY "busy" SERVICE_UNAVAILABLE "The host has too much to do"
        "Come again after the seconds that `Retry-After` names. Sending the same event again is safe."
    TIMEOUT "timeout" REQUEST_TIMEOUT "The request took too long"
        "Send the whole request sooner, or raise `request_ms`. Sending the same event again is safe."
    GOES_ON "goes-on" REQUEST_TIMEOUT "The change takes long and goes on"
        "Nothing is lost: `Location` leads to how far it is and to what becomes of it. Send `Prefer: respond-async` to be answered at once."
    INTERNAL "internal" INTERNAL_SERVER_ERROR "The host failed"
        "This is a fault of the host. Its log has the cause under the incident that the detail names. Sending again is safe."
}

/// What a path does not lead to.
pub(crate) fn not_found(what: &str) -> Problem {
    Problem::new(NOT_FOUND, format!("there is no such {what}"))
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain = format!("{chain}: {cause}");
        source = cause.source();
    }
    chain
}

/// The database is away. What was asked may have been kept nevertheless: sending it again tells.
fn unavailable(error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::warn!(error = with_causes(error), "the database does not answer");
    Problem::new(BUSY, "the database does not answer at the moment; send the same again")
}

fn internal(error: &(dyn std::error::Error + 'static)) -> Problem {
    let chain = with_causes(error);
    let incident = uuid::Uuid::now_v7().simple().to_string();
    tracing::error!(incident, error = chain, "the host failed");
    Problem::new(INTERNAL, format!("the host could not do it; its log says why under incident {incident}"))
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Closed => Problem::new(BUSY, "the host is shutting down"),
            StoreError::Unavailable(_) => unavailable(&error),
            StoreError::Database(_) | StoreError::Damaged { .. } | StoreError::Panicked => internal(&error),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Precondition { current: None } => Problem::new(PRECONDITION, "there is no such thing yet"),
            WriteError::Precondition { current: Some(revision) } => {
                Problem::new(PRECONDITION, format!("the revision that stands is \"{revision}\""))
            }
            WriteError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteError> for Problem {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::Missing => not_found("thing"),
            DeleteError::Precondition { current } => {
                Problem::new(PRECONDITION, format!("the revision that stands is \"{current}\""))
            }
            DeleteError::Store(error) => error.into(),
        }
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Malformed(_) => Problem::new(MALFORMED, error.to_string()),
            IngestError::Invalid { pointer, detail } => {
                Problem::new(INVALID, "the event is not valid").with_errors([Detail { pointer, detail }])
            }
            IngestError::Ahead { .. } => {
                let detail = Detail { pointer: "/at".into(), detail: error.to_string() };
                Problem::new(INVALID, "the event is from the future; is a clock wrong?").with_errors([detail])
            }
        }
    }
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::OtherEvent => Problem::new(EVENT_TAKEN, error.to_string()),
            DecideError::Contended | DecideError::Commit(CommitError::Closed) => Problem::new(BUSY, error.to_string()),
            DecideError::Commit(CommitError::Batch(ref cause)) if matches!(**cause, StoreError::Unavailable(_)) => {
                unavailable(&error)
            }
            DecideError::Store(error) => error.into(),
            DecideError::Plan(error) => error.into(),
            DecideError::Commit(CommitError::Batch(_)) | DecideError::Unwritable(_) => internal(&error),
        }
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Store(error) => error.into(),
            PlanError::Write(error) => error.into(),
            PlanError::Unwritable(_) => internal(&error),
        }
    }
}

impl From<ReplayError> for Problem {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::NoPlan | ReplayError::Gone(_) => Problem::new(CONFLICT, error.to_string()),
            ReplayError::Plan(error) => error.into(),
            ReplayError::Store(error) => error.into(),
            ReplayError::Unreadable(_) => internal(&error),
        }
    }
}

/// A component that asks too much of the compiler is its author's matter; a compiler that does not start is the host's.
fn compile(error: &CompileError) -> Problem {
    match error {
        CompileError::Refused(_) | CompileError::NoRoom(_) => Problem::new(NO_PLUGIN, error.to_string()),
        CompileError::Start(_) => internal(error),
        CompileError::Wall(_)
        | CompileError::Cpu(_)
        | CompileError::Memory(_)
        | CompileError::Code(_)
        | CompileError::Broke(_) => Problem::new(COMPILE, error.to_string()),
    }
}

impl From<BacktestError> for Problem {
    fn from(error: BacktestError) -> Self {
        let invalid = |pointer: &str| {
            let detail = Detail { pointer: pointer.to_owned(), detail: error.to_string() };
            Problem::new(INVALID, "the backtest is not valid").with_errors([detail])
        };
        match error {
            BacktestError::NoSuchVersion(..) => invalid("/version"),
            BacktestError::NoGroup(_) => invalid("/groups"),
            BacktestError::WarmUp => invalid("/warm_up_from"),
            BacktestError::Limits(above) => invalid(&format!("/limits/{}", above.name)),
            BacktestError::Settings(ref problems) => {
                let detail = |problem: &usher_engine::SettingsProblem| Detail {
                    pointer: format!("/settings{}", problem.pointer),
                    detail: problem.detail.clone(),
                };
                Problem::new(INVALID, error.to_string()).with_errors(problems.iter().map(detail))
            }
            BacktestError::TooMany(_) => Problem::new(BUSY, error.to_string()),
            BacktestError::Store(error) => error.into(),
            BacktestError::Snapshot(error) => error.into(),
        }
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let at = |pointer: &str| {
            let detail = Detail { pointer: pointer.to_owned(), detail: error.to_string() };
            Problem::new(INVALID, "what is asked of the run is not valid").with_errors([detail])
        };
        match error {
            RunError::Plan(PlanRunError::NotEnabled(..)) => at("/plugins"),
            RunError::Plan(PlanRunError::Snapshot(error)) => error.into(),
            RunError::Rules(InvalidRules::Threshold) => at("/threshold"),
            RunError::Rules(InvalidRules::Percentile) => at("/percentile"),
            RunError::Rules(InvalidRules::Margin) => at("/margin"),
            RunError::Rules(InvalidRules::Top) => at("/top"),
            RunError::Asked(InvalidAsked::Series) => at("/series"),
            RunError::Asked(InvalidAsked::Parameters) => at("/parameters"),
            RunError::Mix(InvalidMix::Slot) => at("/slot"),
            RunError::Mix(InvalidMix::Limit) => at("/limit"),
            RunError::Mix(InvalidMix::Explore) => at("/explore_percent"),
            RunError::Mix(InvalidMix::Variety) => at("/variety"),
            RunError::Mix(InvalidMix::Key) => at("/idempotency_key"),
            RunError::Ahead(..) | RunError::NoTime => at("/at"),
            RunError::Plan(_)
            | RunError::NoGroup
            | RunError::OtherAsked
            | RunError::Gather(GatherError::TooMany(_))
            | RunError::TooLarge { .. } => Problem::new(CONFLICT, error.to_string()),
            RunError::Call(_) | RunError::Overflow(_) => Problem::new(RUN_FAILED, error.to_string()),
            RunError::TooMany(_) | RunError::Closing => Problem::new(BUSY, error.to_string()),
            RunError::Store(error) | RunError::Gather(GatherError::Store(error)) => error.into(),
            RunError::Inputs(_) | RunError::Row(_) | RunError::Panicked => internal(&error),
        }
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Store(error) => error.into(),
            StartError::Damaged { .. }
            | StartError::Metrics(_)
            | StartError::Threads(_)
            | StartError::Background(_) => internal(&error),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Inspect(InspectError::Rejected(usher_engine::Rejected::TooLarge {
                setting: "component_bytes",
                ..
            })) => Problem::new(TOO_LARGE, error.to_string()),
            UploadError::Inspect(InspectError::Compile(error)) => compile(&error),
            UploadError::Inspect(error) => Problem::new(NO_PLUGIN, error.to_string()),
            UploadError::NoMark(_) => Problem::new(NO_PLUGIN, error.to_string()),
            UploadError::VersionTaken { .. } => Problem::new(CONFLICT, error.to_string()),
            UploadError::Store(error) => error.into(),
            UploadError::QueueFull(_) => Problem::new(BUSY, error.to_string()),
            UploadError::Panicked => internal(&error),
        }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        let invalid = || {
            let detail = Detail { pointer: "/source".into(), detail: error.to_string() };
            Problem::new(INVALID, "the source can't be used").with_errors([detail])
        };
        match &error {
            SourceError::Reference(_) | SourceError::TwoDigests(_) | SourceError::NotAllowed(_) => invalid(),
            SourceError::Registry(OciError::TooLarge { .. }) => Problem::new(TOO_LARGE, error.to_string()),
            SourceError::Registry(OciError::NoComponent(_)) => Problem::new(NO_PLUGIN, error.to_string()),
            SourceError::Registry(OciError::NoTls(_)) | SourceError::NoTls(_) => internal(&error),
            SourceError::Registry(_) => Problem::new(SOURCE, error.to_string()),
        }
    }
}

impl From<SnapshotError> for Problem {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::Bake(BakeError::Refused(_) | BakeError::Configure(_)) => {
                Problem::new(CONFIGURE, error.to_string())
            }
            SnapshotError::Store(error) => error.into(),
            SnapshotError::Bake(BakeError::Compile(error)) => compile(&error),
            SnapshotError::QueueFull(_) => Problem::new(BUSY, error.to_string()),
            SnapshotError::Bake(BakeError::Runtime(_)) | SnapshotError::Missing | SnapshotError::Panicked => {
                internal(&error)
            }
        }
    }
}

impl From<EnableError> for Problem {
    fn from(error: EnableError) -> Self {
        let field = |pointer: &str, error: &EnableError| {
            let detail = Detail { pointer: pointer.into(), detail: error.to_string() };
            Problem::new(INVALID, "the enablement is not valid").with_errors([detail])
        };
        match error {
            EnableError::Invalid(InvalidEnablement::Settings | InvalidEnablement::SettingsTooLarge(_)) => {
                field("/settings", &error)
            }
            EnableError::Invalid(InvalidEnablement::Caps(_)) => field("/daily_actions", &error),
            EnableError::Invalid(InvalidEnablement::Canary) => field("/canary_percent", &error),
            EnableError::Invalid(InvalidEnablement::Weight) => field("/weight", &error),
            EnableError::Invalid(InvalidEnablement::TrialSettings) => field("/trial/settings", &error),
            EnableError::Invalid(InvalidEnablement::TrialCanary) => field("/trial/canary_percent", &error),
            EnableError::Trial(error) => Problem::from(*error).within("/trial"),
            EnableError::Limits(above) => field(&format!("/limits/{}", above.name), &error),
            EnableError::NoSuchVersion(..) | EnableError::JudgesNothing(..) => field("/version", &error),
            EnableError::Settings { ref group, ref problems, .. } => {
                let detail = match group {
                    Some(group) => format!("{error} in group `{group}`, where scopes are merged"),
                    None => error.to_string(),
                };
                Problem::new(SETTINGS, detail).with_errors(problems.iter().map(|problem| Detail {
                    pointer: format!("/settings{}", problem.pointer),
                    detail: problem.detail.clone(),
                }))
            }
            EnableError::Snapshot(error) => error.into(),
            EnableError::Write(error) => error.into(),
        }
    }
}
