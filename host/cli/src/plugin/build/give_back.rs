//! Makes a component of QuickJS give back the event or the table that it borrowed.
//!
//! The canonical ABI has a borrowed handle given back before the export returns. componentize-qjs 0.4 does so in the
//! export's `post-return`, which is too late, and a host that holds to the ABI ends the call ("borrow handles still
//! remain"). So the core module that exports the hook gets two more functions: one in the export's place, which calls the
//! old one and then gives back what it borrowed, and one in the place of the import that gives such things back, which does
//! nothing when it is told the same one for the second time.
//!
//! To be taken out when componentize-qjs does it by itself: `quickjs_alone_does_not_give_events_back` in
//! `tests/e2e/conformance.rs` then fails.

use anyhow::{Context, anyhow};
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, utils};
use wasm_encoder::{BlockType, Component, Module, SectionId, ValType};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
};
use wasmparser::{CodeSectionReader, Export, FunctionSectionReader, GlobalSectionReader, Parser, Payload, TypeRef};

/// Each hook's export, and the import that gives back what it borrows.
const HOOKS: [(&str, &str); 3] = [
    ("usher:plugin/checker@0.1.0#check", "[resource-drop]event"),
    ("usher:plugin/scorer@0.1.0#score", "[resource-drop]table"),
    ("usher:plugin/ranker@0.1.0#rank", "[resource-drop]table"),
];

/// The same component, mended.
pub(super) fn give_back(component: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut mended = Component::new();
    let mut mender = Mender { patch: None };
    let parsed = mender.parse_component(&mut mended, Parser::new(0), component);
    parsed.map_err(|error| anyhow!("componentize-qjs made a component that can't be read: {error}"))?;
    Ok(mended.finish())
}

/// What is where in the module that exports the hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patch {
    export: &'static str,
    hook: FunctionAt,
    give_back: FunctionAt,
    functions: u32,
    globals: u32,
    /// Whether it has globals of its own, and so a section of them.
    has_globals: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FunctionAt {
    index: u32,
    ty: u32,
}

impl Patch {
    /// The function in the export's place.
    fn new_hook(self) -> u32 {
        self.functions
    }

    /// The function in the import's place.
    fn new_give_back(self) -> u32 {
        self.functions + 1
    }

    /// None when this is another module.
    fn of(module: &[u8]) -> anyhow::Result<Option<Self>> {
        let (mut types, mut globals, mut has_globals, mut hook) = (Vec::new(), 0, false, None);
        let mut give_back = [None; HOOKS.len()];
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(ty) => {
                                for (known, index) in HOOKS.iter().zip(&mut give_back) {
                                    if import.name == known.1 {
                                        *index = Some(u32::try_from(types.len())?);
                                    }
                                }
                                types.push(ty);
                            }
                            TypeRef::Global(_) => globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(section) => types.extend(section.into_iter().collect::<Result<Vec<_>, _>>()?),
                Payload::GlobalSection(section) => {
                    globals += section.count();
                    has_globals = true;
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if let Some(known) = HOOKS.iter().position(|known| export.name == known.0) {
                            hook = Some((known, export.index));
                        }
                    }
                }
                _ => {}
            }
        }
        let Some((known, hook)) = hook else { return Ok(None) };
        let Some(give_back) = give_back[known] else { return Ok(None) };
        let at = |index: u32| {
            let ty = types.get(index as usize).copied().context("an index beyond the functions")?;
            anyhow::Ok(FunctionAt { index, ty })
        };
        let functions = u32::try_from(types.len())?;
        let export = HOOKS[known].0;
        Ok(Some(Self { export, hook: at(hook)?, give_back: at(give_back)?, functions, globals, has_globals }))
    }

    /// The hook, and then what it left to be done.
    fn hook_body(self) -> Function {
        let mut body = Function::new([(1, ValType::I32)]);
        let (borrowed, answer) = (0, 1);
        let mut code = body.instructions();
        code.local_get(borrowed).call(self.hook.index).local_set(answer);
        code.local_get(borrowed).call(self.give_back.index);
        // A handle is never 0.
        code.local_get(borrowed).global_set(self.globals);
        code.local_get(answer).end();
        body
    }

    /// Gives something back, unless it was already.
    fn give_back_body(self) -> Function {
        let mut body = Function::new([]);
        let borrowed = 0;
        let mut code = body.instructions();
        code.local_get(borrowed).global_get(self.globals).i32_eq();
        code.if_(BlockType::Empty);
        code.i32_const(0).global_set(self.globals).return_().end();
        code.local_get(borrowed).call(self.give_back.index).end();
        body
    }
}

/// Copies everything, and patches the one module.
struct Mender {
    patch: Option<Patch>,
}

/// The global that remembers what was given back and not yet asked for again.
fn given_back(globals: &mut GlobalSection) {
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(ty, &ConstExpr::i32_const(0));
}

type Reencoded = Result<(), Error<anyhow::Error>>;

impl Reencode for Mender {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<anyhow::Error>> {
        let patch = self.patch.filter(|patch| patch.give_back.index == function);
        Ok(patch.map_or(function, Patch::new_give_back))
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, old: FunctionSectionReader<'_>) -> Reencoded {
        utils::parse_function_section(self, functions, old)?;
        if let Some(patch) = self.patch {
            functions.function(patch.hook.ty).function(patch.give_back.ty);
        }
        Ok(())
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, old: GlobalSectionReader<'_>) -> Reencoded {
        utils::parse_global_section(self, globals, old)?;
        if self.patch.is_some() {
            given_back(globals);
        }
        Ok(())
    }

    /// A module without globals gets a section for the one, in its place before the exports.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Reencoded {
        if before == Some(SectionId::Export) && self.patch.is_some_and(|patch| !patch.has_globals) {
            let mut globals = GlobalSection::new();
            given_back(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Reencoded {
        match self.patch {
            Some(patch) if export.name == patch.export => {
                exports.export(patch.export, ExportKind::Func, patch.new_hook());
                Ok(())
            }
            _ => utils::parse_export(self, exports, export),
        }
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, old: CodeSectionReader<'_>) -> Reencoded {
        utils::parse_code_section(self, code, old)?;
        if let Some(patch) = self.patch {
            code.function(&patch.hook_body()).function(&patch.give_back_body());
        }
        Ok(())
    }
}

impl ReencodeComponent for Mender {
    fn parse_component_submodule(&mut self, component: &mut Component, parser: Parser, module: &[u8]) -> Reencoded {
        let patch = Patch::of(module).map_err(Error::UserError)?;
        if patch.is_none() {
            // As it is: indices, names and all.
            component.section(&wasm_encoder::RawSection { id: CORE_MODULE_SECTION, data: module });
            return Ok(());
        }
        self.patch = patch;
        let mut mended = Module::new();
        utils::parse_core_module(self, &mut mended, parser, module)?;
        self.patch = None;
        component.section(&wasm_encoder::ModuleSection(&mended));
        Ok(())
    }
}

/// Of the binary format of components.
const CORE_MODULE_SECTION: u8 = 1;
