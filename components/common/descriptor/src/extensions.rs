//! Extensions: members that this version does not define.

use keywright_model::{Extension, Extensions};
use serde_json::{Map, Value};

use crate::error::DescriptorError;
use crate::printable::is_unprintable;

/// Extensions that could change what is allowed or hidden: none is known to this version, so there may be none.
pub(crate) fn none(element: impl FnOnce() -> String, extensions: &Extensions) -> Result<(), DescriptorError> {
    if extensions.is_none() {
        return Ok(());
    }
    let element = element();
    match read(&element, extensions)?.keys().next() {
        None => Ok(()),
        Some(name) => Err(DescriptorError::UnknownExtension { element, name: shorten(name) }),
    }
}

/// Extensions that a host without the knowledge of them may pass over.
pub(crate) fn read(element: &str, extensions: &Extensions) -> Result<Map<String, Value>, DescriptorError> {
    let Some(text) = extensions else { return Ok(Map::new()) };
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(DescriptorError::ExtensionsForm { element: element.to_owned() }),
    }
}

/// The error of a case that this version does not define.
pub(crate) fn later(element: impl Into<String>, case: &Extension) -> DescriptorError {
    DescriptorError::LaterVersion { element: element.into(), name: shorten(&case.name) }
}

/// The start of a text from an adapter, fit for one line of a terminal.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut characters = text.chars();
    let mut start = String::new();
    for character in characters.by_ref().take(LONGEST) {
        if is_unprintable(character) {
            start.extend(character.escape_unicode());
        } else {
            start.extend(character.escape_debug());
        }
    }
    if characters.next().is_some() {
        start.push('…');
    }
    start
}
