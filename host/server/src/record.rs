//! Where a group's events line up, and how a decision becomes a commit.

use crate::caps::Reserved;
use crate::ingest::Reported;
use crate::timers::Timers;
use std::collections::VecDeque;
use usher_model::ledger::Origin;
use usher_model::{ContentEntry, Decision, EventId, GroupKey, LedgerEntry, WebhookName};
use usher_store::journal::{Commit, Head, SlotWrite, TimerWrite, Turn};

/// Events of a group that are remembered while their decisions are on their way to the disk. Others are waited for.
const QUEUED_MAX: usize = 16;

/// The end of a group's journal as this host knows it: commits on their way to the disk are counted already, so that the
/// next event of the group need not wait for the last one's sync.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    head: Option<Head>,
    /// Those that pend at this head.
    timers: Timers,
    /// The last events whose decisions were queued, for those that refer to them before they are durable.
    queued: VecDeque<(EventId, Origin)>,
    /// In which the next commit is made.
    turn: Option<Turn>,
    generation: u64,
}

/// Which knowledge of the head a commit was made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl Lane {
    pub(crate) fn head(&self) -> Option<Head> {
        self.head
    }

    pub(crate) fn learn(&mut self, head: Head, timers: Timers) {
        (self.head, self.timers) = (Some(head), timers);
    }

    pub(crate) fn timers(&self) -> &Timers {
        &self.timers
    }

    /// Until a commit of this turn took place, none of others does, nor of those that this host has under way. The head is
    /// read anew.
    pub(crate) fn begin_turn(&mut self, turn: Turn) {
        self.turn = Some(turn);
        self.start_anew();
    }

    /// The turn that the next commit is made in, and ends.
    pub(crate) fn end_turn(&mut self) -> Option<Turn> {
        self.turn.take()
    }

    /// A commit was queued on the head: the next one follows it.
    pub(crate) fn advance(&mut self, head: Head, timers: &[TimerWrite]) -> Generation {
        self.head = Some(head);
        self.timers.apply(timers);
        Generation(self.generation)
    }

    /// A commit that was counted did not take place: what was made on it will be refused too, and the head is read
    /// anew. Once for all commits of a generation.
    pub(crate) fn forget(&mut self, generation: Generation) {
        if generation.0 == self.generation {
            self.start_anew();
        }
    }

    fn start_anew(&mut self) {
        self.head = None;
        self.queued.clear();
        self.generation += 1;
    }

    /// What is known of an event whose decision was queued lately.
    pub(crate) fn origin(&self, event: &EventId) -> Option<&Origin> {
        self.queued.iter().rev().find(|(id, _)| id == event).map(|(_, origin)| origin)
    }

    /// An event that later ones may refer to was decided, and its decision queued.
    pub(crate) fn remember(&mut self, event: EventId, origin: Origin) {
        if self.queued.len() == QUEUED_MAX {
            self.queued.pop_front();
        }
        self.queued.push_back((event, origin));
    }
}

/// What a decision leaves behind beside itself.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    pub(crate) slots: Vec<SlotWrite>,
    pub(crate) timers: Vec<TimerWrite>,
    pub(crate) reserved: Reserved,
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) contents: Vec<ContentEntry>,
    pub(crate) tell: Vec<WebhookName>,
    pub(crate) turn: Option<Turn>,
}

/// A decision, ready to be made durable.
pub(crate) fn commit(
    group: &GroupKey,
    reported: &Reported,
    head: Head,
    decision: &Decision,
    recording: Recording,
) -> Result<Commit, serde_json::Error> {
    let shadow = decision.shadow.iter().chain(&decision.trial).flat_map(|intent| &intent.findings);
    let mut rules: Vec<_> = decision
        .intent
        .findings
        .iter()
        .chain(shadow)
        .map(|finding| (finding.plugin.clone(), finding.rule.clone()))
        .collect();
    rules.sort();
    rules.dedup();
    Ok(Commit {
        group: group.clone(),
        expected_sequence: head.sequence,
        expected_decision: head.decision,
        event_id: reported.event.id.clone(),
        event_digest: reported.digest,
        event: reported.json.clone(),
        decision_id: decision.id,
        at: decision.at,
        actor: reported.event.actor.as_ref().map(|actor| actor.id.clone()),
        verdict: decision.intent.verdict,
        rules,
        decision: serde_json::to_string(decision)?.into(),
        slots: recording.slots,
        timers: recording.timers,
        tallies: recording.reserved.tallies,
        ledger: recording.ledger,
        contents: recording.contents,
        tell: recording.tell,
        turn: recording.turn,
        hold: recording.reserved.hold,
    })
}
