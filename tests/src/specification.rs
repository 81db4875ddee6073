//! A vendor's API as OpenAPI 3 describes it, to hold requests and answers against.

use std::collections::{BTreeMap, HashSet};

use http::Method;
use jsonschema::Validator;
use keywright_simulators::Recorded;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{Answer, object};

/// A description of an API, restated as far as the vendor's adapter needs it. `$ref` may name schemas under
/// `components`.
pub struct Specification(Value);

impl Specification {
    /// Reads it from JSON.
    pub fn read(text: &str) -> Self {
        Self(as_json_schema(serde_json::from_str(text).expect("JSON")))
    }

    /// The operations that it describes, as `METHOD template`.
    pub fn operations(&self) -> HashSet<String> {
        let paths = self.0["paths"].as_object().expect("paths");
        let operations = |template: &String, item: &Value| {
            let methods = item.as_object().expect("a path item").keys().filter(|key| *key != "parameters");
            methods.map(|method| format!("{} {template}", method.to_uppercase())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(|(template, item)| operations(template, item)).collect()
    }

    /// The operation that a request is, as in [`operations`](Self::operations).
    pub fn operation_of(&self, method: &Method, path: &str) -> String {
        format!("{method} {}", self.find(method, path).0)
    }

    /// The path template that fits, and what is said of the method there.
    fn find(&self, method: &Method, path: &str) -> (&str, &Value) {
        let paths = self.0["paths"].as_object().expect("paths");
        let fits = |template: &str| {
            let (mut template, mut path) = (template.split('/'), path.split('/'));
            loop {
                match (template.next(), path.next()) {
                    (None, None) => return true,
                    (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {}
                    (Some(name), Some(segment)) if name == segment => {}
                    _ => return false,
                }
            }
        };
        // A template without a variable wins over one with (OpenAPI 3, "Path Templating Matching").
        let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let (template, item) = *fitting.first().unwrap_or_else(|| panic!("{path} is no path of the specification"));
        let operation = &item[method.as_str().to_lowercase()];
        assert!(operation.is_object(), "{method} {template} is not in the specification");
        (template, operation)
    }

    /// A validator of a schema that may refer to the components.
    pub fn validator(&self, schema: &Value) -> Validator {
        let mut root = object(schema.clone());
        root.insert("components".to_owned(), self.0["components"].clone());
        jsonschema::options().should_validate_formats(true).build(&Value::Object(root)).expect("a schema")
    }

    fn check_value(&self, what: &str, schema: &Value, value: &Value) {
        let errors: Vec<String> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:?}\n{value:#}");
    }

    /// The schema itself, where this only refers to it.
    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("a reference within the specification");
                self.resolved(self.0.pointer(pointer).unwrap_or_else(|| panic!("no {reference}")))
            }
            None => schema,
        }
    }

    /// Fails unless the request is one that the vendor documents: path, method, query, body.
    pub fn check_request(&self, request: &Recorded) {
        let what = format!("{} {}", request.method, request.path);
        let (_, operation) = self.find(&request.method, &request.path);
        self.check_query(&what, operation, request.query.as_deref());
        let content = request.headers.get("content-type").and_then(|kind| kind.to_str().ok()).map(essence);
        let described = &operation["requestBody"]["content"];
        if described.is_null() {
            return assert!(request.body.is_empty(), "{what}: a body");
        }
        let content = content.unwrap_or_else(|| panic!("{what}: no content type"));
        let schema = &described[&content]["schema"];
        assert!(schema.is_object(), "{what}: no body of type {content}");
        let body = match content.as_str() {
            "application/x-www-form-urlencoded" => form(&request.body),
            _ => serde_json::from_slice(&request.body).expect("a JSON body"),
        };
        self.check_value(&what, schema, &body);
        // An unknown field passes a schema that does not close itself, and is a mistake all the same.
        for field in body.as_object().expect("an object").keys() {
            assert!(self.resolved(schema)["properties"].get(field).is_some(), "{what}: no field {field}");
        }
    }

    fn check_query(&self, what: &str, operation: &Value, query: Option<&str>) {
        let known = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let known: BTreeMap<&str, &Value> = known
            .iter()
            .map(|parameter| self.resolved(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| (parameter["name"].as_str().expect("a name"), parameter))
            .collect();
        let mut names = HashSet::new();
        for pair in query.iter().flat_map(|query| query.split('&')) {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("{what}: {pair}"));
            let (name, value) = (decoded(name), decoded(value));
            let parameter = known.get(name.as_str()).unwrap_or_else(|| panic!("{what}: no parameter {name}"));
            assert_ne!(parameter["deprecated"], true, "{what}: {name} is deprecated");
            assert!(names.insert(name.clone()), "{what}: {name} twice");
            let value = match self.resolved(&parameter["schema"])["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().expect("a number")),
                Some("boolean") => json!(value.parse::<bool>().expect("true or false")),
                Some("array") => json!([value]),
                _ => json!(value),
            };
            self.check_value(&format!("{what}: {name}"), &parameter["schema"], &value);
        }
        for (name, parameter) in known {
            assert!(parameter["required"] != true || names.contains(name), "{what}: no {name}");
        }
    }

    /// Fails unless the answer is one that the vendor documents: status and body.
    pub fn check_answer(&self, method: &Method, path: &str, answer: &Answer) {
        let what = format!("{method} {path}: {}", answer.status);
        let responses = &self.find(method, path).1["responses"];
        let described = match &responses[answer.status.as_str()] {
            Value::Null => &responses["default"],
            described => described,
        };
        assert!(described.is_object(), "{what} is not in the specification");
        match self.resolved(described)["content"]["application/json"].get("schema") {
            None => assert!(answer.body.is_empty(), "{what}: a body"),
            Some(schema) => {
                let content = answer.headers["content-type"].to_str().expect("text");
                assert_eq!(essence(content), "application/json", "{what}");
                self.check_value(&what, schema, &answer.json());
            }
        }
    }
}

/// A content type without its parameters.
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_lowercase()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().expect("UTF-8").into_owned()
}

/// A form as the object of its fields.
fn form(body: &[u8]) -> Value {
    let text = std::str::from_utf8(body).expect("UTF-8");
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("{pair}"));
        (decoded(name), json!(decoded(value)))
    };
    Value::Object(pairs.map(field).collect::<Map<_, _>>())
}

/// OpenAPI 3.0 says `nullable`, where JSON Schema has a type for it.
fn as_json_schema(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            if fields.remove("nullable") == Some(Value::Bool(true)) {
                let kind = fields["type"].take();
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, as_json_schema(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(as_json_schema).collect(),
        other => other,
    }
}
