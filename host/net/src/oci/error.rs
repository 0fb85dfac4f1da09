//! Why a registry did not do it.

use hyper::StatusCode;
use thiserror::Error;

/// Why nothing was pulled or pushed.
#[derive(Debug, Error)]
pub enum OciError {
    /// Nobody answered.
    #[error("the registry `{registry}` can't be reached: {cause}")]
    Unreachable {
        /// Which registry.
        registry: String,
        /// Why not.
        cause: String,
    },
    /// It did not answer in time.
    #[error("the registry did not answer within {0} ms")]
    Late(u64),
    /// It wants to know who asks, or does not like who does.
    #[error("the registry `{registry}` does not let us do that: {status}; {remedy}")]
    Denied {
        /// Which registry.
        registry: String,
        /// With which status.
        status: StatusCode,
        /// What to do.
        remedy: &'static str,
    },
    /// It has no such thing.
    #[error("the registry has no {what} `{name}`")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its name there.
        name: String,
    },
    /// It answered something else.
    #[error("the registry answered {status} when asked {asked}")]
    Status {
        /// With which status.
        status: StatusCode,
        /// What it was asked.
        asked: &'static str,
    },
    /// More than will be read.
    #[error("the {what} has more than {limit} bytes")]
    TooLarge {
        /// What kind of thing.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// What came is not what was asked for.
    #[error("the {what} is `{found}`, and `{expected}` was asked for")]
    OtherDigest {
        /// What kind of thing.
        what: &'static str,
        /// The digest that was asked for.
        expected: String,
        /// The digest of what came.
        found: String,
    },
    /// The artifact is something else.
    #[error("the artifact is no wasm component: {0}")]
    NoComponent(String),
    /// It sends us somewhere where we do not go.
    #[error("the registry sends us to `{0}`, where the host does not go: not over https, or not open to everybody")]
    Elsewhere(String),
    /// It sends us from place to place.
    #[error("the registry sends us from place to place, more than {0} times")]
    Redirects(usize),
    /// The protocol is broken.
    #[error("the registry's answer can't be understood: {0}")]
    Answer(String),
    /// This machine has no certificates to trust.
    #[error(transparent)]
    NoTls(#[from] crate::NoTls),
}
