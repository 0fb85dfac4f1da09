//! Server-sent events, as far as a host sends them.

use super::api::ApiError;
use reqwest::Response;

/// Longest event that is read, in bytes: a decision about the largest event there may be, and more.
const EVENT_BYTES_MAX: usize = 16 << 20;

/// One event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// `decision`, `log`, `missed`.
    pub(super) name: String,
    pub(super) data: String,
}

/// An open stream of them.
#[derive(Debug)]
pub(super) struct Messages {
    response: Response,
    url: String,
    unread: Vec<u8>,
}

impl Messages {
    pub(super) fn new(response: Response, url: String) -> Self {
        Self { response, url, unread: Vec::new() }
    }

    /// The next one; none when the host ended the stream.
    ///
    /// # Errors
    /// [`ApiError`] when the connection broke.
    pub(super) async fn next(&mut self) -> Result<Option<Message>, ApiError> {
        loop {
            while let Some(block) = self.block() {
                if let Some(message) = read(&block) {
                    return Ok(Some(message));
                }
            }
            let chunk = self.response.chunk().await;
            let chunk = chunk.map_err(|cause| ApiError::Unreachable { url: self.url.clone(), cause })?;
            let Some(chunk) = chunk.filter(|_| self.unread.len() <= EVENT_BYTES_MAX) else { return Ok(None) };
            self.unread.extend_from_slice(&chunk);
        }
    }

    /// Up to the next empty line.
    fn block(&mut self) -> Option<String> {
        let end = self.unread.windows(2).position(|two| two == b"\n\n")?;
        let block: Vec<u8> = self.unread.drain(..end + 2).collect();
        Some(String::from_utf8_lossy(&block).into_owned())
    }
}

/// None for a comment, which only keeps the connection.
fn read(block: &str) -> Option<Message> {
    let field = |name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let values: Vec<&str> = lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect();
        (!values.is_empty()).then(|| values.join("\n"))
    };
    Some(Message { name: field("event").unwrap_or_default(), data: field("data")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_comments_are_not() {
        let message = read("event: log\nid: 7\ndata: {\"a\":\ndata: 1}\n\n").unwrap();
        assert_eq!((message.name.as_str(), message.data.as_str()), ("log", "{\"a\":\n1}"));
        assert_eq!(read(":\n\n"), None);
    }
}
