//! What became of contents: shown, read, shared, converted.

use super::{FEN, amount, id};
use crate::{ContentId, Day, Decision, Event, MemberId};
use serde_json::Value;

/// Longest name of a segment, in bytes.
const SEGMENT_BYTES_MAX: usize = 128;

/// Something that is counted of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentMeasure {
    /// How often it was shown.
    Impressions,
    /// How often it was read.
    Reads,
    /// How often it was shared.
    Shares,
    /// How often it led to what it was for.
    Conversions,
    /// What these were worth, in fen.
    AmountFen,
    /// How often it was pushed.
    Pushes,
}

impl ContentMeasure {
    /// All of them.
    pub const ALL: [ContentMeasure; 6] = [
        ContentMeasure::Impressions,
        ContentMeasure::Reads,
        ContentMeasure::Shares,
        ContentMeasure::Conversions,
        ContentMeasure::AmountFen,
        ContentMeasure::Pushes,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            ContentMeasure::Impressions => "impressions",
            ContentMeasure::Reads => "reads",
            ContentMeasure::Shares => "shares",
            ContentMeasure::Conversions => "conversions",
            ContentMeasure::AmountFen => "amount_fen",
            ContentMeasure::Pushes => "pushes",
        }
    }
}

/// Something that became of a content in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContentEntry {
    /// On which day, by the group's time zone.
    pub day: Day,
    /// Which content.
    pub content: ContentId,
    /// Through whom; the group as a whole when none.
    pub member: Option<MemberId>,
    /// Which part of the brand's people that is; may be empty.
    pub segment: Box<str>,
    /// What.
    pub measure: ContentMeasure,
    /// How much.
    pub amount: i64,
}

/// Whether an event is about a content.
pub fn is_about_content(event: &Event) -> bool {
    event.kind.as_str().starts_with("content.") || event.kind.as_str() == "push.sent"
}

/// The segment that an event names itself: a text that fits; none otherwise.
pub fn named_segment(event: &Event) -> Option<&str> {
    event.payload.get("segment").and_then(Value::as_str).filter(|segment| is_segment(segment))
}

/// Whether a text can name a segment.
pub fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.len() <= SEGMENT_BYTES_MAX && !text.contains(char::is_control)
}

/// What an event and its decision add to contents, in a time zone. `segment` is whom it is about.
pub fn contents(event: &Event, decision: &Decision, zone: &str, segment: &str) -> Vec<ContentEntry> {
    let measures: &[ContentMeasure] = match event.kind.as_str() {
        "content.shown" => &[ContentMeasure::Impressions],
        "content.read" => &[ContentMeasure::Reads],
        "content.shared" => &[ContentMeasure::Shares],
        "content.converted" => &[ContentMeasure::Conversions, ContentMeasure::AmountFen],
        "push.sent" => &[ContentMeasure::Pushes],
        _ => &[],
    };
    let Some(content) = id::<ContentId>(event, "content") else { return Vec::new() };
    let entry = |measure: &ContentMeasure| {
        let amount = match measure {
            ContentMeasure::AmountFen => amount(event, "amount_yuan", FEN).unwrap_or(0).max(0),
            _ => 1,
        };
        ContentEntry {
            day: Day::of(decision.at, zone),
            content: content.clone(),
            member: event.actor.as_ref().map(|actor| actor.id.clone()),
            segment: segment.into(),
            measure: *measure,
            amount,
        }
    };
    measures.iter().map(entry).filter(|entry| entry.amount != 0).collect()
}
