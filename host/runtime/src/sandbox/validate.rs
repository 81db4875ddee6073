//! What a component is made of, read and limited before anything is compiled.
//!
//! A compiler takes time and memory that grow faster than what it compiles: a local variable costs three bytes, or none, and
//! is looked at again at each branch. So the counts that drive it are limited, far above what the compilers of real
//! languages make, and the rest is left to the time and the memory that compiling may take.

use wasmparser::{BlockType, CompositeInnerType, FunctionBody, Operator, Parser, Payload, Validator, WasmFeatures};

use crate::error::LoadError;

/// What modules of `wasm32-wasip2`, `componentize-py` and `jco` use, and nothing else. A second memory, memories of 64 bits
/// and relaxed SIMD are not among it: that code of the compiler is young, and no adapter needs it.
const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::BULK_MEMORY_OPT)
    .union(WasmFeatures::CALL_INDIRECT_OVERLONG)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::COMPONENT_MODEL);

/// Modules and components within one another, in all. The runtime of Python comes in dozens.
const PARTS: usize = 500;
/// How deep they stand within one another.
const DEPTH: usize = 10;
/// Types of modules and of components, in all.
const TYPES: usize = 50_000;
/// Functions, in all. The runtime of JavaScript has 30,000.
const FUNCTIONS: usize = 200_000;
/// Parameters of a function or a block, and results: what compilers make of C and Rust has a few, and one or none.
const PARAMETERS: usize = 200;
const RESULTS: usize = 50;
/// Local variables of a function, and of all functions.
const LOCALS: usize = 10_000;
const ALL_LOCALS: usize = 5_000_000;
/// How deep blocks stand within one another. The cases of a `switch` do.
const NESTING: usize = 5_000;
/// Local variables times blocks of a function, and that of all functions.
const WORK: usize = 20_000_000;
const ALL_WORK: usize = 500_000_000;
/// Targets of branch tables, in all.
const TARGETS: usize = 2_000_000;
/// Imports, exports, aliases, instances and canonical functions, in all.
const ITEMS: usize = 100_000;

/// Checks that the bytes are a valid component of the features that adapters use, and that it is not made to keep a
/// compiler busy.
///
/// # Errors
///
/// When it is not.
pub(crate) fn check(bytes: &[u8]) -> Result<(), LoadError> {
    // Counted first: validating takes time too.
    Counts::default().count(bytes)?;
    Validator::new_with_features(FEATURES).validate_all(bytes).map(drop).map_err(|error| malformed(&error))
}

fn malformed(error: &wasmparser::BinaryReaderError) -> LoadError {
    LoadError::Malformed(error.message().chars().take(300).flat_map(char::escape_debug).collect())
}

#[derive(Default)]
struct Counts {
    depth: usize,
    parts: usize,
    types: usize,
    functions: usize,
    locals: usize,
    work: usize,
    targets: usize,
    items: usize,
}

impl Counts {
    fn count(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(|error| malformed(&error))? {
                Payload::Version { .. } => {
                    self.depth += 1;
                    within("modules and components within one another", self.depth, DEPTH)?;
                    add("modules and components", &mut self.parts, 1, PARTS)?;
                }
                Payload::End(_) => self.depth = self.depth.saturating_sub(1),
                Payload::TypeSection(section) => {
                    add("types", &mut self.types, section.count() as usize, TYPES)?;
                    for group in section {
                        for sub_type in group.map_err(|error| malformed(&error))?.into_types() {
                            let CompositeInnerType::Func(function) = &sub_type.composite_type.inner else { continue };
                            within("parameters of a function", function.params().len(), PARAMETERS)?;
                            within("results of a function", function.results().len(), RESULTS)?;
                        }
                    }
                }
                Payload::CoreTypeSection(section) => {
                    add("types", &mut self.types, section.count() as usize, TYPES)?;
                }
                Payload::ComponentTypeSection(section) => {
                    add("types", &mut self.types, section.count() as usize, TYPES)?;
                }
                Payload::CodeSectionStart { count, .. } => {
                    add("functions", &mut self.functions, count as usize, FUNCTIONS)?;
                }
                Payload::CodeSectionEntry(body) => self.function(&body)?,
                Payload::ImportSection(section) => self.items(section.count())?,
                Payload::ExportSection(section) => self.items(section.count())?,
                Payload::InstanceSection(section) => self.items(section.count())?,
                Payload::ComponentInstanceSection(section) => self.items(section.count())?,
                Payload::ComponentAliasSection(section) => self.items(section.count())?,
                Payload::ComponentCanonicalSection(section) => self.items(section.count())?,
                Payload::ComponentImportSection(section) => self.items(section.count())?,
                Payload::ComponentExportSection(section) => self.items(section.count())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn items(&mut self, count: u32) -> Result<(), LoadError> {
        add("imports, exports and instances", &mut self.items, count as usize, ITEMS)
    }

    fn function(&mut self, body: &FunctionBody<'_>) -> Result<(), LoadError> {
        let mut locals = 0_usize;
        for group in body.get_locals_reader().map_err(|error| malformed(&error))? {
            let (count, _) = group.map_err(|error| malformed(&error))?;
            add("local variables of a function", &mut locals, count as usize, LOCALS)?;
        }
        add("local variables", &mut self.locals, locals, ALL_LOCALS)?;
        let (mut nesting, mut blocks) = (1_usize, 1_usize);
        let mut operators = body.get_operators_reader().map_err(|error| malformed(&error))?;
        while !operators.eof() {
            match operators.read().map_err(|error| malformed(&error))? {
                Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                    nesting += 1;
                    within("blocks within one another", nesting, NESTING)?;
                    // What a block of such a type hands over counts as local variables do.
                    blocks += if matches!(blockty, BlockType::FuncType(_)) { 10 } else { 1 };
                }
                Operator::Else | Operator::BrIf { .. } | Operator::Br { .. } => blocks += 1,
                Operator::End => nesting = nesting.saturating_sub(1),
                Operator::BrTable { targets } => {
                    let count = targets.len() as usize;
                    add("targets of branch tables", &mut self.targets, count, TARGETS)?;
                    blocks = blocks.saturating_add(count);
                }
                _ => {}
            }
        }
        let work = locals.saturating_add(1).saturating_mul(blocks);
        within("local variables and branches in a function", work, WORK)?;
        add("local variables and branches", &mut self.work, work, ALL_WORK)
    }
}

fn add(what: &'static str, sum: &mut usize, count: usize, most: usize) -> Result<(), LoadError> {
    *sum = sum.saturating_add(count);
    within(what, *sum, most)
}

fn within(what: &'static str, count: usize, most: usize) -> Result<(), LoadError> {
    if count > most { Err(LoadError::TooComplex { what, most }) } else { Ok(()) }
}
