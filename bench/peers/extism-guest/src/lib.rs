//! The house rules as a plugin for Extism: JSON in, JSON out, as its guides show it.

use extism_pdk::{FnResult, config, plugin_fn};
use std::sync::OnceLock;
use usher_bench_rules::{Message, Words, judge};

/// Built by the first call of an instance that has to find the words itself.
static WORDS: OnceLock<Words> = OnceLock::new();

/// Judges one message.
#[plugin_fn]
pub fn check(input: Vec<u8>) -> FnResult<Vec<u8>> {
    let message: Message<'_> = serde_json::from_slice(&input)?;
    let words = match message.words {
        Some(words) => words,
        None => own_words()?.find(&message.text),
    };
    Ok(serde_json::to_vec(&judge(&message.text, &message.roles, &words))?)
}

fn own_words() -> FnResult<&'static Words> {
    if let Some(words) = WORDS.get() {
        return Ok(words);
    }
    let entries = config::get("words")?.unwrap_or_default();
    let words = Words::new(entries.lines().map(str::to_owned).collect());
    let words = words.ok_or_else(|| extism_pdk::Error::msg("too many words"))?;
    Ok(WORDS.get_or_init(|| words))
}
