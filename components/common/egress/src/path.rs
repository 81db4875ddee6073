//! Path templates.

use std::fmt;
use std::str::FromStr;

use keywright_settings::{Reference, Template, TemplateError};

use crate::identifier::is_setting;
use crate::percent::{Characters, encode_unless};
use crate::segment;

/// A path whose segments may be open.
///
/// | Segment | Matches |
/// | --- | --- |
/// | `keys` | itself, however it is percent-encoded |
/// | `{NAME}` | any one segment that is not empty |
/// | `{NAME}.json`, `users('{NAME}')` | a segment with this text around at least one character |
/// | `{NAME/}` | the same, and an encoded slash (`%2F`) may stand within |
/// | `{settings.NAME}`, also with text around it and several times | the account's setting |
///
/// `/` alone and a slash at the end are matched as they are. `Display` writes the path in its one spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathTemplate {
    /// Decoded. After a slash at the end comes one that is empty.
    pub(crate) segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    Literal(String),
    Interpolated(Vec<Fragment>),
    Open {
        prefix: String,
        name: String,
        /// Whether encoded slashes may stand within.
        slashes: bool,
        suffix: String,
    },
}

/// A piece of a segment that is made from settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fragment {
    Text(String),
    /// One placeholder for a setting.
    Setting(Template),
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| write!(formatter, "/{segment}"))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => formatter.write_str(&written(text)),
            Self::Open { prefix, name, slashes, suffix } => {
                let slash = if *slashes { "/" } else { "" };
                write!(formatter, "{}{{{name}{slash}}}{}", written(prefix), written(suffix))
            }
            Self::Interpolated(fragments) => fragments.iter().try_for_each(|fragment| match fragment {
                Fragment::Text(text) => formatter.write_str(&written(text)),
                Fragment::Setting(placeholder) => write!(formatter, "{placeholder}"),
            }),
        }
    }
}

/// A text as a rule writes it. A plain `*` is refused there, for nobody who writes one means that.
fn written(text: &str) -> String {
    encode_unless(text, |character| segment::is_raw(character) && character != '*')
}

impl FromStr for PathTemplate {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        let rest = path.strip_prefix('/').ok_or(PathError::NotAbsolute)?;
        let parts = split_outside_braces(rest, '/');
        let last = parts.len() - 1;
        let segments = parts
            .into_iter()
            .enumerate()
            .map(|(index, segment)| match segment {
                "" if index == last => Ok(Segment::Literal(String::new())),
                segment => segment.parse(),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { segments })
    }
}

/// Splits a text at every `separator` that does not stand in a placeholder.
pub(crate) fn split_outside_braces(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if character == separator && !inside => {
                parts.push(&text[start..at]);
                start = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

impl FromStr for Segment {
    type Err = PathError;

    fn from_str(segment: &str) -> Result<Self, PathError> {
        let refused = || PathError::Segment(segment.escape_debug().take(60).collect());
        if segment.contains('*') {
            return Err(PathError::Wildcard);
        }
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(TemplateError::Unclosed)?;
            if !before.is_empty() {
                parts.push(Part::Text(decode(before).ok_or_else(refused)?));
            }
            parts.push(placeholder(name).map_err(|error| error.unwrap_or_else(refused))?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(decode(rest).ok_or_else(refused)?));
        }
        Self::from_parts(parts).ok_or_else(refused)
    }
}

enum Part<'s> {
    Text(String),
    Setting(Template),
    Open { name: &'s str, slashes: bool },
}

/// Reads what stands in braces. An error without a cause is one of the whole segment.
fn placeholder(name: &str) -> Result<Part<'_>, Option<PathError>> {
    let (open, slashes) = name.strip_suffix('/').map_or((name, false), |name| (name, true));
    if is_setting(open) {
        return Ok(Part::Open { name: open, slashes });
    }
    let template: Template = format!("{{{name}}}").parse().map_err(|error: TemplateError| Some(error.into()))?;
    // Doubled braces would be braces of the text, which no path has.
    let settings = template.references().all(|reference| matches!(reference, Reference::Setting(_)));
    if name.contains('{') || !settings { Err(None) } else { Ok(Part::Setting(template)) }
}

fn decode(text: &str) -> Option<String> {
    Characters::of(text)
        .map(|character| {
            let character = character.ok()?;
            let plain = if character.encoded { character.value != '.' } else { segment::is_raw(character.value) };
            plain.then_some(character.value)
        })
        .collect()
}

