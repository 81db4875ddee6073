//! What the vendor refuses, in terms to act on.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem, Quota, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{GcoreBench as Bench, Reply, object};
use serde_json::json;

use super::scripted::{ID, always, answering};
use crate::outcome::{failure, problem, problems, reason, wait_when_limited};

fn asked() -> CreateRequest {
    CreateRequest { attributes: object(json!({"name": "test", "role_id": 2})), ..CreateRequest::default() }
}

#[tokio::test]
async fn one_token_too_many_is_a_quota_however_it_is_said() {
    for answer in ["platform", "errors", "message"] {
        let bench = Bench::builder().option("quota", 2).option("quota-answer", answer).start().await;
        bench.token("fits").await;
        let failure = failure(bench.account.create(&bench.creation(2, "one too many")).await);
        assert_eq!(failure.reason, Reason::Quota(Quota { limit: None, used: None }), "{answer}");
        assert!(failure.message.contains("the limit of 2 API tokens"), "{failure}");
        assert_eq!(failure.request_id.is_some(), answer == "platform");
    }
}

#[tokio::test]
async fn a_token_that_is_gone_makes_room() {
    let bench = Bench::builder().option("quota", 2).start().await;
    let id = bench.token("").await.credential.id;
    bench.account.revoke(&id).await.unwrap();
    bench.token("").await;
}

#[tokio::test]
async fn a_role_above_ones_own_is_refused_at_the_attribute_that_named_it() {
    for form in ["message", "platform"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        let engineer = bench.account_with(bench.token_of(5, "").await.parts);
        for (role, pointer) in
            [(json!({"role_id": 1}), "role_id"), (json!({"role_name": "Administrators"}), "role_name")]
        {
            let mut attributes = object(role);
            attributes.insert("name".to_owned(), json!("higher"));
            let problems = problems(engineer.create(&CreateRequest { attributes, ..CreateRequest::default() }).await);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!(problems[0].pointer, format!("/attributes/{pointer}"), "{form}");
            let words = "Can't create token with role Administrators";
            assert!(problems[0].message.contains(words), "{}", problems[0].message);
        }
        engineer.create(&bench.creation(2, "")).await.unwrap();
    }
}

#[tokio::test]
async fn every_field_that_the_vendor_refuses_is_named() {
    let errors = json!({
        "name": ["This field is required."], "exp_date": ["Datetime has wrong format."], "description": ["Too long."],
        "client_user": {"role": ["Invalid role: RoleName"]}, "client_id": ["No."], "non_field_errors": ["Never."],
    });
    for status in [400, 422] {
        let (_vendor, account) = always(status, json!({"errors": errors})).await;
        let problems = problems(account.create(&asked()).await);
        let mut told: Vec<_> = problems.iter().map(|problem| (problem.pointer.as_str(), problem.problem)).collect();
        told.sort_by_key(|(pointer, _)| *pointer);
        let expected = [
            ("/attributes", Problem::Constraint),
            ("/attributes/description", Problem::Constraint),
            ("/attributes/name", Problem::Required),
            ("/attributes/role_id", Problem::Constraint),
            ("/expires_at", Problem::Format),
            ("/settings/client_id", Problem::Constraint),
        ];
        assert_eq!(told, expected);
    }
}

#[tokio::test]
async fn an_expiry_in_the_past_is_invalid() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    bench.vendor.clock().advance(std::time::Duration::from_secs(7200));
    // Past at the vendor, whose clock runs ahead.
    let outcome = bench.account.create(&CreateRequest { expires_at, ..bench.creation(2, "") }).await;
    assert_eq!(problem(outcome), ("/expires_at".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_the_settings_mistake_and_no_absence() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        let other = bench.account_at(json!({"client_id": 7})).unwrap();
        for problem in [
            problem(other.get("7/768660").await),
            problem(other.revoke("7/768660").await),
            problem(other.list_all(&Default::default()).await),
            problem(other.create(&bench.creation(2, "")).await),
        ] {
            assert_eq!(problem, ("/settings/client_id".to_owned(), Problem::Constraint), "{form}");
        }
    }
}

