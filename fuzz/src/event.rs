//! Any bytes as an event: refused, or written and read again as the same.

#![no_main]
#![expect(clippy::expect_used, reason = "what can not be is what is looked for")]

use libfuzzer_sys::fuzz_target;
use usher_model::Event;

fuzz_target!(|bytes: &[u8]| {
    let Ok(event) = serde_json::from_slice::<Event>(bytes) else { return };
    let written = serde_json::to_string(&event).expect("an event can be written");
    let again: Event = serde_json::from_str(&written).expect("and read again");
    assert_eq!(event, again);
});
