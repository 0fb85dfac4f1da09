//! How figures are made: messages, a load, interleaved rounds, and the document that they go to.
//!
//! The comparison with other engines is a workspace of its own (`bench/peers`) and takes from here whatever touches
//! Usher, so that it can't fall behind unseen.

pub mod contest;
pub mod corpus;
pub mod load;
pub mod machine;
pub mod report;
pub mod rounds;
