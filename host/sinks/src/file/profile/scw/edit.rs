//! Edits of a YAML file in block style, by where the parser found things: comments, order and layout stay.
//!
//! It does what the shape of such files needs. Who calls it reads the result and refuses it if more has changed.

use std::ops::Range;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};
use zeroize::Zeroizing;

use super::Entries;

/// What is put in the place of ranges of a text.
pub(super) struct Edits<'a> {
    text: &'a str,
    /// The byte at which each line begins, and the end of the text.
    lines: Vec<usize>,
    edits: Vec<(Range<usize>, Zeroizing<String>)>,
}

/// A mapping in block style, or where one would be.
enum Place<'a> {
    /// It is there.
    Mapping(&'a MarkedYaml<'a>),
    /// There is a key without a value in this line (from 0), and this column.
    Key(usize, usize),
    /// There is no content.
    Nothing,
}

impl<'a> Edits<'a> {
    /// The text with the entries in the mapping at the end of the path of keys; none if it is not laid out for that.
    pub(super) fn set(text: &'a str, path: &[&str], entries: &Entries) -> Option<Zeroizing<String>> {
        let documents = MarkedYaml::load_from_str(text).ok()?;
        let mut edits = Self::of(text);
        let mut place = documents.first().filter(|root| !is_null(root)).map_or(Place::Nothing, Place::Mapping);
        let mut missing = path;
        while let ([name, rest @ ..], Place::Mapping(mapping)) = (missing, &place) {
            let Some((key, value)) = entry(mapping, name)? else { break };
            place = if is_null(value) { Place::Key(line_of(key), key.span.start.col()) } else { Place::Mapping(value) };
            missing = rest;
        }
        let (line, mut indent) = match place {
            Place::Mapping(mapping) => (last_line(mapping)? + 1, first_column(mapping)?),
            Place::Key(line, column) => (line + 1, column + 2),
            Place::Nothing => (edits.lines.len() - 1, 0),
        };
        let mut new = Zeroizing::new(String::with_capacity(1024));
        for name in missing {
            new.push_str(&format!("{:indent$}{name}:\n", ""));
            indent += 2;
        }
        for (key, value) in entries {
            let there = match (&place, missing) {
                (Place::Mapping(mapping), []) => entry(mapping, key)?,
                _ => None,
            };
            match there {
                Some((_, old)) => {
                    let range = edits.scalar(old)?;
                    let space = if is_null(old) { " " } else { "" };
                    edits.edits.push((range, Zeroizing::new(format!("{space}{}", *scalar(value)))));
                }
                None => new.push_str(&Zeroizing::new(format!("{:indent$}{key}: {}\n", "", *scalar(value)))),
            }
        }
        edits.insert(line, new);
        Some(edits.applied())
    }

    /// The text without these keys of the mapping, and without the mappings that have nothing else.
    pub(super) fn unset(text: &'a str, path: &[&str], keys: &[&str]) -> Option<Zeroizing<String>> {
        let documents = MarkedYaml::load_from_str(text).ok()?;
        let mut edits = Self::of(text);
        let Some(mut mapping) = documents.first().filter(|root| !is_null(root)) else { return Some(edits.applied()) };
        // The line of the outermost key below which nothing is left.
        let mut empty_from: Option<usize> = None;
        for name in path {
            let Some((key, value)) = entry(mapping, name)?.filter(|(_, value)| !is_null(value)) else {
                return Some(edits.applied());
            };
            let alone = mapping.data.as_mapping()?.len() == 1;
            empty_from = match empty_from {
                Some(line) if alone => Some(line),
                _ => Some(line_of(key)),
            };
            // The document itself stays, also when nothing is left in it.
            mapping = value;
        }
        let all = mapping.data.as_mapping()?;
        let nothing_else = all.keys().all(|key| key.data.as_str().is_some_and(|key| keys.contains(&key)));
        if let (Some(line), true) = (empty_from, nothing_else) {
            let last_key = all.keys().map(line_of).min()?;
            edits.remove(line..last_key);
        }
        for name in keys {
            if let Some((key, value)) = entry(mapping, name)? {
                edits.remove(line_of(key)..last_line_of_entry(key, value)? + 1);
            }
        }
        Some(edits.applied())
    }

