//! Defaults: what a schema says about a setting that is not given.

use serde_json::{Map, Value};

/// Gives each absent top-level property of `instance` the `default` that `schema` has for it in `properties`.
///
/// A property that is present keeps its value, even `null`. A schema without `properties` changes nothing.
pub fn fill_defaults(schema: &Value, instance: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, property) in properties {
        if let Some(default) = property.get("default") {
            instance.entry(name.as_str()).or_insert_with(|| default.clone());
        }
    }
}
