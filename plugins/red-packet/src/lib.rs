//! Articles shared in a group are paid for with a red packet, in time.
//!
//! What a member owes is an [`Account`] in the group's state, and a timer wakes the plugin when a share was not paid
//! for. [`account`] is the policy, as functions of an account and what happens; [`article`] tells what a share is, and
//! [`wording`] what is said. [`plugin`] alone talks to the host; all else runs and is tested natively.

mod account;
mod article;
mod plugin;
mod settings;
mod wording;

pub use account::{Account, Packet, Share, Step};
pub use article::is_share;
pub use plugin::RedPacket;
pub use settings::{Remedy, Settings};
pub use wording::Wording;

usher_plugin::export!(RedPacket);
