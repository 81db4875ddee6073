//! Path templates.

use std::fmt;
use std::str::FromStr;

use keywright_settings::{Reference, Template, TemplateError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::policy::BindError;

/// A path whose segments may be open: `{NAME}` takes any one segment, and `{settings.NAME}`, also as a part of a segment,
/// stands for an account's setting.
///
/// `Display` writes what was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathTemplate {
    pub(crate) segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    Literal(String),
    Made(Vec<Piece>),
    Any(String),
}

/// A piece of a segment that is made from settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    Text(String),
    /// One placeholder for a setting.
    Setting(Template),
}

/// A segment of a path that is bound to settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BoundSegment {
    Literal(Box<str>),
    Any,
}

impl BoundSegment {
    /// Whether a request's segment is one that this stands for.
    pub(crate) fn takes(&self, segment: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Literal(text) => **text == *segment,
        }
    }

    /// Whether a request could have a segment that both stand for.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match other {
            Self::Any => true,
            Self::Literal(text) => self.takes(text),
        }
    }
}

/// What stands for itself in the value of a setting: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl PathTemplate {
    /// With the settings in their places.
    pub(crate) fn bind(&self, settings: &Map<String, Value>) -> Result<Box<[BoundSegment]>, BindError> {
        self.segments.iter().map(|segment| segment.bind(settings)).collect()
    }
}

impl Segment {
    fn bind(&self, settings: &Map<String, Value>) -> Result<BoundSegment, BindError> {
        Ok(match self {
            Self::Literal(text) => BoundSegment::Literal(text.as_str().into()),
            Self::Any(_) => BoundSegment::Any,
            Self::Made(pieces) => {
                let mut made = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => made.push_str(text),
                        Piece::Setting(placeholder) => {
                            let value = placeholder.expand(settings, &|_| None)?;
                            made.extend(utf8_percent_encode(&value, UNRESERVED));
                        }
                    }
                }
                // No request would be read to have such a segment, so the rule could never apply.
                if !is_plain_segment(&made) {
                    return Err(BindError::Segment { template: self.to_string(), segment: made });
                }
                BoundSegment::Literal(made.into())
            }
        })
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| write!(formatter, "/{segment}"))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => formatter.write_str(text),
            Self::Any(name) => write!(formatter, "{{{name}}}"),
            Self::Made(pieces) => pieces.iter().try_for_each(|piece| match piece {
                Piece::Text(text) => formatter.write_str(text),
                Piece::Setting(placeholder) => write!(formatter, "{placeholder}"),
            }),
        }
    }
}

impl FromStr for PathTemplate {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        let rest = path.strip_prefix('/').ok_or(PathError::NotAbsolute)?;
        let segments = rest.split('/').map(parse_segment).collect::<Result<_, _>>()?;
        Ok(Self { segments })
    }
}

fn parse_segment(segment: &str) -> Result<Segment, PathError> {
    let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match name {
        Some(name) if is_name(name) => Ok(Segment::Any(name.to_owned())),
        // In a path a `*` is a character like others, and nobody who writes one in a rule means that.
        _ if segment.contains('*') => Err(PathError::Wildcard),
        _ if segment.contains(['{', '}']) => Ok(Segment::Made(parse_pieces(segment)?)),
        _ if is_plain_segment(segment) => Ok(Segment::Literal(segment.to_owned())),
        _ => Err(PathError::segment(segment)),
    }
}

fn parse_pieces(segment: &str) -> Result<Vec<Piece>, PathError> {
    let mut pieces = Vec::new();
    // The segment with a letter for each setting, and with as little as there can be.
    let (mut example, mut least) = (String::new(), String::new());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or(TemplateError::Unclosed)?;
        let placeholder: Template = format!("{{{name}}}").parse()?;
        // Doubled braces would be braces of the text, which no path has.
        if name.contains('{') || !placeholder.references().all(|reference| matches!(reference, Reference::Setting(_))) {
            return Err(PathError::segment(segment));
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        example.extend([before, "x"]);
        least.extend([before, if name.ends_with('?') { "" } else { "x" }]);
        pieces.push(Piece::Setting(placeholder));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    let plain = [example, least].iter().all(|start| is_plain_segment(&format!("{start}{rest}")));
    if plain { Ok(pieces) } else { Err(PathError::segment(segment)) }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a segment has one reading only: no empty or dot segment, no encoded slash, dot, backslash or control, and no
/// characters outside RFC 3986's `pchar`.
pub(crate) fn is_plain_segment(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    if bytes.is_empty() || bytes == b"." || bytes == b".." {
        return false;
    }
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'%' => match after {
                [high, low, after @ ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) if is_harmless(high << 4 | low) => after,
                    _ => return false,
                },
                _ => return false,
            },
            byte if is_path_character(*byte) => after,
            _ => return false,
        };
    }
    true
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn is_harmless(encoded: u8) -> bool {
    !matches!(encoded, b'.' | b'/' | b'\\' | b'%' | 0..=0x1f | 0x7f)
}

