//! What a component exports of the contract: each function is there, and has the contract's type.

use crate::contract::{CONTRACT_VERSION, PACKAGE};
use crate::verify::{Hook, Rejected};
use wasmparser::component_types::{
    ComponentDefinedType, ComponentEntityType, ComponentFuncType, ComponentInstanceType, ComponentValType,
};
use wasmparser::types::Types;

/// A function that a plugin exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Function {
    /// `checker`
    interface: &'static str,
    /// `check`
    name: &'static str,
    /// As the contract has it.
    signature: &'static str,
    /// The types of its parameters, and of its result, as [`spell`] has them.
    types: (&'static [&'static str], Option<&'static str>),
}

const OUTCOME: Option<&str> = Some("result<_, string>");

/// Every one of them.
const FUNCTIONS: [Function; 5] = [
    Function { interface: "plugin", name: "describe", signature: "func() -> string", types: (&[], Some("string")) },
    Function {
        interface: "plugin",
        name: "configure",
        signature: "func(settings: string) -> result<_, string>",
        types: (&["string"], OUTCOME),
    },
    Function {
        interface: "checker",
        name: "check",
        signature: "func(event: borrow<event>) -> result<_, string>",
        types: (&["borrow<_>"], OUTCOME),
    },
    Function {
        interface: "scorer",
        name: "score",
        signature: "func(members: borrow<table>) -> result<_, string>",
        types: (&["borrow<_>"], OUTCOME),
    },
    Function {
        interface: "ranker",
        name: "rank",
        signature: "func(items: borrow<table>) -> result<_, string>",
        types: (&["borrow<_>"], OUTCOME),
    },
];

/// Checks the functions of an exported interface; `export` is its name with the package and the version.
pub(crate) fn check(types: &Types, interface: &str, export: &str) -> Result<(), Rejected> {
    let instance = match types.component_item_for_export(export).map(|item| item.ty) {
        Some(ComponentEntityType::Instance(id)) => Some(&types[id]),
        _ => None,
    };
    for function in FUNCTIONS.iter().filter(|function| function.interface == interface) {
        check_function(types, function, export, instance)?;
    }
    Ok(())
}

fn check_function(
    types: &Types,
    function: &Function,
    export: &str,
    instance: Option<&ComponentInstanceType>,
) -> Result<(), Rejected> {
    let Function { name, signature, types: (parameters, result), .. } = *function;
    let found = match instance.and_then(|instance| instance.exports.get(name)).map(|item| item.ty) {
        Some(ComponentEntityType::Func(id)) => Some(&types[id]),
        _ => None,
    };
    let Some(found) = found else {
        let others = instance.into_iter().flat_map(|instance| instance.exports.keys().cloned()).collect();
        return Err(Rejected::MissingFunction { interface: export.to_owned(), function: name, signature, others });
    };
    let (found_parameters, found_result) = spell(types, found);
    if found_parameters == parameters && found_result.as_deref() == result && !found.async_ {
        return Ok(());
    }
    let returned = found_result.map(|result| format!(" -> {result}")).unwrap_or_default();
    let found = format!("func({}){returned}", found_parameters.join(", "));
    Err(Rejected::WrongType { interface: export.to_owned(), function: name, signature, found })
}

/// How deep a type is spelled out: one that is made of itself many times over would be longer than the component.
const DEPTH_MAX: u32 = 3;

/// The types of a function's parameters, and of its result, nearly as WIT spells them.
fn spell(types: &Types, function: &ComponentFuncType) -> (Vec<String>, Option<String>) {
    let parameters = function.params.iter().map(|(_, ty)| spell_type(types, *ty, 0)).collect();
    (parameters, function.result.map(|ty| spell_type(types, ty, 0)))
}

fn spell_type(types: &Types, ty: ComponentValType, depth: u32) -> String {
    let id = match ty {
        ComponentValType::Primitive(primitive) => return primitive.to_string(),
        ComponentValType::Type(_) if depth >= DEPTH_MAX => return "…".to_owned(),
        ComponentValType::Type(id) => id,
    };
    let part = |ty: ComponentValType| spell_type(types, ty, depth + 1);
    let maybe = |ty: &Option<ComponentValType>| ty.map_or("_".to_owned(), part);
    match &types[id] {
        ComponentDefinedType::Primitive(primitive) => primitive.to_string(),
        ComponentDefinedType::List { element, .. } => format!("list<{}>", part(*element)),
        ComponentDefinedType::Option { ty, .. } => format!("option<{}>", part(*ty)),
        ComponentDefinedType::Result { ok: None, err: None, .. } => "result".to_owned(),
        ComponentDefinedType::Result { ok, err: None, .. } => format!("result<{}>", maybe(ok)),
        ComponentDefinedType::Result { ok, err, .. } => format!("result<{}, {}>", maybe(ok), maybe(err)),
        ComponentDefinedType::Own(_) => "own<_>".to_owned(),
        ComponentDefinedType::Borrow(_) => "borrow<_>".to_owned(),
        ComponentDefinedType::Record(_) => "a record".to_owned(),
        ComponentDefinedType::Variant(_) => "a variant".to_owned(),
        ComponentDefinedType::Tuple(_) => "a tuple".to_owned(),
        _ => "another type".to_owned(),
    }
}

/// The hook of an interface.
pub(crate) fn hook(interface: &str) -> Option<Hook> {
    match interface {
        "checker" => Some(Hook::Check),
        "scorer" => Some(Hook::Score),
        "ranker" => Some(Hook::Rank),
        _ => None,
    }
}

/// What is said of a component that lacks something: what it has instead.
pub(crate) fn instead(exports: &[String]) -> String {
    let names: Vec<String> = exports.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = if exports.len() > names.len() { ", …" } else { "" };
    if names.is_empty() { "it exports nothing".to_owned() } else { format!("it exports {}{more}", names.join(", ")) }
}

/// The interface of the contract, as it stands in a component.
pub(crate) fn full_name(interface: &str) -> String {
    format!("{PACKAGE}/{interface}@{CONTRACT_VERSION}")
}
