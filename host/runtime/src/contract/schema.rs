//! Settings and attributes, checked against the adapter's schemas before any call.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use keywright_settings::fill_defaults;
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::contract::descriptor::Descriptor;
use crate::contract::failure::{FieldProblem, Problem};
use crate::contract::schema_size;

/// What is wrong with a change of what cannot change in place.
pub(crate) const CANNOT_CHANGE: &str = "cannot change on a credential that exists: rotate instead";

type Checked<T> = Result<T, Vec<FieldProblem>>;

/// An adapter's schemas, compiled.
pub(crate) struct Schemas {
    settings: Validator,
    settings_schema: Value,
    attributes: Validator,
    attributes_schema: Value,
    /// Each attribute by itself: a change need not be complete.
    change: Validator,
    id: Regex,
}

impl Schemas {
    /// # Errors
    ///
    /// The rest of a sentence that says which of them is no schema or no pattern.
    pub(crate) fn new(descriptor: &Descriptor) -> Result<Self, String> {
        Self::from(descriptor.settings.clone(), descriptor.attributes.clone(), &descriptor.id_pattern)
    }

    fn from(settings_schema: Value, attributes_schema: Value, id_pattern: &str) -> Result<Self, String> {
        let of_attributes = |name| attributes_schema.get(name).cloned().unwrap_or_else(|| json!({}));
        let change = json!({"$defs": of_attributes("$defs"), "properties": of_attributes("properties")});
        Ok(Self {
            settings: compile("settings", &settings_schema)?,
            attributes: compile("attributes", &attributes_schema)?,
            change: compile("attributes", &change)?,
            id: Regex::new(id_pattern).map_err(|_| "the pattern of its ids is no regular expression".to_owned())?,
            settings_schema,
            attributes_schema,
        })
    }

    /// The settings with their defaults, if they fit.
    pub(crate) fn settings(&self, mut settings: Map<String, Value>) -> Checked<Map<String, Value>> {
        fill_defaults(&self.settings_schema, &mut settings);
        check("/settings", &self.settings, &self.settings_schema, &settings)?;
        Ok(settings)
    }

    /// The attributes of a new credential with their defaults, if they fit and none is the vendor's to compute.
    pub(crate) fn creation(&self, attributes: &Map<String, Value>) -> Checked<Map<String, Value>> {
        let mut attributes = attributes.clone();
        refuse(self.computed(&attributes))?;
        fill_defaults(&self.attributes_schema, &mut attributes);
        check("/attributes", &self.attributes, &self.attributes_schema, &attributes)?;
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
                    message: CANNOT_CHANGE.to_owned(),
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
        check("/attributes", &self.change, &self.attributes_schema, &values)
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
        check("/filter", &self.change, &self.attributes_schema, attributes)
    }

