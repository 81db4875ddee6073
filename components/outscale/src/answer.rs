//! OUTSCALE's answers, told apart. The code of an error decides: there is no 404, an unknown key may be a 400, and a 401
//! may be a missing right.

use keywright_sdk::{Failure, FieldProblem, Fields, Problem, Quota, Reason, Request, Response, Result};

/// A 2xx, or why the request was not granted.
pub(crate) type Answer<T = Response> = std::result::Result<T, Refusal>;

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
    /// The signature does not match.
    pub(crate) const DENIED: u32 = 1;
    /// The account's API access rules demand another address, or a client certificate.
    pub(crate) const ACCESS_RULES: u32 = 14;
    /// Too many failed attempts: locked until support unlocks it.
    pub(crate) const LOCKED: u32 = 11;
    /// Too many failed attempts: locked for a while.
    pub(crate) const LOCKED_FOR_A_WHILE: u32 = 13;
}

/// Failed attempts in a row that lock (user guide, "Lockout").
pub(crate) const TRIES: u32 = 4;

/// The shortest lock, in seconds; each further four failures make it a minute longer.
pub(crate) const LOCK: u32 = 60;

pub(crate) fn send(request: Request<'_>) -> Result<Answer> {
    let response = request.send()?;
    if response.is_success() {
        return Ok(Ok(response));
    }
    // A gateway may answer in a form of its own, or HTML: the status alone then has to do.
    let body = response.error();
    Ok(Err(match Error::read(&response, Fields::of(body.value())) {
        Some(error) => Refusal { code: Some(error.code), failure: error.failure(&response) },
        None => Refusal { code: None, failure: by_status(&response) },
    }))
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        refusal.failure
    }
}

impl Refusal {
    /// Signed well, but without the right: not so when the account's access rules refused it.
    pub(crate) fn is_missing_right(&self) -> bool {
        *self.failure.reason() == Reason::Forbidden && self.code != Some(code::ACCESS_RULES)
    }

    /// Whether there is no EIM user of the name that the request holds.
    pub(crate) fn is_missing_user(&self) -> bool {
        self.code == Some(code::NO_SUCH_USER)
    }

    /// Whether the key that the request names may be what was not found, rather than the one that signed it.
    pub(crate) fn may_be_of_the_key(&self) -> bool {
        matches!(self.code, Some(code::ACCESS_KEYS_NOT_FOUND | code::UNKNOWN_ACCESS_KEY | 5000..=5999))
    }

    /// The failure of a creation, in which only the user can be what was not found.
    pub(crate) fn of_the_user(self) -> Failure {
        if self.is_missing_user() {
            let message = ["does not name an EIM user: ", self.failure.message()].concat();
            return FieldProblem::new("/attributes/user_name", Problem::Constraint, message).into();
        }
        self.failure
    }

    /// The failure, when it is clear that the key that is named exists.
    pub(crate) fn of_the_key(self) -> Failure {
        if self.may_be_of_the_key() { self.by_code().failure } else { self.failure }
    }

    /// The refusal of a read. It shows an absent key as an empty list, so none of its codes is of the key.
    pub(crate) fn of_a_read(self) -> Self {
        if *self.failure.reason() == Reason::NotFound { self.by_code() } else { self }
    }

    /// With its code as the reason.
    fn by_code(self) -> Self {
        let reason = Reason::Vendor(self.code.unwrap_or_default().to_string());
        Self { failure: rewritten(&self.failure, reason, self.failure.message()), ..self }
    }
}

/// The failure, with a further sentence on what it means here or what to do.
pub(crate) fn explained(failure: &Failure, sentence: &str) -> Failure {
    rewritten(failure, failure.reason().clone(), &[failure.message(), "; ", sentence].concat())
}

fn rewritten(failure: &Failure, reason: Reason, message: &str) -> Failure {
    let rewritten =
        Failure::new(reason, message).with_request_id(failure.request_id()).with_retry_after(failure.retry_after());
    match failure.status() {
        Some(status) => rewritten.with_status(status),
        None => rewritten,
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
    fn read(response: &Response, body: Fields<'a>) -> Option<Self> {
        let error = Fields::of(body.list("Errors").first()?);
        let code = error.integer("Code").and_then(|code| u32::try_from(code).ok())?;
        match response.status() {
            400..500 => {}
            503 if code == 6 => {}
            _ => return None,
        }
        Some(Self {
            code,
            kind: error.text("Type").unwrap_or_default(),
            details: error.text("Details").unwrap_or_default(),
            request_id: body.object("ResponseContext").text("RequestId"),
        })
    }

    fn failure(&self, response: &Response) -> Failure {
        let failure = match self.reason() {
            Some(reason) => response.because(reason, [&self.sentence(), self.advice()].concat()),
            None => {
                let problem = Problem::Constraint;
                let message = ["is not accepted: ", &self.sentence()].concat();
                Failure::from(FieldProblem::new(self.pointer(), problem, message)).with_status(response.status())
            }
        };
        let failure = failure.with_request_id(self.request_id);
        if self.code == code::LOCKED_FOR_A_WHILE { failure.with_retry_after(Some(LOCK)) } else { failure }
    }

    /// Nothing for what is wrong with the input.
    fn reason(&self) -> Option<Reason> {
        Some(match self.code {
            // Of 4, 5 and 7 the page of errors says "unauthorized", "not authorized" and "not allowed": signed well, no right.
            4 | 5 | 7 | code::ACCESS_RULES => Reason::Forbidden,
            6 | 24 | 25 | code::LOCKED_FOR_A_WHILE => Reason::RateLimited,
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
                ": the account's API access rules demand another address or a client certificate; the key may work"
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

/// What an answer without a code means: that of a gateway, in one of the forms that the Python SDK knows (`problem.py`).
fn by_status(response: &Response) -> Failure {
    match response.status() {
        // OUTSCALE itself never answers 404, least of all that a key does not exist.
        status @ (404 | 410) => {
            let message = "a gateway, and not OUTSCALE, answers that there is no such address";
            response.because(Reason::Vendor(status.to_string()), message)
        }
        _ => response.refusal(),
    }
}
