//! Reading the query of a request strictly, with the same kind of problems as its fields.

use std::ops::RangeInclusive;

use axum::extract::Query;
use http::Uri;
use uuid::Uuid;

use crate::fields::{Problem, ProblemKind, hyphenated_uuid};

/// The parameters of a query. A parameter with an empty value counts as not given.
pub(crate) struct Parameters {
    given: Vec<(String, String)>,
    problems: Vec<Problem>,
}

/// Whether a parameter's name is one of those known, which `known` stands for.
fn is(known: &str, name: &str) -> bool {
    match known.strip_suffix('*') {
        Some(start) => name.len() > start.len() && name.starts_with(start),
        None => known == name,
    }
}

impl Parameters {
    /// Reads a query that must have no other parameters than `known`, of which one that ends with `*` stands for all that
    /// start so. Problems are kept for [`finish`](Self::finish).
    pub(crate) fn read(uri: &Uri, known: &[&str]) -> Self {
        let Ok(Query(mut given)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            return Self {
                given: Vec::new(),
                problems: vec![Problem::new("query", ProblemKind::Format, "the query cannot be read")],
            };
        };
        let problems = given
            .iter()
            .filter(|(name, _)| !known.iter().any(|known| is(known, name)))
            .map(|(name, _)| Problem::new(name, ProblemKind::Format, "unknown parameter"))
            .collect();
        given.retain(|(_, value)| !value.is_empty());
        Self { given, problems }
    }

    fn problem(&mut self, name: &str, kind: ProblemKind, help: impl Into<String>) {
        self.problems.push(Problem::new(name, kind, help));
    }

    fn get<T>(&mut self, name: &str, help: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let mut values = self.given.iter().filter(|(given, _)| given == name);
        let (_, value) = values.next()?;
        let read = if values.next().is_some() { None } else { read(value) };
        if read.is_none() {
            self.problem(name, ProblemKind::Format, help);
        }
        read
    }

    /// All values of a parameter that may be repeated.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let values = self.given.iter().filter(|(given, _)| given == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// A string of at most `longest` characters.
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.get(name, "must be given once", |text| Some(text.to_owned()))?;
        if text.chars().count() > longest {
            self.problem(name, ProblemKind::Constraint, format!("must be at most {longest} characters"));
            return None;
        }
        Some(text)
    }

    /// A UUID in its hyphenated form.
    pub(crate) fn uuid(&mut self, name: &str) -> Option<Uuid> {
        self.get(name, "must be one UUID", hyphenated_uuid)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        self.get(name, "must be true or false", |text| text.parse().ok())
    }

    /// A boolean in any form that Go's `strconv.ParseBool` takes, as gateways written in Go do.
    pub(crate) fn go_flag(&mut self, name: &str) -> Option<bool> {
        self.get(name, "must be a boolean", |text| match text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
            _ => None,
        })
    }

    /// The first value of a parameter whose name starts so, without what it starts with: name and value.
    pub(crate) fn prefixed(&self, prefix: &str) -> Vec<(String, String)> {
        let named = |(name, value): &(String, String)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone()));
        self.given.iter().filter_map(named).collect()
    }

    /// A whole number within `range`.
    pub(crate) fn number(&mut self, name: &str, range: RangeInclusive<usize>) -> Option<usize> {
        let number = self.get(name, "must be one whole number", |text| text.parse().ok())?;
        if !range.contains(&number) {
            let help = format!("must be from {} to {}", range.start(), range.end());
            self.problem(name, ProblemKind::Constraint, help);
            return None;
        }
        Some(number)
    }

    /// The parameter as `read` makes it from its text; otherwise a problem of format.
    pub(crate) fn parsed<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.get(name, "must be one of the values of its enumeration", read)
    }

    /// All problems found, if there are any.
    pub(crate) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Parameters {
        let uri = format!("/list?{query}").parse().unwrap();
        Parameters::read(&uri, &["page", "name", "expired", "keys", "id"])
    }

    #[test]
    fn parameters_are_decoded_and_may_be_empty_or_repeated() {
        let mut parameters = read("name=a%20b+c&keys=1&keys=2&expired=");
        assert_eq!(parameters.text("name", 10).as_deref(), Some("a b c"));
        assert_eq!(parameters.texts("keys"), ["1", "2"]);
        assert_eq!(parameters.flag("expired"), None);
        assert_eq!(parameters.finish(), Ok(()));
    }

    #[test]
    fn a_boolean_of_go_has_many_forms() {
        for (text, flag) in [("True", Some(true)), ("1", Some(true)), ("f", Some(false)), ("FALSE", Some(false))] {
            assert_eq!(read(&format!("expired={text}")).go_flag("expired"), flag, "{text}");
        }
        let mut parameters = read("expired=tRUE");
        assert_eq!(parameters.go_flag("expired"), None);
        assert!(parameters.finish().is_err());
    }

    #[test]
    fn parameters_may_be_known_by_how_they_start() {
        let uri = "/list?var.a=1&var.b=2&var.=3".parse().unwrap();
        let parameters = Parameters::read(&uri, &["var.*"]);
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(parameters.prefixed("var.")[..2], [named("a", "1"), named("b", "2")]);
        assert!(parameters.finish().is_err(), "a variable has a name");
    }

    #[test]
    fn every_problem_of_a_query_is_found_at_once() {
        let mut parameters = read("pagesize=1&page=0&expired=yes&id=7&name=a&name=b");
        parameters.number("page", 1..=9);
        parameters.flag("expired");
        parameters.uuid("id");
        parameters.text("name", 10);
        let problems = parameters.finish().unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["pagesize", "page", "expired", "id", "name"]);
    }
}
