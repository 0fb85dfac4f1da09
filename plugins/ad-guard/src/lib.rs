//! Advertising in groups: contact solicitation, links, forbidden words.
//!
//! The rules see only the folded text, so that width, traditional characters, look-alikes, invisible and inserted
//! symbols are the host's business, and what is left here is how people ask others away: the words ([`words`]), how
//! they stand together ([`contact`]), what an account looks like ([`account`]) and what a link does ([`link`]).
//! [`plugin`] alone talks to the host; all else runs and is tested natively.

mod account;
mod contact;
mod lexicon;
mod link;
mod phrases;
mod plugin;
mod row;
mod scan;
mod settings;
mod words;

pub use plugin::AdGuard;
pub use scan::{Hit, Rule, Scanner};
pub use settings::{Remedy, Settings, WordListSetting};

usher_plugin::export!(AdGuard);
