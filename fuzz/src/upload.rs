//! Any bytes as an upload: refused or taken, and never a panic.

#![no_main]
#![expect(clippy::expect_used, reason = "without an engine there is nothing to fuzz")]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use usher_engine::{Engine, EngineOptions, UploadLimits};
use usher_model::{CallBounds, CallLimits};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let upload = UploadLimits { functions: 2_000, modules: 16, setup_fuel: 1_000_000, ..UploadLimits::default() };
    let limits = CallLimits { memory_bytes: 4 << 20, fuel: 1_000_000, ..CallLimits::default() };
    let calls = CallBounds { default: limits.clone(), ceiling: limits };
    let options = EngineOptions { instances: 2, upload, calls, ..EngineOptions::default() };
    Engine::new(options).expect("an engine")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(facts) = ENGINE.inspect(bytes) {
        // What was taken can be tried with settings; whether it likes them is its own affair.
        ENGINE.bake(&facts.manifest.name, bytes, "{}").ok();
    }
});
