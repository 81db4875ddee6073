//! Reading a descriptor's JSON Schemas: which properties there are, of which type, and what an argument stands for.

use serde_json::{Map, Value};

use crate::text::series;

/// The schema of an object, as a list of its properties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
}

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Property<'s> {
    /// Its name.
    pub(crate) name: &'s str,
    schema: &'s Value,
    root: &'s Value,
    /// Whether the object must have it.
    pub(crate) required: bool,
}

/// How a list is selected by a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filtering {
    /// It may be.
    Optional,
    /// The vendor lists nothing without it.
    Required,
}

impl<'s> Schema<'s> {
    /// Of this document.
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root }
    }

    /// The properties.
    pub(crate) fn properties(self) -> impl Iterator<Item = Property<'s>> {
        let required: Vec<&str> =
            self.root["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = self.root["properties"].as_object().into_iter().flatten();
        properties.map(move |(name, schema)| Property {
            name,
            schema: resolve(self.root, schema),
            root: self.root,
            required: required.contains(&name.as_str()),
        })
    }

    /// The property of this name.
    pub(crate) fn property(self, name: &str) -> Option<Property<'s>> {
        self.properties().find(|property| property.name == name)
    }

    /// Whether there may be no other properties.
    pub(crate) fn is_closed(self) -> bool {
        self.root["additionalProperties"] == Value::Bool(false)
    }
}

impl<'s> Property<'s> {
    /// Whether it has this flag, such as `readOnly`.
    pub(crate) fn is(self, flag: &str) -> bool {
        self.schema[flag] == Value::Bool(true)
    }

    /// Whether its value is secret.
    pub(crate) fn is_secret(self) -> bool {
        self.is("writeOnly")
    }

    /// Whether a list can be selected by it, and whether it has to be.
    pub(crate) fn filter(self) -> Option<Filtering> {
        match &self.schema["x-keywright-filter"] {
            Value::Bool(true) => Some(Filtering::Optional),
            Value::String(text) if text == "required" => Some(Filtering::Required),
            _ => None,
        }
    }

    /// A sentence or two on it.
    pub(crate) fn description(self) -> Option<&'s str> {
        self.schema["description"].as_str()
    }

    /// The environment variables in which users of the vendor keep it.
    pub(crate) fn environment(self) -> Vec<&'s str> {
        self.schema["x-keywright-env"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Its default.
    pub(crate) fn default(self) -> Option<&'s Value> {
        self.schema.get("default")
    }

    /// Its type in a few words.
    pub(crate) fn type_words(self) -> String {
        type_words(self.root, self.schema)
    }

    /// What `text` stands for: a string as it is, a number, `true` or `false`, a list with commas; JSON for the rest.
    ///
    /// # Errors
    ///
    /// When the text is not of the type; the rest of a sentence, without the text.
    pub(crate) fn read(self, text: &str) -> Result<Value, String> {
        read(self.root, self.schema, text)
    }
}

/// What `text` may stand for when no schema says more: JSON, or else itself.
pub(crate) fn read_untyped(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Follows a reference within the document.
fn resolve<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let target = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn read(root: &Value, schema: &Value, text: &str) -> Result<Value, String> {
    let types = types(schema);
    if types.contains(&"null") && !types.contains(&"string") && text == "null" {
        return Ok(Value::Null);
    }
    let wanted: Vec<&str> = types.iter().copied().filter(|name| *name != "null").collect();
    match wanted.as_slice() {
        [one] => read_as(one, root, schema, text),
        [] => {
            let is_choice =
                schema["enum"].as_array().is_some_and(|choices| choices.iter().any(|choice| choice == text));
            if is_choice { Ok(Value::String(text.to_owned())) } else { Ok(read_untyped(text)) }
        }
        several => {
            // A string takes anything, so it comes last.
            let narrow = several.iter().filter(|name| **name != "string");
            let first = narrow.copied().find_map(|name| read_as(name, root, schema, text).ok());
            match first {
                Some(value) => Ok(value),
                None if several.contains(&"string") => Ok(Value::String(text.to_owned())),
                None => Err(format!("must be one of these types: {}", several.join(", "))),
            }
        }
    }
}

fn read_as(name: &str, root: &Value, schema: &Value, text: &str) -> Result<Value, String> {
    let json = |fits: fn(&Value) -> bool, what: &str| {
        let value = serde_json::from_str(text).ok().filter(fits);
        value.ok_or_else(|| format!("must be {what}"))
    };
    match name {
        "string" => Ok(Value::String(text.to_owned())),
        "integer" => json(|value| value.is_i64() || value.is_u64(), "a whole number"),
        "number" => json(Value::is_number, "a number"),
        "boolean" => json(Value::is_boolean, "true or false"),
        "array" if text.starts_with('[') => json(Value::is_array, "a JSON array, or values with commas between"),
        "array" => list(root, resolve(root, &schema["items"]), text),
        _ => json(Value::is_object, "a JSON object"),
    }
}

fn list(root: &Value, items: &Value, text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    let values: Result<Vec<Value>, String> = text.split(',').map(|item| read(root, items, item.trim())).collect();
    values.map(Value::Array).map_err(|problem| format!("has a value that {problem}"))
}

fn type_words(root: &Value, schema: &Value) -> String {
    let mut words = Vec::new();
    if let Some(choices) = schema["enum"].as_array() {
        let choices = choices.iter().map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned));
        return format!("one of {}", series(choices, "or"));
    }
    for name in types(schema) {
        words.push(match name {
            "array" => format!("list of {}", type_words(root, resolve(root, &schema["items"]))),
            name => name.to_owned(),
        });
    }
    let mut text = if words.is_empty() { "JSON".to_owned() } else { words.join(" or ") };
    if let Some(format) = schema["format"].as_str() {
        text.push_str(&format!(" ({format})"));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        text.push_str(&format!(", at most {most} characters"));
    }
    text
}

