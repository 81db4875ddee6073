//! Path templates.

use std::fmt;
use std::str::FromStr;

use keywright_settings::{ExpandError, Template, TemplateError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// A path in which a whole segment may be open: `{NAME}` takes any one segment, `{settings.NAME}` an account's setting.
///
/// `Display` writes what was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathTemplate {
    pub(crate) segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    Literal(String),
    Setting(Template),
    Any(String),
}

/// A segment of a path that is bound to settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BoundSegment {
    Literal(Box<str>),
    Any,
}

/// What stands for itself in a segment that is made from a setting: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl PathTemplate {
    /// With the settings in their places.
    pub(crate) fn bind(&self, settings: &Map<String, Value>) -> Result<Box<[BoundSegment]>, ExpandError> {
        self.segments
            .iter()
            .map(|segment| {
                Ok(match segment {
                    Segment::Literal(text) => BoundSegment::Literal(text.as_str().into()),
                    Segment::Any(_) => BoundSegment::Any,
                    Segment::Setting(template) => {
                        let value = template.expand(settings, &|_| None)?;
                        BoundSegment::Literal(utf8_percent_encode(&value, UNRESERVED).to_string().into())
                    }
                })
            })
            .collect()
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => write!(formatter, "/{text}")?,
                Segment::Setting(template) => write!(formatter, "/{template}")?,
                Segment::Any(name) => write!(formatter, "/{{{name}}}")?,
            }
        }
        Ok(())
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
        _ if segment.contains(['{', '}']) => Ok(Segment::Setting(segment.parse()?)),
        _ if is_plain_segment(segment) => Ok(Segment::Literal(segment.to_owned())),
        _ => Err(PathError::Segment(segment.escape_debug().take(60).collect())),
    }
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
        "`{0}` is not a path segment: it must not be empty, `.` or `..`, and holds only letters, digits, \
         -._~!$&'()*+,=:@ and harmless percent-encodings, or is a placeholder `{{name}}` or `{{settings.name}}`"
    )]
    Segment(String),
    /// A placeholder is malformed.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_template_writes_itself_as_it_was_read() {
        for path in ["/v1/keys", "/v1/keys/{id}", "/{settings.project_key}/api-clients/{id}", "/iam/v2/a%20b"] {
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

    #[test]
    fn a_setting_is_encoded_so_that_it_stays_one_segment() {
        let template: PathTemplate = "/{settings.key}/x".parse().unwrap();
        let settings = serde_json::json!({"key": "a/../b"});
        let bound = template.bind(settings.as_object().unwrap()).unwrap();
        assert_eq!(bound[0], BoundSegment::Literal("a%2F..%2Fb".into()));
    }
}
