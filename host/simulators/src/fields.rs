//! Reading the JSON object of a request strictly: unknown fields, wrong types and bad forms are all found at once.

use serde_json::{Map, Value};
use uuid::Uuid;

/// What is wrong with one field or parameter. How it is told is the vendor's affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) kind: ProblemKind,
    pub(crate) help: String,
}

/// The ways a field can be wrong that vendors tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// It must be there and is not.
    Required,
    /// It has the wrong type or form, or is not known at all.
    Format,
    /// It is well formed, but not allowed.
    Constraint,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, kind: ProblemKind, help: impl Into<String>) -> Self {
        Self { field: field.into(), kind, help: help.into() }
    }
}

/// The fields of a request's JSON object. A field that is null counts as not given.
pub(crate) struct Fields {
    path: String,
    given: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Fields {
    /// Reads a body that must be a JSON object with no other fields than `known`. Problems are kept for
    /// [`finish`](Self::finish).
    pub(crate) fn read(body: &[u8], known: &[&str]) -> Self {
        match serde_json::from_slice(body) {
            Ok(Value::Object(given)) => Self::of(String::new(), given, known),
            _ => Self {
                path: String::new(),
                given: Map::new(),
                problems: vec![Problem::new("body", ProblemKind::Format, "the body must be a JSON object")],
            },
        }
    }

    fn of(path: String, mut given: Map<String, Value>, known: &[&str]) -> Self {
        given.retain(|_, value| !value.is_null());
        let problems = given
            .keys()
            .filter(|name| !known.contains(&name.as_str()))
            .map(|name| Problem::new(format!("{path}{name}"), ProblemKind::Format, "unknown field"))
            .collect();
        Self { path, given, problems }
    }

    /// Notes a problem with a field.
    pub(crate) fn problem(&mut self, name: &str, kind: ProblemKind, help: impl Into<String>) {
        self.problems.push(Problem::new(format!("{}{name}", self.path), kind, help));
    }

    /// The field as `read` makes it from its JSON; a problem of format, in the words of `help`, where it makes nothing.
    pub(crate) fn get<T>(&mut self, name: &str, help: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.given.get(name)?;
        let read = read(value);
        if read.is_none() {
            self.problem(name, ProblemKind::Format, help);
        }
        read
    }

    /// A string of at most `longest` characters (not bytes).
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.get(name, "must be a string", |value| value.as_str().map(str::to_owned))?;
        if text.chars().count() > longest {
            self.problem(name, ProblemKind::Constraint, format!("must be at most {longest} characters"));
            return None;
        }
        Some(text)
    }

    /// A UUID in its hyphenated form.
    pub(crate) fn uuid(&mut self, name: &str) -> Option<Uuid> {
        self.get(name, "must be a UUID", |value| hyphenated_uuid(value.as_str()?))
    }

    /// A boolean.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        self.get(name, "must be a boolean", Value::as_bool)
    }

    /// A list of strings.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.get(name, "must be a list of strings", |value| {
            let texts = value.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect()
        })
    }

    /// An object of its own, read with the same strictness by `read`. Its problems are named `name.field`.
    pub(crate) fn object<T>(&mut self, name: &str, known: &[&str], read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let given = self.get(name, "must be an object", |value| value.as_object().cloned())?;
        let mut inner = Self::of(format!("{}{name}.", self.path), given, known);
        let result = read(&mut inner);
        self.problems.append(&mut inner.problems);
        Some(result)
    }

    /// Notes a problem when the field is not given, or is an empty text.
    pub(crate) fn require(&mut self, name: &str) {
        if self.given.get(name).is_none_or(|value| value == "") {
            self.problem(name, ProblemKind::Required, "must be given");
        }
    }

    /// Whether the field is given at all, well formed or not.
    pub(crate) fn gave(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// All problems found, if there are any.
    pub(crate) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    /// All problems found, for when it is clear that there are some.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// A UUID of 36 characters; the other ways to write one are not what vendors take.
pub(crate) fn hyphenated_uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_body_is_found_at_once() {
        let body = br#"{"colour":1,"id":"7","name":"abcde","tags":["a",1],"member":{"email":1,"age":3}}"#;
        let mut fields = Fields::read(body, &["id", "name", "tags", "member"]);
        fields.uuid("id");
        fields.text("name", 4);
        fields.texts("tags");
        fields.object("member", &["email"], |member| member.text("email", 9));
        let found: Vec<_> =
            fields.finish().unwrap_err().into_iter().map(|problem| (problem.field, problem.kind)).collect();
        let expected = [
            ("colour", ProblemKind::Format),
            ("id", ProblemKind::Format),
            ("name", ProblemKind::Constraint),
            ("tags", ProblemKind::Format),
            ("member.age", ProblemKind::Format),
            ("member.email", ProblemKind::Format),
        ];
        assert_eq!(found, expected.map(|(field, kind)| (field.to_owned(), kind)));
    }

    #[test]
    fn a_null_field_counts_as_not_given() {
        let mut fields = Fields::read(br#"{"id":null}"#, &["id"]);
        assert_eq!(fields.uuid("id"), None);
        assert_eq!(fields.finish(), Ok(()));
    }

    #[test]
    fn a_text_is_measured_in_characters() {
        let body = serde_json::json!({"name": "é".repeat(200)}).to_string();
        let mut fields = Fields::read(body.as_bytes(), &["name"]);
        assert!(fields.text("name", 200).is_some());
        assert!(fields.text("name", 199).is_none());
    }

    #[test]
    fn what_is_no_json_object_is_a_problem_of_the_body() {
        for body in ["", "[]", "{", "1", "\"text\""] {
            let problems = Fields::read(body.as_bytes(), &[]).finish().unwrap_err();
            assert_eq!(problems[0].field, "body");
        }
    }

    #[test]
    fn only_the_hyphenated_form_is_a_uuid() {
        assert!(hyphenated_uuid("105BDCE1-64c0-48ab-899d-868455867ecf").is_some());
        assert!(hyphenated_uuid("105bdce164c048ab899d868455867ecf").is_none());
        assert!(hyphenated_uuid("{105bdce1-64c0-48ab-899d-868455867ecf}").is_none());
        assert!(hyphenated_uuid("").is_none());
    }
}
