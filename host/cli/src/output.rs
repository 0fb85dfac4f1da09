//! What the command says to people. The one place that prints.

/// A line on standard output.
#[expect(clippy::print_stdout, reason = "a command speaks on standard output")]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// A line on standard error.
#[expect(clippy::print_stderr, reason = "errors go to standard error")]
pub(crate) fn error(text: &str) {
    eprintln!("error: {text}");
}
