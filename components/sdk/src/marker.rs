//! Markers in free text.
//!
//! A vendor that has no field of its own for a marker usually has a description. There the marker stands at the end, in
//! a form that a person who reads it understands and that [`split`] takes apart again.

use crate::{FieldProblem, Problem};

const OPEN: &str = "[keywright:";
const CLOSE: &str = "]";

/// The text followed by the marker, or the text alone when there is none.
///
/// ```
/// use keywright_sdk::marker;
///
/// assert_eq!(marker::join("ci deploy", Some("g7")), "ci deploy [keywright:g7]");
/// assert_eq!(marker::join("", Some("g7")), "[keywright:g7]");
/// assert_eq!(marker::join("ci deploy", None), "ci deploy");
/// ```
pub fn join(text: &str, marker: Option<&str>) -> String {
    match marker {
        None => text.to_owned(),
        Some(marker) if text.is_empty() => format!("{OPEN}{marker}{CLOSE}"),
        Some(marker) => format!("{text} {OPEN}{marker}{CLOSE}"),
    }
}

/// [`join`] for a field that holds at most `max` characters; `pointer` names the attribute in the failure.
pub fn join_within(text: &str, marker: Option<&str>, max: usize, pointer: &str) -> Result<String, FieldProblem> {
    let joined = join(text, marker);
    let excess = joined.chars().count().saturating_sub(max);
    if excess == 0 {
        return Ok(joined);
    }
    let room = text.chars().count().saturating_sub(excess);
    Err(FieldProblem::new(
        pointer,
        Problem::Constraint,
        match marker {
            None => format!("is longer than the {max} characters that the vendor keeps"),
            Some(_) => format!("is too long: with the marker there is room for {room} characters"),
        },
    ))
}

/// Takes a text apart into what a person wrote and the marker.
///
/// ```
/// use keywright_sdk::marker;
///
/// assert_eq!(marker::split("ci deploy [keywright:g7]"), ("ci deploy", Some("g7")));
/// assert_eq!(marker::split("[keywright:g7]"), ("", Some("g7")));
/// assert_eq!(marker::split("see [keywright:g7] there"), ("see [keywright:g7] there", None));
/// ```
pub fn split(text: &str) -> (&str, Option<&str>) {
    // A marker has no bracket, so the last one opens it.
    let marked = text.strip_suffix(CLOSE).and_then(|text| {
        let (before, marker) = text.split_at(text.rfind('[')?);
        Some((before, marker.strip_prefix(OPEN)?))
    });
    let Some((before, marker)) = marked else { return (text, None) };
    if marker.is_empty() || !marker.bytes().all(is_marker_byte) {
        return (text, None);
    }
    match before.strip_suffix(' ') {
        Some(before) => (before, Some(marker)),
        None if before.is_empty() => (before, Some(marker)),
        None => (text, None),
    }
}

/// How many characters of a field of `max` characters a marker may take.
pub const fn room(max: u32) -> u32 {
    max - (OPEN.len() + CLOSE.len()) as u32
}

fn is_marker_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_holds_a_marker_comes_apart_as_it_was_joined() {
        for text in ["", "ci", "ci [keywright:old]", "trailing ", "[brackets]"] {
            assert_eq!(split(&join(text, Some("gen-1"))), (text, Some("gen-1")), "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_marker_is_text() {
        for text in ["[keywright:]", "x[keywright:a]", "[keywright:a b]", "keywright:a]", "]", "[keywright:a] "] {
            assert_eq!(split(text), (text, None), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_leaves_no_room_for_the_marker_is_refused_with_the_room_there_is() {
        assert_eq!(join_within("abc", Some("m"), 17, "/d").as_deref(), Ok("abc [keywright:m]"));
        let problem = join_within("abcé", Some("m"), 17, "/d").unwrap_err();
        assert_eq!(problem.pointer, "/d");
        assert!(problem.message.contains("room for 3 characters"), "{}", problem.message);
        assert!(join_within("abcd", None, 3, "/d").is_err());
    }
}
