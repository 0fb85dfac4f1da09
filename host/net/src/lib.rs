//! Requests that leave the host, and what they may reach.
//!
//! The host stands inside its operator's network, and where it is asked to go is often said by others: by a brand that
//! names a webhook, by a registry that answers with a redirect. So what is not open to everybody is not reached, unless the
//! operator says so; and what a name's numbers are is found out once, where the connection is made.

mod address;
mod client;
pub mod oci;

pub use address::{Resolver, is_public};
pub use client::{HttpClient, NoTls, client, last_cause};
