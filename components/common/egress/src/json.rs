//! JSON documents, read strictly and without allocation.
//!
//! RFC 8259 without its leniencies: UTF-8, no byte order mark, no lone surrogates, one document and nothing after it.

use crate::fold::same_member;
use crate::json_string::{characters, escape};
use crate::pairs::Found;
use crate::percent::Malformed;
use crate::pointer::PointerToken;

/// How deep lists and objects may lie within each other; as in `serde_json`.
const DEEPEST: usize = 128;

/// A value in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'j> {
    /// What stands between the quotes of a string, with its escapes.
    String(&'j str),
    /// A number as it is written.
    Number(&'j str),
    Bool(bool),
    Null,
    /// A list or an object.
    Compound,
}

/// The value at a pointer without wildcards, in a document that is read to its end.
pub(crate) fn find<'j>(document: &'j [u8], pointer: &[PointerToken]) -> Result<Found<Value<'j>>, Malformed> {
    let mut reader = Reader::new(document)?;
    let mut found = Found::Absent;
    reader.search(Some(pointer), &mut found, 0)?;
    reader.end()?;
    Ok(found)
}

/// Whether a text is a number of JSON.
pub(crate) fn is_number(text: &str) -> bool {
    Reader::new(text.as_bytes()).and_then(|mut reader| reader.number()).is_ok_and(|number| number == text)
}

/// A place in a document.
pub(crate) struct Reader<'j> {
    text: &'j str,
    at: usize,
}

impl<'j> Reader<'j> {
    pub(crate) fn new(document: &'j [u8]) -> Result<Self, Malformed> {
        std::str::from_utf8(document).map(|text| Self { text, at: 0 }).map_err(|_| Malformed)
    }

    /// Reads a value. `pointer` is what is left of the way to what is looked for, if it lies within.
    fn search(
        &mut self,
        pointer: Option<&[PointerToken]>,
        found: &mut Found<Value<'j>>,
        depth: usize,
    ) -> Result<(), Malformed> {
        self.space();
        let value = match self.peek() {
            Some(b'{') => {
                self.object(pointer, found, depth)?;
                Value::Compound
            }
            Some(b'[') => {
                self.list(pointer, found, depth)?;
                Value::Compound
            }
            _ => self.scalar()?,
        };
        if pointer.is_some_and(<[_]>::is_empty) {
            *found = match found {
                Found::Absent => Found::Once(value),
                _ => Found::Ambiguous,
            };
        }
        Ok(())
    }

    fn object(
        &mut self,
        pointer: Option<&[PointerToken]>,
        found: &mut Found<Value<'j>>,
        depth: usize,
    ) -> Result<(), Malformed> {
        let step = match pointer.and_then(<[_]>::split_first) {
            Some((PointerToken::Member(name), rest)) => Some((name.as_str(), rest)),
            _ => None,
        };
        let mut met = 0_usize;
        self.members(depth, |reader, key| {
            let inside = match step {
                Some((name, rest)) if same_member(characters(key), name.chars()) => {
                    met += 1;
                    // A reader that takes two names for one could see either.
                    if met > 1 || !characters(key).eq(name.chars()) {
                        *found = Found::Ambiguous;
                    }
                    Some(rest)
                }
                _ => None,
            };
            reader.search(inside, found, depth + 1)
        })
    }

    fn list(
        &mut self,
        pointer: Option<&[PointerToken]>,
        found: &mut Found<Value<'j>>,
        depth: usize,
    ) -> Result<(), Malformed> {
        let step = match pointer.and_then(<[_]>::split_first) {
            Some((PointerToken::Member(name), rest)) => index(name).map(|index| (index, rest)),
            _ => None,
        };
        let mut position = 0;
        self.elements(depth, |reader| {
            let inside = step.filter(|(index, _)| *index == position).map(|(_, rest)| rest);
            position += 1;
            reader.search(inside, found, depth + 1)
        })
    }

    /// Reads an object; `value` reads the value of each member.
    pub(crate) fn members(
        &mut self,
        depth: usize,
        mut value: impl FnMut(&mut Self, &'j str) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.sequence(b'{', b'}', depth, |reader| {
            let key = reader.string()?;
            reader.space();
            reader.take(b':')?;
            value(reader, key)
        })
    }

    /// Reads a list; `value` reads each element.
    pub(crate) fn elements(
        &mut self,
        depth: usize,
        value: impl FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.sequence(b'[', b']', depth, value)
    }

    fn sequence(
        &mut self,
        open: u8,
        close: u8,
        depth: usize,
        mut item: impl FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        if depth >= DEEPEST {
            return Err(Malformed);
        }
        self.take(open)?;
        self.space();
        if self.peek() == Some(close) {
            return self.take(close);
        }
        loop {
            self.space();
            item(self)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => return self.take(close),
            }
        }
    }

    /// Reads a value that is neither a list nor an object.
    pub(crate) fn scalar(&mut self) -> Result<Value<'j>, Malformed> {
        match self.peek().ok_or(Malformed)? {
            b'"' => Ok(Value::String(self.string()?)),
            b't' => self.word("true").map(|()| Value::Bool(true)),
            b'f' => self.word("false").map(|()| Value::Bool(false)),
            b'n' => self.word("null").map(|()| Value::Null),
            _ => Ok(Value::Number(self.number()?)),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Malformed> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(Malformed);
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<&'j str, Malformed> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_err() {
            self.digits()?;
        }
        if self.take(b'.').is_ok() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|_| self.take(b'E')).is_ok() {
            let _ = self.take(b'-').or_else(|_| self.take(b'+'));
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Malformed) }
    }

    /// Reads a string, and returns what stands between its quotes.
    fn string(&mut self) -> Result<&'j str, Malformed> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            match self.peek().ok_or(Malformed)? {
                b'"' => {
                    let text = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => {
                    let rest = &self.text[self.at..];
                    self.at += escape(rest).ok_or(Malformed)?.1;
                }
                0..0x20 => return Err(Malformed),
                _ => self.at += 1,
            }
        }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return Err(Malformed);
        }
        self.at += 1;
        Ok(())
    }

    pub(crate) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    pub(crate) fn end(&mut self) -> Result<(), Malformed> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Malformed) }
    }
}

