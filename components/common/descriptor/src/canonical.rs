//! One spelling of a description, for its digest.

use keywright_model::descriptor::Descriptor;
use serde_json::Value;

use crate::error::DescriptorError;

/// All of what a component answers, as JSON in one spelling: the same text for the same description, and another one for
/// any other. What depends on no order stands sorted, and the schemas, which are JSON themselves, are a part of it, so
/// that an author's spaces make no difference.
///
/// # Errors
///
/// When a schema is not JSON.
pub fn canonical(description: &Descriptor) -> Result<String, DescriptorError> {
    let malformed =
        |what, error: serde_json::Error| DescriptorError::Schema { what, how: format!("is not JSON: {error}") };
    let mut value = serde_json::to_value(description).map_err(|error| malformed("settings", error))?;
    for (what, schema) in [("settings", &description.settings), ("attributes", &description.attributes)] {
        value[what] = serde_json::from_str(schema).map_err(|error| malformed(what, error))?;
    }
    let mut text = String::new();
    write(&value, &mut text);
    Ok(text)
}

/// The members of an object by name, whether or not the JSON library keeps them so.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, text);
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                separate(index, text);
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(member, text);
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn separate(index: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described() -> Descriptor {
        Descriptor {
            settings: r#"{"b":1,"a":{"d":[1,2],"c":null}}"#.into(),
            attributes: "{}".into(),
            ..Descriptor::default()
        }
    }

    #[test]
    fn spaces_and_the_order_of_members_make_no_difference() {
        let spaced = Descriptor { settings: r#"{ "a": {"c":null, "d":[1, 2]}, "b": 1 }"#.into(), ..described() };
        assert_eq!(canonical(&described()).unwrap(), canonical(&spaced).unwrap());
    }

    #[test]
    fn everything_that_is_described_makes_a_difference() {
        use keywright_model::descriptor::{CredentialDescription, Endpoint, PartDescription, PartOrigin};
        let part = |secret| PartDescription {
            name: "token".into(),
            title: "".into(),
            secret,
            required: true,
            identifies: false,
            pattern: None,
            environment: Vec::new(),
            origin: PartOrigin::Vendor,
            extensions: None,
        };
        let administrator = |secret| CredentialDescription { parts: vec![part(secret)], extensions: None };
        let all = [
            described(),
            Descriptor { settings: r#"{"b":1,"a":{"d":[2,1],"c":null}}"#.into(), ..described() },
            Descriptor { attributes: r#"{"default":1}"#.into(), ..described() },
            Descriptor { title: "a".into(), ..described() },
            Descriptor { administrator: administrator(true), ..described() },
            Descriptor { administrator: administrator(false), ..described() },
            Descriptor { issued: administrator(true), ..described() },
            Descriptor { endpoints: vec![Endpoint::default()], ..described() },
            Descriptor { extensions: Some("{}".into()), ..described() },
        ];
        let texts: std::collections::HashSet<String> = all.iter().map(|one| canonical(one).unwrap()).collect();
        assert_eq!(texts.len(), all.len());
    }

    #[test]
    fn a_schema_that_is_not_json_is_refused() {
        assert!(canonical(&Descriptor { settings: "{".into(), ..described() }).is_err());
    }
}
