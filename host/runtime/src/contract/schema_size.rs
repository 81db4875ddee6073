//! How much a schema asks for, once what it refers to stands in the places of the references.

use std::collections::HashMap;

use serde_json::Value;

/// A schema of a page or two has hundreds of parts.
const MOST: usize = 10_000;

/// Checks that a schema comes to an end, soon: that it refers only to parts of itself, never in a circle, and is not small
/// to write and endless to follow. The host follows it for every call, on no adapter's time.
///
/// # Errors
///
/// What is wrong, as the rest of a sentence.
pub(crate) fn check(schema: &Value) -> Result<(), String> {
    Unfolded { root: schema, parts: HashMap::new() }.count(schema).map(drop)
}

struct Unfolded<'s> {
    root: &'s Value,
    /// By reference: how many parts it stands for; none while they are counted.
    parts: HashMap<&'s str, Option<usize>>,
}

impl<'s> Unfolded<'s> {
    fn count(&mut self, part: &'s Value) -> Result<usize, String> {
        let within: usize = match part {
            Value::Array(items) => self.sum(items.iter())?,
            Value::Object(fields) => {
                if let Some(name) = ["$dynamicRef", "$recursiveRef"].iter().find(|name| fields.contains_key(**name)) {
                    return Err(format!("`{name}` is not followed: write `$ref`"));
                }
                let own = self.sum(fields.values())?;
                match fields.get("$ref").and_then(Value::as_str) {
                    Some(reference) => own.saturating_add(self.referred(reference)?),
                    None => own,
                }
            }
            _ => 0,
        };
        match within.saturating_add(1) {
            count if count <= MOST => Ok(count),
            _ => Err(format!("it unfolds to more than {MOST} parts")),
        }
    }

    fn sum(&mut self, parts: impl Iterator<Item = &'s Value>) -> Result<usize, String> {
        parts.map(|part| self.count(part)).try_fold(0_usize, |sum, count| Ok(sum.saturating_add(count?)))
    }

    fn referred(&mut self, reference: &'s str) -> Result<usize, String> {
        match self.parts.get(reference) {
            Some(Some(count)) => return Ok(*count),
            Some(None) => return Err(format!("`{}` refers to itself", reference.escape_debug())),
            None => {}
        }
        let pointer = reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let Some(part) = pointer.and_then(|pointer| self.root.pointer(pointer)) else {
            return Err(format!("`{}` refers to nothing within it", reference.escape_debug()));
        };
        self.parts.insert(reference, None);
        let count = self.count(part)?;
        self.parts.insert(reference, Some(count));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};

    #[test]
    fn a_schema_may_refer_to_its_own_parts_again_and_again() {
        let id = json!({"$ref": "#/$defs/id"});
        let schema = json!({"$defs": {"id": {"type": "string"}}, "properties": {"a": id, "b": id, "c": {"items": id}}});
        assert_eq!(check(&schema), Ok(()));
        assert_eq!(check(&json!(true)), Ok(()));
    }

    #[test]
    fn a_circle_has_no_end() {
        for schema in [
            json!({"$ref": "#"}),
            json!({"properties": {"a": {"$ref": "#"}}}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"items": {"$ref": "#/$defs/a"}}}}),
        ] {
            assert!(check(&schema).unwrap_err().ends_with("refers to itself"), "{schema}");
        }
    }

    #[test]
    fn what_is_elsewhere_is_not_referred_to() {
        for reference in ["https://evil.example/a.json", "file:///etc/passwd", "#anchor", "other", "#/$defs/none"] {
            let told = check(&json!({"$ref": reference})).unwrap_err();
            assert!(told.contains(reference) && told.ends_with("refers to nothing within it"), "{told}");
        }
        assert!(check(&json!({"$dynamicRef": "#a"})).unwrap_err().contains("$dynamicRef"));
    }

    /// Each part is the next one twice: forty lines that are a million million parts.
    #[test]
    fn what_doubles_at_every_step_is_found_without_following_it() {
        let mut parts: Map<String, Value> = (0..40)
            .map(|number| {
                let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
                (number.to_string(), json!({"anyOf": [next, next]}))
            })
            .collect();
        parts.insert("40".to_owned(), json!(false));
        let told = check(&json!({"$ref": "#/$defs/0", "$defs": parts})).unwrap_err();
        assert_eq!(told, "it unfolds to more than 10000 parts");
    }
}
