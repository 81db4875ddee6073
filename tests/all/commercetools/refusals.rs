//! What commercetools refuses, in its own words.

use keywright_runtime::{Account, CallError, CreateRequest, Problem, Quota, Reason};
use keywright_tests::{CommercetoolsBench as Bench, Reply, object};
use serde_json::{Value, json};

use crate::outcome::{failure, problem, problems, reason, wait_when_limited};

fn creation() -> CreateRequest {
    CreateRequest { attributes: object(json!({"name": "ci", "scope": ["a:pk"]})), ..CreateRequest::default() }
}

/// An error with one code; the message is the code's.
fn error(status: u16, code: &str, more: Value) -> Value {
    let mut error = json!({"code": code, "message": format!("about {code}")});
    object(more).into_iter().for_each(|(name, value)| error[name] = value);
    json!({"statusCode": status, "message": format!("about {code}"), "errors": [error]})
}

async fn answering(status: u16, body: Value) -> Account {
    let (vendor, account) = Bench::scripted(move |_| Reply::json(status, &body)).await;
    // It serves on until the test is over.
    std::mem::forget(vendor);
    account
}

#[tokio::test]
async fn a_field_that_the_vendor_refuses_is_named_as_the_user_gave_it() {
    for (code, field, pointer, kind) in [
        ("InvalidField", "name", "/attributes/name", Problem::Constraint),
        ("InvalidField", "scope", "/attributes/scope", Problem::Constraint),
        ("InvalidField", "deleteDaysAfterCreation", "/expires_at", Problem::Constraint),
        (
            "InvalidField",
            "accessTokenValiditySeconds",
            "/attributes/access_token_validity_seconds",
            Problem::Constraint,
        ),
        (
            "RequiredField",
            "refreshTokenValiditySeconds",
            "/attributes/refresh_token_validity_seconds",
            Problem::Required,
        ),
        ("DuplicateField", "name", "/attributes/name", Problem::Constraint),
    ] {
        let account = answering(400, error(400, code, json!({"field": field, "invalidValue": 1}))).await;
        let refused = problems(account.create(&creation()).await);
        assert_eq!((refused[0].pointer.as_str(), refused[0].problem), (pointer, kind));
        assert_eq!(refused[0].message, format!("is not accepted by commercetools: about {code}"));
    }
}

#[tokio::test]
async fn every_field_of_a_refusal_is_named() {
    let body = json!({"statusCode": 400, "message": "a", "errors": [
        {"code": "InvalidField", "message": "a", "field": "name", "invalidValue": ""},
        {"code": "RequiredField", "message": "b", "field": "scope"},
    ]});
    let reply = Reply::json(400, &body).header("x-correlation-id", "projects-1");
    let (_vendor, account) = Bench::scripted(move |_| reply.clone()).await;
    let failure = failure(account.create(&creation()).await);
    assert_eq!((failure.status, failure.request_id.as_deref()), (Some(400), Some("projects-1")));
    let Reason::Invalid { problems } = &failure.reason else { panic!("{failure:?}") };
    let pointers: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(pointers, ["/attributes/name", "/attributes/scope"]);
}

#[tokio::test]
async fn every_error_has_its_reason_and_quotes_the_vendor() {
    let vendor = |code: &str| Reason::Vendor { code: code.to_owned() };
    let refused = "the vendor refused the request";
    let forbidden = "the credential may not do this at the vendor";
    let failed = "the vendor failed while it worked on the request, which may have taken effect";
    for (status, code, expected, says) in [
        (400, "InvalidInput", vendor("InvalidInput"), refused),
        (400, "InvalidJsonInput", vendor("InvalidJsonInput"), refused),
        (400, "InvalidOperation", vendor("InvalidOperation"), refused),
        (400, "OfALaterVersion", vendor("OfALaterVersion"), refused),
        (400, "MaxResourceLimitExceeded", Reason::Quota(Quota { limit: None, used: None }), refused),
        // The status decides, not what another one would say.
        (400, "invalid_token", vendor("invalid_token"), refused),
        (400, "insufficient_scope", vendor("insufficient_scope"), refused),
        (401, "invalid_token", Reason::Unauthenticated, "the vendor does not accept the credential"),
        (401, "Unauthorized", Reason::Unauthenticated, "the vendor does not accept the credential"),
        (403, "insufficient_scope", Reason::Forbidden, forbidden),
        (403, "OfALaterVersion", Reason::Forbidden, forbidden),
        (409, "ConcurrentModification", Reason::Conflict, "the state of the credential does not allow this"),
        (413, "ContentTooLarge", vendor("ContentTooLarge"), refused),
        (429, "OverCapacity", Reason::RateLimited, "the vendor takes no more requests for now: try again later"),
        (408, "Timeout", Reason::InDoubt, failed),
        (500, "General", Reason::InDoubt, failed),
        (502, "BadGateway", Reason::InDoubt, failed),
        (503, "OverCapacity", Reason::InDoubt, failed),
        (503, "PendingOperation", Reason::InDoubt, failed),
    ] {
        let account = answering(status, error(status, code, json!({}))).await;
        let failure = failure(account.create(&creation()).await);
        assert_eq!(failure.reason, expected, "{status} {code}");
        assert!(failure.message.starts_with(&format!("{says}: about {code}")), "{failure}");
        assert_eq!(failure.status, Some(status));
    }
    for (status, code) in [(408, "Timeout"), (500, "General"), (502, "BadGateway"), (503, "OverCapacity")] {
        let account = answering(status, error(status, code, json!({}))).await;
        let failure = failure(account.get("x").await);
        assert_eq!(failure.reason, Reason::Unavailable, "{status} {code}");
        assert_eq!(failure.message, format!("the vendor failed: try again later: about {code}"));
    }
}

