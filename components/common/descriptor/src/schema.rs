//! Settings and attributes, checked against the adapter's schemas before any call.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use keywright_model::{FieldProblem, Problem};
use keywright_settings::fill_defaults;
use serde_json::{Map, Value, json};

use crate::description::{Descriptor, flag};
use crate::error::DescriptorError;
use crate::extensions::shorten;
use crate::pattern::Pattern;
use crate::schema_size;

/// The message about a change of what cannot change in place.
pub const CANNOT_CHANGE: &str = "cannot change on a credential that exists: make a new one in its place";

/// What marks an attribute that can select a list.
const FILTER: &str = "x-keywright-filter";

/// Its value for an attribute that must.
const REQUIRED: &str = "required";

type Checked<T> = Result<T, Vec<FieldProblem>>;

/// What the patterns of one schema may take when they are compiled, in bytes.
const PATTERN_SIZE: usize = 256 << 10;

/// The most patterns of a schema.
const MOST_PATTERNS: usize = 50;

/// An adapter's schemas, compiled.
pub struct Schemas {
    settings: Validator,
    settings_schema: Value,
    attributes: Validator,
    attributes_schema: Value,
    /// Each attribute by itself: a change need not be complete.
    change: Validator,
    id: Pattern,
}

impl Schemas {
    /// Compiles the schemas of a descriptor.
    ///
    /// # Errors
    ///
    /// When one of them is not a schema that the host follows.
    pub fn new(descriptor: &Descriptor) -> Result<Self, DescriptorError> {
        Self::from(descriptor.settings.clone(), descriptor.attributes.clone(), descriptor.id_pattern.clone())
    }

    fn from(settings_schema: Value, attributes_schema: Value, id: Pattern) -> Result<Self, DescriptorError> {
        let of_attributes = |name| attributes_schema.get(name).cloned().unwrap_or_else(|| json!({}));
        let change = json!({"$defs": of_attributes("$defs"), "properties": of_attributes("properties")});
        Ok(Self {
            settings: compile("settings", &settings_schema)?,
            attributes: compile("attributes", &attributes_schema)?,
            change: compile("attributes", &change)?,
            id,
            settings_schema,
            attributes_schema,
        })
    }

    /// The settings with their defaults, if they fit.
    pub fn settings(&self, mut settings: Map<String, Value>) -> Checked<Map<String, Value>> {
        fill_defaults(&self.settings_schema, &mut settings);
        check("/settings", &self.settings, &self.settings_schema, &settings)?;
        Ok(settings)
    }

    /// The attributes of a new credential with their defaults, if they fit and none is the vendor's to compute.
    pub fn creation(&self, attributes: &Map<String, Value>) -> Checked<Map<String, Value>> {
        let mut attributes = attributes.clone();
        refuse(self.computed(&attributes))?;
        fill_defaults(&self.attributes_schema, &mut attributes);
        check("/attributes", &self.attributes, &self.attributes_schema, &attributes)?;
        Ok(attributes)
    }

    /// Whether a merge patch fits: every attribute is known, can change in place, and has a value it may have.
    pub fn change(&self, patch: &Map<String, Value>) -> Checked<()> {
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

    /// Whether a list can be filtered by these attributes, and those are among them that the vendor demands.
    pub fn filter(&self, attributes: &Map<String, Value>) -> Checked<()> {
        const ROOT: &str = "/filter/attributes";
        let demanded = self.demanded_filters().filter(|name| !attributes.contains_key(*name));
        let mut problems: Vec<FieldProblem> = demanded
            .map(|name| FieldProblem {
                pointer: format!("{ROOT}/{name}"),
                problem: Problem::Required,
                message: "is missing: this vendor lists nothing without it".to_owned(),
            })
            .collect();
        for name in attributes.keys() {
            match self.attribute(name) {
                None => problems.push(unknown(ROOT, &self.attributes_schema, name)),
                Some(schema) if !flag(schema, FILTER) && schema.get(FILTER).is_none_or(|value| value != REQUIRED) => {
                    problems.push(FieldProblem {
                        pointer: format!("{ROOT}/{name}"),
                        problem: Problem::Constraint,
                        message: "cannot select a list at this vendor: list all and select".to_owned(),
                    })
                }
                Some(_) => {}
            }
        }
        refuse(problems)?;
        check(ROOT, &self.change, &self.attributes_schema, attributes)
    }

    /// The attributes without which the vendor lists nothing.
    pub fn demanded_filters(&self) -> impl Iterator<Item = &str> {
        let attributes = self.attributes_schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        attributes
            .filter(|(_, schema)| schema.get(FILTER).is_some_and(|value| value == REQUIRED))
            .map(|(name, _)| name.as_str())
    }

    /// Whether a text has the form of an id.
    pub fn is_id(&self, id: &str) -> bool {
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

fn compile(what: &'static str, schema: &Value) -> Result<Validator, DescriptorError> {
    let malformed = |how: String| DescriptorError::Schema { what, how };
    schema_size::check(schema).map_err(|cause| DescriptorError::SchemaSize { what, cause })?;
    if patterns(schema) > MOST_PATTERNS {
        return Err(malformed(format!("has more than {MOST_PATTERNS} patterns")));
    }
    let patterns = jsonschema::PatternOptions::regex().size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE);
    jsonschema::options()
        .should_validate_formats(true)
        // Linear-time matching: other engines can take seconds for a pattern that is made to.
        .with_pattern_options(patterns)
        .build(schema)
        .map_err(|error| malformed(format!("is not a JSON Schema: {}", shorten(&error.masked().to_string()))))
}

/// How many patterns a schema has. It is never deep: its size was checked.
fn patterns(schema: &Value) -> usize {
    match schema {
        Value::Array(items) => items.iter().map(patterns).sum(),
        Value::Object(fields) => {
            let by_name = fields.get("patternProperties").and_then(Value::as_object).map_or(0, Map::len);
            usize::from(fields.contains_key("pattern")) + by_name + fields.values().map(patterns).sum::<usize>()
        }
        _ => 0,
    }
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
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
            problem(pointer, Problem::Constraint, format!("must be one of {}", options.join(", ")))
        }
        ValidationErrorKind::Pattern { pattern } => {
            problem(pointer, Problem::Constraint, format!("does not have its form, {pattern}"))
        }
        ValidationErrorKind::Format { format } => {
            problem(pointer, Problem::Format, format!("is not a valid {}", format_name(format)))
        }
        ValidationErrorKind::MaxLength { limit } => {
            problem(pointer, Problem::Constraint, format!("is longer than {limit} characters"))
        }
        ValidationErrorKind::MinLength { limit } => {
            problem(pointer, Problem::Constraint, format!("is shorter than {limit} characters"))
        }
        _ => problem(pointer, Problem::Constraint, format!("is not allowed: {}", error.masked())),
    }
}

