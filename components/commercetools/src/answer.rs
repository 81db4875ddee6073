//! commercetools' answers, told apart: `errors[].code` decides, `message` is for people.

use keywright_sdk::{Failure, FieldProblem, Problem, Quota, Reason, Request, Response, Result};
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
pub(crate) struct Missing {
    message: String,
}

impl Missing {
    /// Whether it says that it is this client that does not exist. A project that does not exist, or of another region,
    /// is a 404 as well, and the body of a 404 may be missing (the vendor's API description has none).
    pub(crate) fn names(&self, id: &str) -> bool {
        self.message.split('\'').any(|quoted| quoted == id)
    }
}

impl Answer {
    pub(crate) fn to(request: Request<'_>) -> Result<Self> {
        let response = request.send()?;
        if (200..300).contains(&response.status()) {
            return Ok(Self::Ok(response));
        }
        // A gateway may answer HTML: the status alone then has to do.
        let error = Error(serde_json::from_slice(response.body()).unwrap_or_default());
        let failure = error.failure(&response).with_request_id(response.header("x-correlation-id"));
        Ok(match (response.status(), error.code()) {
            (404, "ResourceNotFound") => Self::Missing(Missing { message: error.message().to_owned() }),
            (404, _) if response.body().is_empty() => Self::Missing(Missing { message: String::new() }),
            (404, "") => Self::Failed(response.unexpected("it is not commercetools' own")),
            (403, "insufficient_scope") => Self::Forbidden(failure),
            _ => Self::Failed(failure),
        })
    }
}

/// The error object. The authorization host's has the code in `error` as well.
struct Error(Value);

impl Error {
    fn errors(&self) -> impl Iterator<Item = &Value> {
        self.0.get("errors").and_then(Value::as_array).into_iter().flatten()
    }

    fn code(&self) -> &str {
        match self.errors().map(|error| text(error, "code")).find(|code| !code.is_empty()) {
            Some(code) => code,
            None => text(&self.0, "error"),
        }
    }

    fn message(&self) -> &str {
        text(&self.0, "message")
    }

    fn failure(&self, response: &Response) -> Failure {
        let problems: Option<Vec<FieldProblem>> = self.errors().map(field_problem).collect();
        let by_status = response.failure();
        let reason = match (response.status(), self.code()) {
            // Whatever it says of it, the vendor failed or has enough.
            (429 | 500.., _) => by_status.reason().clone(),
            (_, "MaxResourceLimitExceeded") => Reason::Quota(Quota::default()),
            (400, _) => match problems {
                Some(problems) if !problems.is_empty() => {
                    return Failure::invalid(problems).with_status(response.status());
                }
                _ => self.vendor_reason(&by_status),
            },
            (_, "invalid_token") => Reason::Unauthenticated,
            (_, "insufficient_scope") => Reason::Forbidden,
            (401 | 403 | 404 | 409 | 412 | 423, _) => by_status.reason().clone(),
            _ => self.vendor_reason(&by_status),
        };
        match self.sentence() {
            Some(sentence) => response.because(reason, sentence),
            None => response.because(reason, by_status.message()),
        }
    }

    fn vendor_reason(&self, by_status: &Failure) -> Reason {
        match self.code() {
            "" => by_status.reason().clone(),
            code => Reason::Vendor(code.to_owned()),
        }
    }

    /// The vendor's own words, each once.
    fn sentence(&self) -> Option<String> {
        let mut said = vec![self.message()];
        for error in self.errors() {
            said.extend([text(error, "message"), text(error, "detailedErrorMessage")]);
        }
        let mut sentence = String::new();
        for (index, words) in said.iter().enumerate() {
            if !words.is_empty() && !said[..index].contains(words) {
                sentence.push_str(": ");
                sentence.push_str(words);
            }
        }
        (!sentence.is_empty()).then(|| ["commercetools answers", &sentence].concat())
    }
}

/// What an error says of a field that is ours to give.
fn field_problem(error: &Value) -> Option<FieldProblem> {
    let (problem, field) = match text(error, "code") {
        "InvalidField" | "DuplicateField" => (Problem::Constraint, text(error, "field")),
        "RequiredField" => (Problem::Required, text(error, "field")),
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
    Some(FieldProblem::new(pointer, problem, ["is not accepted by commercetools: ", text(error, "message")].concat()))
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}
