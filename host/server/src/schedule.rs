//! Runs that begin by themselves, every day or every week, by the wall clock. Each due time makes one run, whoever
//! begins it and however often: its id is made of the schedule and that time.

mod due;
mod fire;

pub(crate) use due::{InvalidSchedule, Schedule};
pub(crate) use fire::{Alarm, ScheduleKey, Standing, keep_time};
