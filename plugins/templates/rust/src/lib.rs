//! Finds words that a group does not want.

use serde::Deserialize;
use usher_plugin::prelude::*;
use usher_plugin::text::fold;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    words: Vec<String>,
    warning: Option<String>,
}

struct Words {
    /// As the settings have them, and folded as the host folds texts.
    words: Vec<(String, String)>,
    warning: String,
}

impl Check for Words {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("{{name}}", env!("CARGO_PKG_VERSION"))
            .summary("Finds words that a group does not want.")
            .event("message.created")
            .action("warn")
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        let words = settings.words.into_iter().map(|word| (fold(&word), word)).map(|(folded, word)| (word, folded));
        let warning = settings.warning.unwrap_or_else(|| "请文明发言".to_owned());
        Ok(Self { words: words.collect(), warning })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        let text = event.folded_text();
        for (word, folded) in &self.words {
            let Some(at) = text.find(folded.as_str()) else { continue };
            let finding = Finding::new("unwanted-word", Severity::Medium).message(format!("“{word}”不受欢迎"));
            if let Some(span) = event.original(&(at..at + folded.len())) {
                finding.span(span.start, span.end).evidence("word", word);
            }
            Action::new("warn").text(&self.warning);
            return Ok(());
        }
        Ok(())
    }
}

usher_plugin::export!(Words);
