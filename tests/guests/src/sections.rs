//! Components that are built in ways that some tools do not cover.

use wasmparser::{Parser, Payload};

/// Sections of a component: a core module, core instances, a component, instances.
const CORE_MODULE: u8 = 1;
const CORE_INSTANCE: u8 = 2;
const COMPONENT: u8 = 4;
const INSTANCE: u8 = 5;

/// A component written whole in WAT. Panics when the WAT is broken: that is a mistake in the test.
#[expect(clippy::expect_used, reason = "a broken component is a mistake in the test that wrote it")]
pub fn parse(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).expect("the component's WAT")
}

/// The same component with an empty module that is instantiated twice: valid, without effect, and not to be
/// snapshotted.
pub fn unsnapshottable(component: &[u8]) -> Vec<u8> {
    with_instances(component, "(module)", 2)
}

/// The same component with one more module, instantiated so often and used by nobody.
pub fn with_instances(component: &[u8], module: &str, instances: u32) -> Vec<u8> {
    let modules =
        Parser::new(0).parse_all(component).filter(|p| matches!(p, Ok(Payload::ModuleSection { .. }))).count();
    let index = u32::try_from(modules).unwrap_or(u32::MAX);
    let mut bytes = component.to_vec();
    section(&mut bytes, CORE_MODULE, &parse(module));
    let mut content = leb128(instances);
    for _ in 0..instances {
        // An instantiation (0x00) of that module, without arguments.
        content.push(0);
        content.extend(leb128(index));
        content.push(0);
    }
    section(&mut bytes, CORE_INSTANCE, &content);
    bytes
}

/// The same component with another one in it, which is instantiated and used by nobody: valid, and truly nested.
pub(crate) fn nesting(component: &[u8], inner: &str) -> Vec<u8> {
    let (mut depth, mut index) = (0, 0);
    for payload in Parser::new(0).parse_all(component).map_while(Result::ok) {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentSection { .. } if depth == 1 => index += 1,
            _ => {}
        }
    }
    let mut bytes = component.to_vec();
    section(&mut bytes, COMPONENT, &parse(inner));
    // One instantiation (0x00) of that component, without arguments.
    let mut content = vec![1, 0];
    content.extend(leb128(index));
    content.push(0);
    section(&mut bytes, INSTANCE, &content);
    bytes
}

fn section(bytes: &mut Vec<u8>, id: u8, content: &[u8]) {
    bytes.push(id);
    bytes.extend(leb128(u32::try_from(content.len()).unwrap_or(u32::MAX)));
    bytes.extend_from_slice(content);
}

fn leb128(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f | 0x80).to_le_bytes()[0]);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
    bytes
}