#[tokio::test]
async fn a_reseller_is_told_what_the_vendor_says() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("reseller", true).option("error-form", form).start().await;
        let failure = failure(bench.account.create(&bench.creation(2, "")).await);
        assert_eq!((failure.reason, failure.status), (Reason::Forbidden, Some(403)));
        assert!(failure.message.contains("Reseller accounts cannot create API tokens."), "{}", failure.message);
    }
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_unauthenticated() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        let ended = bench.token_of(1, "").await;
        let account = bench.account_with(ended.parts.clone());
        bench.account.revoke(&ended.credential.id).await.unwrap();
        let failure = failure(account.check().await);
        assert_eq!((failure.reason, failure.status), (Reason::Unauthenticated, Some(401)));
        assert!(failure.message.contains("Token is invalid or expired"), "{}", failure.message);
        assert_eq!(reason(account.create(&bench.creation(2, "")).await), Reason::Unauthenticated);
        assert_eq!(reason(account.get(&bench.absent()).await), Reason::Unauthenticated);
        assert_eq!(reason(account.revoke(&bench.absent()).await), Reason::Unauthenticated);
        assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Unauthenticated);
    }
}

#[tokio::test]
async fn a_role_that_may_not_manage_tokens_is_forbidden_everything() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        let id = bench.token("").await.credential.id;
        let purge_only = bench.account_with(bench.token_of(3009, "").await.parts);
        assert_eq!(reason(purge_only.create(&bench.creation(2, "")).await), Reason::Forbidden);
        assert_eq!(reason(purge_only.get(&id).await), Reason::Forbidden);
        assert_eq!(reason(purge_only.list_all(&Default::default()).await), Reason::Forbidden);
        assert_eq!(reason(purge_only.revoke(&id).await), Reason::Forbidden);
        assert!(bench.account.get(&id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn other_refusals_have_their_codes_and_words() {
    for (status, body, expected) in [
        (400, json!({"message": "JSON parse error - Expecting value"}), Reason::Vendor { code: "bad-request".into() }),
        (400, json!({"exception_class": "HTTPError", "message": "No."}), Reason::Vendor { code: "HTTPError".into() }),
        (405, json!({"detail": "No.", "code": "method"}), Reason::Vendor { code: "method".into() }),
        (409, json!({"exception_class": "ConflictError", "message": "No."}), Reason::Conflict),
        (418, json!({}), Reason::Vendor { code: "418".into() }),
    ] {
        let (_vendor, account) = always(status, body.clone()).await;
        let failure = failure(account.create(&asked()).await);
        assert_eq!((failure.reason, failure.status), (expected, Some(status)), "{body}");
        if let Some(text) = body["message"].as_str() {
            assert!(failure.message.contains(text), "{}", failure.message);
        }
    }
}

#[tokio::test]
async fn a_rate_limit_tells_how_long_to_wait_where_the_vendor_does() {
    for (option, retry_after) in [(0, None), (1, Some(1)), (30, Some(30))] {
        let bench = Bench::builder().option("retry-after", option).start().await;
        let id = bench.token("old").await.credential.id;
        for operation in ["create", "get", "list", "revoke"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
        }
        let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation(2, "") };
        assert_eq!(wait_when_limited(bench.account.create(&marked).await), retry_after);
        assert_eq!(wait_when_limited(bench.account.get(&id).await), retry_after);
        assert_eq!(wait_when_limited(bench.account.list(&Default::default(), None).await), retry_after);
        assert_eq!(wait_when_limited(bench.account.revoke(&id).await), retry_after);
        assert_eq!(bench.marked("g1").await, []);
        assert!(bench.account.get(&id).await.unwrap().is_some());
    }
}

/// A 429 that speaks of tokens is no quota, and one without words is still a 429.
#[tokio::test]
async fn a_429_is_always_a_rate_limit() {
    for body in [json!({"message": "Token limit reached: quota exceeded"}), json!({}), json!([])] {
        let (_vendor, account) = always(429, body).await;
        assert_eq!(reason(account.create(&asked()).await), Reason::RateLimited);
    }
}

#[tokio::test]
async fn the_id_of_a_request_is_told() {
    let body = json!({"exception_class": "ForbiddenError", "message": "No.", "request_id": "4f1c"});
    let (_vendor, account) = always(403, body).await;
    assert_eq!(failure(account.get(ID).await).request_id.as_deref(), Some("4f1c"));
}

#[tokio::test]
async fn a_page_of_a_gateway_is_not_quoted() {
    for status in [400, 403, 404, 409, 500, 502] {
        let page = Reply::new(status, "text/html", "<html>hush</html>");
        let (_vendor, account) = answering(move |_| page.clone()).await;
        let failure = failure(account.create(&asked()).await);
        assert!(!failure.message.contains("hush"), "{status} {failure}");
        let doubtful = failure.reason == Reason::InDoubt;
        assert_eq!(doubtful, status >= 500, "{status} {failure}");
    }
}