/// A value as people write it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A format of JSON Schema in words.
fn format_name(format: &str) -> &str {
    match format {
        "uuid" => "UUID",
        "email" => "e-mail address",
        "uri" => "URI",
        "date-time" => "date and time (RFC 3339)",
        other => other,
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
                "region": {"enum": ["north", "south", "east", "west", 5]},
                "code": {"pattern": "^[a-z]+$"},
                "description": {"type": "string", "maxLength": 5, "default": ""},
                "access_key": {"type": "string", "readOnly": true},
            },
            "oneOf": [{"required": ["application_id"]}, {"required": ["user_id"]}],
            "additionalProperties": false,
        });
        Schemas::from(schema.clone(), schema, Pattern::new("^SCW[A-Z0-9]{17}$").unwrap()).unwrap()
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
                "/attributes/zzzzzzzz is unknown: there are application_id, code, description, region, user_id",
            ),
            (json!({"user_id": 7}), "/attributes/user_id must be string"),
            (
                json!({"user_id": "u", "region": "hunter2"}),
                "/attributes/region must be one of north, south, east, west, 5",
            ),
            (json!({"user_id": "u", "code": "hunter2"}), "/attributes/code does not have its form, ^[a-z]+$"),
            (json!({"application_id": "hunter2"}), "/attributes/application_id is not a valid UUID"),
            (json!({"user_id": "u", "description": "hunter2"}), "/attributes/description is longer than 5 characters"),
            (
                json!({"user_id": "u", "access_key": "hunter2"}),
                "/attributes/access_key is set by the vendor: leave it out",
            ),
            (json!({}), "/attributes must have exactly one of application_id, user_id"),
        ] {
            let messages = sentences(schemas().creation(&object(attributes)).unwrap_err());
            assert_eq!(messages, [says]);
        }
    }

    #[test]
    fn the_message_about_a_missing_alternative_names_them_all() {
        let schema = json!({"type": "object", "anyOf": [{"required": ["id"]}, {"required": ["name"]}]});
        let schemas = Schemas::from(schema.clone(), schema, Pattern::new("^.$").unwrap()).unwrap();
        let messages = sentences(schemas.creation(&object(json!({}))).unwrap_err());
        assert_eq!(messages, ["/attributes must have at least one of id, name"]);
        assert!(schemas.creation(&object(json!({"id": 1, "name": "both"}))).is_ok());
    }

    #[test]
    fn a_change_need_not_be_complete_but_may_only_touch_what_can_change() {
        let schemas = schemas();
        let change = |patch| schemas.change(&object(patch)).map_err(sentences);
        assert_eq!(change(json!({"description": "new"})), Ok(()));
        assert_eq!(change(json!({"description": null})), Ok(()));
        for (patch, says) in [
            (
                json!({"user_id": "v"}),
                "/attributes/user_id cannot change on a credential that exists: make a new one in its place",
            ),
            (json!({"access_key": "v"}), "/attributes/access_key is set by the vendor: leave it out"),
            (
                json!({"nothing": 1}),
                "/attributes/nothing is unknown: there are application_id, code, description, region, user_id",
            ),
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
        let messages = sentences(schemas.filter(&object(json!({"description": "x"}))).unwrap_err());
        assert_eq!(
            messages,
            ["/filter/attributes/description cannot select a list at this vendor: list all and select"]
        );
    }

    #[test]
    fn an_id_has_the_form_that_the_adapter_describes() {
        assert!(schemas().is_id("SCW0123456789ABCDEFG"));
        for id in ["", "SCW", "scw0123456789abcdefg", "SCW0123456789ABCDEFG/x"] {
            assert!(!schemas().is_id(id), "{id}");
        }
    }
}