/// The index of an element of a list (RFC 6901 section 4).
fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    (canonical && token.bytes().all(|byte| byte.is_ascii_digit())).then(|| token.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pointer::JsonPointer;

    fn found<'j>(document: &'j str, pointer: &str) -> Result<Found<Value<'j>>, Malformed> {
        find(document.as_bytes(), pointer.parse::<JsonPointer>().unwrap().tokens())
    }

    #[test]
    fn a_value_is_found_where_the_pointer_leads() {
        let document = r#" {"a": [1, {"b": "x\u0079"}], "c": {"": null, "a/b": true}, "d": -1.5e+3, "\u0065": []} "#;
        for (pointer, value) in [
            ("/a/0", Value::Number("1")),
            ("/a/1/b", Value::String("x\\u0079")),
            ("/c/", Value::Null),
            ("/c/a~1b", Value::Bool(true)),
            ("/d", Value::Number("-1.5e+3")),
            ("/e", Value::Compound),
            ("/c", Value::Compound),
        ] {
            assert_eq!(found(document, pointer), Ok(Found::Once(value)), "{pointer}");
        }
        for pointer in ["/b", "/a/2", "/a/00", "/a/-", "/a/1/b/c", "/d/e", "/a/b"] {
            assert_eq!(found(document, pointer), Ok(Found::Absent), "{pointer}");
        }
    }

    #[test]
    fn a_member_with_a_twin_is_ambiguous() {
        for document in [
            r#"{"type": "a", "type": "b"}"#,
            r#"{"type": "a", "Type": "b"}"#,
            r#"{"Type": "b"}"#,
            r#"{"TYPE": 1, "type": "a"}"#,
            r#"{"type": "a", "\u0074ype": "b"}"#,
        ] {
            assert_eq!(found(document, "/type"), Ok(Found::Ambiguous), "{document}");
        }
        for document in [r#"{"a": {}, "a": {"type": "a"}}"#, r#"{"A": {"type": "b"}, "a": {"type": "a"}}"#] {
            assert_eq!(found(document, "/a/type"), Ok(Found::Ambiguous), "{document}");
        }
    }

    #[test]
    fn what_is_not_strictly_json_is_malformed() {
        for document in [
            "",
            " ",
            "{",
            "{}x",
            "{}{}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1,]",
            "[,1]",
            "{a:1}",
            "{'a':1}",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "0x1",
            "NaN",
            "True",
            "nul",
            "\"\t\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"a",
            "// a\n1",
            "/**/1",
            "\u{feff}{}",
            "{}\u{a0}",
            "\u{b}1",
            "1 2",
            "\"\\u+123\"",
        ] {
            assert_eq!(found(document, "/a"), Err(Malformed), "{document:?}");
        }
        assert_eq!(find(b"\"\xff\"", &[]), Err(Malformed));
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!((found(&deep(128), "/a"), found(&deep(129), "/a")), (Ok(Found::Absent), Err(Malformed)));
    }

    fn documents() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            "\\PC{0,4}|[\"\\\\\n\u{7f}🔑]{0,3}".prop_map(Into::into),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::vec(("[abé\"]{0,2}", inner), 0..4)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_others_write_is_read_as_they_meant(document in documents(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            let text = text.unwrap();
            for pointer in ["/a", "/b", "/0", "/a/b", "/a/0", "/é", "/a/1/b", "/\""] {
                let tokens: Vec<PointerToken> =
                    pointer.split('/').skip(1).map(|token| PointerToken::Member(token.to_owned())).collect();
                let found = find(text.as_bytes(), &tokens).unwrap();
                match (found, document.pointer(pointer)) {
                    (Found::Absent, None) => {}
                    (Found::Once(Value::Null), Some(serde_json::Value::Null)) => {}
                    (Found::Once(Value::Bool(found)), Some(serde_json::Value::Bool(meant))) if found == *meant => {}
                    (Found::Once(Value::Number(found)), Some(serde_json::Value::Number(meant)))
                        if found == meant.to_string() => {}
                    (Found::Once(Value::String(found)), Some(serde_json::Value::String(meant)))
                        if characters(found).eq(meant.chars()) => {}
                    (Found::Once(Value::Compound), Some(value)) if value.is_array() || value.is_object() => {}
                    (found, meant) => prop_assert!(false, "{} in {}: {:?} {:?}", pointer, text, found, meant),
                }
            }
        }

        #[test]
        fn a_text_is_read_when_others_read_it(text in "[\\[\\]{}\",:0-9a-e.+\\\\ntrue-]{0,12}") {
            let strict = find(text.as_bytes(), &[]).is_ok();
            // serde_json reads numbers that are too large for it as errors.
            let others = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(strict, others, "{}", text);
        }
    }
}
