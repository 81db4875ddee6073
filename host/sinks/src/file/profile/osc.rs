//! OUTSCALE's `~/.osc/config.json`: an object of profiles, each an object with `access_key` and `secret_key` (README of
//! `osc-cli` and `octl`, "Configuration").

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstRootNode};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{Editor, Entries, Trouble, unexpected};

const KEYS: &[(&str, &[&str])] = &[("access_key", &["access_key"]), ("secret_key", &["secret_key"])];

/// JSON as in RFC 8259.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

#[derive(Debug)]
pub(super) struct Osc;

impl Editor for Osc {
    fn get(&self, text: &str, profile: &str) -> Result<Entries, Trouble> {
        let profiles = read(text)?;
        let Some(profile) = profiles.get(profile) else { return Ok(Vec::new()) };
        let profile = profile.as_object().ok_or_else(malformed)?;
        let value = |(key, _): &(&'static str, &[&str])| {
            let value = profile.get(*key).filter(|value| !value.is_null())?;
            Some(value.as_str().map(|value| (*key, Zeroizing::new(value.to_owned()))).ok_or_else(malformed))
        };
        KEYS.iter().filter_map(value).collect()
    }

    fn set(&self, text: &str, profile: &str, entries: &Entries) -> Result<Zeroizing<String>, Trouble> {
        let text = if text.trim().is_empty() { "{\n}\n" } else { text };
        edit(text, profile, |profiles| {
            let target = match profiles.get(profile) {
                Some(property) => property.object_value()?,
                None => {
                    let property = profiles.append(profile, CstInputValue::Object(Vec::new()));
                    property.object_value()?
                }
            };
            target.ensure_multiline();
            for (key, value) in entries {
                let value = CstInputValue::String(value.to_string());
                match target.get(key) {
                    Some(property) => property.set_value(value),
                    None => drop(target.append(key, value)),
                }
            }
            Some(())
        })
    }

    fn unset(&self, text: &str, profile: &str) -> Result<Zeroizing<String>, Trouble> {
        let text = edit(text, profile, |profiles| {
            let Some(property) = profiles.get(profile) else { return Some(()) };
            let target = property.object_value()?;
            for (key, _) in KEYS {
                if let Some(property) = target.get(key) {
                    property.remove();
                }
            }
            if target.properties().is_empty() {
                property.remove();
            }
            Some(())
        })?;
        Ok(if read(&text)?.is_empty() { Zeroizing::default() } else { text })
    }

    fn keys(&self) -> &'static [(&'static str, &'static [&'static str])] {
        KEYS
    }

    fn what(&self) -> &'static str {
        "an access key"
    }
}

/// Carries out an edit, and sees that nothing else has changed.
fn edit(text: &str, profile: &str, edit: impl FnOnce(&CstObject) -> Option<()>) -> Result<Zeroizing<String>, Trouble> {
    let before = read(text)?;
    let root = CstRootNode::parse(text, &STRICT).map_err(|_| malformed())?;
    let profiles = root.object_value().ok_or_else(malformed)?;
    edit(&profiles).ok_or_else(malformed)?;
    let text = Zeroizing::new(root.to_string());
    let after = read(&text).map_err(|_| unexpected())?;
    if others(before, profile) == others(after, profile) { Ok(text) } else { Err(unexpected()) }
}

/// All that is not ours.
fn others(mut profiles: Map<String, Value>, profile: &str) -> Map<String, Value> {
    if let Some(Value::Object(keys)) = profiles.get_mut(profile) {
        for (key, _) in KEYS {
            keys.remove(*key);
        }
        if keys.is_empty() {
            profiles.remove(profile);
        }
    }
    profiles
}

fn read(text: &str) -> Result<Map<String, Value>, Trouble> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(text).map_err(|_| malformed())
}

fn malformed() -> Trouble {
    Trouble::Malformed(
        "is not a JSON object of profiles, as ~/.osc/config.json is: correct it, or move it away".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Entries {
        vec![("access_key", Zeroizing::new("A1".to_owned())), ("secret_key", Zeroizing::new("S\"1".to_owned()))]
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for (before, after) in [
            ("", "{\n  \"ci\": {\n    \"access_key\": \"A1\",\n    \"secret_key\": \"S\\\"1\"\n  }\n}\n"),
            (
                "{\"default\":  {\"region\":\"eu-west-2\" ,\"access_key\": \"D\"}}",
                "{\n  \"default\":  {\"region\":\"eu-west-2\" ,\"access_key\": \"D\"},\n  \"ci\": {\n    \"access_key\": \"A1\",\n    \"secret_key\": \"S\\\"1\"\n  }\n}",
            ),
            (
                "{\n\t\"ci\": {\n\t\t\"secret_key\": \"old\",\n\t\t\"region\": \"eu-west-2\",\n\t\t\"access_key\": \"A0\"\n\t},\n\t\"z\": {\"a\": [1.50, 1e3]}\n}\n",
                "{\n\t\"ci\": {\n\t\t\"secret_key\": \"S\\\"1\",\n\t\t\"region\": \"eu-west-2\",\n\t\t\"access_key\": \"A1\"\n\t},\n\t\"z\": {\"a\": [1.50, 1e3]}\n}\n",
            ),
        ] {
            let new = Osc.set(before, "ci", &entries()).unwrap();
            assert_eq!(new.as_str(), after);
            assert_eq!(Osc.get(&new, "ci").unwrap(), entries());
        }
    }

    #[test]
    fn only_our_keys_are_removed() {
        let written = Osc.set("", "ci", &entries()).unwrap();
        assert_eq!(Osc.unset(&written, "ci").unwrap().as_str(), "");
        let written = Osc.set("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", "ci", &entries()).unwrap();
        assert_eq!(Osc.unset(&written, "ci").unwrap().as_str(), "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
        let text = "{\"ci\": {\"access_key\": \"A\", \"region\": \"r\"}}";
        let left: Value = serde_json::from_str(&Osc.unset(text, "ci").unwrap()).unwrap();
        assert_eq!(left, serde_json::json!({"ci": {"region": "r"}}));
        assert_eq!(Osc.unset("{\"a\": {}}", "ci").unwrap().as_str(), "{\"a\": {}}");
    }

    #[test]
    fn what_is_not_such_a_file_is_refused() {
        for text in ["[]", "{", "{\"ci\": []}", "{\"ci\": 1}", "{} // x", "{\"ci\": {\"access_key\": 1}}"] {
            let set = Osc.get(text, "ci").and_then(|_| Osc.set(text, "ci", &entries()));
            assert!(matches!(set, Err(Trouble::Malformed(_))), "{text}");
        }
    }
}
