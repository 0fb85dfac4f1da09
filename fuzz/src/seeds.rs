//! What fuzzing begins with: hostile guests and uploads, manifests, and an event; one file each, below the folder given.

use std::path::{Path, PathBuf};
use usher_guests::Guest;
use usher_guests::hostile::{guests, uploads};

const EVENT: &str = r#"{"id":"m-1","kind":"message.created","at":"2026-11-22T12:00:00Z","actor":{"id":"u-1","name":"阿明",
"roles":["member"]},"text":"加微信 abc123","media":["image/png"],"links":["https://example.org"],"amount":12.5}"#;
const SCHEMA: &str = r##"{"name":"a","version":"0.1.0","events":["message.created"],"capabilities":["members","action:warn"],
"settings_schema":{"$defs":{"n":{"type":"integer","minimum":0}},"type":"object","properties":{"a":{"$ref":"#/$defs/n"},
"b":{"type":"string","pattern":"^[a-z]+$"}},"required":["a"],"additionalProperties":false}}"##;

fn main() -> std::io::Result<()> {
    let root: PathBuf = std::env::args_os().nth(1).unwrap_or_default().into();
    let guests: Vec<Guest> = guests().into_iter().map(|hostile| hostile.guest).collect();
    let components = guests.iter().map(Guest::component).chain(uploads().into_iter().map(|upload| upload.bytes));
    write(&root.join("upload"), components)?;
    let manifests = guests.iter().map(|guest| guest.manifest.clone().into_bytes());
    write(&root.join("manifest"), manifests.chain([SCHEMA.into()]))?;
    write(&root.join("event"), [EVENT.into()].into_iter())
}

fn write(folder: &Path, seeds: impl Iterator<Item = Vec<u8>>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (number, seed) in seeds.enumerate() {
        std::fs::write(folder.join(format!("seed-{number:03}")), seed)?;
    }
    Ok(())
}
