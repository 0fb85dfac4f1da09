//! The operator's texts, with what is filled in.

use usher_plugin::chinese;

use crate::account::Share;
use crate::settings::Settings;

/// Longest name that is repeated to the group, in characters.
const MOST_NAME_CHARS: usize = 24;
const WORDS: [&str; 6] = ["name", "yuan", "people", "within", "left", "penalty"];

/// One of the operator's texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Wording(Vec<Part>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Word(&'static str),
}

impl Wording {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// When it has a word in braces that nothing is filled in for.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((plain, (name, after))) =
            rest.split_once('{').and_then(|(plain, braced)| Some((plain, braced.split_once('}')?)))
        {
            let Some(word) = WORDS.into_iter().find(|word| *word == name) else {
                return Err(format!("{text:?}: nothing is filled in for {{{name}}}; there are {WORDS:?}"));
            };
            parts.extend([Part::Plain(plain.to_owned()), Part::Word(word)]);
            rest = after;
        }
        parts.push(Part::Plain(rest.to_owned()));
        Ok(Self(parts))
    }

    /// Fills it in at a moment; none when the operator wants nothing said.
    pub fn fill(&self, settings: &Settings, share: &Share, at: u64) -> Option<String> {
        let word = |name: &str| match name {
            "name" => share.name.chars().take(MOST_NAME_CHARS).collect(),
            "yuan" => settings.least_yuan.to_string(),
            "people" => settings.least_people.to_string(),
            "within" => chinese::duration(share.due.saturating_sub(share.at)),
            "left" => chinese::duration(share.due.saturating_sub(at)),
            _ => settings.penalty(),
        };
        let parts = self.0.iter().map(|part| match part {
            Part::Plain(text) => text.clone(),
            Part::Word(name) => word(name),
        });
        Some(parts.collect()).filter(|text: &String| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(name: &str) -> Share {
        Share { at: 1_000, due: 181_000, name: name.to_owned(), messages: Vec::new() }
    }

    fn said(text: &str, name: &str, at: u64) -> Option<String> {
        Wording::new(text).unwrap().fill(&Settings::default(), &share(name), at)
    }

    #[test]
    fn every_word_is_filled_in() {
        let text = "@{name}，{within}内{yuan}元{people}个，还剩{left}，{penalty}";
        let expected = "@小王，3分钟内50元20个，还剩2分钟30秒，移出本群";
        assert_eq!(said(text, "小王", 31_000).as_deref(), Some(expected));
        assert_eq!(said("没有花括号}{", "小王", 0).as_deref(), Some("没有花括号}{"));
        assert_eq!(said("", "小王", 0), None);
    }

    #[test]
    fn a_name_fills_in_nothing_and_is_cut() {
        assert_eq!(said("{name}", "{yuan}", 0).as_deref(), Some("{yuan}"));
        assert_eq!(said("{name}", &"王".repeat(1000), 0).unwrap().chars().count(), MOST_NAME_CHARS);
    }

    #[test]
    fn an_unknown_word_is_refused() {
        let error = Wording::new("{amount}元").unwrap_err();
        assert!(error.contains("{amount}") && error.contains("yuan"), "{error}");
    }
}