impl Segment {
    fn from_parts(mut parts: Vec<Part<'_>>) -> Option<Self> {
        let opens = parts.iter().filter(|part| matches!(part, Part::Open { .. })).count();
        if opens == 0 {
            return Self::without_placeholder(parts);
        }
        let (mut prefix, mut suffix) = (String::new(), String::new());
        if let [.., Part::Text(_)] = parts.as_slice()
            && let Some(Part::Text(text)) = parts.pop()
        {
            suffix = text;
        }
        if let [Part::Text(text), ..] = parts.as_slice() {
            prefix.clone_from(text);
            parts.remove(0);
        }
        // Text around exactly one placeholder, and nothing else.
        let [Part::Open { name, slashes }] = parts.as_slice() else { return None };
        let plain = segment::is_plain_text(&format!("{prefix}x{suffix}"));
        plain.then(|| Self::Open { prefix, name: (*name).to_owned(), slashes: *slashes, suffix })
    }

    fn without_placeholder(parts: Vec<Part<'_>>) -> Option<Self> {
        // The segment with a letter for each setting, and with as little as there can be.
        let (mut example, mut least) = (String::new(), String::new());
        let mut fragments = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => {
                    example.push_str(&text);
                    least.push_str(&text);
                    fragments.push(Fragment::Text(text));
                }
                Part::Setting(template) => {
                    example.push('x');
                    least.push_str(if template.to_string().ends_with("?}") { "" } else { "x" });
                    fragments.push(Fragment::Setting(template));
                }
                Part::Open { .. } => return None,
            }
        }
        if !segment::is_plain_text(&example) || !segment::is_plain_text(&least) {
            return None;
        }
        Some(match fragments.as_slice() {
            [Fragment::Text(text)] => Self::Literal(text.clone()),
            _ => Self::Interpolated(fragments),
        })
    }
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
         holds only letters, digits, -._~!$&'()+,=:@, other characters percent-encoded as UTF-8, `{{settings.name}}`, or \
         one placeholder `{{name}}` with text around it"
    )]
    Segment(String),
    /// It has a `*`.
    #[error("`*` is not a wildcard here: write `{{name}}` for any one segment, and a rule for each length of path")]
    Wildcard,
    /// A placeholder is malformed.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_template_writes_itself_as_it_was_read() {
        for path in [
            "/",
            "/v1/",
            "/v1/keys",
            "/v1/keys/{id}",
            "/v1/keys/{id}/",
            "/v1/keys/{id}.json",
            "/v1/keys/{id}:rotate",
            "/users('{id}')/key",
            "/projects/{id/}/keys/x{name/}.y",
            "/{settings.project_key}/api-clients/{id}",
            "/iam/v2/a%20b",
            "/a:{settings.b}{settings.c?}",
        ] {
            assert_eq!(path.parse::<PathTemplate>().unwrap().to_string(), path);
        }
    }

    #[test]
    fn one_path_has_one_spelling() {
        for (path, spelling) in [("/%61%40b", "/a@b"), ("/caf%c3%a9/%2a", "/caf%C3%A9/%2A"), ("/%7b", "/%7B")] {
            assert_eq!(path.parse::<PathTemplate>().unwrap().to_string(), spelling);
            assert_eq!(path.parse::<PathTemplate>(), spelling.parse());
        }
    }

    #[test]
    fn a_path_that_is_not_absolute_or_has_an_empty_segment_is_refused() {
        for path in ["", "v1", "//", "/v1//", "//v1"] {
            assert!(path.parse::<PathTemplate>().is_err(), "{path:?}");
        }
    }

    #[test]
    fn what_no_request_could_match_is_refused_when_it_is_read() {
        for segment in [
            "{settings.a?}",
            ".{settings.a?}",
            "{settings.a?}.{settings.b?}",
            "a%2f{settings.a}",
            "a%2fb",
            "%2e{id}",
            "%c0%ae",
            "%{settings.a}",
            "%4{settings.a}",
            "a?{settings.a}",
            "a;{id}",
            "{settings.a}}",
            "{settings.a/}",
            "{{a}}",
            "{{a{settings.a}",
            "{id}{name}",
            "{id}-{name}",
            "{settings.a}{id}",
            "{settings.a}:{id}",
            "{id//}",
            "{/}",
            "{}",
            "{Id}",
            "{id }",
            "{parts.secret}",
            "a{",
            "a}",
            "a*",
        ] {
            assert!(format!("/v1/{segment}").parse::<PathTemplate>().is_err(), "{segment}");
        }
    }
}
