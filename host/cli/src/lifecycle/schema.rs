//! `keywright schema`: the JSON Schema of `keywright.toml`.

use crate::error::Error;
use crate::output::Output;

/// The schema, for editors and for programs that write the file.
pub(super) const SCHEMA: &str = include_str!("keywright.schema.json");

pub(crate) fn run(output: Output) -> Result<(), Error> {
    output.text(SCHEMA)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Map, Value, json};

    use super::*;
    use crate::config::Config;

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    /// A value that a schema allows, with everything that can be given.
    fn example(schema: &Value, root: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return example(root.pointer(reference.trim_start_matches('#')).unwrap(), root);
        }
        if let Some(examples) = schema["examples"].as_array() {
            return examples[0].clone();
        }
        if let Some(choice) = schema["oneOf"].as_array() {
            return example(&choice[0], root);
        }
        if let Some(value) = schema["enum"].as_array() {
            return value[0].clone();
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        match schema["type"].as_str().unwrap_or("object") {
            "object" => {
                let mut object: Map<String, Value> = Map::new();
                for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                    object.insert(name.clone(), example(property, root));
                }
                if let Some(each) = schema["additionalProperties"].as_object() {
                    object.insert("example".to_owned(), example(&Value::Object(each.clone()), root));
                }
                Value::Object(object)
            }
            "array" => json!([example(&schema["items"], root)]),
            "boolean" => json!(true),
            "integer" => json!(1),
            _ => json!("example"),
        }
    }

    fn parse(value: &Value) -> Result<Config, Error> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keywright.toml");
        std::fs::write(&file, toml::to_string(value).unwrap()).unwrap();
        Config::read(&file)
    }

    #[test]
    fn what_the_schema_allows_is_read_and_one_key_more_is_not() {
        let root = schema();
        let whole = example(&root, &root);
        parse(&whole).unwrap();
        for pointer in ["", "/accounts/example", "/credentials/example", "/store", "/key", "/timing", "/sinks/example"]
        {
            let mut more = whole.clone();
            more.pointer_mut(pointer).unwrap()["unheard-of"] = json!("x");
            let said = parse(&more).unwrap_err();
            assert!(said.message().contains("unheard-of"), "{pointer}: {said}");
        }
    }

    #[test]
    fn what_is_read_is_in_the_schema() {
        // serde names all keys that it knows in its message.
        let root = schema();
        let whole = example(&root, &root);
        for (pointer, definition) in [
            ("/accounts/example", "/$defs/account"),
            ("/credentials/example", "/$defs/credential"),
            ("/timing", "/properties/timing"),
            ("/store", "/properties/store"),
            ("/key", "/properties/key"),
            ("", ""),
        ] {
            let mut more = whole.clone();
            more.pointer_mut(pointer).unwrap()["unheard-of"] = json!("x");
            let said = parse(&more).unwrap_err().message().to_owned();
            let (_, known) = said.split_once("expected").unwrap();
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            let mut described: Vec<&str> = root.pointer(definition).unwrap()["properties"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            described.sort_unstable();
            let mut known = known;
            known.sort_unstable();
            assert_eq!(known, described, "{pointer}");
        }
    }

    #[test]
    fn the_example_fits() {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/keywright.toml")).unwrap();
        let example: Value = toml::from_str(&text).unwrap();
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&example).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}