/// `pchar` without `%`, and without `;`, which some servers take for the start of parameters.
fn is_path_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

/// Why a text is not a path template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not start with a slash.
    #[error("a path must start with a slash")]
    NotAbsolute,
    /// A segment is empty, is a dot segment, or has characters or encodings that could be read in two ways.
    #[error(
        "`{0}` is not a path segment: it must not be empty, `.` or `..`, also where an optional setting is missing, and \
         holds only letters, digits, -._~!$&'()*+,=:@, harmless percent-encodings and `{{settings.name}}`, or is a \
         placeholder `{{name}}`"
    )]
    Segment(String),
    /// It has a `*`.
    #[error("`*` is no wildcard here: write `{{name}}` for any one segment, and a rule for each length of path")]
    Wildcard,
    /// A placeholder is malformed.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl PathError {
    fn segment(segment: &str) -> Self {
        Self::Segment(segment.escape_debug().take(60).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_template_writes_itself_as_it_was_read() {
        for path in [
            "/v1/keys",
            "/v1/keys/{id}",
            "/{settings.project_key}/api-clients/{id}",
            "/iam/v2/a%20b",
            "/a:{settings.b}{settings.c?}",
        ] {
            assert_eq!(path.parse::<PathTemplate>().unwrap().to_string(), path);
        }
    }

    #[test]
    fn a_path_that_is_not_absolute_or_ends_in_a_slash_is_refused() {
        for path in ["", "v1", "/", "/v1/"] {
            assert!(path.parse::<PathTemplate>().is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_segment_with_two_readings_is_refused() {
        for segment in
            ["", ".", "..", "%2e%2E", "%2f", "a%2Fb", "%5c", "%00", "%0a", "%2", "%zz", "%252e", "a;b", "a b", "é"]
        {
            assert!(!is_plain_segment(segment), "{segment}");
        }
        for segment in ["v1", "a%20b", "caf%C3%A9", "jo@example.com", "768660_5f", "768660$5f"] {
            assert!(is_plain_segment(segment), "{segment}");
        }
    }

    fn bound(path: &str, settings: Value) -> Result<Box<[BoundSegment]>, BindError> {
        path.parse::<PathTemplate>().unwrap().bind(settings.as_object().unwrap())
    }

    #[test]
    fn a_setting_is_encoded_and_the_text_around_it_stands_as_it_is() {
        for (path, made) in [
            ("/{settings.key}", "jo%40example.com"),
            ("/user:{settings.key}", "user:jo%40example.com"),
            ("/{settings.key}{settings.no?}@x", "jo%40example.com@x"),
        ] {
            let bound = bound(path, json!({"key": "jo@example.com"})).unwrap();
            assert_eq!(*bound, [BoundSegment::Literal(made.into())], "{path}");
        }
    }

    #[test]
    fn a_setting_that_does_not_make_one_segment_is_refused() {
        for value in ["", ".", "..", "a/b", "a\\b", "a%2fb", "a\n"] {
            let error = bound("/{settings.key}/x", json!({"key": value})).unwrap_err();
            assert!(error.to_string().contains("`{settings.key}`"), "{value:?}: {error}");
        }
    }

    #[test]
    fn what_no_request_could_match_is_refused_when_it_is_read() {
        for segment in [
            "{settings.a?}",
            ".{settings.a?}",
            "{settings.a?}.{settings.b?}",
            "a%2f{settings.a}",
            "%{settings.a}",
            "%4{settings.a}",
            "a?{settings.a}",
            "{settings.a}}",
            "{{a}}",
            "{{a{settings.a}",
            "x{id}",
            "{settings.a}{id}",
            "{parts.secret}",
            "a{",
        ] {
            assert!(format!("/v1/{segment}").parse::<PathTemplate>().is_err(), "{segment}");
        }
    }
}
