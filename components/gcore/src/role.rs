//! Roles: what a token may do. Gcore calls them groups too, and knows each by an id and a name.

use std::result::Result as StdResult;

use keywright_sdk::{FieldProblem, Problem};
use serde_json::{Map, Value};

use crate::tokens::positive;

/// The groups that there are (IAM API description). Others go to Gcore as they are given.
const KNOWN: [(u64, &str); 5] = [
    (1, "Administrators"),
    (2, "Users"),
    (5, "Engineers"),
    (3009, "Purge and Prefetch only (API+Web)"),
    (3022, "Purge and Prefetch only (API)"),
];

pub(crate) const ID: &str = "role_id";
pub(crate) const NAME: &str = "role_name";

/// A role, by its id, its name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) id: Option<u64>,
    pub(crate) name: Option<String>,
}

impl Role {
    /// The role that attributes ask for; what is known of it is filled in.
    pub(crate) fn asked(attributes: &Map<String, Value>) -> StdResult<Self, FieldProblem> {
        let problem = |attribute: &str, problem, message: &str| {
            FieldProblem::new(["/attributes/", attribute].concat(), problem, message)
        };
        let id = match attributes.get(ID) {
            None | Some(Value::Null) => None,
            Some(id) => {
                Some(positive(id).ok_or_else(|| problem(ID, Problem::Format, "must be a whole number from 1"))?)
            }
        };
        let name = match attributes.get(NAME) {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) if !name.is_empty() => Some(name.clone()),
            Some(_) => return Err(problem(NAME, Problem::Format, "must be text")),
        };
        let role = Self { id, name }.filled();
        match &role {
            Self { id: None, name: None } => {
                Err(problem(ID, Problem::Required, "is missing: give role_id, role_name, or both"))
            }
            // Which of the two would count at Gcore is not known.
            Self { id: Some(id), name: Some(name) } if !consistent(*id, name) => Err(problem(
                NAME,
                Problem::Constraint,
                &format!("contradicts role_id: {}; give one of the two", explain(*id, name)),
            )),
            _ => Ok(role),
        }
    }

    /// The role in an answer.
    pub(crate) fn of_answer(role: &Value) -> Self {
        let name = role.get("name").and_then(Value::as_str).map(str::to_owned);
        Self { id: role.get("id").and_then(positive), name }.filled()
    }

    fn filled(mut self) -> Self {
        match (&self.id, &self.name) {
            (Some(id), None) => self.name = name_of(*id).map(str::to_owned),
            (None, Some(name)) => self.id = id_of(name),
            _ => {}
        }
        self
    }

    /// As Gcore takes it.
    pub(crate) fn to_json(&self) -> Value {
        let mut role = Map::new();
        if let Some(id) = self.id {
            role.insert("id".to_owned(), id.into());
        }
        if let Some(name) = &self.name {
            role.insert("name".to_owned(), name.as_str().into());
        }
        Value::Object(role)
    }

    pub(crate) fn write(&self, attributes: &mut Map<String, Value>) {
        if let Some(id) = self.id {
            attributes.insert(ID.to_owned(), id.into());
        }
        if let Some(name) = &self.name {
            attributes.insert(NAME.to_owned(), name.as_str().into());
        }
    }

    /// Whether this may be the other, as far as both are known.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        agree(self.id.as_ref(), other.id.as_ref()) && agree(self.name.as_ref(), other.name.as_ref())
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.id.is_none() && self.name.is_none()
    }
}

fn name_of(id: u64) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

fn id_of(name: &str) -> Option<u64> {
    KNOWN.iter().find(|(_, known)| *known == name).map(|(id, _)| *id)
}

fn consistent(id: u64, name: &str) -> bool {
    name_of(id).is_none_or(|known| known == name) && id_of(name).is_none_or(|known| known == id)
}

fn explain(id: u64, name: &str) -> String {
    match (name_of(id), id_of(name)) {
        (Some(name), _) => format!("{id} is {name}"),
        (None, Some(known)) => format!("{name} is {known}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(attributes: Value) -> StdResult<Value, (String, Problem)> {
        let Value::Object(attributes) = attributes else { panic!("no object") };
        Role::asked(&attributes).map(|role| role.to_json()).map_err(|problem| (problem.pointer, problem.problem))
    }

    #[test]
    fn a_known_id_and_a_known_name_fill_each_other_in() {
        for (id, name) in KNOWN {
            let both = Ok(json!({"id": id, "name": name}));
            assert_eq!(asked(json!({"role_id": id})), both);
            assert_eq!(asked(json!({"role_name": name})), both);
            assert_eq!(asked(json!({"role_id": id, "role_name": name})), both);
        }
    }

    #[test]
    fn what_is_not_known_goes_as_it_is() {
        assert_eq!(asked(json!({"role_id": 77})), Ok(json!({"id": 77})));
        assert_eq!(asked(json!({"role_name": "Auditors"})), Ok(json!({"name": "Auditors"})));
        let both = json!({"id": 77, "name": "Auditors"});
        assert_eq!(asked(json!({"role_id": 77, "role_name": "Auditors"})), Ok(both));
    }

    #[test]
    fn a_contradiction_is_refused() {
        let contradiction = Err(("/attributes/role_name".to_owned(), Problem::Constraint));
        for (id, name) in [(1, "Users"), (2, "Auditors"), (77, "Users")] {
            assert_eq!(asked(json!({"role_id": id, "role_name": name})), contradiction, "{id} {name}");
        }
    }

    #[test]
    fn a_role_is_needed() {
        let missing = Err(("/attributes/role_id".to_owned(), Problem::Required));
        assert_eq!(asked(json!({})), missing);
        assert_eq!(asked(json!({"role_id": null, "role_name": null})), missing);
        assert_eq!(asked(json!({"role_id": "2"})), Err(("/attributes/role_id".to_owned(), Problem::Format)));
        assert_eq!(asked(json!({"role_name": ""})), Err(("/attributes/role_name".to_owned(), Problem::Format)));
    }

    #[test]
    fn roles_that_are_known_in_part_may_be_the_same() {
        let users = Role::of_answer(&json!({"id": 2}));
        assert_eq!(users, Role::of_answer(&json!({"name": "Users"})));
        assert!(users.may_be(&Role::of_answer(&Value::Null)));
        assert!(!users.may_be(&Role::of_answer(&json!({"id": 1}))));
        assert!(Role::of_answer(&json!({"id": "2"})).is_unknown());
    }
}
