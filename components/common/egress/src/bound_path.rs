//! Paths with an account's settings in their places, and which requests' paths they match.

use serde_json::{Map, Value};

use crate::bind_error::BindError;
use crate::path::{Fragment, PathTemplate, Segment};
use crate::percent::encode_unless;
use crate::segment;

/// A segment of a path that is bound to settings; its texts are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BoundSegment {
    Literal(Box<str>),
    Open { prefix: Box<str>, suffix: Box<str>, slashes: bool },
}

impl BoundSegment {
    /// Whether a request's segment, which was read, is one that this stands for.
    pub(crate) fn matches(&self, segment: &str) -> bool {
        match self {
            Self::Literal(text) => segment::is(segment, text),
            Self::Open { prefix, suffix, slashes } => {
                let open = prefix.is_empty() && suffix.is_empty();
                let around = if open { !segment.is_empty() } else { segment::is_around(segment, prefix, suffix) };
                around && (*slashes || !segment.contains('%') || segment::is_plain(segment))
            }
        }
    }

    /// Whether a request could have a segment that both stand for.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(one), Self::Literal(other)) => one == other,
            (Self::Literal(text), Self::Open { prefix, suffix, .. })
            | (Self::Open { prefix, suffix, .. }, Self::Literal(text)) => is_between(text, prefix, suffix),
            (Self::Open { prefix, suffix, .. }, Self::Open { prefix: other_prefix, suffix: other_suffix, .. }) => {
                let starts = prefix.starts_with(&**other_prefix) || other_prefix.starts_with(&**prefix);
                starts && (suffix.ends_with(&**other_suffix) || other_suffix.ends_with(&**suffix))
            }
        }
    }
}

/// Whether a text has something between a prefix and a suffix.
pub(crate) fn is_between(text: &str, prefix: &str, suffix: &str) -> bool {
    text.len() > prefix.len() + suffix.len() && text.starts_with(prefix) && text.ends_with(suffix)
}

impl PathTemplate {
    /// With the settings in their places, after a prefix of plain segments.
    pub(crate) fn bind(&self, prefix: &str, settings: &Map<String, Value>) -> Result<Box<[BoundSegment]>, BindError> {
        let before =
            prefix.split('/').skip(1).map(|segment| Ok(BoundSegment::Literal(segment::decode(segment).into())));
        before.chain(self.segments.iter().map(|segment| segment.bind(settings))).collect()
    }
}

impl Segment {
    fn bind(&self, settings: &Map<String, Value>) -> Result<BoundSegment, BindError> {
        Ok(match self {
            Self::Literal(text) => BoundSegment::Literal(text.as_str().into()),
            Self::Open { prefix, suffix, slashes, .. } => {
                BoundSegment::Open { prefix: prefix.as_str().into(), suffix: suffix.as_str().into(), slashes: *slashes }
            }
            Self::Interpolated(fragments) => {
                let mut text = String::new();
                for fragment in fragments {
                    match fragment {
                        Fragment::Text(fragment) => text.push_str(fragment),
                        Fragment::Setting(placeholder) => text.push_str(&placeholder.expand(settings, &|_| None)?),
                    }
                }
                // No request would be read to have such a segment, so the rule could never apply.
                if !segment::is_plain_text(&text) {
                    let segment = encode_unless(&text, segment::is_raw);
                    return Err(BindError::Segment { template: self.to_string(), segment });
                }
                BoundSegment::Literal(text.into())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bound(path: &str, settings: Value) -> Result<Box<[BoundSegment]>, BindError> {
        path.parse::<PathTemplate>().unwrap().bind("", settings.as_object().unwrap())
    }

    fn segment(text: &str) -> BoundSegment {
        bound(&format!("/{text}"), json!({})).unwrap()[0].clone()
    }

    #[test]
    fn a_setting_stands_for_its_text_however_a_request_encodes_it() {
        for (path, requested) in [
            ("/{settings.key}", "jo%40example.com"),
            ("/{settings.key}", "jo@example.com"),
            ("/user:{settings.key}", "user%3ajo%40example.com"),
            ("/{settings.key}{settings.no?}@x", "jo%40example.com@x"),
        ] {
            let bound = bound(path, json!({"key": "jo@example.com"})).unwrap();
            assert!(bound.len() == 1 && bound[0].matches(requested), "{path}");
        }
    }

    #[test]
    fn a_setting_that_does_not_make_one_segment_is_refused() {
        for value in ["", ".", "..", "a/b", "a\\b", "a%2fb", "a\n", "a;b", "\u{ff0e}"] {
            let error = bound("/{settings.key}/x", json!({"key": value})).unwrap_err();
            assert!(error.to_string().contains("`{settings.key}`"), "{value:?}: {error}");
        }
    }

    #[test]
    fn a_placeholder_matches_one_segment_that_is_not_empty() {
        for (written, requested, matches) in [
            ("{id}", "a", true),
            ("{id}", "", false),
            ("{id}", "a%2Fb", false),
            ("{id/}", "a%2Fb", true),
            ("{id/}", "a", true),
            ("{id}.json", "a.json", true),
            ("{id}.json", ".json", false),
            ("{id}:rotate", "a:rotate", true),
            ("{id}:rotate", "a%3Arotate", true),
            ("x{id/}", "xa%2Fb", true),
            ("x{id}", "xa%2Fb", false),
        ] {
            assert_eq!(segment(written).matches(requested), matches, "{written} {requested}");
        }
    }

    #[test]
    fn two_segments_overlap_when_one_text_fits_both() {
        for (one, other, overlap) in [
            ("a", "a", true),
            ("a", "{id}", true),
            ("a", "{id}.json", false),
            ("a.json", "{id}.json", true),
            (".jsonx", "{id}.json", false),
            ("{id}.json", "{id}.xml", false),
            ("{id}:rotate", "x{id}", true),
            ("ab{id}", "a{id}", true),
            ("ab{id}", "ac{id}", false),
        ] {
            assert_eq!(segment(one).overlaps(&segment(other)), overlap, "{one} {other}");
            assert_eq!(segment(other).overlaps(&segment(one)), overlap, "{other} {one}");
        }
    }
}
