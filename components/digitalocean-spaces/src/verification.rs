//! What the list of buckets proves of the key that signed the request.

use keywright_sdk::xml::{self, Element};
use keywright_sdk::{Outcome, Reason, Response, Result, Verdict};

/// How Ceph's object gateway, on which Spaces is built, names the owner when nobody signed.
const ANONYMOUS: &str = "anonymous";

/// The verdict of the answer to `GET /` (ListBuckets). All limited keys are refused that list, after their signature was
/// found good; only the codes of S3 tell one refusal from another.
pub(crate) fn verdict(response: &Response) -> Result<Verdict> {
    let document = xml::parse(response.body()).unwrap_or_default();
    let code = match document.name.as_str() {
        "Error" => document.text_of("Code").unwrap_or_default(),
        _ => "",
    };
    let (outcome, explanation) = match (response.status(), code) {
        (200, _) => owned(&document),
        (403, "AccessDenied") => {
            (Outcome::Active, "Spaces accepts the signature: the key is limited, and so may not list buckets")
        }
        (403, "SignatureDoesNotMatch") => {
            (Outcome::Refused, "Spaces knows the access key, but not with this secret key")
        }
        (403, "InvalidAccessKeyId") => {
            (Outcome::Refused, "Spaces does not know the access key: it is too new, or revoked")
        }
        (403, "RequestTimeTooSkewed") => {
            (Outcome::Inconclusive, "Spaces finds the time of the request wrong: correct this machine's clock")
        }
        (503, "SlowDown") => {
            return Err(response.because(Reason::RateLimited, "Spaces takes no more requests for now: try again later"));
        }
        (429 | 500.., _) => return Err(response.failure()),
        _ => (Outcome::Inconclusive, "the answer is not one that Spaces is known to give"),
    };
    Ok(Verdict::new(outcome, explanation))
}

/// The verdict of a list of buckets, by its owner.
fn owned(document: &Element) -> (Outcome, &'static str) {
    let owner = match document.name.as_str() {
        "ListAllMyBucketsResult" => document.at(&["Owner", "ID"]).map(|id| id.text.as_str()),
        _ => None,
    };
    match owner {
        None | Some("") => (Outcome::Inconclusive, "the answer is not a list of buckets with an owner"),
        Some(ANONYMOUS) => (Outcome::Inconclusive, "Spaces took the request for one that nobody signed"),
        Some(_) => (Outcome::Active, "Spaces listed the buckets: it is a full access key"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(status: u16, body: &str) -> Result<Verdict> {
        verdict(&Response::made_up(true, status, &[], body))
    }

    fn outcome(status: u16, body: &str) -> Outcome {
        ask(status, body).unwrap().outcome
    }

    fn error(code: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><RequestId>tx1</RequestId></Error>"
        )
    }

    fn buckets(owner: &str) -> String {
        format!(
            "<ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{owner}<Buckets></Buckets>\
             </ListAllMyBucketsResult>"
        )
    }

    #[test]
    fn the_code_of_a_refusal_decides() {
        for (code, expected) in [
            ("AccessDenied", Outcome::Active),
            ("SignatureDoesNotMatch", Outcome::Refused),
            ("InvalidAccessKeyId", Outcome::Refused),
            ("RequestTimeTooSkewed", Outcome::Inconclusive),
            ("AccountProblem", Outcome::Inconclusive),
            ("", Outcome::Inconclusive),
        ] {
            assert_eq!(outcome(403, &error(code)), expected, "{code}");
            // With another status it is not the answer that it seems to be.
            for status in [200, 302, 400, 401, 404] {
                assert_eq!(outcome(status, &error(code)), Outcome::Inconclusive, "{status} {code}");
            }
        }
    }

    #[test]
    fn a_refusal_without_a_code_proves_nothing() {
        for body in [
            "",
            "AccessDenied",
            "<html><Code>AccessDenied</Code></html>",
            "<Error><Detail><Code>AccessDenied</Code></Detail></Error>",
            "<Error><Code>AccessDenied</Code>",
            r#"{"id": "Forbidden"}"#,
        ] {
            assert_eq!(outcome(403, body), Outcome::Inconclusive, "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_cut_short_proves_nothing() {
        let refusal = error("AccessDenied");
        let list = buckets("<Owner><ID>6174283</ID></Owner>");
        for (status, body) in [(403, refusal.as_str()), (200, list.as_str())] {
            assert_eq!(outcome(status, body), Outcome::Active);
            for (end, _) in body.char_indices() {
                assert_eq!(outcome(status, &body[..end]), Outcome::Inconclusive, "{}", &body[..end]);
            }
        }
    }

    #[test]
    fn a_list_of_buckets_counts_only_with_an_owner_who_is_somebody() {
        let owner = |id: &str| buckets(&format!("<Owner><ID>{id}</ID><DisplayName>{id}</DisplayName></Owner>"));
        assert_eq!(outcome(200, &owner("6174283")), Outcome::Active);
        let other = "<Owner><ID>6174283</ID></Owner>";
        for body in [
            owner("anonymous"),
            owner(" anonymous "),
            owner(""),
            buckets(""),
            buckets("<Owner></Owner>"),
            other.to_owned(),
            format!("<html>{other}</html>"),
            String::new(),
        ] {
            assert_eq!(outcome(200, &body), Outcome::Inconclusive, "{body}");
        }
    }

    #[test]
    fn what_may_pass_is_a_failure_and_not_a_verdict() {
        let reason = |status, body: &str| ask(status, body).unwrap_err().reason().clone();
        assert_eq!(reason(503, &error("SlowDown")), Reason::RateLimited);
        assert_eq!(reason(429, ""), Reason::RateLimited);
        assert_eq!(reason(503, ""), Reason::Unavailable);
        assert_eq!(reason(500, &error("InternalError")), Reason::Unavailable);
    }
}
