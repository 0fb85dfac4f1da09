//! Components that are built in ways that some tools do not cover.

use wasmparser::{Parser, Payload};

/// Section of a core module in a component, and of core instances.
const CORE_MODULE: u8 = 1;
const CORE_INSTANCE: u8 = 2;

/// A component written whole in WAT. Panics when the WAT is broken: that is a mistake in the test.
#[expect(clippy::expect_used, reason = "a broken component is a mistake in the test that wrote it")]
pub fn parse(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).expect("the component's WAT")
}

/// The same component with an empty module that is instantiated twice: valid, without effect, and not to be
/// snapshotted.
pub fn unsnapshottable(component: &[u8]) -> Vec<u8> {
    let modules =
        Parser::new(0).parse_all(component).filter(|p| matches!(p, Ok(Payload::ModuleSection { .. }))).count();
    let module = u8::try_from(modules).unwrap_or(u8::MAX);
    let mut bytes = component.to_vec();
    section(&mut bytes, CORE_MODULE, b"\0asm\x01\0\0\0");
    // Two instantiations (0x00) of that module, without arguments.
    section(&mut bytes, CORE_INSTANCE, &[2, 0, module, 0, 0, module, 0]);
    bytes
}

fn section(bytes: &mut Vec<u8>, id: u8, content: &[u8]) {
    bytes.push(id);
    // Both contents are shorter than 128 bytes, so their length is one byte of LEB128.
    bytes.push(u8::try_from(content.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(content);
}
