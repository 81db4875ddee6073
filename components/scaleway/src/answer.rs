//! Scaleway's answers, by kind. Its errors are one flat JSON object whose `type` decides; `message` is for people.

use keywright_sdk::{Failure, FieldProblem, Fields, Problem, Quota, Reason, Request, Response, Result};
use serde_json::Value;

/// An answer, by what callers do about it.
pub(crate) enum Answer {
    /// 2xx.
    Ok(Response),
    /// The key does not exist: a 404 that says so itself. A 404 of a proxy is no such answer.
    NotFound(Failure),
    /// 403: no right to do this, or a quota.
    Forbidden(Failure),
    /// All else.
    Failed(Failure),
}

impl Answer {
    pub(crate) fn to(request: Request<'_>) -> Result<Self> {
        let response = request.send()?;
        if response.is_success() {
            return Ok(Self::Ok(response));
        }
        // A 429 has an empty body, and a gateway may answer HTML: the status alone then has to do.
        let error = Error(response.error().value().clone());
        let failure = error.failure(&response);
        Ok(match (response.status(), error.kind()) {
            (404, "not_found") => Self::NotFound(failure),
            (403, "permissions_denied" | "quotas_exceeded") => Self::Forbidden(failure),
            _ => Self::Failed(failure),
        })
    }

    /// The response, if it is one to work with.
    pub(crate) fn ok(self) -> Result<Response> {
        match self {
            Self::Ok(response) => Ok(response),
            Self::NotFound(failure) | Self::Forbidden(failure) | Self::Failed(failure) => Err(failure),
        }
    }
}

/// The error object (the Go SDK, scw/errors.go).
struct Error(Value);

impl Error {
    fn text(&self, field: &str) -> &str {
        text(&self.0, field)
    }

    /// What decides. Problem details (RFC 9457), as gateways write them, have a URL there, which says nothing of a key.
    fn kind(&self) -> &str {
        let kind = self.text("type");
        let is_word = kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if is_word { kind } else { "" }
    }

    /// What is wrong in particular: of an argument, a right or a quota.
    fn details(&self) -> impl Iterator<Item = &Value> {
        self.0.get("details").and_then(Value::as_array).into_iter().flatten()
    }

    fn failure(&self, response: &Response) -> Failure {
        let reason = match self.kind() {
            "invalid_arguments" => {
                return Failure::invalid(self.details().map(argument_problem).collect())
                    .with_status(response.status())
                    .with_request_id(response.request_id());
            }
            "denied_authentication" => Reason::Unauthenticated,
            "permissions_denied" => Reason::Forbidden,
            "quotas_exceeded" => Reason::Quota(self.details().next().map(quota).unwrap_or_default()),
            "not_found" if response.status() == 404 => Reason::NotFound,
            "already_exists" | "locked" | "precondition_failed" | "resource_expired" => Reason::Conflict,
            // Passing, and nothing was done.
            "transient_state" => Reason::Unavailable,
            // No error of Scaleway's own, or one of a kind that is not known on a status that is.
            kind if kind.is_empty() || response.status() == 429 || response.status() >= 500 => {
                return foreign(response);
            }
            kind => Reason::Vendor(kind.to_owned()),
        };
        response.because(reason, self.sentence())
    }

    fn sentence(&self) -> String {
        let mut sentence = String::from("Scaleway answers");
        let mut add = |text: &str| {
            if !text.is_empty() {
                sentence.push_str(": ");
                sentence.push_str(text);
            }
        };
        add(self.text("message"));
        add(self.text("help_message"));
        if self.text("message").is_empty() {
            add(self.text("title"));
            add(self.text("detail"));
        }
        let mut resource = self.text("resource");
        for detail in self.details() {
            add(text(detail, "help_message"));
            add(text(detail, "action"));
            resource = text(detail, "resource");
        }
        add(resource);
        sentence
    }
}

/// A refusal that is not in Scaleway's form: what its status says, with the words in it. A 404 of this kind is of a gateway, or
/// of an address that is wrong, and says nothing of a key.
fn foreign(response: &Response) -> Failure {
    let failure = response.refusal();
    if *failure.reason() != Reason::NotFound {
        return failure;
    }
    let words = response.error().sentence();
    let before = "this path is not known, and Scaleway does not say that the key is gone: check the account's endpoint";
    let message = if words.is_empty() { before.to_owned() } else { [before, ": ", &words].concat() };
    response.because(Reason::Vendor(response.status().to_string()), message)
}

/// Scaleway names its arguments as this adapter names its attributes, but for the expiry, which every vendor has.
fn argument_problem(detail: &Value) -> FieldProblem {
    let pointer = match text(detail, "argument_name") {
        "expires_at" => "/expires_at".to_owned(),
        "organization_id" => "/settings/organization_id".to_owned(),
        name => ["/attributes/", name].concat(),
    };
    let reason = text(detail, "reason");
    let problem = match reason {
        "required" => Problem::Required,
        "format" => Problem::Format,
        _ => Problem::Constraint,
    };
    let help = match text(detail, "help_message") {
        "" => reason,
        help => help,
    };
    FieldProblem::new(pointer, problem, ["is not accepted by Scaleway: ", help].concat())
}

fn quota(detail: &Value) -> Quota {
    let count = |field| Fields::of(detail).integer(field).and_then(|count| u32::try_from(count).ok());
    Quota { limit: count("quota"), used: count("current") }
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    Fields::of(object).text(field).unwrap_or_default()
}
