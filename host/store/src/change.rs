//! What changed in a database that several hosts share: each of them reads anew what another has written.

use crate::document::DocumentKey;
use usher_model::{PluginName, PluginVersion};

/// Something that a host keeps in memory is not any more what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Counts the changes of the database. Those that are visible now have no lower number than those that come.
    pub number: u64,
    /// What changed; none when this version does not know such things.
    pub what: Option<Changed>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// A document was written or deleted.
    Document(DocumentKey),
    /// A version of a plugin was published or deleted.
    Plugin(PluginName, PluginVersion),
}
