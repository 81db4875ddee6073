//! Settings and attributes, checked against the adapter's schemas before any call.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use keywright_settings::fill_defaults;
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::descriptor::Descriptor;
use crate::failure::{FieldProblem, Problem};

type Checked<T> = Result<T, Vec<FieldProblem>>;

/// An adapter's schemas, compiled.
pub(crate) struct Schemas {
    settings: Option<Validator>,
    settings_schema: Value,
    attributes: Option<Validator>,
    attributes_schema: Value,
    /// Each attribute by itself: a change need not be complete.
    change: Option<Validator>,
    id: Option<Regex>,
}

impl Schemas {
    pub(crate) fn new(descriptor: &Descriptor) -> Self {
        let change = json!({
            "$defs": descriptor.attributes.get("$defs").cloned().unwrap_or_else(|| json!({})),
            "properties": descriptor.attributes.get("properties").cloned().unwrap_or_else(|| json!({})),
        });
        Self {
            settings: compile(&descriptor.settings),
            settings_schema: descriptor.settings.clone(),
            attributes: compile(&descriptor.attributes),
            attributes_schema: descriptor.attributes.clone(),
            change: compile(&change),
            id: Regex::new(&descriptor.id_pattern).ok(),
        }
    }

    /// The settings with their defaults, if they fit.
    pub(crate) fn settings(&self, mut settings: Map<String, Value>) -> Checked<Map<String, Value>> {
        fill_defaults(&self.settings_schema, &mut settings);
        check("/settings", self.settings.as_ref(), &self.settings_schema, &settings)?;
        Ok(settings)
    }

    /// The attributes of a new credential with their defaults, if they fit and none is the vendor's to compute.
    pub(crate) fn creation(&self, attributes: &Map<String, Value>) -> Checked<Map<String, Value>> {
        let mut attributes = attributes.clone();
        refuse(self.computed(&attributes))?;
        fill_defaults(&self.attributes_schema, &mut attributes);
        check("/attributes", self.attributes.as_ref(), &self.attributes_schema, &attributes)?;
        Ok(attributes)
    }

    /// Whether a merge patch fits: every attribute is known, can change in place, and has a value it may have.
    pub(crate) fn change(&self, patch: &Map<String, Value>) -> Checked<()> {
        let mut problems = self.computed(patch);
        for name in patch.keys() {
            match self.attribute(name) {
                None => problems.push(unknown("/attributes", &self.attributes_schema, name)),
                Some(schema) if flag(schema, "x-keywright-replace") => problems.push(FieldProblem {
                    pointer: format!("/attributes/{name}"),
                    problem: Problem::Immutable,
                    message: "cannot change on a credential that exists: it takes a new one".to_owned(),
                }),
                Some(_) => {}
            }
        }
        refuse(problems)?;
        let values: Map<String, Value> = patch
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        check("/attributes", self.change.as_ref(), &self.attributes_schema, &values)
    }

    /// Whether a list can be filtered by these attributes.
    pub(crate) fn filter(&self, attributes: &Map<String, Value>) -> Checked<()> {
        let mut problems = Vec::new();
        for name in attributes.keys() {
            match self.attribute(name) {
                None => problems.push(unknown("/filter", &self.attributes_schema, name)),
                Some(schema) if !flag(schema, "x-keywright-filter") => problems.push(FieldProblem {
                    pointer: format!("/filter/{name}"),
                    problem: Problem::Constraint,
                    message: "cannot select a list at this vendor: list all and select".to_owned(),
                }),
                Some(_) => {}
            }
        }
        refuse(problems)?;
        check("/filter", self.change.as_ref(), &self.attributes_schema, attributes)
    }

    pub(crate) fn is_id(&self, id: &str) -> bool {
        self.id.as_ref().is_some_and(|pattern| pattern.is_match(id))
    }

    fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes_schema.get("properties")?.get(name)
    }

    fn computed(&self, attributes: &Map<String, Value>) -> Vec<FieldProblem> {
        let computed =
            attributes.keys().filter(|name| self.attribute(name).is_some_and(|schema| flag(schema, "readOnly")));
        computed
            .map(|name| FieldProblem {
                pointer: format!("/attributes/{name}"),
                problem: Problem::Constraint,
                message: "is set by the vendor: leave it out".to_owned(),
            })
            .collect()
    }
}

fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::options().should_validate_formats(true).build(schema).ok()
}

fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn refuse(problems: Vec<FieldProblem>) -> Checked<()> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn check(root: &str, validator: Option<&Validator>, schema: &Value, instance: &Map<String, Value>) -> Checked<()> {
    let Some(validator) = validator else { return Ok(()) };
    let instance = Value::Object(instance.clone());
    refuse(validator.iter_errors(&instance).flat_map(|error| problems(root, schema, &error)).collect())
}

/// What a violation of the schema means, without the offending value, which may be a secret in the wrong place.
fn problems(root: &str, schema: &Value, error: &ValidationError<'_>) -> Vec<FieldProblem> {
    let pointer = format!("{root}{}", error.instance_path());
    let problem = |pointer: String, problem, message: String| vec![FieldProblem { pointer, problem, message }];
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| unknown(&pointer, schema, name)).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            problem(format!("{pointer}/{name}"), Problem::Required, "is missing".to_owned())
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
            let message = match alternatives(schema) {
                names if names.is_empty() => error.masked().to_string(),
                names => format!("must have exactly one of {}", names.join(", ")),
            };
            problem(pointer, Problem::Required, message)
        }
        ValidationErrorKind::Type { kind } => problem(pointer, Problem::Format, format!("must be {}", types(kind))),
        ValidationErrorKind::Format { format } => problem(pointer, Problem::Format, format!("is no {format}")),
        ValidationErrorKind::MaxLength { limit } => {
            problem(pointer, Problem::Constraint, format!("is longer than {limit} characters"))
        }
        ValidationErrorKind::MinLength { limit } => {
            problem(pointer, Problem::Constraint, format!("is shorter than {limit} characters"))
        }
        _ => problem(pointer, Problem::Constraint, format!("is not allowed: {}", error.masked())),
    }
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(kind) => format!("{kind}"),
        jsonschema::error::TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| format!("{kind}")).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn unknown(pointer: &str, schema: &Value, name: &str) -> FieldProblem {
    let known: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| {
            properties.iter().filter(|(_, schema)| !flag(schema, "readOnly")).map(|(name, _)| name.as_str()).collect()
        })
        .unwrap_or_default();
    let near = known
        .iter()
        .filter(|known| strsim::damerau_levenshtein(known, name) <= 3)
        .min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let name: String = name.chars().take(60).collect();
    let message = match near {
        Some(near) => format!("is unknown: did you mean `{near}`?"),
        None => format!("is unknown: there are {}", known.join(", ")),
    };
    FieldProblem { pointer: format!("{pointer}/{name}"), problem: Problem::Unknown, message }
}

/// The properties of a `oneOf` each of whose branches asks for one.
fn alternatives(schema: &Value) -> Vec<&str> {
    let branches = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    branches.iter().filter_map(|branch| branch.get("required")?.get(0)?.as_str()).collect()
}
