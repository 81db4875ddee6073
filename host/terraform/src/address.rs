//! Addresses of resource instances: `module.a["x"].module.b.scaleway_iam_api_key.main[0]`.

use std::fmt;

use serde_json::Value;

/// The address of a resource instance, as Terraform writes it: the module path, the resource, and the instance keys of both.
///
/// Names are identifiers and keys are escaped, so that the text is one line and can stand in HCL as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    modules: Vec<Step>,
    resource_type: String,
    resource: Step,
}

/// A name, and the key of an instance where `count` or `for_each` made several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Step {
    name: String,
    /// As it stands between the brackets: a number, or text with its quotes and escapes.
    key: Option<String>,
}

impl Address {
    /// Puts an address together. `None` when a piece of it is not what Terraform would write.
    pub(crate) fn new(modules: &str, resource_type: &str, name: &str, key: Option<&Value>) -> Option<Self> {
        let key = match key {
            None | Some(Value::Null) => None,
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::String(text)) => Some(quoted(text)),
            Some(_) => return None,
        };
        if !is_identifier(resource_type) || !is_identifier(name) {
            return None;
        }
        Some(Self {
            modules: modules_of(modules)?,
            resource_type: resource_type.to_owned(),
            resource: Step { name: name.to_owned(), key },
        })
    }

    /// The address of the resource in the configuration: without any instance key, which is how `removed` blocks name it.
    pub fn resource(&self) -> String {
        let modules = self.modules.iter().map(|module| format!("module.{}.", module.name));
        let resource = format!("{}.{}", self.resource_type, self.resource.name);
        modules.chain([resource]).collect()
    }

    /// What tells this credential from others of its vendor: the names and keys of modules and resource, in order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.modules
            .iter()
            .chain([&self.resource])
            .flat_map(|step| [Some(step.name.as_str()), step.key.as_deref()])
            .flatten()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for module in &self.modules {
            write!(formatter, "module.{module}.")?;
        }
        write!(formatter, "{}.{}", self.resource_type, self.resource)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            None => formatter.write_str(&self.name),
            Some(key) => write!(formatter, "{}[{key}]", self.name),
        }
    }
}

/// Reads a module path: `module.NAME` or `module.NAME[KEY]`, joined by dots; nothing for the root module.
fn modules_of(text: &str) -> Option<Vec<Step>> {
    let mut modules = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.strip_prefix("module.")?;
        let name = rest.split(['.', '[']).next().filter(|name| is_identifier(name))?;
        rest = &rest[name.len()..];
        let key = match rest.strip_prefix('[') {
            None => None,
            Some(bracket) => {
                let key = &bracket[..key_length(bracket)?];
                rest = bracket[key.len()..].strip_prefix(']')?;
                Some(key.to_owned())
            }
        };
        modules.push(Step { name: name.to_owned(), key });
        if !rest.is_empty() {
            // A dot at the end has nothing after it.
            rest = rest.strip_prefix('.').filter(|rest| !rest.is_empty())?;
        }
    }
    Some(modules)
}

/// How long the key at the beginning of this text is: digits, or text in quotes whose inner quotes are escaped.
fn key_length(text: &str) -> Option<usize> {
    let Some(quoted) = text.strip_prefix('"') else {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return Some(digits).filter(|digits| *digits > 0);
    };
    let mut escaped = false;
    for (at, character) in quoted.char_indices() {
        match character {
            _ if character.is_control() => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // Both quotes.
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Text in quotes as HCL has it: template sequences are escaped, and all that would break the line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                quoted.push(character);
                quoted.push(character);
            }
            // Also what would hide or reorder text on a terminal.
            _ if character.is_control() || is_formatting(character) => match u32::from(character) {
                short @ 0..=0xffff => quoted.push_str(&format!("\\u{short:04x}")),
                long => quoted.push_str(&format!("\\U{long:08x}")),
            },
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Line and paragraph separators, zero-width and bidirectional controls.
fn is_formatting(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name as HCL takes it: letters, digits, `_` and `-`, and no digit or `-` at the beginning.
fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    first && characters.all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'))
}

/// A text of the file as a person may see it: on one line, without what a terminal would act on.
pub(crate) fn shown(text: &str) -> String {
    let harmless = |character: char| !character.is_control() && !is_formatting(character);
    text.chars().filter(|character| harmless(*character)).take(200).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn address(modules: &str, name: &str, key: Value) -> Option<Address> {
        Address::new(modules, "scaleway_iam_api_key", name, Some(&key))
    }

    #[test]
    fn an_address_is_written_as_terraform_writes_it() {
        for (modules, key, text, resource) in [
            ("", Value::Null, "scaleway_iam_api_key.main", "scaleway_iam_api_key.main"),
            ("", json!(0), "scaleway_iam_api_key.main[0]", "scaleway_iam_api_key.main"),
            (
                r#"module.a["x.y]\"/"].module.b"#,
                json!("k"),
                r#"module.a["x.y]\"/"].module.b.scaleway_iam_api_key.main["k"]"#,
                "module.a.module.b.scaleway_iam_api_key.main",
            ),
            (
                "module.a[12]",
                json!(3),
                "module.a[12].scaleway_iam_api_key.main[3]",
                "module.a.scaleway_iam_api_key.main",
            ),
        ] {
            let address = address(modules, "main", key).unwrap();
            assert_eq!((address.to_string().as_str(), address.resource().as_str()), (text, resource));
        }
    }

    /// The text is what Terraform 1.11.4 writes for this key.
    #[test]
    fn a_key_is_escaped_as_terraform_escapes_it() {
        let address = address("", "each", json!("we\"ird${x}\n'é\u{1}")).unwrap();
        assert_eq!(address.to_string(), r#"scaleway_iam_api_key.each["we\"ird$${x}\n'é\u0001"]"#);
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for modules in [
            "a",
            "module",
            "module.",
            "module..",
            "module.a.",
            "module.a]",
            "module.a[",
            "module.a[]",
            "module.a[x]",
            "module.a[\"x]",
            "module.a[\"x\"",
            "module.a[\"x\\\"]",
            "module.a[\"\n\"]",
            "module.a[0]b",
            "module.1a",
            "module.a b",
            "module.a\nmodule.b",
            "module.a} removed {",
        ] {
            assert_eq!(address(modules, "main", Value::Null), None, "{modules:?}");
        }
        for name in ["", "0", "-a", "a.b", "a b", "a\"", "a\n", "a[0]", "a{"] {
            assert_eq!(address("", name, Value::Null), None, "{name:?}");
        }
        for key in [json!(true), json!([0]), json!({})] {
            assert_eq!(address("", "main", key), None);
        }
    }

    #[test]
    fn a_name_may_have_letters_of_any_script() {
        assert_eq!(address("", "clé_é-1", Value::Null).unwrap().to_string(), "scaleway_iam_api_key.clé_é-1");
    }
}
