//! The management API's refusals: `{"id", "message", "request_id"}`. The status decides; the `id` is a word for it, which has
//! been recorded with and without a capital, and the message is for people.

use keywright_sdk::{ErrorBody, FieldProblem, Fields, Problem, Quota, Reason, Response, Result, now, unix};

use crate::grants;

/// What a request asks for, as far as a refusal can be about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Nothing that has attributes.
    Nothing,
    /// A new key.
    Creation,
    /// Another name, other grants, or both.
    Change { name: bool, grants: bool },
}

/// The answer, if it grants what was asked for; else why not.
pub(crate) fn granted(response: Response, asked: Asked) -> Result<Response> {
    let reset = reset(&response);
    response.success_or(&|response, error| reason(response, error, asked)).map_err(|failure| {
        match (failure.reason(), failure.retry_after()) {
            (Reason::RateLimited, None) => failure.with_retry_after(reset),
            _ => failure,
        }
    })
}

/// The seconds until there may be more requests, by the vendor's own clock if the answer has it. The hourly limit gives
/// nothing but this Unix time; that on bursts gives `Retry-After`.
fn reset(response: &Response) -> Option<u32> {
    if response.status() != 429 {
        return None;
    }
    let reset = unix(response.header("ratelimit-reset")?.trim().parse().ok()?)?;
    let left = reset - response.date().unwrap_or_else(now);
    u32::try_from(left.num_seconds()).ok()
}

/// What is not as the status alone has it.
fn reason(response: &Response, error: &ErrorBody, asked: Asked) -> Option<Reason> {
    let status = response.status();
    let body = Fields::of(error.value());
    let own = body.text("id");
    let message = body.text("message").unwrap_or_default();
    let words = Words::of(message);
    match status {
        // A 403 or a 404 of a proxy says nothing of a right or of a key.
        403 if !error.value().is_object() => Some(Reason::Vendor(status.to_string())),
        404 | 410 if (status, own) != (404, Some("not_found")) => {
            Some(Reason::Vendor(own.map_or_else(|| status.to_string(), str::to_owned)))
        }
        400 | 403 | 412 | 422 if asked == Asked::Creation && words.speak_of_the_quota() => {
            Some(Reason::Quota(Quota::default()))
        }
        400 | 412 | 422 if asked != Asked::Nothing => {
            let how =
                ["is not accepted by DigitalOcean: ", if message.is_empty() { "it does not say why" } else { message }];
            let pointer = pointer(status, &words, asked);
            Some(Reason::Invalid(vec![FieldProblem::new(pointer, problem(&words, asked), how.concat())]))
        }
        _ => None,
    }
}

/// The attribute that is refused: the one that is to change, the one that the message names, or any. A choice: a 412 is about
/// the grants, for DigitalOcean is not known to answer it but when a bucket with a policy is granted.
fn pointer(status: u16, words: &Words, asked: Asked) -> &'static str {
    const NAME: &str = "/attributes/name";
    match asked {
        Asked::Change { name: true, grants: false } => NAME,
        Asked::Change { name: false, grants: true } => grants::POINTER,
        _ if status == 412 || words.are_about_grants() || words.say_that_only_the_name_changes() => grants::POINTER,
        _ if words.any(&["name", "names"]) => NAME,
        _ => "/attributes",
    }
}

fn problem(words: &Words, asked: Asked) -> Problem {
    match asked {
        Asked::Change { grants: true, .. } if words.say_that_only_the_name_changes() => Problem::Immutable,
        _ => Problem::Constraint,
    }
}

/// The words of a message, in small letters.
struct Words(Vec<String>);

impl Words {
    fn of(message: &str) -> Self {
        let words = message.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(str::to_ascii_lowercase).collect())
    }

    fn any(&self, words: &[&str]) -> bool {
        self.0.iter().any(|word| words.contains(&word.as_str()))
    }

    /// That the account has as many keys as it may. How DigitalOcean says it is not known: a choice. A message about the
    /// length of a name speaks of a maximum, too, and one about a bucket policy of limited keys.
    fn speak_of_the_quota(&self) -> bool {
        self.any(&["limit", "limits", "quota", "quotas", "maximum"])
            && self.any(&["key", "keys"])
            && !self.any(&["name", "names", "character", "characters", "bucket", "buckets"])
    }

    fn are_about_grants(&self) -> bool {
        self.any(&["grant", "grants", "bucket", "buckets", "permission", "permissions", "fullaccess"])
    }

    /// As the API description does.
    fn say_that_only_the_name_changes(&self) -> bool {
        self.any(&["only"]) && self.any(&["name"]) && self.any(&["update", "updated", "change", "changed"])
    }
}

#[cfg(test)]
mod tests {
    use keywright_sdk::Failure;
    use serde_json::json;

    use super::*;

    const NAME: Asked = Asked::Change { name: true, grants: false };
    const GRANTS: Asked = Asked::Change { name: false, grants: true };
    const BOTH: Asked = Asked::Change { name: true, grants: true };

    fn failure(asked: Asked, status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let safe = asked == Asked::Nothing;
        granted(Response::made_up(safe, status, headers, body), asked).unwrap_err()
    }

    fn refused(asked: Asked, status: u16, message: &str) -> Failure {
        let body = json!({"id": "bad_request", "message": message, "request_id": "r-1"}).to_string();
        failure(asked, status, &[], &body)
    }

