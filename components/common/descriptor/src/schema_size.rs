//! How large a schema is, once what it refers to stands in the places of the references.

use std::collections::HashMap;

use serde_json::Value;

use crate::extensions::shorten;

/// A schema of a page or two has hundreds of nodes.
const MOST_NODES: usize = 10_000;

/// How deep nodes may stand within each other, references followed.
const DEEPEST: usize = 200;

/// Keywords that change what a reference means, or that the host does not follow.
const UNSUPPORTED: [&str; 7] =
    ["$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor", "$recursiveRef", "$vocabulary"];

/// The one meta-schema.
const META_SCHEMA: &str = "https://json-schema.org/draft/2020-12/schema";

/// Why a schema is not bounded; the rest of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaSizeError {
    /// Its parts stand too deep within each other, references followed.
    #[error("is nested deeper than {DEEPEST} levels")]
    Depth,
    /// It is too large, references followed.
    #[error("expands to more than {MOST_NODES} nodes")]
    Nodes,
    /// It uses a keyword that changes what a reference means, or that the host does not follow.
    #[error("uses `{0}`, which is not supported: refer with `$ref` to a part of it")]
    Keyword(&'static str),
    /// It is written for another meta-schema.
    #[error("has another `$schema` than {META_SCHEMA}")]
    MetaSchema,
    /// A reference leads to itself.
    #[error("has a reference `{0}` to itself")]
    Circle(String),
    /// A reference leads out of the schema.
    #[error("has a reference `{0}` to something that is not part of it")]
    Elsewhere(String),
}

/// Checks that a schema is bounded: that it refers only to parts of itself, never in a circle, and does not expand beyond
/// measure. The host follows it for every call.
///
/// # Errors
///
/// The first thing that makes it unbounded.
pub(crate) fn check(schema: &Value) -> Result<(), SchemaSizeError> {
    Expansion { root: schema, sizes: HashMap::new() }.measure(schema, 0).map(drop)
}

/// The size of a part of a schema.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    depth: usize,
}

struct Expansion<'s> {
    root: &'s Value,
    /// By reference: the size of what it stands for; none while that is measured.
    sizes: HashMap<&'s str, Option<Size>>,
}

impl<'s> Expansion<'s> {
    /// Recursive, but never deeper than [`DEEPEST`].
    fn measure(&mut self, part: &'s Value, above: usize) -> Result<Size, SchemaSizeError> {
        if above > DEEPEST {
            return Err(SchemaSizeError::Depth);
        }
        let within = match part {
            Value::Array(items) => self.sum(items.iter(), above)?,
            Value::Object(fields) => {
                if let Some(name) = UNSUPPORTED.into_iter().find(|name| fields.contains_key(*name)) {
                    return Err(SchemaSizeError::Keyword(name));
                }
                if fields.get("$schema").is_some_and(|uri| uri != META_SCHEMA) {
                    return Err(SchemaSizeError::MetaSchema);
                }
                let own = self.sum(fields.values(), above)?;
                match fields.get("$ref") {
                    Some(Value::String(reference)) => {
                        let referred = self.referred(reference, above)?;
                        Size { nodes: own.nodes.saturating_add(referred.nodes), depth: own.depth.max(referred.depth) }
                    }
                    _ => own,
                }
            }
            _ => Size::default(),
        };
        let size = Size { nodes: within.nodes.saturating_add(1), depth: within.depth + 1 };
        if size.nodes > MOST_NODES {
            return Err(SchemaSizeError::Nodes);
        }
        if above + size.depth > DEEPEST { Err(SchemaSizeError::Depth) } else { Ok(size) }
    }

    fn sum(&mut self, parts: impl Iterator<Item = &'s Value>, above: usize) -> Result<Size, SchemaSizeError> {
        let mut sum = Size::default();
        for part in parts {
            let size = self.measure(part, above + 1)?;
            sum = Size { nodes: sum.nodes.saturating_add(size.nodes), depth: sum.depth.max(size.depth) };
        }
        Ok(sum)
    }

    fn referred(&mut self, reference: &'s str, above: usize) -> Result<Size, SchemaSizeError> {
        match self.sizes.get(reference) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(SchemaSizeError::Circle(shorten(reference))),
            None => {}
        }
        let pointer = reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let Some(part) = pointer.and_then(|pointer| self.root.pointer(pointer)) else {
            return Err(SchemaSizeError::Elsewhere(shorten(reference)));
        };
        self.sizes.insert(reference, None);
        let size = self.measure(part, above + 1)?;
        self.sizes.insert(reference, Some(size));
        Ok(size)
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
        assert_eq!(check(&json!({"$schema": META_SCHEMA})), Ok(()));
    }

    #[test]
    fn a_circle_of_references_is_refused() {
        for schema in [
            json!({"$ref": "#"}),
            json!({"properties": {"a": {"$ref": "#"}}}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"items": {"$ref": "#/$defs/a"}}}}),
        ] {
            assert!(matches!(check(&schema), Err(SchemaSizeError::Circle(_))), "{schema}");
        }
    }

    #[test]
    fn a_reference_to_elsewhere_is_refused() {
        for reference in ["https://evil.example/a.json", "file:///etc/passwd", "#anchor", "other", "#/$defs/none"] {
            let error = check(&json!({"$ref": reference})).unwrap_err();
            assert_eq!(error, SchemaSizeError::Elsewhere(reference.to_owned()));
        }
    }

    #[test]
    fn keywords_that_give_references_another_meaning_are_refused() {
        for keyword in UNSUPPORTED {
            let error = check(&json!({"properties": {"a": {keyword: "x"}}})).unwrap_err();
            assert_eq!(error, SchemaSizeError::Keyword(keyword));
        }
        let draft_7 = json!({"$schema": "http://json-schema.org/draft-07/schema#"});
        assert_eq!(check(&draft_7), Err(SchemaSizeError::MetaSchema));
    }

    /// Each part is the next one twice: forty lines that are a million million nodes.
    #[test]
    fn a_schema_that_doubles_at_every_step_is_refused_without_expanding_it() {
        let mut parts: Map<String, Value> = (0..40)
            .map(|number| {
                let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
                (number.to_string(), json!({"anyOf": [next, next]}))
            })
            .collect();
        parts.insert("40".to_owned(), json!(false));
        let error = check(&json!({"$ref": "#/$defs/0", "$defs": parts})).unwrap_err();
        assert_eq!(error.to_string(), "expands to more than 10000 nodes");
    }

    /// In either order of the parts: what is measured first is not to hide how deep the chain is.
    #[test]
    fn a_long_chain_of_references_is_refused_without_a_deep_stack() {
        for names in [(0..40_000).collect::<Vec<_>>(), (0..40_000).rev().collect()] {
            let mut parts: Map<String, Value> = Map::new();
            for (position, number) in names.iter().enumerate() {
                let next =
                    names.get(position + 1).map_or(json!(true), |next| json!({"$ref": format!("#/$defs/p{next}")}));
                parts.insert(format!("p{number}"), next);
            }
            let error = check(&json!({"$defs": parts})).unwrap_err();
            assert!(matches!(error, SchemaSizeError::Depth | SchemaSizeError::Nodes), "{error}");
        }
    }
}
