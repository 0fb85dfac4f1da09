//! Wire to [`Event`]: shape, limits and identity. Never refuses by content.

use std::sync::Arc;
use thiserror::Error;
use usher_model::{Digest, Event, EventId, Timestamp};

/// An event as it was reported.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) event: Arc<Event>,
    /// As it will be kept: one spelling, whatever the white space and the order of fields on the wire.
    pub(crate) json: Box<str>,
    /// Of that spelling: the same id with another digest is another event.
    pub(crate) digest: Digest,
}

impl Reported {
    /// An event of the host's own, or one that was checked.
    ///
    /// # Errors
    /// [`serde_json::Error`] when it can't be written as JSON.
    pub(crate) fn new(event: Event) -> Result<Self, serde_json::Error> {
        let json: Box<str> = serde_json::to_string(&event)?.into();
        let digest = Digest::of(json.as_bytes());
        Ok(Self { event: Arc::new(event), json, digest })
    }
}

/// Why bytes are no event.
#[derive(Debug, Error)]
pub(crate) enum IngestError {
    /// Not JSON.
    #[error("the body is not JSON: {0}")]
    Malformed(serde_json::Error),
    /// JSON, and not of an event's shape or within its limits.
    #[error("{detail}")]
    Invalid {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong.
        detail: String,
    },
    /// From the future.
    #[error(
        "the event says that it happened at {at}, and the latest that this host takes now is {latest} (`limits.ahead_ms`)"
    )]
    Ahead {
        /// When the event says it happened.
        at: Timestamp,
        /// The latest moment that is taken.
        latest: Timestamp,
    },
}

/// Reads one event. `latest` is the latest moment that it may come from.
pub(crate) fn ingest(bytes: &[u8], latest: Option<Timestamp>) -> Result<Reported, IngestError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let event: Event = serde_path_to_error::deserialize(&mut json).map_err(shape)?;
    json.end().map_err(IngestError::Malformed)?;
    report(event, latest)
}

/// Takes an event that was read already.
pub(crate) fn report(event: Event, latest: Option<Timestamp>) -> Result<Reported, IngestError> {
    event.check().map_err(|error| IngestError::Invalid { pointer: error.pointer.to_owned(), detail: error.detail })?;
    not_reserved(&event)?;
    if let Some(latest) = latest.filter(|latest| event.at > *latest) {
        return Err(IngestError::Ahead { at: event.at, latest });
    }
    Reported::new(event).map_err(IngestError::Malformed)
}

/// Timers come back as events of the host's own; nobody may report one.
fn not_reserved(event: &Event) -> Result<(), IngestError> {
    let reserved = |pointer: &str, detail: &str| {
        Err(IngestError::Invalid { pointer: pointer.to_owned(), detail: detail.to_owned() })
    };
    if event.kind.is_of_timers() {
        return reserved("/kind", "kinds that begin with `timer.` are the host's own");
    }
    if event.id.as_str().starts_with(EventId::TIMER_PREFIX) {
        return reserved("/id", "ids that begin with `timer:` are the host's own");
    }
    Ok(())
}

fn shape(error: serde_path_to_error::Error<serde_json::Error>) -> IngestError {
    if error.inner().is_data() {
        let pointer = crate::api::pointer(error.path());
        return IngestError::Invalid { pointer, detail: crate::api::without_place(error.inner()) };
    }
    IngestError::Malformed(error.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"id":"m-1","kind":"message.created","at":"2026-11-22T12:00:00Z","actor":{"id":"u-1"}}"#;

    #[test]
    fn the_same_event_has_the_same_digest_however_it_is_spelt() {
        let plain = ingest(EVENT.as_bytes(), None).unwrap();
        let spaced = EVENT.replace(':', ": ").replace("12: 00: 00", "12:00:00");
        assert_eq!(ingest(spaced.as_bytes(), None).unwrap().digest, plain.digest);
        let other = EVENT.replace("u-1", "u-2");
        assert_ne!(ingest(other.as_bytes(), None).unwrap().digest, plain.digest);
    }

    #[test]
    fn mistakes_point_at_the_field() {
        let check = |from: &str, to: &str, expect: &str| match ingest(EVENT.replace(from, to).as_bytes(), None) {
            Err(IngestError::Invalid { pointer, .. }) => assert_eq!(pointer, expect),
            other => panic!("{other:?}"),
        };
        check("\"u-1\"", "7", "/actor/id");
        check("message.created", "Message", "/kind");
        check("2026-11-22T12:00:00Z", "noon", "/at");
        check("message.created", "timer.fired", "/kind");
        check("m-1", "timer:1", "/id");
        assert!(matches!(ingest(b"{", None), Err(IngestError::Malformed(_))));
        assert!(matches!(ingest(format!("{EVENT}{EVENT}").as_bytes(), None), Err(IngestError::Malformed(_))));
    }

    #[test]
    fn the_future_is_refused() {
        let latest = "2026-11-22T11:59:59Z".parse().unwrap();
        assert!(matches!(ingest(EVENT.as_bytes(), Some(latest)), Err(IngestError::Ahead { .. })));
    }
}
