//! Which kind of file it is.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::error::ReadError;

/// The most bytes that a file may have: 64 MiB. States of thousands of resources have a few MiB.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// The state in a file.
pub(crate) enum Document<'b> {
    /// What `terraform show -json` prints.
    Shown(&'b str),
    /// A state file, of version 4.
    Raw(&'b str),
}

/// What tells one version from another.
#[derive(Deserialize)]
struct Versions {
    version: Option<u64>,
    format_version: Option<String>,
}

impl<'b> Document<'b> {
    /// Finds out what the file is.
    pub(crate) fn recognise(bytes: &'b [u8]) -> Result<Self, ReadError> {
        let text = text(bytes)?;
        // Values are skipped, so nothing of a secret is copied.
        let keys: BTreeMap<String, IgnoredAny> = parse(text).map_err(not_a_state)?;
        let has = |key: &str| keys.contains_key(key);
        if has("encrypted_data") {
            return Err(ReadError::Encrypted);
        }
        if ["planned_values", "resource_changes", "prior_state"].into_iter().any(has) {
            return Err(ReadError::Plan);
        }
        let Versions { version, format_version } = parse(text).map_err(not_a_state)?;
        match (version, format_version) {
            // A state file has `serial` and `lineage` in every version; so little else does that they need not be asked for.
            (Some(4), None) => Ok(Self::Raw(text)),
            (Some(older @ 0..4), None) => Err(ReadError::Older(older)),
            (Some(newer), None) => Err(ReadError::Newer(newer)),
            (None, Some(format)) => {
                // An empty state has no values; other output in this format has keys of its own.
                let is_state = has("values") || keys.keys().all(|key| EMPTY_STATE.contains(&key.as_str()));
                match format.split('.').next() {
                    Some("1") if is_state => Ok(Self::Shown(text)),
                    Some(major) if is_state && major.parse::<u8>().is_ok() => {
                        Err(ReadError::FormatVersion(short(&format)))
                    }
                    _ => Err(ReadError::NotAState),
                }
            }
            _ => Err(ReadError::NotAState),
        }
    }
}

/// What is of another type here is not a state at all.
fn not_a_state(error: ReadError) -> ReadError {
    match error {
        ReadError::Layout { .. } => ReadError::NotAState,
        error => error,
    }
}

/// The keys of a state that has no resource.
const EMPTY_STATE: [&str; 3] = ["format_version", "terraform_version", "checks"];

fn short(format: &str) -> String {
    format.chars().filter(|character| character.is_ascii_digit() || *character == '.').take(16).collect()
}

fn text(bytes: &[u8]) -> Result<&str, ReadError> {
    match bytes {
        _ if bytes.len() > LARGEST => return Err(ReadError::TooLarge),
        [0x1f, 0x8b, ..] => return Err(ReadError::Gzip),
        [b'P', b'K', 3..=8, ..] => return Err(ReadError::Zip),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'{', 0, ..] | [0, b'{', ..] => return Err(ReadError::Utf16),
        _ => {}
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Encoding)?;
    // PowerShell's UTF-8 begins with a byte order mark, which JSON does not have.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

/// Reads JSON. What serde says is left out: it quotes values.
pub(crate) fn parse<'b, T: Deserialize<'b>>(text: &'b str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Eof => ReadError::CutOff,
            Category::Data => ReadError::Layout { line, column },
            Category::Syntax | Category::Io => ReadError::Json { line, column },
        }
    })
}

/// As [`parse`], for a piece of the file that says nothing of where it stood.
pub(crate) fn parse_piece<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