/// Whether `actual` shows the merge patch `patch` (RFC 7396): what the patch removes is absent or null, what it sets is
/// there.
pub(crate) fn shows(patch: &Map<String, Value>, actual: &Map<String, Value>) -> bool {
    patch.iter().all(|(name, wanted)| match (wanted, actual.get(name)) {
        (Value::Null, None | Some(Value::Null)) => true,
        (Value::Object(wanted), Some(Value::Object(found))) => shows(wanted, found),
        (wanted, Some(found)) => wanted == found,
        (_, None) => false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "type": "object",
            "$defs": { "id": { "type": "string", "format": "uuid" } },
            "properties": {
                "name": { "type": "string", "maxLength": 200, "x-keywright-env": ["NAME"] },
                "count": { "type": "integer" },
                "share": { "type": ["number", "null"] },
                "open": { "type": "boolean" },
                "scopes": { "type": "array", "items": { "type": "string" } },
                "ports": { "type": "array", "items": { "type": "integer" } },
                "rule": { "type": "object" },
                "role": { "enum": ["reader", "writer"] },
                "user": { "type": "string", "x-keywright-filter": "required" },
                "pin": { "type": "string", "writeOnly": true, "x-keywright-filter": true },
                "either": { "type": ["string", "integer"] },
                "owner": { "$ref": "#/$defs/id" }
            },
            "required": ["name"],
            "additionalProperties": false
        })
    }

    fn read(name: &str, text: &str) -> Result<Value, String> {
        Schema::new(&document()).property(name).unwrap().read(text)
    }

    #[test]
    fn words_are_read_as_the_schema_says() {
        assert_eq!(read("name", "42"), Ok(json!("42")));
        assert_eq!(read("count", "42"), Ok(json!(42)));
        assert_eq!(read("share", "0.5"), Ok(json!(0.5)));
        assert_eq!(read("share", "null"), Ok(json!(null)));
        assert_eq!(read("open", "true"), Ok(json!(true)));
        assert_eq!(read("scopes", "a, b"), Ok(json!(["a", "b"])));
        assert_eq!(read("scopes", ""), Ok(json!([])));
        assert_eq!(read("scopes", r#"["a,b"]"#), Ok(json!(["a,b"])));
        assert_eq!(read("ports", "1,2"), Ok(json!([1, 2])));
        assert_eq!(read("rule", r#"{"a":1}"#), Ok(json!({"a": 1})));
        assert_eq!(read("role", "reader"), Ok(json!("reader")));
        assert_eq!(read("either", "7"), Ok(json!(7)));
        assert_eq!(read("either", "seven"), Ok(json!("seven")));
        assert_eq!(read("owner", "x"), Ok(json!("x")));
    }

    #[test]
    fn a_word_of_another_type_is_refused_without_being_quoted() {
        for (name, text) in [("count", "hush"), ("count", "1.5"), ("share", "hush"), ("open", "hush"), ("rule", "hush")]
        {
            let problem = read(name, text).unwrap_err();
            assert!(problem.starts_with("must be "), "{name}: {problem}");
            assert!(!problem.contains("hush"), "{problem}");
        }
        assert_eq!(read("ports", "1,x"), Err("has a value that must be a whole number".to_owned()));
    }

    #[test]
    fn types_are_described_in_words() {
        let document = document();
        let words = |name| Schema::new(&document).property(name).unwrap().type_words();
        assert_eq!(words("name"), "string, at most 200 characters");
        assert_eq!(words("owner"), "string (uuid)");
        assert_eq!(words("scopes"), "list of string");
        assert_eq!(words("role"), "one of reader or writer");
    }

    #[test]
    fn a_property_knows_whether_it_is_required() {
        let document = document();
        let schema = Schema::new(&document);
        assert!(schema.is_closed());
        assert!(schema.property("name").unwrap().required);
        assert!(!schema.property("count").unwrap().required);
        assert_eq!(schema.property("name").unwrap().environment(), ["NAME"]);
    }

    #[test]
    fn a_property_knows_whether_lists_are_selected_by_it_and_whether_it_is_secret() {
        let document = document();
        let property = |name| Schema::new(&document).property(name).unwrap();
        assert_eq!(property("user").filter(), Some(Filtering::Required));
        assert_eq!(property("pin").filter(), Some(Filtering::Optional));
        assert_eq!(property("name").filter(), None);
        assert!(property("pin").is_secret() && !property("user").is_secret());
    }

    #[test]
    fn a_patch_shows_when_all_of_it_is_there() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let actual = object(json!({"a": 1, "b": {"c": 2, "d": 3}}));
        assert!(shows(&object(json!({"a": 1, "b": {"c": 2}, "e": null})), &actual));
        assert!(!shows(&object(json!({"a": 2})), &actual));
        assert!(!shows(&object(json!({"a": null})), &actual));
        assert!(!shows(&object(json!({"z": 1})), &actual));
    }
}
