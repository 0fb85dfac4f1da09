//! An OCI registry of one's own, for tests: Debian's package of the reference implementation, in a folder that goes away,
//! on a port of this machine that was free, and gone with the process that started it, however that ends.

mod binary;
mod server;

pub use binary::install;
pub use server::Registry;
