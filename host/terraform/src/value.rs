//! Values of attributes, from the provider's form to the adapter's.

use serde_json::{Map, Value};

/// What an attribute holds, in the state and in the adapter alike.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text. Empty is the same as absent: what a provider writes for an argument that was not given.
    Text,
    /// One of these texts, or empty as above.
    OneOf(&'static [&'static str]),
    /// A whole number from 1. Zero is the same as absent, as above.
    Number,
    /// True or false.
    Flag,
    /// A list of texts whose order means nothing.
    TextSet,
    /// A list of objects of texts, which have these keys and no other.
    Objects(&'static [&'static str]),
}

impl Kind {
    /// The value for the adapter, or `None` when there is none. An error says what it should have been.
    pub(crate) fn read(self, value: Option<&Value>) -> Result<Option<Value>, String> {
        let read = match (self, value) {
            // A block that stands there not once.
            (Self::Objects(_), None) => Some(Some(Value::Array(Vec::new()))),
            (_, None) => Some(None),
            (Self::Text, Some(Value::String(text))) => {
                Some(Some(text).filter(|text| !text.is_empty()).cloned().map(Value::from))
            }
            (Self::OneOf(_), Some(Value::String(text))) if text.is_empty() => Some(None),
            (Self::OneOf(texts), Some(value)) => {
                let known = value.as_str().is_some_and(|text| texts.contains(&text));
                known.then(|| Some(value.clone()))
            }
            (Self::Number, Some(Value::Number(number))) => {
                // What TOML can hold, too.
                let number = number.as_i64().filter(|number| *number >= 0);
                number.map(|number| Some(number).filter(|number| *number > 0).map(Value::from))
            }
            (Self::Flag, Some(value @ Value::Bool(_))) => Some(Some(value.clone())),
            (Self::TextSet, Some(Value::Array(items))) => texts(items).map(Some),
            (Self::Objects(keys), Some(Value::Array(items))) => {
                items.iter().map(|item| object(item, keys)).collect::<Option<Vec<_>>>().map(|items| Some(items.into()))
            }
            _ => None,
        };
        read.ok_or_else(|| self.article())
    }

    /// What a value of this kind is called.
    pub(crate) fn article(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::OneOf(texts) => texts.join(" or "),
            Self::Number => "a whole number".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::TextSet => "a list of texts".to_owned(),
            Self::Objects(keys) => format!("a list of blocks with {}", keys.join(" and ")),
        }
    }
}

fn texts(items: &[Value]) -> Option<Value> {
    let mut texts: Vec<&str> = items.iter().map(Value::as_str).collect::<Option<_>>()?;
    texts.sort_unstable();
    texts.dedup();
    Some(texts.into())
}

fn object(item: &Value, keys: &[&str]) -> Option<Value> {
    let item = item.as_object()?;
    let text = |key: &&str| match item.get(*key) {
        None | Some(Value::Null) => Some(((*key).to_owned(), Value::from(""))),
        Some(value) => value.is_string().then(|| ((*key).to_owned(), value.clone())),
    };
    let object: Map<String, Value> = keys.iter().map(text).collect::<Option<_>>()?;
    Some(object.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GRANTS: Kind = Kind::Objects(&["bucket", "permission"]);

    #[test]
    fn a_value_is_taken_in_the_adapters_form() {
        for (kind, value, taken) in [
            (Kind::Text, json!("a"), Some(json!("a"))),
            (Kind::Text, json!(""), None),
            (Kind::OneOf(&["on", "off"]), json!("off"), Some(json!("off"))),
            (Kind::OneOf(&["on", "off"]), json!(""), None),
            (Kind::Number, json!(3600), Some(json!(3600))),
            (Kind::Number, json!(0), None),
            (Kind::Flag, json!(false), Some(json!(false))),
            (Kind::TextSet, json!(["b", "a", "b"]), Some(json!(["a", "b"]))),
            (
                GRANTS,
                json!([{ "bucket": "b", "permission": "read" }]),
                Some(json!([{ "bucket": "b", "permission": "read" }])),
            ),
            (
                GRANTS,
                json!([{ "bucket": null, "permission": "fullaccess" }]),
                Some(json!([{ "bucket": "", "permission": "fullaccess" }])),
            ),
        ] {
            assert_eq!(kind.read(Some(&value)), Ok(taken), "{value}");
        }
        for kind in [Kind::Text, Kind::OneOf(&["on"]), Kind::Number, Kind::Flag, Kind::TextSet] {
            assert_eq!(kind.read(None), Ok(None));
        }
        assert_eq!(GRANTS.read(None), Ok(Some(json!([]))));
    }

    #[test]
    fn a_value_of_another_type_is_an_error_that_does_not_quote_it() {
        for (kind, value, expected) in [
            (Kind::Text, json!(1), "text"),
            (Kind::OneOf(&["on", "off"]), json!("hush"), "on or off"),
            (Kind::Number, json!("1"), "a whole number"),
            (Kind::Number, json!(1.5), "a whole number"),
            (Kind::Number, json!(-1), "a whole number"),
            (Kind::Number, json!(u64::MAX), "a whole number"),
            (Kind::Flag, json!("true"), "true or false"),
            (Kind::TextSet, json!("a b"), "a list of texts"),
            (Kind::TextSet, json!([1]), "a list of texts"),
            (GRANTS, json!([{ "bucket": 1 }]), "a list of blocks with bucket and permission"),
            (GRANTS, json!({}), "a list of blocks with bucket and permission"),
        ] {
            assert_eq!(kind.read(Some(&value)), Err(expected.to_owned()), "{value}");
        }
    }
}
