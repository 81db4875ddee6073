//! What AWS says when it refuses: an XML document whose code decides. The message is for people.

use keywright_sdk::{Failure, FieldProblem, Problem, Quota, Reason, Response, TimeDelta, Timestamp, now, xml};

use crate::descriptor::QUOTA;

/// How far the signer's clock may be off.
const SKEW: TimeDelta = TimeDelta::minutes(15);

/// An answer that is not 2xx.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// AWS's code; empty when the answer is not AWS's own, and for a failure of AWS's.
    pub(crate) code: String,
    pub(crate) failure: Failure,
    pub(crate) clock: Clock,
}

/// This machine's clock, held against the answer's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Near enough for a signature.
    Right,
    /// Too far off for one.
    Off,
    /// The answer has no date.
    Unknown,
}

impl Clock {
    fn compare(vendors: Option<Timestamp>, own: Timestamp) -> Self {
        match vendors {
            None => Self::Unknown,
            Some(vendors) if (vendors - own).abs() < SKEW => Self::Right,
            Some(_) => Self::Off,
        }
    }
}

impl Refusal {
    /// Reads an answer to a request whose user name stands at `user`, a pointer into the input of the call.
    pub(crate) fn read(response: &Response, user: &'static str) -> Self {
        Self::at(response, user, now())
    }

    fn at(response: &Response, user: &'static str, now: Timestamp) -> Self {
        let clock = Clock::compare(response.date(), now);
        let document = xml::parse(response.body()).ok().filter(|root| root.name == "ErrorResponse").unwrap_or_default();
        // moto, which many test against, puts some of its errors into a list as EC2 does.
        let list = document.child("Errors").unwrap_or(&document);
        let text = |name| list.at(&["Error", name]).map_or("", |element| element.text.as_str());
        let (code, message) = (text("Code"), text("Message"));
        let words = ["AWS answers: ", message, if message.is_empty() { "" } else { " " }, "(", code, ")"].concat();
        let by_status = response.failure();
        let (code, failure) = match (response.status(), code) {
            // AWS never answers these without a code, so this does not mean that a key is gone.
            (status @ (404 | 410), "") => {
                let reason = Reason::Vendor(status.to_string());
                (
                    "",
                    response.because(reason, "the answer is not AWS's own: a gateway or a proxy knows no such address"),
                )
            }
            (_, "") => ("", by_status),
            // AWS failed, and may have done what was asked, unless it says that it did not begin.
            (status, code) if status >= 500 && !is_throttling(code) => {
                ("", response.because(by_status.reason().clone(), [by_status.message(), ": ", &words].concat()))
            }
            (_, code) if is_invalid(code) => {
                let pointer = pointer(message, user);
                let problem = FieldProblem::new(pointer, Problem::Constraint, ["is not accepted: ", &words].concat());
                (code, Failure::from(problem).with_status(response.status()).with_request_id(response.request_id()))
            }
            (_, code) => {
                let reason = reason(code).unwrap_or_else(|| match by_status.reason() {
                    // Of a code that is not known the status is not believed to mean that a key is gone.
                    Reason::NotFound | Reason::Vendor(_) => Reason::Vendor(code.to_owned()),
                    reason => reason.clone(),
                });
                (code, response.because(reason, [&words, advice(code, clock)].concat()))
            }
        };
        let failure = match (failure.request_id(), document.text_of("RequestId")) {
            (None, Some(id)) if !id.is_empty() => failure.with_request_id(Some(id)),
            _ => failure,
        };
        Self { code: code.to_owned(), failure, clock }
    }

    /// The user or the key does not exist; the code does not say which.
    pub(crate) fn is_no_such_entity(&self) -> bool {
        self.code == "NoSuchEntity"
    }

    /// Whether AWS itself says that the caller lacks the right. A proxy's 403 does not have this code.
    pub(crate) fn is_denial(&self) -> bool {
        self.code == "AccessDenied"
    }
}

/// `Throttling` is what AWS documents; the others its SDKs look for, too.
fn is_throttling(code: &str) -> bool {
    matches!(code, "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException")
}

fn is_invalid(code: &str) -> bool {
    matches!(code, "ValidationError" | "InvalidInput" | "MalformedInput")
}

