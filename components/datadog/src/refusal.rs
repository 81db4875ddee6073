//! What Datadog's refusals mean. Its errors are `{"errors": [TEXT]}`, or a list of objects with `title` and `detail`; older
//! answers have more fields. The status decides, and where one status means several things, words that are not documented.

use keywright_sdk::{ErrorBody, Failure, FieldProblem, Fields, Problem, Quota, Reason, Request, Response, Result};

/// What a request was to do, which decides what its refusal means.
pub(crate) enum Aim<'a> {
    /// To read API keys.
    Read,
    /// To make one of this name.
    Create(&'a str),
    /// To change one, which is to have this name.
    Change(&'a str),
    /// To delete one.
    Delete,
    /// To ask whether keys are valid, which needs no permission.
    Validate,
}

/// What Datadog says in a 404 of a key that does not exist (recorded answers of the live API). Another 404 may be anyone's.
const KEY_NOT_FOUND: &str = "api key not found";

/// Words of which one is expected where there are as many keys as there may be, and where a name is taken. How Datadog says
/// either is not known: a choice.
const LIMIT: [&str; 4] = ["limit", "quota", "maximum", "too many"];
const TAKEN: [&str; 3] = ["already exist", "exists already", "already in use"];

/// A refusal in Datadog's own words; the words are empty in any other.
pub(crate) fn words(error: &ErrorBody) -> String {
    if Fields::of(error.value()).list("errors").is_empty() { String::new() } else { error.sentence() }
}

/// Sends a request: a 2xx, or what its refusal means.
pub(crate) fn send(request: Request<'_>, aim: &Aim<'_>) -> Result<Response> {
    let response = request.send()?;
    if response.is_success() { Ok(response) } else { Err(refusal(&response, aim)) }
}

pub(crate) fn refusal(response: &Response, aim: &Aim<'_>) -> Failure {
    let words = words(&response.error());
    let (reason, message) = match response.status() {
        429 => return rate_limited(response, &words),
        ..=399 | 408 | 425 | 500.. => return response.refusal(),
        // None of Datadog's own words. HTML is not looked for: an unreadable body may have been replaced on the way.
        _ if words.is_empty() => {
            let message = "the answer is not one of Datadog's API, most likely a web page: Datadog's edge, a firewall or a \
                           proxy may have blocked the request";
            return response.because(Reason::Vendor("blocked".to_owned()), message);
        }
        401 => (Reason::Unauthenticated, "Datadog does not accept the API key or the application key".to_owned()),
        404 if words.to_ascii_lowercase().contains(KEY_NOT_FOUND) => {
            (Reason::NotFound, "Datadog knows no such API key".to_owned())
        }
        status @ (404 | 410) => (Reason::Vendor(status.to_string()), "Datadog knows no such address".to_owned()),
        status => match (aim.meaning(status, &words), status) {
            (Some(Meaning::Quota), _) => {
                (Reason::Quota(Quota::default()), "the organization has reached its limit of API keys".to_owned())
            }
            (Some(Meaning::NameTaken), _) => {
                let message = "is not accepted by Datadog, where another API key may have the name";
                return invalid(response, "/attributes/name", message, &words);
            }
            (None, 400) if aim.name().is_some() => {
                return invalid(response, "/attributes", "are not accepted by Datadog", &words);
            }
            (None, 403) => (Reason::Forbidden, aim.forbidden()),
            _ => return response.refusal(),
        },
    };
    response.because(reason, [&message, ": ", &words].concat())
}

/// Datadog sends no `Retry-After` (its page on rate limits).
fn rate_limited(response: &Response, words: &str) -> Failure {
    let mut message = "Datadog takes no more requests for now".to_owned();
    if let Some(name) = response.header("x-ratelimit-name") {
        message.push_str(" under the limit ");
        message.push_str(name);
    }
    message.push_str(if words.is_empty() { "" } else { ": " });
    message.push_str(words);
    let wait = response.header_seconds("x-ratelimit-reset").or_else(|| response.retry_after());
    response.because(Reason::RateLimited, message).with_retry_after(wait)
}

fn invalid(response: &Response, pointer: &str, message: &str, words: &str) -> Failure {
    let problem = FieldProblem::new(pointer, Problem::Constraint, [message, ": ", words].concat());
    Failure::from(problem).with_status(response.status()).with_request_id(response.request_id())
}

/// What a refusal may mean beyond its status.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Quota,
    NameTaken,
}

