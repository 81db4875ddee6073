//! Places in requests and answers, written as in a grant: `/a/*/b`, `json:/a#/b`, `xml:/Root/Child`, `form:field`,
//! `header:x-token`, `text`.

use crate::wire::Text;
use crate::wire::descriptors as wire;

pub(super) fn in_answer(location: &'static str) -> wire::AnswerLocation {
    match location.split_once(':') {
        _ if location.is_empty() || location.starts_with('/') => wire::AnswerLocation::Json(Text::new(location)),
        None if location == "text" => wire::AnswerLocation::Text,
        Some(("xml", path)) => wire::AnswerLocation::Xml(Text::new(path)),
        Some(("form", field)) => wire::AnswerLocation::Form(Text::new(field)),
        Some(("header", name)) => wire::AnswerLocation::Header(Text::new(name)),
        Some(("json", pointers)) if let Some((pointer, inner)) = pointers.split_once('#') => {
            wire::AnswerLocation::Embedded(wire::EmbeddedJson { pointer: Text::new(pointer), inner: Text::new(inner) })
        }
        _ => wire::AnswerLocation::Other(unknown(location)),
    }
}

pub(super) fn in_body(location: &'static str) -> wire::BodyLocation {
    match location.split_once(':') {
        _ if location.is_empty() || location.starts_with('/') => wire::BodyLocation::Json(Text::new(location)),
        None if location == "text" => wire::BodyLocation::Text,
        Some(("form", field)) => wire::BodyLocation::Form(Text::new(field)),
        Some(("header", name)) => wire::BodyLocation::Header(Text::new(name)),
        _ => wire::BodyLocation::Other(unknown(location)),
    }
}

/// A location that this version does not know: the host refuses it and names it.
fn unknown(location: &'static str) -> wire::Extension {
    wire::Extension { name: Text::new(location), parameters: Text::new("{}") }
}
