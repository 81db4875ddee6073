//! The attributes of one instance, secrets among them.

use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::document::parse_piece;

/// The attributes of one instance. All text in them is wiped on drop, since any may be a secret.
pub(crate) struct InstanceAttributes(Map<String, Value>);

/// Something on the way to an attribute has another type than the provider's schema says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongType;

impl InstanceAttributes {
    /// `None` when it is not an object that can be read.
    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        parse_piece(raw.get()).map(Self)
    }

    /// The attribute at this path: names joined by slashes, through nested objects and through blocks, which state holds as
    /// lists. Absent and null are the same.
    pub(crate) fn at(&self, path: &str) -> Result<Option<&Value>, WrongType> {
        let mut names = path.split('/');
        let mut value = names.next().and_then(|name| self.0.get(name));
        for name in names {
            // A block of which there is at most one.
            let object = match value {
                Some(Value::Array(blocks)) => match blocks.as_slice() {
                    [] => None,
                    [block] => Some(block),
                    _ => return Err(WrongType),
                },
                value => value,
            };
            value = match object {
                None | Some(Value::Null) => None,
                Some(Value::Object(object)) => object.get(name),
                Some(_) => return Err(WrongType),
            };
        }
        Ok(value.filter(|value| !value.is_null()))
    }

    /// Takes the secret out; none when it is absent or empty, as after an import into Terraform.
    pub(crate) fn take_secret(&mut self, name: &str) -> Result<Option<SecretString>, WrongType> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty()).map(SecretString::from)),
            Some(mut value) => {
                wipe(&mut value);
                Err(WrongType)
            }
        }
    }
}

impl Drop for InstanceAttributes {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(values) => values.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    fn attributes(value: Value) -> InstanceAttributes {
        let Value::Object(attributes) = value else { panic!("an object") };
        InstanceAttributes(attributes)
    }

    #[test]
    fn blocks_and_objects_are_walked_alike() {
        for user in [json!([{ "role": [{ "id": 2 }] }]), json!({ "role": { "id": 2 } })] {
            assert_eq!(attributes(json!({ "user": user })).at("user/role/id"), Ok(Some(&json!(2))));
        }
        for nothing in [json!({}), json!({ "user": null }), json!({ "user": [] }), json!({ "user": [{ "role": [] }] })]
        {
            assert_eq!(attributes(nothing).at("user/role/id"), Ok(None));
        }
        for wrong in [json!({ "user": "x" }), json!({ "user": [{}, {}] }), json!({ "user": { "role": 1 } })] {
            assert_eq!(attributes(wrong).at("user/role/id"), Err(WrongType));
        }
    }

    #[test]
    fn a_secret_is_text_that_is_not_empty() {
        let mut attributes = attributes(json!({ "a": "made-up", "b": "", "c": null, "d": 7 }));
        assert_eq!(attributes.take_secret("a").unwrap().unwrap().expose_secret(), "made-up");
        for name in ["a", "b", "c", "e"] {
            assert!(attributes.take_secret(name).unwrap().is_none(), "{name}");
        }
        assert_eq!(attributes.take_secret("d").unwrap_err(), WrongType);
    }
}
