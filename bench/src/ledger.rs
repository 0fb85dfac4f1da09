//! What counting members' activity costs: events per second with the ledger on and off.

use crate::http::{CONNECTIONS, KEY, Row, Server, measure, table};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use usher_bench::load::{GROUPS, Requests, messages, post};

/// Turns the ledger off.
const OFF: [(&str, &str); 1] = [("USHER_LEDGER__ENABLED", "false")];

/// The same events to a host that counts and to one that does not, in turns.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let mut text = format!(
        "\n## The ledger\n\nEvents per second over HTTP with the ledger off and on, no plugin enabled, every decision durable. {CONNECTIONS}\n\
         connections, {GROUPS} groups, 1,000 members, one event a request; the load runs on the same machine.\n"
    );
    for (what, requests) in [("messages only", messages(KEY)), ("what a community does", community())] {
        let mut rows = [
            Row::new("ledger off", Server::usher_with(&[], &OFF)?, &requests),
            Row::new("**ledger on**", Server::usher(&[])?, &requests),
        ];
        measure(&mut rows, CONNECTIONS, rounds, round)?;
        writeln!(text, "\n{what}:\n\n{}", table(&rows)?.replace("x bare", "x off").trim_end())?;
    }
    text.push_str(
        "\nOf what a community does, 12 in 20 are messages, 3 replies and 2 reactions to a message of some seconds ago, 2 reads of a\n\
         content, 1 a purchase.\n",
    );
    Ok(text)
}

/// Messages and what comes of them.
fn community() -> Requests {
    Arc::new(|number| {
        let (member, content) = (number % 1000, number % 37);
        // Of the same group, and of this round, unless the round has just begun.
        let earlier = number.saturating_sub(4 * GROUPS);
        let (kind, payload) = match number % 20 {
            0..12 => ("message.created", "{}".to_owned()),
            12..15 => ("message.created", format!(r#"{{"reply_to":"e-{earlier}"}}"#)),
            15..17 => ("reaction.added", format!(r#"{{"message":"e-{earlier}","emoji":"👍"}}"#)),
            17..19 => ("content.read", format!(r#"{{"content":"c-{content}"}}"#)),
            _ => ("purchase.made", r#"{"order":"o","amount_yuan":19.9}"#.to_owned()),
        };
        let body = format!(
            r#"{{"id":"e-{number}","kind":"{kind}","at":"2026-11-22T12:00:00Z","actor":{{"id":"u-{member}"}},"text":"","payload":{payload}}}"#
        );
        post(&format!("/v1/brands/b/groups/g{}/events", number % GROUPS), KEY, &body)
    })
}
