//! Rego by `regorus`: compiled for its virtual machine, which lives on with program and data.

use anyhow::Context;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use std::collections::BTreeMap;
use usher_bench_rules::host::Host;
use usher_bench_rules::{Found, Message};

const FINDINGS: &str = "data.house.findings";

/// A machine with program and data loaded.
pub(crate) struct Policy {
    vm: RegoVM,
}

impl Policy {
    pub(crate) fn new(host: &Host) -> anyhow::Result<Self> {
        let mut engine = Engine::new();
        engine.add_policy("house.rego".into(), include_str!("../policies/house.rego").into())?;
        let policy = engine.compile_with_entrypoint(&FINDINGS.into())?;
        let program = Compiler::compile_from_policy(&policy, &[FINDINGS])?;
        let mut vm = RegoVM::new();
        vm.load_program(program);
        vm.set_data(object([("entries", strings(&host.entries))]))?;
        Ok(Self { vm })
    }

    pub(crate) fn judge(&mut self, message: &Message<'_>) -> anyhow::Result<Vec<Found>> {
        let mut input = vec![("text", Value::from(&*message.text)), ("roles", strings(&message.roles))];
        input.extend(message.words.as_ref().map(|words| ("words", strings(words))));
        self.vm.set_input(object(input));
        let findings = self.vm.execute()?;
        findings.as_set()?.iter().map(found).collect()
    }
}

fn strings(texts: &[impl AsRef<str>]) -> Value {
    Value::from(texts.iter().map(|text| Value::from(text.as_ref())).collect::<Vec<_>>())
}

fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::from(fields.into_iter().map(|(name, value)| (Value::from(name), value)).collect::<BTreeMap<_, _>>())
}

fn found(finding: &Value) -> anyhow::Result<Found> {
    let text = |value: &Value| anyhow::Ok(value.as_string()?.to_string());
    let words = match &finding["words"] {
        Value::Undefined => Vec::new(),
        words => words.as_array().context("words")?.iter().map(text).collect::<Result<_, _>>()?,
    };
    Ok(Found { rule: text(&finding["rule"])?, severity: text(&finding["severity"])?, words })
}
