//! What scorings and rankings have in common: which plugins take part, their calls on tables of bounded size, the sum of
//! what they say, what is kept so that a run can be made again, and how far those under way are.

mod asked;
mod combine;
mod error;
mod exact;
mod inputs;
mod plan;
mod progress;
mod tables;
mod when;

pub(crate) use asked::{InvalidAsked, check_name, check_parameters, check_series};
pub(crate) use combine::{Line, Overflow, Remark, Said, combine};
pub(crate) use error::RunError;
pub(crate) use exact::{Exact, settled};
pub(crate) use inputs::{Columns, decode, encode};
pub(crate) use plan::{Part, PlanRunError, PlannedRun, planned, ready};
pub(crate) use progress::{Begun, Running, Runs, Stage};
pub(crate) use tables::{Rows, call_tables};
pub(crate) use when::{id_of, moment, new_id};