/// What a code means, of those that are not about the input.
fn reason(code: &str) -> Option<Reason> {
    Some(match code {
        "NoSuchEntity" => Reason::NotFound,
        // A quota, not a rate.
        "LimitExceeded" => Reason::Quota(Quota { limit: Some(QUOTA), used: None }),
        "AccessDenied" => Reason::Forbidden,
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationToken"
        | "IncompleteSignature"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "OptInRequired" => Reason::Unauthenticated,
        // In IAM's model, though not of these calls. **Choice**: to be tried again.
        "EntityTemporarilyUnmodifiable" | "ConcurrentModification" => Reason::RateLimited,
        code if is_throttling(code) => Reason::RateLimited,
        _ => return None,
    })
}

fn advice(code: &str, clock: Clock) -> &'static str {
    match code {
        "SignatureDoesNotMatch" if clock == Clock::Off => {
            ": this machine's clock is off by 15 minutes or more, which makes every signature invalid: correct it"
        }
        "SignatureDoesNotMatch" => {
            ": check the secret access key, this machine's clock, and that the region is the one of the account's partition"
        }
        "InvalidClientTokenId" => {
            ": the access key is unknown, inactive, deleted, or of another partition, or it lacks its session token"
        }
        "ExpiredToken" | "ExpiredTokenException" => ": the session has expired: get new temporary credentials",
        "IncompleteSignature" => ": look for a space or a line break that was copied along with the access key",
        "LimitExceeded" => ": inactive keys count, too, so delete one first",
        _ => "",
    }
}

