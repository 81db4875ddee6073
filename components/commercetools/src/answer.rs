//! commercetools' answers, told apart: `errors[].code` decides, `message` is for people.

use keywright_sdk::{ErrorBody, Failure, FieldProblem, Fields, Problem, Quota, Reason, Request, Response, Result};
use serde_json::Value;

use crate::api_client::VALIDITIES;

/// An answer, as the callers need it told apart.
pub(crate) enum Answer {
    /// 2xx.
    Ok(Response),
    /// 404: something of the path does not exist.
    Missing(Missing),
    /// 403: the client's scopes do not allow this.
    Forbidden(Failure),
    /// All else.
    Failed(Failure),
}

/// A 404 that commercetools itself wrote. One of a proxy is no such answer.
pub(crate) struct Missing(Failure);

impl Missing {
    /// Whether it says that it is this client that does not exist. A project that does not exist, or of another region,
    /// is a 404 as well, and the body of a 404 may be missing (the vendor's API description has none).
    pub(crate) fn names(&self, id: &str) -> bool {
        self.0.message().split('\'').any(|quoted| quoted == id)
    }
}

impl Answer {
    pub(crate) fn to(request: Request<'_>) -> Result<Self> {
        let response = request.send()?;
        if response.is_success() {
            return Ok(Self::Ok(response));
        }
        // A gateway may answer HTML: the status alone then has to do.
        let error = response.error();
        let code = error.code();
        let failure = failure(&response, &error, &code);
        Ok(match (response.status(), code.as_str()) {
            (404, "ResourceNotFound") => Self::Missing(Missing(failure)),
            (404, _) if response.body().is_empty() => Self::Missing(Missing(failure)),
            (404, "") => Self::Failed(response.unexpected("it is not commercetools' own")),
            (403, "insufficient_scope") => Self::Forbidden(failure),
            _ => Self::Failed(failure),
        })
    }
}

/// What the status says, and more where commercetools' codes do.
fn failure(response: &Response, error: &ErrorBody, code: &str) -> Failure {
    let errors = Fields::of(error.value()).list("errors");
    let problems: Option<Vec<FieldProblem>> = errors.iter().map(field_problem).collect();
    let failure = response.refusal();
    match (response.status(), code, problems) {
        // For these the status alone decides, and not the codes: the vendor failed or limits the rate.
        (429 | 500.., ..) => failure,
        (_, "MaxResourceLimitExceeded", _) => response.because(Reason::Quota(Quota::default()), failure.message()),
        (400, _, Some(problems)) if !problems.is_empty() => {
            Failure::invalid(problems).with_status(400).with_request_id(response.request_id())
        }
        _ => failure,
    }
}

/// What an error says of a field that is ours to give.
fn field_problem(error: &Value) -> Option<FieldProblem> {
    let error = Fields::of(error);
    let field = error.text("field").unwrap_or_default();
    let (problem, field) = match error.text("code")? {
        "InvalidField" | "DuplicateField" => (Problem::Constraint, field),
        "RequiredField" => (Problem::Required, field),
        "invalid_scope" => (Problem::Constraint, "scope"),
        _ => return None,
    };
    let pointer = match field {
        "name" | "scope" => ["/attributes/", field].concat(),
        "deleteDaysAfterCreation" => "/expires_at".to_owned(),
        field => {
            let (attribute, _) = VALIDITIES.into_iter().find(|(_, known)| *known == field)?;
            ["/attributes/", attribute].concat()
        }
    };
    let message = ["is not accepted by commercetools: ", error.text("message").unwrap_or_default()].concat();
    Some(FieldProblem::new(pointer, problem, message))
}