    fn of(text: &'a str) -> Self {
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        if lines.last() != Some(&text.len()) {
            lines.push(text.len());
        }
        Self { text, lines, edits: Vec::new() }
    }

    /// Where a line begins, or the text ends.
    fn line(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.text.len())
    }

    fn insert(&mut self, line: usize, mut new: Zeroizing<String>) {
        let at = self.line(line);
        if !new.is_empty() && at > 0 && !self.text[..at].ends_with('\n') {
            new.insert(0, '\n');
        }
        self.edits.push((at..at, new));
    }

    fn remove(&mut self, lines: Range<usize>) {
        self.edits.push((self.line(lines.start)..self.line(lines.end), Zeroizing::default()));
    }

    /// Where a scalar is, with its quotes.
    fn scalar(&self, node: &MarkedYaml<'_>) -> Option<Range<usize>> {
        let YamlData::Value(_) = node.data else { return None };
        let start = self.byte(node.span.start.index())?;
        let mut end = self.byte(node.span.end.index())?;
        let text = self.text.get(start..end)?;
        // The parser counts what follows a double quoted scalar in its line to it.
        if text.starts_with('"') {
            let mut escaped = false;
            let close = text.char_indices().skip(1).find(|(_, character)| {
                let closes = *character == '"' && !escaped;
                escaped = *character == '\\' && !escaped;
                closes
            });
            end = start + close?.0 + 1;
        }
        Some(start..end)
    }

    /// The parser counts in characters.
    fn byte(&self, index: usize) -> Option<usize> {
        let ends = std::iter::once(self.text.len());
        self.text.char_indices().map(|(at, _)| at).chain(ends).nth(index)
    }

    fn applied(mut self) -> Zeroizing<String> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let size = self.text.len() + self.edits.iter().map(|(_, new)| new.len()).sum::<usize>();
        let mut text = Zeroizing::new(String::with_capacity(size));
        let mut at = 0;
        for (range, new) in &self.edits {
            text.push_str(self.text.get(at..range.start).unwrap_or_default());
            text.push_str(new);
            at = at.max(range.end);
        }
        text.push_str(&self.text[at..]);
        text
    }
}

/// The key and the value of this name, in a mapping in block style; nothing at all if it is something else.
fn entry<'a>(node: &'a MarkedYaml<'a>, name: &str) -> Option<Option<(&'a MarkedYaml<'a>, &'a MarkedYaml<'a>)>> {
    Some(node.data.as_mapping()?.iter().find(|(key, _)| key.data.as_str() == Some(name)))
}

fn is_null(node: &MarkedYaml<'_>) -> bool {
    matches!(node.data, YamlData::Value(Scalar::Null))
}

/// The line, from 0, in which something begins.
fn line_of(node: &MarkedYaml<'_>) -> usize {
    node.span.start.line() - 1
}

fn first_column(mapping: &MarkedYaml<'_>) -> Option<usize> {
    mapping.data.as_mapping()?.keys().next().map(|key| key.span.start.col())
}

/// The last line, from 0, that something is in.
fn last_line(node: &MarkedYaml<'_>) -> Option<usize> {
    match &node.data {
        YamlData::Mapping(mapping) => match mapping.iter().next_back() {
            Some((key, value)) => last_line_of_entry(key, value),
            None => Some(line_of(node)),
        },
        YamlData::Sequence(sequence) => sequence.last().map_or(Some(line_of(node)), last_line),
        YamlData::Value(_) => {
            let (start, end) = (node.span.start, node.span.end);
            // A block scalar ends at the beginning of the next line.
            let ends_before = end.col() == 0 && end.line() > start.line();
            Some(end.line() - 1 - usize::from(ends_before))
        }
        _ => None,
    }
}

fn last_line_of_entry(key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> Option<usize> {
    if is_null(value) { Some(line_of(key)) } else { last_line(value) }
}

/// A string as a plain scalar if that is read as the same string, or in single quotes.
fn scalar(value: &str) -> Zeroizing<String> {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && value.starts_with(|first: char| first.is_ascii_alphanumeric());
    match MarkedYaml::value_from_str(value).data {
        YamlData::Value(Scalar::String(_)) if plain => Zeroizing::new(value.to_owned()),
        _ => Zeroizing::new(format!("'{}'", value.replace('\'', "''"))),
    }
}