    fn field(failure: &Failure) -> (&str, Problem) {
        match failure.reason() {
            Reason::Invalid(problems) => (&problems[0].pointer, problems[0].problem),
            other => panic!("{other:?}: {}", failure.message()),
        }
    }

    #[test]
    fn the_status_decides() {
        for id in ["Forbidden", "forbidden"] {
            let body = json!({"id": id, "message": "You are not authorized to perform this operation"}).to_string();
            assert_eq!(*failure(Asked::Creation, 403, &[], &body).reason(), Reason::Forbidden, "{id}");
        }
        let failure = refused(Asked::Nothing, 401, "Unable to authenticate you");
        assert_eq!((failure.reason(), failure.request_id()), (&Reason::Unauthenticated, Some("r-1")));
        assert!(failure.message().ends_with("Unable to authenticate you"), "{}", failure.message());
        assert_eq!(*refused(Asked::Creation, 500, "Unexpected server-side error").reason(), Reason::InDoubt);
        assert_eq!(*refused(Asked::Nothing, 500, "Unexpected server-side error").reason(), Reason::Unavailable);
    }

    #[test]
    fn only_digitaloceans_own_word_says_that_a_key_is_absent() {
        let absent = failure(Asked::Nothing, 404, &[], r#"{"id": "not_found", "message": "gone"}"#);
        assert_eq!(*absent.reason(), Reason::NotFound);
        for (body, code) in [("", "404"), ("<html>", "404"), ("{}", "404"), (r#"{"id": "no_route"}"#, "no_route")] {
            let failure = failure(Asked::Nothing, 404, &[], body);
            assert_eq!(*failure.reason(), Reason::Vendor(code.to_owned()), "{body}");
        }
        let gone = failure(Asked::Nothing, 410, &[], r#"{"id": "not_found"}"#);
        assert_eq!(*gone.reason(), Reason::Vendor("not_found".to_owned()));
    }

    #[test]
    fn a_403_of_a_proxy_says_nothing_of_a_right() {
        let failure = failure(Asked::Nothing, 403, &[], "<html>Attention required</html>");
        assert_eq!(*failure.reason(), Reason::Vendor("403".to_owned()));
        assert!(!failure.message().contains("Attention"));
    }

    #[test]
    fn a_refused_creation_that_speaks_of_a_limit_of_keys_is_the_quota() {
        for status in [400, 403, 412, 422] {
            for message in ["you have reached your limit of 200 Spaces access keys", "Key quota exceeded."] {
                let reason = refused(Asked::Creation, status, message).reason().clone();
                assert_eq!(reason, Reason::Quota(Quota::default()), "{status} {message}");
                assert_ne!(refused(NAME, status, message).reason(), &reason);
            }
        }
    }

    #[test]
    fn a_limited_key_is_not_a_limit_of_keys() {
        for (status, message, pointer) in [
            (
                412,
                "bucket photos has a bucket policy and cannot be used with a limited access key",
                "/attributes/grants",
            ),
            (400, "a key's name has a maximum of 64 characters", "/attributes/name"),
        ] {
            assert_eq!(field(&refused(Asked::Creation, status, message)), (pointer, Problem::Constraint), "{message}");
        }
    }

    #[test]
    fn a_refusal_is_at_the_attribute_that_it_is_about() {
        for (asked, status, message, pointer) in [
            (Asked::Creation, 400, "bucket photos does not exist", "/attributes/grants"),
            (Asked::Creation, 400, "a bucket name is needed", "/attributes/grants"),
            (Asked::Creation, 422, "Name is too long", "/attributes/name"),
            (Asked::Creation, 400, "bad body", "/attributes"),
            (Asked::Creation, 412, "", "/attributes/grants"),
            (NAME, 400, "bad body", "/attributes/name"),
            (GRANTS, 400, "bad body", "/attributes/grants"),
            (BOTH, 400, "bad body", "/attributes"),
            (BOTH, 400, "bucket photos does not exist", "/attributes/grants"),
        ] {
            assert_eq!(field(&refused(asked, status, message)), (pointer, Problem::Constraint), "{status} {message}");
        }
    }

    #[test]
    fn grants_that_cannot_change_are_immutable() {
        for asked in [GRANTS, BOTH] {
            let failure = refused(asked, 400, "only the name of a key can be updated");
            assert_eq!(field(&failure), ("/attributes/grants", Problem::Immutable));
        }
    }

    #[test]
    fn a_request_without_attributes_has_none_to_refuse() {
        assert_eq!(*refused(Asked::Nothing, 400, "bad access key").reason(), Reason::Vendor("400".to_owned()));
        assert_eq!(*refused(Asked::Nothing, 412, "no").reason(), Reason::Conflict);
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let wait = |headers: &[(&str, &str)]| {
            let failure = failure(Asked::Creation, 429, headers, r#"{"id": "too_many_requests"}"#);
            assert_eq!(*failure.reason(), Reason::RateLimited);
            failure.retry_after()
        };
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wait(&[date, ("ratelimit-reset", "784112377")]), Some(600));
        assert_eq!(wait(&[date, ("ratelimit-reset", "784112377"), ("retry-after", "7")]), Some(7));
        for reset in ["784111000", "soon", "99999999999999999999", "9999999999999999"] {
            assert_eq!(wait(&[date, ("ratelimit-reset", reset)]), None, "{reset}");
        }
        assert_eq!(wait(&[]), None);
    }
}
