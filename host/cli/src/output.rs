//! What the command says to people. The one place that prints.

use std::io::{ErrorKind, Write, stdout};

/// A line on standard output. When nobody reads it any more (`usher plugin logs --follow | head`), the command ends:
/// whatever it does is for the reader.
pub(crate) fn line(text: &str) {
    match writeln!(stdout(), "{text}") {
        Ok(()) => {}
        Err(closed) if closed.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(refused) => error(&format!("standard output: {refused}")),
    }
}

/// A line on standard output from something that goes on when nobody reads it.
pub(crate) fn aside(text: &str) {
    if let Err(refused) = writeln!(stdout(), "{text}") {
        tracing::debug!(%refused, "standard output is closed");
    }
}

/// A line on standard error.
#[expect(clippy::print_stderr, reason = "errors go to standard error")]
pub(crate) fn error(text: &str) {
    eprintln!("error: {text}");
}
