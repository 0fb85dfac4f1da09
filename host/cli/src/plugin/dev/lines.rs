//! What an author types.

use std::future::pending;
use std::io::BufRead;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Lines of standard input, as they come.
#[derive(Debug)]
pub(super) struct Lines(UnboundedReceiver<String>);

impl Lines {
    /// They are read on a thread of their own, which nobody waits for at the end.
    pub(super) fn of_standard_input() -> Self {
        let (sender, receiver) = unbounded_channel();
        std::thread::spawn(move || {
            let lines = std::io::stdin().lock().lines().map_while(Result::ok);
            lines.filter(|line| !line.trim().is_empty()).all(|line| sender.send(line).is_ok())
        });
        Self(receiver)
    }

    /// The next one. After the last one nothing comes: that is no reason to end.
    pub(super) async fn next(&mut self) -> String {
        match self.0.recv().await {
            Some(line) => line,
            None => pending().await,
        }
    }
}
