//! Reading the JSON object of a request as strictly as the API description says: no other fields, and no nulls.

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    date,
    errors::{Code, Refusal},
};
use crate::fields::{Fields, Problem, ProblemKind};

/// The longest text that has no length of its own; unknown, a choice.
pub(super) const LONGEST: usize = 512;

/// The fields of a request. `DryRun` is one of every call.
pub(super) struct Input {
    fields: Fields,
    pub(super) dry_run: bool,
    /// A value of the wrong type has an error of its own.
    of_wrong_type: Option<Refusal>,
}

impl Input {
    pub(super) fn read(body: &Bytes, known: &[&str]) -> Self {
        // A call without parameters may come without a body (recorded: `oapi-cli` sends none).
        let body: &[u8] = if body.is_empty() { b"{}" } else { body };
        let mut fields = Fields::read(body, &[known, &["DryRun"]].concat());
        if let Ok(Value::Object(given)) = serde_json::from_slice(body) {
            for (name, _) in given.iter().filter(|(_, value)| value.is_null()) {
                fields.problem(name, ProblemKind::Format, "must not be null");
            }
        }
        let dry_run = fields.flag("DryRun").unwrap_or(false);
        Self { fields, dry_run, of_wrong_type: None }
    }

    pub(super) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        self.fields.text(name, longest)
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.fields.flag(name).unwrap_or(false)
    }

    pub(super) fn number(&mut self, name: &str) -> Option<usize> {
        self.fields.get(name, "must be an integer", |value| usize::try_from(value.as_u64()?).ok())
    }

    pub(super) fn filters<T>(&mut self, known: &[&str], read: impl FnOnce(&mut Fields) -> T) -> Option<T> {
        self.fields.object("Filters", known, read)
    }

    pub(super) fn state(&mut self) -> Option<bool> {
        let state = self.fields.text("State", LONGEST)?;
        let active = read_state(&state);
        if active.is_none() {
            self.fields.problem("State", ProblemKind::Constraint, "must be ACTIVE or INACTIVE");
        }
        active
    }

    /// An expiration date; what is none has been reported as a wrong type (issue 342 of the Terraform provider).
    pub(super) fn expiration_date(&mut self) -> Option<DateTime<Utc>> {
        let text = self.fields.text("ExpirationDate", LONGEST)?;
        let date = date::parse(&text);
        if date.is_none() {
            self.of_wrong_type = Some(Code::InvalidType.because("The parameter type of ExpirationDate is unknown."));
        }
        date
    }

    pub(super) fn require(&mut self, name: &str) {
        self.fields.require(name);
    }

    /// The first thing that is wrong. That it is one is a choice.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if let Some(refusal) = self.of_wrong_type {
            return Err(refusal);
        }
        self.fields.finish().map_err(|problems| match problems.into_iter().next() {
            Some(Problem { field, kind, help }) => {
                let code = match kind {
                    ProblemKind::Required | ProblemKind::Format => Code::InvalidParameter,
                    ProblemKind::Constraint if help.contains("characters") => Code::InvalidLength,
                    ProblemKind::Constraint => Code::InvalidValue,
                };
                code.because(format!("The parameter {field} is not valid: {help}."))
            }
            None => Code::InvalidParameter.because("The request is not valid."),
        })
    }
}

/// Whether a state is the active one.
pub(super) fn read_state(state: &str) -> Option<bool> {
    match state {
        "ACTIVE" => Some(true),
        "INACTIVE" => Some(false),
        _ => None,
    }
}
