//! Contents for a group's slot or for a member: plugins rank them, and the host sees to what no plugin can get wrong:
//! validity, audience, nothing that was seen, nothing twice, not too much of the same, a share of exploration, and how
//! often somebody may be pushed at.

mod asked;
mod chance;
mod compose;
mod fit;
mod gather;
mod once;
mod outcome;
mod quota;
mod run;
mod shelf;
mod whom;

pub(crate) use asked::{InvalidMix, RecommendAsked};
pub(crate) use compose::Fate;
pub(crate) use fit::Refused;
pub(crate) use outcome::{RankRow, RankSummary};
pub use quota::PushQuotas;
pub(crate) use run::{begin, replay};
