//! OUTSCALE's answers, told apart. The code of an error decides: there is no 404, an unknown key may be a 400, and a 401
//! may be a missing right.

use keywright_sdk::{Failure, FieldProblem, Problem, Quota, Reason, Request, Response, Result};
use serde_json::Value;

/// An answer, as the callers need it told apart.
pub(crate) enum Answer {
    /// 2xx.
    Ok(Response),
    /// All else.
    Refused(Refusal),
}

/// Why a request was not granted.
pub(crate) struct Refusal {
    /// The code of the error; none when a gateway answered, or OUTSCALE failed.
    pub(crate) code: Option<u32>,
    pub(crate) failure: Failure,
}

/// What codes mean (`resources/gateway_errors.yaml` of OUTSCALE's Python SDK, and the error page of its API).
pub(crate) mod code {
    /// `access-keys-not-found`: the key that signs, by the Go SDK; perhaps the one that a request names.
    pub(crate) const ACCESS_KEYS_NOT_FOUND: u32 = 4000;
    /// The key that signs is unknown, here or in this region; perhaps the one that a request names.
    pub(crate) const UNKNOWN_ACCESS_KEY: u32 = 4120;
    /// `no-such-user`.
    pub(crate) const NO_SUCH_USER: u32 = 5075;
    /// The signature is not good.
    pub(crate) const DENIED: u32 = 1;
    /// The account's API access rules demand another address, or a client certificate.
    pub(crate) const ACCESS_RULES: u32 = 14;
    /// Too many failed attempts: locked until support unlocks it.
    pub(crate) const LOCKED: u32 = 11;
    /// Too many failed attempts: locked for a while.
    pub(crate) const LOCKED_FOR_A_WHILE: u32 = 13;
}

/// The shortest lock, in seconds; each further four failures make it a minute longer.
const LOCK: u32 = 60;

impl Answer {
    pub(crate) fn to(request: Request<'_>) -> Result<Self> {
        let response = request.send()?;
        if (200..300).contains(&response.status()) {
            return Ok(Self::Ok(response));
        }
        // A gateway may answer in a form of its own, or HTML: the status alone then has to do.
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        Ok(Self::Refused(match Error::read(&response, &body) {
            Some(error) => Refusal { code: Some(error.code), failure: error.failure(&response) },
            None => Refusal { code: None, failure: by_status(&response, &body) },
        }))
    }

    /// The response, if it is one to work with.
    pub(crate) fn ok(self) -> Result<Response> {
        match self {
            Self::Ok(response) => Ok(response),
            Self::Refused(refusal) => Err(refusal.failure),
        }
    }
}

impl Refusal {
    /// Whether the key that the request names may be what was not found, rather than the one that signed it.
    pub(crate) fn may_be_of_the_key(&self) -> bool {
        matches!(self.code, Some(code::ACCESS_KEYS_NOT_FOUND | code::UNKNOWN_ACCESS_KEY | 5000..=5999))
    }

    /// The failure of a creation, in which only the user can be what was not found.
    pub(crate) fn of_the_user(self) -> Failure {
        match self.code {
            Some(code::NO_SUCH_USER) => {
                let message = ["names no EIM user: ", self.failure.message()].concat();
                FieldProblem::new("/attributes/user_name", Problem::Constraint, message).into()
            }
            _ => self.failure,
        }
    }

    /// The failure, when it is clear that the key that signs is good.
    pub(crate) fn of_the_key(self) -> Failure {
        match self.code {
            Some(code @ (code::ACCESS_KEYS_NOT_FOUND | code::UNKNOWN_ACCESS_KEY)) => {
                Failure::new(Reason::Vendor(code.to_string()), self.failure.message())
            }
            _ => self.failure,
        }
    }
}

/// The first of the errors that an answer lists.
struct Error<'a> {
    code: u32,
    kind: &'a str,
    details: &'a str,
    request_id: Option<&'a str>,
}

impl<'a> Error<'a> {
    /// OUTSCALE's own errors are 4xx, and 503 when the whole platform is throttled. Other 5xx say that it failed, whatever
    /// else they say.
    fn read(response: &Response, body: &'a Value) -> Option<Self> {
        let error = body.get("Errors")?.get(0)?;
        let code = match error.get("Code")? {
            Value::String(code) => code.parse().ok()?,
            code => code.as_u64().and_then(|code| u32::try_from(code).ok())?,
        };
        match response.status() {
            400..500 => {}
            503 if code == 6 => {}
            _ => return None,
        }
        let request_id = body.get("ResponseContext").and_then(|context| context.get("RequestId"));
        Some(Self {
            code,
            kind: text(error, "Type"),
            details: text(error, "Details"),
            request_id: request_id.and_then(Value::as_str),
        })
    }

