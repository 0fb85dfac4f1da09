//! A PostgreSQL of one's own, for tests: from the binaries on this machine, in a folder that goes away, on a socket that
//! nobody else reaches, and gone with the process that started it, however that ends.

mod binaries;
mod database;
mod server;

pub use binaries::install;
pub use database::database;
pub use server::Server;

/// The variable that names the server for tests, so that one serves all their processes.
pub const SERVER: &str = "TEST_POSTGRES";
