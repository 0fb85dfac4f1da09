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
mod fan_level;
mod faq;
mod flood_guard;
mod go;
mod group_names;
mod heavy_guests;
mod hostile;
mod hosts;
mod hot_swap;
mod idle_groups;
mod leader_score;
mod limits;
mod member_roles;
mod member_taste;
mod memory;
mod mistakes;
mod nickname_format;
mod openapi;
mod recommendations;
mod recorded;
mod recovery;
mod red_packet;
mod registries;
mod schedules;
mod scores;
mod segment_push;
mod send;
mod serving;
mod slot_ranker;
mod templates;
mod timers;
mod trials;
mod uploads;
mod vip_score;
mod webhooks;
mod welcome;

/// Whether tests that grow with their size are to run at full size: `cargo xtask test --thorough` says so.
fn thorough() -> bool {
    std::env::var_os("USHER_THOROUGH").is_some()
}
