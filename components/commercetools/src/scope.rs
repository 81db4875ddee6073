//! Scopes: a set, whatever the order and spacing it is written in.

use keywright_sdk::{Failure, FieldProblem, Problem, Result};
use serde_json::{Map, Value};

/// Scopes, each once and in the order of their names, so that equal sets look the same.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    fn insert(&mut self, scope: &str) {
        // Each is put in its place: they are few, and code that sorts many is code that a component would carry.
        if let Err(place) = self.0.binary_search_by(|known| known.as_str().cmp(scope)) {
            self.0.insert(place, scope.to_owned());
        }
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    /// Those that the others lack, as a text.
    pub(crate) fn beyond(&self, others: &Self) -> String {
        let beyond: Vec<&str> = self.0.iter().filter(|scope| !others.contains(scope)).map(String::as_str).collect();
        beyond.join(" ")
    }

    pub(crate) fn into_names(self) -> Vec<String> {
        self.0
    }
}

/// The scopes of a text, as the vendor writes them: separated by any white space.
pub(crate) fn read(text: &str) -> Scopes {
    let mut scopes = Scopes::default();
    for scope in text.split_whitespace() {
        scopes.insert(scope);
    }
    scopes
}

/// The text of scopes, as the vendor takes them.
pub(crate) fn write(scopes: &Scopes) -> String {
    scopes.0.join(" ")
}

/// The scopes that are asked for: at least one, each of this project.
pub(crate) fn asked(attributes: &Map<String, Value>, project_key: &str) -> Result<Scopes> {
    let items = match attributes.get("scope") {
        Some(Value::Array(items)) if !items.is_empty() => items,
        Some(Value::Array(_)) | None => return Err(problem("", Problem::Required, "needs at least one scope").into()),
        Some(_) => return Err(problem("", Problem::Format, "must be a list of scopes").into()),
    };
    let mut scopes = Scopes::default();
    let mut problems = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = ["/", &index.to_string()].concat();
        let Some(text) = item.as_str() else {
            problems.push(problem(&place, Problem::Format, "must be text"));
            continue;
        };
        let mut words = text.split_whitespace().peekable();
        if words.peek().is_none() {
            problems.push(problem(&place, Problem::Constraint, "is empty: name a scope"));
        }
        for word in words {
            match of_project(word, project_key) {
                Ok(()) => scopes.insert(word),
                Err(stray) => {
                    let message = [&stray.message(project_key), ": `", word, "`"].concat();
                    problems.push(problem(&place, Problem::Constraint, &message));
                }
            }
        }
    }
    if problems.is_empty() { Ok(scopes) } else { Err(Failure::invalid(problems)) }
}

/// Why a scope is not one of the project.
enum Stray {
    /// It names no project.
    NoProject,
    /// It is of another project.
    OtherProject,
}

impl Stray {
    /// The rest of a sentence.
    fn message(&self, project_key: &str) -> String {
        match self {
            Self::NoProject => ["must name the project, as in `NAME:", project_key, "`"].concat(),
            Self::OtherProject => ["is of another project than `", project_key, "`"].concat(),
        }
    }
}

/// `NAME:PROJECT_KEY` or `NAME:PROJECT_KEY:STORE_KEY`.
fn of_project(scope: &str, project_key: &str) -> std::result::Result<(), Stray> {
    let mut segments = scope.split(':');
    let (name, key) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    if name.is_empty() || key.is_empty() || segments.any(str::is_empty) {
        return Err(Stray::NoProject);
    }
    if key == project_key { Ok(()) } else { Err(Stray::OtherProject) }
}

fn problem(place: &str, problem: Problem, message: &str) -> FieldProblem {
    FieldProblem::new(["/attributes/scope", place].concat(), problem, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked_for(scope: Value) -> std::result::Result<String, String> {
        let attributes = Map::from_iter([("scope".to_owned(), scope)]);
        asked(&attributes, "pk").map(|scopes| write(&scopes)).map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn scopes_are_a_set_however_they_are_written() {
        for scope in
            [json!(["b:pk", "a:pk:store"]), json!(["a:pk:store", "b:pk", "b:pk"]), json!([" b:pk \t a:pk:store\n"])]
        {
            assert_eq!(asked_for(scope).as_deref(), Ok("a:pk:store b:pk"));
        }
        assert_eq!(read("b:pk  a:pk\n"), read("a:pk b:pk"));
    }

    #[test]
    fn a_scope_that_is_not_of_the_project_is_refused_by_its_place() {
        for (scope, says) in [
            (
                json!(["a:pk", "manage_orders"]),
                "/attributes/scope/1 must name the project, as in `NAME:pk`: `manage_orders`",
            ),
            (json!(["a:other"]), "/attributes/scope/0 is of another project than `pk`: `a:other`"),
            (json!([":pk"]), "/attributes/scope/0 must name the project, as in `NAME:pk`: `:pk`"),
            (json!(["a:pk:"]), "/attributes/scope/0 must name the project, as in `NAME:pk`: `a:pk:`"),
            (json!(["a:pk", " "]), "/attributes/scope/1 is empty: name a scope"),
            (json!(["a:pk", 7]), "/attributes/scope/1 must be text"),
            (json!([]), "/attributes/scope needs at least one scope"),
            (json!("a:pk"), "/attributes/scope must be a list of scopes"),
        ] {
            assert_eq!(asked_for(scope), Err(says.to_owned()));
        }
    }

    #[test]
    fn scopes_differ_in_either_direction() {
        let (asked, granted) = (read("a:pk b:pk"), read("b:pk c:pk d:pk"));
        assert_eq!((asked.beyond(&granted).as_str(), granted.beyond(&asked).as_str()), ("a:pk", "c:pk d:pk"));
        assert_eq!(asked.beyond(&read("b:pk a:pk")), "");
    }
}
