//! Reservations of pushes: quotas that hold, whoever sends at the same time.

use usher_model::Timestamp;

/// Reservations of one call, at most: they are one transaction.
pub const PUSHES_MAX: usize = 256;

/// A push that somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushReservation {
    /// Who would get it: a group or a member, as the caller names it.
    pub recipient: Box<str>,
    /// Through which account: each has a quota of its own.
    pub account: Box<str>,
    /// The same push has the same key, and is reserved once.
    pub key: Box<str>,
    /// When it is sent.
    pub at: Timestamp,
    /// Where the window of the quota begins: that of a calendar, or so long before `at`.
    pub from: Timestamp,
    /// Where it ends, exclusive.
    pub until: Timestamp,
    /// The most pushes of this account that the recipient may get in the window, this one included.
    pub limit: u32,
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushReserved {
    /// It may be sent, and counts from now on.
    Reserved,
    /// It was reserved before under its key, in whichever window: it may be sent, and counts once.
    AlreadyReserved,
    /// The quota is used up: it may not be sent, and does not count.
    Full,
}
