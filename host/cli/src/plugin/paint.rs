//! Colour, where a terminal reads it.

use std::io::IsTerminal;

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    /// Still good, and not for long.
    Near,
    Bad,
    /// Of little weight.
    Aside,
}

/// Whether to use any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint(bool);

impl Paint {
    /// For standard output: none where that is no terminal, or where `NO_COLOR` is set (no-color.org).
    pub(super) fn stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self(wanted && std::io::stdout().is_terminal())
    }

    pub(super) fn in_tone(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Good => "32",
            Tone::Near => "33",
            Tone::Bad => "31",
            Tone::Aside => "2",
        };
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_for_a_terminal_has_no_colour() {
        assert_eq!(Paint(false).in_tone(Tone::Bad, "no"), "no");
        assert_eq!(Paint(true).in_tone(Tone::Bad, "no"), "\u{1b}[31mno\u{1b}[0m");
    }
}
