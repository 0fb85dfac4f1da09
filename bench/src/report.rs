//! The document that figures go to, section by section: what was not measured now stays as it was.

use crate::machine;
use std::path::PathBuf;

const PREFACE: &str = "# Performance\n\n\
    Made by `cargo xtask bench`: every table is one run, its rows interleaved; figures are medians over the rounds,\n\
    ratios are medians of each round's ratio. Absolute figures move with the machine, ratios much less. Sections may be\n\
    of different runs; each says where it was measured.\n";

/// What became of a goal.
pub fn met(met: bool) -> &'static str {
    if met { "met" } else { "**not met**" }
}

/// Where figures are shown and kept.
#[derive(Debug)]
pub struct Report {
    machine: String,
    document: Option<PathBuf>,
}

impl Report {
    /// Figures of this machine, as it is now; put into `document` when there is one.
    pub fn new(document: Option<PathBuf>) -> Self {
        Self { machine: machine::describe(), document }
    }

    /// Measures a section, prints it, and keeps it.
    ///
    /// # Errors
    /// What went wrong while measuring, or that the document can't be read or written.
    #[expect(clippy::print_stdout, clippy::print_stderr, reason = "tables are the output, progress goes beside it")]
    pub fn section(&self, name: &str, measure: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<()> {
        eprintln!("== {name}");
        let section = format!("{}\n\n{}\n", measure()?.trim_end(), self.machine);
        println!("{section}");
        if let Some(path) = &self.document {
            let before = if path.exists() { std::fs::read_to_string(path)? } else { String::new() };
            std::fs::write(path, replaced(&before, &section))?;
        }
        Ok(())
    }
}

/// The document with this section in place of the one of the same heading, or at its end.
fn replaced(document: &str, section: &str) -> String {
    let section = section.trim();
    let mut sections: Vec<&str> = document.split("\n## ").skip(1).map(str::trim).collect();
    let new = section.trim_start_matches("## ");
    match sections.iter_mut().find(|old| old.lines().next() == new.lines().next()) {
        Some(old) => *old = new,
        None => sections.push(new),
    }
    sections.iter().fold(PREFACE.to_owned(), |text, section| format!("{text}\n## {section}\n"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_section_takes_the_place_of_its_like_and_leaves_the_others() {
        let first = replaced("", "\n## Calls\n\nold\n");
        let both = replaced(&first, "## HTTP\n\nfast\n");
        let again = replaced(&both, "\n## Calls\n\nnew\n\n");
        assert!(again.starts_with("# Performance\n"));
        assert!(again.ends_with("## Calls\n\nnew\n\n## HTTP\n\nfast\n"), "{again}");
    }
}