impl Aim<'_> {
    /// The name that was sent.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Create(name) | Self::Change(name) => Some(name),
            _ => None,
        }
    }

    /// What the words mean. The name that was sent is not among them: it may be called after a limit.
    fn meaning(&self, status: u16, words: &str) -> Option<Meaning> {
        let name = self.name()?.to_ascii_lowercase();
        let words = words.to_ascii_lowercase();
        let others = words.replace(&name, "");
        let of_a_limit = |words: &str| matches!(self, Self::Create(_)) && LIMIT.iter().any(|word| words.contains(word));
        if of_a_limit(&others) {
            Some(Meaning::Quota)
        } else if status == 409 || (status == 400 && TAKEN.iter().any(|word| others.contains(word))) {
            Some(Meaning::NameTaken)
        } else {
            of_a_limit(&words).then_some(Meaning::Quota)
        }
    }

    /// One 403 means three things, with no way to tell.
    fn forbidden(&self) -> String {
        let permission = match self {
            Self::Read => "api_keys_read",
            Self::Create(_) | Self::Change(_) => "api_keys_write",
            Self::Delete => "api_keys_delete",
            Self::Validate => return "Datadog does not accept the API key or the application key".to_owned(),
        };
        let before = "Datadog does not accept the API key or the application key, or its owner lacks the permission ";
        [before, permission].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn refused(status: u16, body: &Value, aim: &Aim<'_>) -> Failure {
        refusal(&Response::made_up(false, status, &[], body.to_string()), aim)
    }

    fn said(text: &str) -> Value {
        json!({"errors": [text]})
    }

    #[test]
    fn a_403_says_the_three_things_that_it_may_mean() {
        let verbose =
            json!({"status": "error", "code": 403, "errors": ["Forbidden"], "email": "support@datadoghq.com"});
        let objects = json!({"errors": [{"status": "403", "title": "Forbidden", "detail": "Forbidden"}]});
        for body in [said("Forbidden"), verbose, objects] {
            let failure = refused(403, &body, &Aim::Delete);
            assert_eq!(*failure.reason(), Reason::Forbidden, "{body}");
            let message = failure.message();
            assert!(
                message.contains("API key or the application key") && message.ends_with(": Forbidden"),
                "{message}"
            );
            assert!(message.contains("api_keys_delete"), "{message}");
        }
    }

    #[test]
    fn what_is_not_in_datadogs_words_says_nothing_of_keys() {
        for body in ["<html>hush</html>", "", "(withheld)", "{}", r#"{"errors": []}"#, r#"{"errors": "x"}"#, "[]"] {
            for status in [400, 401, 403, 404, 409] {
                let failure = refusal(&Response::made_up(false, status, &[], body), &Aim::Create("web"));
                assert_eq!(*failure.reason(), Reason::Vendor("blocked".to_owned()), "{status} {body}");
                assert!(!failure.message().contains("hush"));
            }
        }
    }

    #[test]
    fn only_a_404_that_says_so_means_that_a_key_is_gone() {
        assert_eq!(*refused(404, &said("API key not found"), &Aim::Read).reason(), Reason::NotFound);
        for (status, words) in [(404, "Not Found"), (410, "API key not found")] {
            let other = refused(status, &said(words), &Aim::Read);
            assert_eq!(*other.reason(), Reason::Vendor(status.to_string()));
        }
    }

    #[test]
    fn one_key_too_many_is_told_from_a_name_that_is_taken() {
        let meaning = |name: &str, status, words: &str| Aim::Create(name).meaning(status, words);
        let full = "The organization has reached its limit of 50 API keys";
        let taken = |name: &str| format!("An API key named \"{name}\" already exists");
        for status in [400, 403, 409] {
            assert_eq!(meaning("web", status, full), Some(Meaning::Quota));
        }
        for name in ["web", "Rate-Limit proxy", "quota"] {
            for status in [400, 409] {
                assert_eq!(meaning(name, status, &taken(name)), Some(Meaning::NameTaken), "{name}");
            }
        }
        assert_eq!(meaning("limit", 400, full), Some(Meaning::Quota));
        assert_eq!(meaning("web", 403, "Forbidden"), None);
        assert_eq!(meaning("web", 400, "data.attributes.name: must be a string"), None);
        // A change makes no key more.
        assert_eq!(Aim::Change("web").meaning(400, "at most 10 characters: the limit"), None);
        assert_eq!(Aim::Change("web").meaning(400, &taken("web")), Some(Meaning::NameTaken));
        assert_eq!(Aim::Delete.meaning(400, full), None);
    }

    #[test]
    fn a_body_that_datadog_refuses_is_invalid() {
        let failure = refused(400, &said("no"), &Aim::Change("web"));
        assert!(matches!(failure.reason(), Reason::Invalid(problems) if problems[0].pointer == "/attributes"));
        assert_eq!(failure.status(), Some(400));
        let last = refused(400, &said("The last API key cannot be deleted"), &Aim::Delete);
        assert_eq!(*last.reason(), Reason::Vendor("400".to_owned()));
        assert!(last.message().ends_with(": The last API key cannot be deleted"), "{}", last.message());
    }

    #[test]
    fn a_rate_limit_says_when_it_ends_and_what_it_is_called() {
        let headers = [("X-RateLimit-Reset", "17"), ("X-RateLimit-Name", "api_keys")];
        let body = r#"{"errors": ["Rate limit of 100 requests in 60 seconds reached. Please try again later."]}"#;
        let failure = refusal(&Response::made_up(false, 429, &headers, body), &Aim::Create("web"));
        assert_eq!((failure.reason(), failure.retry_after()), (&Reason::RateLimited, Some(17)));
        assert!(failure.message().contains("api_keys: Rate limit of 100"), "{}", failure.message());
        let bare = refusal(&Response::made_up(false, 429, &[], "<html>"), &Aim::Read);
        assert_eq!((bare.reason(), bare.retry_after()), (&Reason::RateLimited, None));
    }

    #[test]
    fn a_failure_of_datadogs_leaves_what_acts_in_doubt() {
        for status in [408, 500, 503] {
            let failure = |safe| refusal(&Response::made_up(safe, status, &[], "<html>"), &Aim::Delete);
            assert_eq!((failure(false).reason(), failure(true).reason()), (&Reason::InDoubt, &Reason::Unavailable));
        }
    }
}
