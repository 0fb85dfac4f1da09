//! Decisions as they are made: the stream, read by hand.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// An open stream of decisions.
#[derive(Debug)]
pub struct Watched(BufReader<TcpStream>);

impl Watched {
    #[expect(clippy::expect_used, reason = "a stream that does not open ends the test")]
    pub(crate) fn open(address: &str, key: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("the host listens");
        write!(
            stream,
            "GET /v1/brands/tea/decisions/stream HTTP/1.1\r\nHost: usher\r\nAuthorization: Bearer {key}\r\n\r\n"
        )
        .expect("the host reads");
        let mut watched = Self(BufReader::new(stream));
        assert!(watched.line().contains("200"));
        while !watched.line().is_empty() {}
        watched
    }

    /// The next decision; waits for it.
    #[expect(clippy::expect_used, reason = "a decision that can't be read ends the test")]
    pub fn decision(&mut self) -> Value {
        loop {
            if let Some(data) = self.line().strip_prefix("data: ") {
                return serde_json::from_str(data).expect("a decision");
            }
        }
    }

    #[expect(clippy::expect_used, reason = "a stream that ends ends the test")]
    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).expect("the host writes");
        assert!(read > 0, "the stream ended");
        line.trim_end().to_owned()
    }
}