/// Each of its words once; what is for the vendor's own people is left out.
#[tokio::test]
async fn the_words_of_a_refusal_are_the_vendors() {
    let body = json!({
        "statusCode": 403, "message": "Insufficient scope.", "error": "insufficient_scope",
        "errors": [{
            "code": "insufficient_scope", "message": "Insufficient scope.", "detailedErrorMessage": "a trace",
        }],
    });
    let failure = failure(answering(403, body).await.create(&creation()).await);
    let expected = "the credential may not do this at the vendor: Insufficient scope.: insufficient_scope";
    assert_eq!((failure.reason, failure.message.as_str()), (Reason::Forbidden, expected));
}

#[tokio::test]
async fn a_vendor_that_failed_says_when_it_may_work_again() {
    for (status, expected) in [(429, Reason::RateLimited), (503, Reason::Unavailable)] {
        let reply = Reply::empty(status).header("retry-after", "7");
        let (_vendor, account) = Bench::scripted(move |_| reply.clone()).await;
        let failure = failure(account.get("x").await);
        assert_eq!((failure.reason, failure.retry_after), (expected, Some(7)));
    }
}

#[tokio::test]
async fn an_error_that_cannot_be_read_is_told_by_its_status_and_not_quoted() {
    for (status, expected) in [
        (400, Reason::Vendor { code: "400".to_owned() }),
        (401, Reason::Unauthenticated),
        (403, Reason::Forbidden),
        (429, Reason::RateLimited),
        (502, Reason::InDoubt),
    ] {
        let body = b"<html>hush</html>".to_vec();
        let (_vendor, account) = Bench::scripted(move |_| Reply::new(status, "text/html", body.clone())).await;
        let failure = failure(account.create(&creation()).await);
        assert_eq!(failure.reason, expected, "{status}");
        assert!(!failure.message.contains("hush"), "{failure}");
    }
}

#[tokio::test]
async fn a_full_project_is_a_quota() {
    let bench = Bench::builder().option("quota", 2).start().await;
    bench.client("the last").await;
    let failure = failure(bench.account.create(&bench.creation("one more")).await);
    assert_eq!(failure.reason, Reason::Quota(Quota { limit: None, used: None }));
    assert!(failure.message.contains("maximum number of API clients"), "{failure}");
    assert_eq!(bench.vendor.clients(), 2);
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_where_the_vendor_does() {
    for (option, expected) in [(7, Some(7)), (0, None)] {
        let bench = Bench::builder().option("retry-after", option).start().await;
        for operation in ["create", "token"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
            let account = bench.account_at(json!({})).unwrap();
            let waits = wait_when_limited(account.create(&bench.creation("ci")).await);
            assert_eq!(waits, expected, "{operation}");
        }
        assert_eq!(bench.vendor.clients(), 1, "only the administrator");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_or_too_long_is_told_as_the_names_problem() {
    let bench = Bench::builder().option("unique-names", true).option("longest-name", 100).start().await;
    bench.client("ci").await;
    for name in ["ci".to_owned(), "x".repeat(101)] {
        let outcome = bench.account.create(&bench.creation(&name)).await;
        assert_eq!(problem(outcome), ("/attributes/name".to_owned(), Problem::Constraint));
    }
}

#[tokio::test]
async fn more_rights_than_ones_own_are_refused_or_not_as_the_vendor_says() {
    for (escalation, allowed) in [("allow", true), ("refuse", false)] {
        let bench = Bench::builder()
            .option("administrator-scope", "manage_api_clients,view_api_clients")
            .option("escalation", escalation)
            .start()
            .await;
        let outcome = bench.account.create(&bench.creation("ci")).await;
        assert_eq!(outcome.is_ok(), allowed);
        if let Err(error) = outcome {
            assert!(matches!(&error, CallError::Failed(failure) if failure.reason == Reason::Forbidden), "{error:?}");
            assert!(error.to_string().contains(&bench.scope("view_products")), "{error}");
        }
    }
}

#[tokio::test]
async fn a_client_without_the_scopes_is_forbidden_and_told_which() {
    let bench = Bench::builder().option("administrator-scope", "view_api_clients").start().await;
    for refused in
        [failure(bench.account.create(&bench.creation("ci")).await), failure(bench.account.revoke("nobody").await)]
    {
        assert_eq!(refused.reason, Reason::Forbidden);
        assert!(refused.message.contains(&bench.scope("manage_api_clients")), "{refused}");
        assert!(refused.request_id.as_deref().is_some_and(|id| id.starts_with("projects-")), "{refused:?}");
    }
    let bench = Bench::builder().option("administrator-scope", "manage_api_clients").start().await;
    for implied in [reason(bench.account.get("x").await), reason(bench.account.list(&Default::default(), None).await)] {
        assert_eq!(implied, Reason::Forbidden);
    }
    let implied = Bench::builder()
        .option("administrator-scope", "manage_api_clients")
        .option("manage-implies-view", true)
        .start()
        .await;
    assert_eq!(implied.account.get("x").await.unwrap(), None);
}
