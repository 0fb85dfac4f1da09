//! Lines for the author and the operator; never part of a decision.

pub use crate::bindings::usher::plugin::log::{Level, write};

/// Of use while the plugin is being written.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

/// Worth knowing.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// The operator should change something.
pub fn warn(message: &str) {
    write(Level::Warn, message);
}

/// The plugin is wrong.
pub fn error(message: &str) {
    write(Level::Error, message);
}
