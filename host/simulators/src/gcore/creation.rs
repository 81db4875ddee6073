//! The body of a creation, read strictly. The texts are those of the framework whose errors the API description shows;
//! that an unknown field is refused is a choice, so that a misspelt one does not pass.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{dates, errors::Refusal, roles::Role, token::ExpDate};

/// What a new token is to be.
pub(super) struct NewToken {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) exp_date: Option<ExpDate>,
    pub(super) role: Role,
}

/// The longest name, in characters; unknown, a choice.
const LONGEST_NAME: usize = 255;

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";

impl NewToken {
    pub(super) fn plain(name: &str, role: Role) -> Self {
        Self { name: name.to_owned(), description: String::new(), exp_date: None, role }
    }

    pub(super) fn read(body: &[u8], longest_description: usize, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|error| {
            Refusal::Json(format!(
                "JSON parse error - Expecting value: line {} column {}",
                error.line(),
                error.column()
            ))
        })?;
        let Value::Object(body) = body else {
            return Err(Refusal::field("non_field_errors", "Invalid data. Expected a dictionary."));
        };
        let mut problems = Vec::new();
        let mut known = Known { body: &body, problems: &mut problems };
        known.only(&["name", "description", "exp_date", "client_user"], "non_field_errors");
        let name = known.text("name", LONGEST_NAME, true);
        let description = known.text("description", longest_description, false);
        let exp_date = known.exp_date(now);
        let role = known.role();
        match (name, exp_date, role) {
            (Some(name), Some(exp_date), Some(role)) if problems.is_empty() => {
                Ok(Self { name, description: description.unwrap_or_default(), exp_date, role })
            }
            _ => Err(Refusal::Fields(problems)),
        }
    }
}

struct Known<'a> {
    body: &'a Map<String, Value>,
    problems: &'a mut Vec<(&'static str, String)>,
}

impl Known<'_> {
    fn problem<T>(&mut self, path: &'static str, text: impl Into<String>) -> Option<T> {
        self.problems.push((path, text.into()));
        None
    }

    fn only(&mut self, names: &[&str], path: &'static str) {
        for name in self.body.keys().filter(|name| !names.contains(&name.as_str())) {
            self.problems.push((path, format!("Unknown field: {name}.")));
        }
    }

    fn text(&mut self, name: &'static str, longest: usize, required: bool) -> Option<String> {
        match self.body.get(name) {
            None if required => self.problem(name, REQUIRED),
            None => None,
            Some(Value::Null) => self.problem(name, NULL),
            Some(Value::String(text)) if text.trim().is_empty() && required => {
                self.problem(name, "This field may not be blank.")
            }
            Some(Value::String(text)) if text.chars().count() > longest => {
                self.problem(name, format!("Ensure this field has no more than {longest} characters."))
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => self.problem(name, "Not a valid string."),
        }
    }

    /// It must be there, and null is for a token that never expires (v2 API description). That a past one is refused, and
    /// with which text, is unknown; a choice.
    fn exp_date(&mut self, now: DateTime<Utc>) -> Option<Option<ExpDate>> {
        let text = match self.body.get("exp_date") {
            None => return self.problem("exp_date", REQUIRED),
            Some(Value::Null) => return Some(None),
            Some(value) => value.as_str().unwrap_or_default(),
        };
        match dates::parse(text) {
            None => self.problem(
                "exp_date",
                "Datetime has wrong format. Use one of these formats instead: \
                 YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
            ),
            Some(instant) if instant <= now => self.problem("exp_date", "Expiration date must be in the future."),
            Some(instant) => Some(Some(ExpDate { instant, sent: text.to_owned() })),
        }
    }

    /// The schema lets the role be absent, and leaves open which of id and name counts when they differ; that both are
    /// refused is a choice.
    fn role(&mut self) -> Option<Role> {
        let user = match self.body.get("client_user") {
            None => return self.problem("client_user", REQUIRED),
            Some(Value::Null) => return self.problem("client_user", NULL),
            Some(Value::Object(user)) => user,
            Some(_) => return self.problem("client_user", "Invalid data. Expected a dictionary."),
        };
        Known { body: user, problems: self.problems }.only(&["role"], "client_user.role");
        let role = match user.get("role") {
            None => return self.problem("client_user.role", REQUIRED),
            Some(Value::Object(role)) => role,
            Some(_) => return self.problem("client_user.role", "Invalid data. Expected a dictionary."),
        };
        Known { body: role, problems: self.problems }.only(&["id", "name"], "client_user.role");
        let by_id = match role.get("id") {
            None => None,
            Some(id) => match id.as_u64() {
                None => return self.problem("client_user.role.id", "A valid integer is required."),
                Some(id) => Some((id.to_string(), Role::of_id(id))),
            },
        };
        let by_name = match role.get("name") {
            None => None,
            Some(Value::String(name)) => Some((name.clone(), Role::of_name(name))),
            Some(_) => return self.problem("client_user.role.name", "Not a valid string."),
        };
        match (by_id, by_name) {
            (None, None) => self.problem("client_user.role", REQUIRED),
            (Some((_, Some(role))), None) | (None, Some((_, Some(role)))) => Some(role),
            (Some((_, Some(role))), Some((_, Some(named)))) if role == named => Some(role),
            // The text is of the API description, which has a name there.
            (_, Some((given, _))) | (Some((given, _)), _) => {
                self.problem("client_user.role", format!("Invalid role: {given}"))
            }
        }
    }
}
