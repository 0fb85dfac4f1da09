//! One binary of end-to-end tests, by what the user does.

mod access;
mod ad_guard;
mod decisions;
mod enabling;
mod events;
mod hostile;
mod openapi;
mod recovery;
mod send;
mod serving;
mod uploads;