    pub(crate) fn is_id(&self, id: &str) -> bool {
        self.id.is_match(id)
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

fn compile(what: &str, schema: &Value) -> Result<Validator, String> {
    schema_size::check(schema).map_err(|how| format!("the schema of the {what} has no good end: {how}"))?;
    jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| format!("the schema of the {what} is no JSON Schema: {error}"))
}

fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn refuse(problems: Vec<FieldProblem>) -> Checked<()> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn check(root: &str, validator: &Validator, schema: &Value, instance: &Map<String, Value>) -> Checked<()> {
    let instance = Value::Object(instance.clone());
    refuse(validator.iter_errors(&instance).flat_map(|error| problems(root, schema, &error)).collect())
}

/// What a violation of the schema means, without the offending value, which may be a secret in the wrong place.
fn problems(root: &str, schema: &Value, error: &ValidationError<'_>) -> Vec<FieldProblem> {
    let pointer = format!("{root}{}", error.instance_path());
    let problem = |pointer: String, problem, message: String| vec![FieldProblem { pointer, problem, message }];
    let choose = |how: &str, names: Vec<&str>| {
        let message = match names {
            names if names.is_empty() => error.masked().to_string(),
            names => format!("must have {how} one of {}", names.join(", ")),
        };
        problem(pointer.clone(), Problem::Required, message)
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| unknown(&pointer, schema, name)).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            problem(format!("{pointer}/{name}"), Problem::Required, "is missing".to_owned())
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
            choose("exactly", alternatives(schema, "oneOf"))
        }
        ValidationErrorKind::AnyOf { .. } => choose("at least", alternatives(schema, "anyOf")),
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

/// The properties of a choice (`oneOf`, `anyOf`) each of whose branches asks for one.
fn alternatives<'s>(schema: &'s Value, choice: &str) -> Vec<&'s str> {
    let branches = schema.get(choice).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    branches.iter().filter_map(|branch| branch.get("required")?.get(0)?.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Schemas {
        let schema = json!({
            "type": "object",
            "properties": {
                "application_id": {"type": "string", "format": "uuid", "x-keywright-replace": true, "x-keywright-filter": true},
                "user_id": {"type": "string", "x-keywright-replace": true},
                "description": {"type": "string", "maxLength": 5, "default": ""},
                "access_key": {"type": "string", "readOnly": true},
            },
            "oneOf": [{"required": ["application_id"]}, {"required": ["user_id"]}],
            "additionalProperties": false,
        });
        Schemas::from(schema.clone(), schema, "^SCW[A-Z0-9]{17}$").unwrap()
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    fn sentences(problems: Vec<FieldProblem>) -> Vec<String> {
        problems.iter().map(FieldProblem::to_string).collect()
    }

    #[test]
    fn what_fits_gets_its_defaults() {
        let attributes = schemas().creation(&object(json!({"user_id": "u"}))).unwrap();
        assert_eq!(Value::Object(attributes), json!({"user_id": "u", "description": ""}));
    }

    #[test]
    fn each_violation_names_its_attribute_and_not_its_value() {
        for (attributes, says) in [
            (
                json!({"user_id": "u", "descripton": "x"}),
                "/attributes/descripton is unknown: did you mean `description`?",
            ),
            (
                json!({"user_id": "u", "zzzzzzzz": "x"}),
                "/attributes/zzzzzzzz is unknown: there are application_id, description, user_id",
            ),
            (json!({"user_id": 7}), "/attributes/user_id must be string"),
            (json!({"application_id": "hunter2"}), "/attributes/application_id is no uuid"),
            (json!({"user_id": "u", "description": "hunter2"}), "/attributes/description is longer than 5 characters"),
            (
                json!({"user_id": "u", "access_key": "hunter2"}),
                "/attributes/access_key is set by the vendor: leave it out",
            ),
            (json!({}), "/attributes must have exactly one of application_id, user_id"),
        ] {
            let told = sentences(schemas().creation(&object(attributes)).unwrap_err());
            assert_eq!(told, [says]);
        }
    }

    #[test]
    fn what_lacks_every_alternative_is_told_which_there_are() {
        let schema = json!({"type": "object", "anyOf": [{"required": ["id"]}, {"required": ["name"]}]});
        let schemas = Schemas::from(schema.clone(), schema, "^.$").unwrap();
        let told = sentences(schemas.creation(&object(json!({}))).unwrap_err());
        assert_eq!(told, ["/attributes must have at least one of id, name"]);
        assert!(schemas.creation(&object(json!({"id": 1, "name": "both"}))).is_ok());
    }

    #[test]
    fn a_change_need_not_be_complete_but_may_only_touch_what_can_change() {
        let schemas = schemas();
        let change = |patch| schemas.change(&object(patch)).map_err(sentences);
        assert_eq!(change(json!({"description": "new"})), Ok(()));
        assert_eq!(change(json!({"description": null})), Ok(()));
        for (patch, says) in [
            (json!({"user_id": "v"}), "/attributes/user_id cannot change on a credential that exists: rotate instead"),
            (json!({"access_key": "v"}), "/attributes/access_key is set by the vendor: leave it out"),
            (json!({"nothing": 1}), "/attributes/nothing is unknown: there are application_id, description, user_id"),
            (json!({"description": 1}), "/attributes/description must be string"),
        ] {
            assert_eq!(change(patch), Err(vec![says.to_owned()]));
        }
    }

    #[test]
    fn a_list_is_filtered_only_by_what_the_vendor_can_select() {
        let schemas = schemas();
        let id = "0766588d-4a0e-4938-a140-544964da7870";
        assert!(schemas.filter(&object(json!({"application_id": id}))).is_ok());
        assert!(schemas.filter(&object(json!({"application_id": "no"}))).is_err());
        let told = sentences(schemas.filter(&object(json!({"description": "x"}))).unwrap_err());
        assert_eq!(told, ["/filter/description cannot select a list at this vendor: list all and select"]);
    }

    #[test]
    fn an_id_has_the_form_that_the_adapter_describes() {
        assert!(schemas().is_id("SCW0123456789ABCDEFG"));
        for id in ["", "SCW", "scw0123456789abcdefg", "SCW0123456789ABCDEFG/x"] {
            assert!(!schemas().is_id(id), "{id}");
        }
    }
}