/// The field that a refusal is about, by AWS's own name for it in the message; the user, where there is none.
fn pointer(message: &str, user: &'static str) -> &'static str {
    let pointers =
        [("accesskeyid", "/id"), ("status", "/attributes/status"), ("marker", "/cursor"), ("username", user)];
    let mut words = message.split(|character: char| !character.is_ascii_alphanumeric());
    words
        .find_map(|word| pointers.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)))
        .map_or(user, |(_, pointer)| pointer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywright_sdk::parse_rfc3339;

    const USER: &str = "/attributes/user_name";

    fn document(code: &str, message: &str) -> String {
        format!(
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
        )
    }

    fn read(safe: bool, status: u16, body: &str) -> Refusal {
        let now = parse_rfc3339("1994-11-06T08:50:00Z").unwrap();
        let headers = [("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        Refusal::at(&Response::made_up(safe, status, &headers, body), USER, now)
    }

    fn reason_of(status: u16, code: &str) -> Reason {
        read(false, status, &document(code, "words")).failure.reason().clone()
    }

    #[test]
    fn codes_decide() {
        let quota = Reason::Quota(Quota { limit: Some(2), used: None });
        let vendor = |code: &str| Reason::Vendor(code.to_owned());
        for (status, code, expected) in [
            (404, "NoSuchEntity", Reason::NotFound),
            (409, "LimitExceeded", quota),
            (403, "AccessDenied", Reason::Forbidden),
            (403, "InvalidClientTokenId", Reason::Unauthenticated),
            (403, "SignatureDoesNotMatch", Reason::Unauthenticated),
            (403, "MissingAuthenticationToken", Reason::Unauthenticated),
            (400, "IncompleteSignature", Reason::Unauthenticated),
            (403, "ExpiredToken", Reason::Unauthenticated),
            (403, "ExpiredTokenException", Reason::Unauthenticated),
            (403, "OptInRequired", Reason::Unauthenticated),
            (400, "Throttling", Reason::RateLimited),
            (400, "ThrottlingException", Reason::RateLimited),
            (503, "RequestLimitExceeded", Reason::RateLimited),
            (429, "TooManyRequestsException", Reason::RateLimited),
            (429, "SomethingElse", Reason::RateLimited),
            (409, "ConcurrentModification", Reason::RateLimited),
            (409, "EntityTemporarilyUnmodifiable", Reason::RateLimited),
            (409, "DeleteConflict", Reason::Conflict),
            (500, "ServiceFailure", Reason::InDoubt),
            (500, "NoSuchEntity", Reason::InDoubt),
            (503, "ServiceUnavailable", Reason::InDoubt),
            (400, "InvalidAction", vendor("InvalidAction")),
            (404, "SomethingElse", vendor("SomethingElse")),
        ] {
            assert_eq!(reason_of(status, code), expected, "{status} {code}");
            let refusal = read(false, status, &document(code, "words"));
            assert!(refusal.failure.message().contains("words"), "{}", refusal.failure.message());
            assert_eq!((refusal.failure.status(), refusal.failure.request_id()), (Some(status), Some("r-1")));
        }
        assert_eq!(*read(true, 500, &document("ServiceFailure", "")).failure.reason(), Reason::Unavailable);
    }

    #[test]
    fn an_error_in_a_list_is_read_too() {
        let body = document("ExpiredToken", "words")
            .replace("<Error>", "<Errors><Error>")
            .replace("</Error>", "</Error></Errors>");
        let refusal = read(true, 403, &body);
        assert_eq!((refusal.code.as_str(), refusal.failure.reason()), ("ExpiredToken", &Reason::Unauthenticated));
        assert!(refusal.failure.message().contains("get new temporary credentials"), "{}", refusal.failure.message());
    }

    #[test]
    fn an_answer_that_is_not_awss_own_proves_no_absence() {
        let vendor = |status: u16| Reason::Vendor(status.to_string());
        for (status, body, expected) in [
            (404, "", vendor(404)),
            (404, "<html><title>404</title></html>", vendor(404)),
            (404, "<UnknownOperationException/>", vendor(404)),
            (410, "<ErrorResponse><Error><Message>NoSuchEntity</Message></Error></ErrorResponse>", vendor(410)),
            (404, "<Error><Code>NoSuchEntity</Code></Error>", vendor(404)),
            (403, "denied", Reason::Forbidden),
            (502, "<html></html>", Reason::InDoubt),
            (302, "", Reason::InDoubt),
        ] {
            let refusal = read(false, status, body);
            assert_eq!(*refusal.failure.reason(), expected, "{status} {body}");
            assert!(!refusal.is_no_such_entity() && !refusal.is_denial() && refusal.code.is_empty());
        }
    }

    #[test]
    fn what_is_not_accepted_is_pointed_at_by_awss_own_name_for_it() {
        let constraint = "1 validation error detected: Value 'x' at '";
        for (message, pointer) in [
            (format!("{constraint}userName' failed to satisfy constraint"), USER),
            (format!("{constraint}accessKeyId' failed to satisfy constraint"), "/id"),
            (format!("{constraint}status' failed to satisfy constraint"), "/attributes/status"),
            ("Invalid Marker.".to_owned(), "/cursor"),
            ("Must specify userName when calling with non-User credentials".to_owned(), USER),
            ("no".to_owned(), USER),
        ] {
            for code in ["ValidationError", "InvalidInput", "MalformedInput"] {
                let refusal = read(false, 400, &document(code, &message));
                let Reason::Invalid(problems) = refusal.failure.reason() else { panic!("{:?}", refusal.failure) };
                assert_eq!((problems[0].pointer.as_str(), problems.len()), (pointer, 1), "{message}");
                assert!(problems[0].message.contains(code), "{}", problems[0].message);
            }
        }
    }

    #[test]
    fn a_clock_that_is_off_is_told_from_a_wrong_secret_by_the_date_of_the_answer() {
        let vendors = parse_rfc3339("2030-01-01T00:00:00Z").unwrap();
        let clock = |minutes| Clock::compare(Some(vendors), vendors + TimeDelta::minutes(minutes));
        assert_eq!(
            [-15, -14, 0, 14, 15].map(clock),
            [Clock::Off, Clock::Right, Clock::Right, Clock::Right, Clock::Off]
        );
        assert_eq!(Clock::compare(None, vendors), Clock::Unknown);

        let body = document("SignatureDoesNotMatch", "words");
        let near = read(true, 403, &body);
        assert!(near.clock == Clock::Right && near.failure.message().contains("check the secret access key"));
        let late = Refusal::at(
            &Response::made_up(true, 403, &[("date", "Sun, 06 Nov 1994 08:49:37 GMT")], body),
            USER,
            vendors,
        );
        assert!(
            late.clock == Clock::Off && late.failure.message().contains("clock is off"),
            "{}",
            late.failure.message()
        );
    }
}
