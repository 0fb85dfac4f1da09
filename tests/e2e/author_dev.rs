//! `usher plugin dev` and `test --watch`: sources change, and what is decided changes with them. The plugin is in Zig, which
//! builds in a second.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command};
use usher_tests::{author_in, author_running};

/// A command that goes on, and what it says.
struct Going {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Going {
    fn begin(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = author_running(folder, arguments);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line with this in it.
    #[track_caller]
    fn until(&mut self, wanted: &str) -> String {
        loop {
            let line = self.lines.next().unwrap_or_else(|| panic!("it ended before `{wanted}`")).unwrap();
            assert!(!line.starts_with("error:"), "{line}");
            if line.contains(wanted) {
                return line;
            }
        }
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Ctrl-C.
    fn stop(mut self) {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(asked.unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

/// A new plugin in Zig, which finds 加微信.
fn new_plugin(desk: &Path) -> String {
    let made = author_in(desk, &["plugin", "new", "w", "--lang", "zig"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let source = desk.join("w/src/plugin.zig");
    fs::read_to_string(source).unwrap()
}

#[test]
fn a_plugin_is_built_swapped_and_seen_deciding_while_it_is_written() {
    let desk = tempfile::tempdir().unwrap();
    let source = new_plugin(desk.path());
    let mut dev = Going::begin(desk.path(), &["plugin", "dev", "w"]);
    let first = dev.until("is in force");
    dev.until("cases went as they should");
    dev.type_line("加微信 abc");
    dev.until("finding unwanted-word medium “加微信”不受欢迎");
    fs::write(desk.path().join("w/src/plugin.zig"), source.replace("不受欢迎", "请删掉")).unwrap();
    let second = dev.until("is in force");
    assert!(first.starts_with("w 0.1.0-dev-") && first != second, "{first} {second}");
    dev.type_line(r#"{"text":"加微信","actor":{"id":"u9"}}"#);
    dev.until("finding unwanted-word medium “加微信”请删掉");
    dev.until("action  warn u9");
    dev.stop();
}

#[test]
fn cases_are_played_again_when_the_sources_change() {
    let desk = tempfile::tempdir().unwrap();
    let source = new_plugin(desk.path());
    let mut watching = Going::begin(&desk.path().join("w"), &["plugin", "test", "--watch"]);
    watching.until("1 of 1 cases went as they should");
    watching.until("waiting for a change");
    fs::write(desk.path().join("w/src/plugin.zig"), source.replace("unwanted-word", "other-rule")).unwrap();
    watching.until("+ came     \"other-rule\"");
    watching.until("0 of 1 cases went as they should");
    watching.stop();
}

#[test]
fn an_exception_in_python_shows_its_traceback() {
    let desk = tempfile::tempdir().unwrap();
    assert!(author_in(desk.path(), &["plugin", "new", "p", "--lang", "python"]).status.success());
    let (folder, source) = (desk.path().join("p"), desk.path().join("p/src/app.py"));
    let broken =
        fs::read_to_string(&source).unwrap().replace("text = event.folded_text", "text = event.text.split()[7]");
    fs::write(&source, broken).unwrap();
    let built = author_in(&folder, &["plugin", "build"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let ran = author_in(&folder, &["plugin", "run", "--text", "hello"]);
    let told = String::from_utf8(ran.stdout).unwrap();
    for part in
        ["failed   error: IndexError: list index out of range", "Traceback (most recent call last):", "in check"]
    {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}
