//! What was built before the tests run, and where cargo put it.

use std::path::PathBuf;

/// The component of a bundled plugin.
#[expect(clippy::expect_used, reason = "without it no test can run")]
pub fn plugin(name: &str) -> Vec<u8> {
    let path = target_dir().join("plugins").join(format!("{name}.wasm"));
    std::fs::read(&path).expect("run `cargo xtask plugins` first")
}

/// The component of a guest with a language's engine inside.
#[expect(clippy::expect_used, reason = "without it the test can't run")]
pub fn guest(name: &str) -> Vec<u8> {
    let path = target_dir().join("guests").join(format!("{name}.wasm"));
    std::fs::read(&path).expect("run `cargo xtask guests` first")
}

/// The component of the conformance plugin in a language; `cargo xtask test conformance` builds them.
#[expect(clippy::expect_used, reason = "without it no test can run")]
pub fn conformance(language: &str) -> Vec<u8> {
    let path = target_dir().join("conformance").join(format!("{language}.wasm"));
    std::fs::read(&path).expect("run `cargo xtask test conformance` first")
}

/// A new plugin of a template, as authors begin with it; `cargo xtask test template` builds them.
#[expect(clippy::expect_used, reason = "without it no test can run")]
pub fn template(hook: &str, language: &str) -> Vec<u8> {
    let path = target_dir().join("templates").join(hook).join(format!("{language}.wasm"));
    std::fs::read(&path).expect("run `cargo xtask test template` first")
}

/// Compiled plugins that tests share: one in Python takes many seconds.
pub(crate) fn shared_cache() -> String {
    target_dir().join("compiled").display().to_string()
}

/// Where cargo put this test and, beside it, the binary: `target/debug`.
pub(crate) fn profile_dir() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.ancestors().nth(2).map(PathBuf::from).unwrap_or_default()
}

fn target_dir() -> PathBuf {
    profile_dir().parent().map(PathBuf::from).unwrap_or_default()
}
