//! CEL by the crate `cel`: one expression a rule, compiled once, over variables of the message.

use anyhow::{anyhow, bail};
use cel::{Context, Program, Value};
use usher_bench_rules::host::Host;
use usher_bench_rules::{CONTACT, FORBIDDEN_WORD, Found, LINK, Message};

/// Expressions, and the variables that stay.
pub(crate) struct Policy {
    own_words: Program,
    contact: Program,
    link: Program,
    exempt: Program,
    root: Context<'static, 'static>,
}

impl Policy {
    pub(crate) fn new(host: &Host) -> anyhow::Result<Self> {
        let mut root = Context::default();
        root.add_variable_from_value("entries", host.entries.clone());
        root.add_variable_from_value("channels", vec!["微信", "薇信", "v信", "qq", "telegram", "whatsapp"]);
        Ok(Self {
            own_words: compile("entries.filter(entry, text.contains(entry))")?,
            // `matches` compiles its pattern anew each time: only for texts that name a channel
            contact: compile(
                "channels.exists(channel, text.contains(channel)) && \
                 text.matches('(?:微信|薇信|v信|qq|telegram|whatsapp)[ :+]{0,3}[a-z0-9_]{5,}')",
            )?,
            link: compile("text.contains('http://') || text.contains('https://')")?,
            exempt: compile("roles.exists(role, role in ['owner', 'admin'])")?,
            root,
        })
    }

    pub(crate) fn judge(&self, message: &Message<'_>) -> anyhow::Result<Vec<Found>> {
        let mut context = self.root.new_inner_scope();
        context.add_variable_from_value("text", &*message.text);
        let words = match &message.words {
            Some(words) => words.iter().map(|&word| word.to_owned()).collect(),
            None => texts(&self.own_words, &context)?,
        };
        let (contact, link) = (truth(&self.contact, &context)?, truth(&self.link, &context)?);
        if words.is_empty() && !contact && !link {
            return Ok(Vec::new());
        }
        context.add_variable_from_value("roles", message.roles.clone());
        if truth(&self.exempt, &context)? {
            return Ok(Vec::new());
        }
        let rules = [(!words.is_empty(), FORBIDDEN_WORD, words), (contact, CONTACT, vec![]), (link, LINK, vec![])];
        let speaks = rules.into_iter().filter(|(speaks, ..)| *speaks);
        Ok(speaks
            .map(|(_, (rule, severity), words)| Found { rule: rule.into(), severity: severity.into(), words })
            .collect())
    }
}

fn compile(expression: &str) -> anyhow::Result<Program> {
    Program::compile(expression).map_err(|error| anyhow!("{error}"))
}

fn truth(program: &Program, context: &Context<'_, '_>) -> anyhow::Result<bool> {
    match program.execute(context)? {
        Value::Bool(truth) => Ok(truth),
        other => bail!("{other:?} is no truth value"),
    }
}

fn texts(program: &Program, context: &Context<'_, '_>) -> anyhow::Result<Vec<String>> {
    let Value::List(list) = program.execute(context)? else { bail!("no list") };
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.to_string()),
        other => bail!("{other:?} is no text"),
    };
    list.iter().map(text).collect()
}
