//! What follows when a member floods again and again.

use serde::{Deserialize, Serialize};

use crate::settings::{Escalation, Remedy, Rung};

/// Floods of one member that are remembered: no step asks for more.
const MOST_FLOODS: usize = 100;

/// When a member flooded, in milliseconds since the Unix epoch, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record(Vec<u64>);

impl Record {
    /// The member floods. Returns whether this is another flood, and not part of the last one.
    pub fn flood(&mut self, escalation: &Escalation, at: u64) -> bool {
        self.0.retain(|flooded| flooded.saturating_add(escalation.remember_ms) > at);
        let another = self.0.last().is_none_or(|last| last.saturating_add(escalation.pause_ms) <= at);
        if another {
            self.0.push(at);
            let excess = self.0.len().saturating_sub(MOST_FLOODS);
            self.0.drain(..excess);
        }
        another
    }

    /// How many floods are remembered.
    pub fn floods(&self) -> usize {
        self.0.len()
    }

    /// What follows now; none when nothing does. What is about the member follows `another` flood only.
    pub fn step<'a>(&self, escalation: &'a Escalation, another: bool) -> Option<&'a Rung> {
        let reached = |rung: &&Rung| usize::try_from(rung.floods).is_ok_and(|floods| floods <= self.floods());
        let rung = escalation.steps.iter().rev().find(reached)?;
        (another || rung.action.is_about_the_message()).then_some(rung)
    }
}

/// Refuses steps of which one could never be reached, and a mute without an end.
pub fn check_steps(steps: &[Rung]) -> Result<(), String> {
    if !steps.is_sorted_by(|lower, higher| lower.floods < higher.floods) {
        return Err("escalation.steps: each needs a larger number of floods than the one before it".to_owned());
    }
    if steps.iter().any(|rung| rung.action == Remedy::Mute && rung.lasts_ms.is_none()) {
        return Err("escalation.steps: a mute needs lasts_ms".to_owned());
    }
    Ok(())
}
