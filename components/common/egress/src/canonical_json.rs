//! JSON documents in one spelling, without members that stand twice.

use std::collections::HashSet;

use crate::denial::DenialReason;
use crate::json::{Reader, Value};
use crate::json_string::characters;
use crate::percent::Malformed;

/// The document without spaces, in the order of its members, with strings escaped no more than they must be. Numbers stay as
/// they are written.
pub(crate) fn canonical(document: &[u8]) -> Result<String, DenialReason> {
    let mut writer = Writer { out: String::with_capacity(document.len()), duplicate: false };
    let written = Reader::new(document).and_then(|mut reader| {
        writer.value(&mut reader, 0)?;
        reader.end()
    });
    match written {
        Ok(()) => Ok(writer.out),
        Err(Malformed) if writer.duplicate => Err(DenialReason::Duplicate),
        Err(Malformed) => Err(DenialReason::Body),
    }
}

struct Writer {
    out: String,
    duplicate: bool,
}

impl Writer {
    fn value(&mut self, reader: &mut Reader<'_>, depth: usize) -> Result<(), Malformed> {
        reader.space();
        match reader.peek() {
            Some(b'{') => self.object(reader, depth),
            Some(b'[') => self.list(reader, depth),
            _ => {
                match reader.scalar()? {
                    Value::String(text) => self.string(&characters(text).collect::<String>()),
                    Value::Number(number) => self.out.push_str(number),
                    Value::Bool(true) => self.out.push_str("true"),
                    Value::Bool(false) => self.out.push_str("false"),
                    Value::Null | Value::Compound => self.out.push_str("null"),
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, reader: &mut Reader<'_>, depth: usize) -> Result<(), Malformed> {
        let mut names = HashSet::new();
        self.out.push('{');
        reader.members(depth, |reader, key| {
            let name: String = characters(key).collect();
            if !names.is_empty() {
                self.out.push(',');
            }
            self.string(&name);
            self.out.push(':');
            if !names.insert(name) {
                self.duplicate = true;
                return Err(Malformed);
            }
            self.value(reader, depth + 1)
        })?;
        self.out.push('}');
        Ok(())
    }

    fn list(&mut self, reader: &mut Reader<'_>, depth: usize) -> Result<(), Malformed> {
        let mut first = true;
        self.out.push('[');
        reader.elements(depth, |reader| {
            if !std::mem::take(&mut first) {
                self.out.push(',');
            }
            self.value(reader, depth + 1)
        })?;
        self.out.push(']');
        Ok(())
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_one_spelling() {
        let document =
            "{ \"b\" : [ 1.50 , true,\nnull, false ],\t\"\\u0061\": \"\\/\\u00e9\\n\\u0001\", \"c\": { } , \"d\":[]}";
        assert_eq!(
            canonical(document.as_bytes()).unwrap(),
            "{\"b\":[1.50,true,null,false],\"a\":\"/é\\n\\u0001\",\"c\":{},\"d\":[]}"
        );
    }

    #[test]
    fn a_member_that_stands_twice_anywhere_is_refused() {
        for document in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"b":2,"\u0061":3}]}"#] {
            assert_eq!(canonical(document.as_bytes()), Err(DenialReason::Duplicate));
        }
        assert_eq!(canonical(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#).unwrap().len(), 35);
        assert_eq!(canonical(br#"{"a":1"#), Err(DenialReason::Body));
    }
}
