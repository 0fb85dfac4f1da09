//! What members did, from the ledger.

pub(crate) mod get;
pub(crate) mod list;
mod window;

pub(crate) use window::{Window, WindowQuery, clock_of_brand, of_brand, of_group};

use serde::Serialize;
use usher_model::{Day, MemberId};
use usher_store::activity::Activity;
use utoipa::ToSchema;

/// What a member did within some days, and what was done to them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberActivity {
    /// Who.
    member: MemberId,
    /// The first day.
    from: Day,
    /// The day after the last.
    until: Day,
    /// Each measure of which there was any, by name.
    measures: Vec<MeasureActivity>,
}

/// What one measure comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureActivity {
    /// Which one; its unit is in the name, where it is no count.
    measure: String,
    /// The sum of all of it.
    sum: i64,
    /// On how many days there was any.
    days: u32,
    /// How many distinct others there were; 0 for measures that don't tell them apart.
    people: u32,
    /// The last day on which there was any.
    last: Day,
}

impl MemberActivity {
    fn new(member: MemberId, window: Window) -> Self {
        Self { member, from: window.from, until: window.until, measures: Vec::new() }
    }

    fn add(&mut self, activity: Activity) {
        let Activity { measure, sum, days, people, last, member: _ } = activity;
        self.measures.push(MeasureActivity { measure: measure.into(), sum, days, people, last });
    }
}
