//! Imperva's answers, told apart. A status alone proves nothing: a refusal may come with 200, and so may a page of HTML.

use keywright_sdk::{Failure, Fields, Quota, Reason, Request, Response, Warning};
use serde_json::Value;

use crate::refusal::{Refusal, problem};

/// What a request was to do, which decides what a refusal of it means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// To read; nothing changes.
    Read,
    /// To make an API client.
    Create,
    /// To change one.
    Change,
    /// To end one.
    End,
}

/// An answer to work with: 2xx, and no refusal within.
pub(crate) struct Success {
    pub(crate) response: Response,
    /// The body; null when there is none.
    pub(crate) body: Value,
    /// What is not as it should be.
    pub(crate) warnings: Vec<Warning>,
}

/// Any other.
pub(crate) struct Refused {
    pub(crate) kind: Kind,
    pub(crate) failure: Failure,
}

/// What else a failure proves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The API client does not exist, in Imperva's own words. A 404 of a proxy is no such answer.
    NotFound,
    /// A 404 that may be anyone's.
    Unclear404,
    /// 403 in Imperva's own words: the credential is good, and has no right to do this.
    Forbidden,
    /// The credential is not accepted.
    Unauthenticated,
    /// The same, because its API client is disabled.
    Disabled,
    /// Nothing else.
    Other,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        refused.failure
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { kind: Kind::Other, failure }
    }
}

/// Sends a request.
pub(crate) fn to(request: Request<'_>, aim: Aim) -> Result<Success, Refused> {
    let response = request.send()?;
    let succeeded = response.is_success();
    let body = match response.json::<Value>() {
        Ok(body) => body,
        // The answer to a deletion.
        Err(_) if response.body().is_empty() && succeeded => Value::Null,
        // HTML, as Imperva's gateway sends it on bad days: to ask again helps (issue 638 of the Terraform provider).
        Err(_) if succeeded && aim == Aim::Read => {
            let message = "Imperva's answer is not JSON, most likely a page of its gateway: try again later";
            return Err(response.because(Reason::Unavailable, message).into());
        }
        Err(failure) if succeeded => return Err(failure.into()),
        Err(_) => {
            let refusal = Refusal { foreign: !response.body().is_empty(), ..Refusal::default() };
            return Err(refused(&response, refusal, aim));
        }
    };
    let refusal = Refusal::read(&body);
    let mut warnings = Vec::new();
    if let Some(refusal) = refusal {
        // A secret is never thrown away, whatever else the answer says.
        if !succeeded || aim == Aim::Read || secret(&body).is_none() {
            return Err(refused(&response, refusal, aim));
        }
        warnings.push(Warning::new(None, ["Imperva's answer also complains: ", &refusal.text].concat()));
    } else if !succeeded {
        return Err(refused(&response, Refusal::default(), aim));
    }
    Ok(Success { response, body, warnings })
}

/// The API key in an answer; empty or null when there is none.
pub(crate) fn secret(body: &Value) -> Option<&str> {
    Fields::of(body).text("apiKey")
}

/// What a refusal means. What the status says goes before what the body says, but for 200, which says nothing.
fn refused(response: &Response, refusal: Refusal, aim: Aim) -> Refused {
    let succeeded = response.is_success();
    let status = if succeeded { refusal.status.unwrap_or(200) } else { response.status() };
    let create = aim == Aim::Create;
    let quota = create && refusal.is_quota();
    let (kind, reason, words) = match (status, refusal.code.as_str()) {
        (429, _) => (Kind::Other, Reason::RateLimited, "Imperva takes no more requests for now, try again later"),
        (408 | 425 | 500.., _) => failed(aim),
        // A redirect, which is not followed.
        (..400, _) if !succeeded => return response.failure().into(),
        // It says nothing of the credential.
        (400.., _) if refusal.foreign => (
            Kind::Other,
            Reason::Vendor("blocked".to_owned()),
            "what came is no answer of Imperva's API, most likely a web page: its firewall, or a proxy on the way, may \
             have blocked the request",
        ),
        (401, _) | (_, "9418") if refusal.is_disabled() => {
            (Kind::Disabled, Reason::Unauthenticated, "the API client is disabled, enable it")
        }
        (401, _) => (Kind::Unauthenticated, Reason::Unauthenticated, "Imperva does not accept the credential"),
        _ if aim != Aim::End && refusal.is_unknown_user() => {
            let place = if aim == Aim::Read { "/filter/attributes/user_email" } else { "/attributes/user_email" };
            (Kind::Other, Reason::Invalid(vec![problem(place, "is", &refusal.text)]), "there is no such user")
        }
        (400..404 | 405..500, _) | (_, "2" | "9415") if quota => {
            (Kind::Other, Reason::Quota(Quota::default()), "there are as many API clients as there may be")
        }
        (403, _) | (_, "9413" | "9415") => {
            let words = match create {
                true => {
                    "the credential may not do this, or the account has its API Client Creation Consent switched off \
                     in the console"
                }
                false => "the credential may not do this",
            };
            // Only Imperva's own 403 proves that it knew the credential.
            let kind = if status == 403 && refusal.own { Kind::Forbidden } else { Kind::Other };
            (kind, Reason::Forbidden, words)
        }
        (404, _) | (_, "2002") if refusal.own => (Kind::NotFound, Reason::NotFound, "Imperva knows no such API client"),
        (404, _) => (
            Kind::Unclear404,
            Reason::Vendor("404".to_owned()),
            "a 404 came that is not in Imperva's words and says nothing of the API client, check the endpoint",
        ),
        (406 | 409 | 412 | 423, _) => (Kind::Other, Reason::Conflict, "the state of things does not allow this"),
        (400 | 422, _) | (_, "2") if create || aim == Aim::Change => {
            let request_id = refusal.request_id.clone();
            let failure = Failure::invalid(refusal.into_problems()).with_status(response.status());
            return failure.with_request_id(request_id.as_deref().or(response.request_id())).into();
        }
        (_, "3015") => failed(aim),
        // Refused with 200, by a code that is not known to mean that nothing was done.
        _ if succeeded && aim != Aim::Read && status < 400 => failed(aim),
        (_, "") => (Kind::Other, Reason::Vendor(status.to_string()), "Imperva refused the request"),
        (_, code) => (Kind::Other, Reason::Vendor(code.to_owned()), "Imperva refused the request"),
    };
    let message = [words, if refusal.text.is_empty() { "" } else { ": " }, &refusal.text].concat();
    let request_id = refusal.request_id.as_deref().or(response.request_id());
    let failure = response.because(reason, message).with_request_id(request_id);
    Refused { kind, failure }
}

/// A failure of Imperva's own: what acts may have acted.
fn failed(aim: Aim) -> (Kind, Reason, &'static str) {
    match aim {
        Aim::Read => (Kind::Other, Reason::Unavailable, "Imperva failed, try again later"),
        _ => (Kind::Other, Reason::InDoubt, "the request may have taken effect, but Imperva failed over it"),
    }
}