    fn failure(&self, response: &Response) -> Failure {
        let failure = match self.reason(response) {
            Some(reason) => response.because(reason, [&self.sentence(), self.advice()].concat()),
            None => {
                let problem = Problem::Constraint;
                let message = ["is not accepted: ", &self.sentence()].concat();
                Failure::from(FieldProblem::new(self.pointer(), problem, message)).with_status(response.status())
            }
        };
        failure.with_request_id(self.request_id)
    }

    /// Nothing for what is wrong with the input.
    fn reason(&self, response: &Response) -> Option<Reason> {
        Some(match self.code {
            // Of 4, 5 and 7 the page of errors says "unauthorized", "not authorized" and "not allowed": signed well, no right.
            4 | 5 | 7 | code::ACCESS_RULES => Reason::Forbidden,
            6 | 24 | 25 => Reason::RateLimited(retry_after(response)),
            code::LOCKED_FOR_A_WHILE => Reason::RateLimited(Some(LOCK)),
            code::DENIED | 8..=12 | 20 | code::ACCESS_KEYS_NOT_FOUND | code::UNKNOWN_ACCESS_KEY => {
                Reason::Unauthenticated
            }
            5000..=5999 => Reason::NotFound,
            1000..=1999 | 6000..=6999 | 9000..=9999 => Reason::Conflict,
            10_000..=10_999 => Reason::Quota(Quota::default()),
            4001..=4999 => return None,
            // The code of a parameter of the wrong type is not known, its type is.
            _ if self.kind.starts_with("InvalidParameter") || self.kind.starts_with("MissingParameter") => return None,
            code => Reason::Vendor(code.to_string()),
        })
    }

    fn sentence(&self) -> String {
        let mut sentence = String::from("OUTSCALE answers");
        for text in [self.kind, self.details] {
            if !text.is_empty() {
                sentence.push_str(": ");
                sentence.push_str(text);
            }
        }
        sentence.push_str(" (code ");
        sentence.push_str(&self.code.to_string());
        sentence.push(')');
        sentence
    }

    fn advice(&self) -> &'static str {
        match self.code {
            code::DENIED => ": check the secret key, and that this machine's clock is right",
            4 | 5 | 7 => ": the key is accepted, and has no right to do this",
            code::UNKNOWN_ACCESS_KEY | code::ACCESS_KEYS_NOT_FOUND => ": check the access key and the region",
            code::LOCKED => ": failed attempts have locked it for good, and only OUTSCALE's support can unlock it",
            code::LOCKED_FOR_A_WHILE => ": failed attempts have locked it for a minute or more, so do not try at once",
            code::ACCESS_RULES => {
                ": the account's API access rules demand another address or a client certificate; the key may be good"
            }
            12 => ": try the other value of the setting `signature`",
            10_005 => ": an owner has at most 10 access keys, so delete one first",
            _ => "",
        }
    }

    /// The field that the error is about: only its text says, by the name of OUTSCALE's parameter.
    fn pointer(&self) -> &'static str {
        let pointers = [
            ("ExpirationDate", "/expires_at"),
            ("UserName", "/attributes/user_name"),
            ("AccessKeyId", "/id"),
            ("State", "/attributes/state"),
            ("Tag", "/attributes/tag"),
        ];
        let mut words = self.details.split(|character: char| !character.is_ascii_alphanumeric());
        words
            .find_map(|word| pointers.iter().find(|(name, _)| word == *name))
            .map_or("/attributes", |(_, pointer)| pointer)
    }
}

/// What an answer without a code means: a gateway's own, in the forms that the Python SDK knows (`problem.py`), or none.
fn by_status(response: &Response, body: &Value) -> Failure {
    let plain = response.failure();
    let said =
        ["detail", "message", "title", "__type"].iter().map(|name| text(body, name)).find(|text| !text.is_empty());
    match (said, response.status()) {
        // Nothing of OUTSCALE's is ever said by a 404, least of all that a key does not exist.
        (said, status @ (404 | 410)) => {
            let said = said.unwrap_or("there is no such address");
            response.because(Reason::Vendor(status.to_string()), ["OUTSCALE's gateway answers: ", said].concat())
        }
        (Some(said), 400..500) => {
            response.because(plain.reason().clone(), ["OUTSCALE's gateway answers: ", said].concat())
        }
        _ => plain,
    }
}

fn retry_after(response: &Response) -> Option<u32> {
    response.header("retry-after")?.trim().parse().ok()
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}
