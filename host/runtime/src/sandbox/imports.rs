//! What a component asks for, read before anything is compiled.

use wasmparser::{ComponentExternName, Encoding, Parser, Payload};

use crate::contract::bindings::EXPORT;
use crate::error::LoadError;
use crate::sandbox::linker::{INERT, LINKED};

/// Checks that the bytes are a component of our world: that it imports nothing else, and exports the contract. With
/// `inert_wasi` it may also import what is then linked with nothing behind it.
///
/// Returns its imports.
pub(crate) fn check(bytes: &[u8], inert_wasi: bool) -> Result<Vec<String>, LoadError> {
    if !Parser::is_component(bytes) {
        return Err(if Parser::is_core_wasm(bytes) { LoadError::CoreModule } else { LoadError::NotWasm });
    }
    let (imports, exports) = names(bytes)?;
    let is_linked = |import: &&String| is_plain(import) || (inert_wasi && is_inert(import));
    let refused = || imports.iter().filter(|import| !is_linked(import));
    // What opens sockets brings the interfaces of files along, and those are not what its author would look for.
    let sockets = refused().find(|import| import.starts_with("wasi:sockets/"));
    if let Some(import) = sockets.or_else(|| refused().next()) {
        return Err(LoadError::Import { import: import.clone(), advice: advice(import) });
    }
    if exports.iter().any(|export| export == EXPORT) {
        return Ok(imports);
    }
    let contract = exports.iter().find(|export| without_version(export) == without_version(EXPORT));
    Err(match contract {
        Some(found) => LoadError::ContractVersion { found: found.clone(), expected: EXPORT },
        None => LoadError::OtherWorld { exports, expected: EXPORT },
    })
}

fn is_plain(import: &str) -> bool {
    LINKED.contains(&without_version(import))
}

/// Whether only a component that is granted inert WASI may import this.
pub(crate) fn is_inert(import: &str) -> bool {
    INERT.contains(&without_version(import))
}

/// The names of a component's own imports and exports; those of what is nested in it are its own affair.
fn names(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>), LoadError> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| LoadError::Malformed(error.message().to_owned()))? {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import.map_err(|error| LoadError::Malformed(error.message().to_owned()))?;
                    imports.push(name(import.name));
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let export = export.map_err(|error| LoadError::Malformed(error.message().to_owned()))?;
                    exports.push(name(export.name));
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}

fn name(name: ComponentExternName<'_>) -> String {
    name.name.escape_debug().take(120).collect()
}

fn without_version(interface: &str) -> &str {
    interface.split('@').next().unwrap_or(interface)
}

fn advice(import: &str) -> &'static str {
    if import.starts_with("wasi:sockets/") {
        "an adapter speaks HTTP through wasi:http only: build it without code that opens sockets, or, if its language's \
         runtime brings the import along, load it with --inert-wasi, where every socket is refused"
    } else if import.starts_with("wasi:filesystem/") {
        "an adapter has no files: build it without code that opens them, or, if its language's runtime brings the import \
         along, load it with --inert-wasi, where there is no file to open"
    } else if is_inert(import) {
        "build it against the world `vendor-adapter` of wit/, or, if its language's runtime brings the import along, load \
         it with --inert-wasi"
    } else {
        "build it against the world `vendor-adapter` of wit/"
    }
}
