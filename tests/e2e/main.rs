//! One binary of end-to-end tests, by what the user does.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod access;
mod activity;
mod ad_guard;
mod author;
mod author_dev;
mod author_loop;
mod backtests;
mod breakers;
mod caps;
mod check_in;
mod compiling;
mod conformance;
mod contents;
mod counting;
mod decisions;
mod enabling;
mod events;
mod faq;
mod flood_guard;
mod group_names;
mod heavy_guests;
mod hostile;
mod hosts;
mod hot_swap;
mod limits;
mod memory;
mod mistakes;
mod nickname_format;
mod openapi;
mod recommendations;
mod recovery;
mod red_packet;
mod registries;
mod schedules;
mod scores;
mod send;
mod serving;
mod timers;
mod uploads;
mod webhooks;
mod welcome;
