//! What Imperva refuses, in terms to act on.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Problem, Quota, Reason, RegenerateRequest, UpdateRequest};
use keywright_tests::{ImpervaBench as Bench, Reply, object};
use serde_json::{Value, json};

use super::{FORMS, ID, answering};
use crate::outcome::{failure, problem, reason, wait_when_limited};

#[tokio::test]
async fn a_user_with_all_their_clients_is_a_quota_whatever_the_form_and_the_status() {
    for (form, with_200) in FORMS {
        for status in [400, 403, 406, 409, 422] {
            let bench = Bench::builder().option("quota", 2).option("quota-status", status);
            let bench = bench.option("error-form", form).option("refuse-with-200", with_200).start().await;
            let id = bench.client("fits").await.credential.id;
            let failure = failure(bench.account.create(&bench.creation("one too many", json!({}))).await);
            assert_eq!(failure.reason, Reason::Quota(Quota { limit: None, used: None }), "{form} {status}");
            assert!(failure.message.contains("limit of 2 API keys"), "{failure}");
            bench.account.revoke(&id).await.unwrap();
            bench.client("fits again").await;
        }
    }
}

#[tokio::test]
async fn an_account_that_did_not_consent_is_told_what_to_do() {
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("consent", false);
        let bench = bench.option("error-form", form).option("refuse-with-200", with_200).start().await;
        let failure = failure(bench.account.create(&bench.creation("First", json!({}))).await);
        assert_eq!(failure.reason, Reason::Forbidden, "{form}");
        assert!(failure.message.contains("Consent switched off in the console"), "{failure}");
        assert!(failure.message.contains("is not enabled for the account"), "in the vendor's words: {failure}");
    }
}

#[tokio::test]
async fn a_user_who_does_not_exist_is_a_problem_of_the_attribute() {
    for (form, with_200) in FORMS {
        for status in [400, 404, 422] {
            let bench = Bench::builder().option("unknown-user-status", status);
            let bench = bench.option("error-form", form).option("refuse-with-200", with_200).start().await;
            let creation = bench.creation("First", json!({"user_email": "nobody@example.com"}));
            let outcome = bench.account.create(&creation).await;
            assert_eq!(problem(outcome), ("/attributes/user_email".to_owned(), Problem::Constraint), "{form} {status}");
        }
    }
}

#[tokio::test]
async fn an_expiry_that_imperva_does_not_take_is_a_problem_of_the_expiry() {
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let id = bench.client("First").await.credential.id;
        // What is the future here is the past at the vendor.
        keywright_simulators::Vendor::clock(&*bench.vendor).advance(std::time::Duration::from_secs(7_200));
        let soon = Utc::now() + TimeDelta::hours(1);
        let expected = ("/expires_at".to_owned(), Problem::Constraint);
        let creation = CreateRequest { expires_at: Some(soon), ..bench.creation("Second", json!({})) };
        assert_eq!(problem(bench.account.create(&creation).await), expected, "{form}");
        let change = UpdateRequest { expiry: ExpiryChange::Set(soon), ..UpdateRequest::default() };
        assert_eq!(problem(bench.account.update(&id, &change).await), expected, "{form}");
        assert_eq!(
            problem(
                bench
                    .account
                    .regenerate(&id, &RegenerateRequest { expires_at: Some(soon), ..RegenerateRequest::default() })
                    .await
            ),
            expected,
            "{form}"
        );
    }
}

#[tokio::test]
async fn several_problems_are_told_each_at_its_place() {
    let error = json!({"errors": [
        {"status": "422", "source": {"pointer": "/data/attributes/name"}, "title": "is required"},
        {"status": 422, "source": {"pointer": "body.expirationDate"}, "detail": "too late"},
        {"status": 422, "message": "userEmail is not of this account"},
        {"status": 422, "title": "caid", "detail": "unknown"},
    ]});
    let (_vendor, account) = answering(Reply::json(422, &error).header("x-request-id", "r-1")).await;
    let attributes = object(json!({"name": "First"}));
    let failure = failure(account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await);
    assert_eq!((failure.status, failure.request_id.as_deref()), (Some(422), Some("r-1")));
    let Reason::Invalid { problems } = &failure.reason else { panic!("{failure:?}") };
    let told: Vec<_> = problems.iter().map(|problem| (problem.pointer.as_str(), problem.problem)).collect();
    let expected = [
        ("/attributes/name", Problem::Required),
        ("/expires_at", Problem::Constraint),
        ("/attributes/user_email", Problem::Constraint),
        ("/attributes/account_id", Problem::Constraint),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_problem_that_names_no_field_is_one_of_the_attributes() {
    for body in [json!({"errors": [{"status": 400, "title": "Bad Request"}]}), json!({"res": 2}), json!({}), json!([])]
    {
        let (_vendor, account) = answering(Reply::json(400, &body)).await;
        let attributes = object(json!({"name": "First"}));
        let outcome = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await;
        assert_eq!(problem(outcome), ("/attributes".to_owned(), Problem::Constraint), "{body}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict() {
    for form in ["v3", "v2", "v1", "role"] {
        let bench = Bench::builder().option("unique-names", true).option("error-form", form).start().await;
        bench.client("First").await;
        let failure = failure(bench.account.create(&bench.creation("First", json!({}))).await);
        assert_eq!(failure.reason, Reason::Conflict, "{form}");
        assert!(failure.message.contains("already exists"), "{failure}");
    }
}

#[tokio::test]
async fn what_a_user_may_not_do_is_forbidden_and_says_which_permission_is_missing() {
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let own = bench.own("api_id");
        let jo = bench.client_with("Jo's", json!({"user_email": "jo@example.com"})).await;
        let jo = bench.account_with(jo.parts);
        jo.create(&bench.creation("own", json!({}))).await.unwrap();
        let of_admin = bench.creation("theirs", json!({"user_email": "admin@example.com"}));
        let change = UpdateRequest { attributes: object(json!({"name": "mine"})), ..UpdateRequest::default() };
        for failure in [
            failure(jo.create(&of_admin).await),
            failure(jo.update(&own, &change).await),
            failure(jo.set_enabled(&own, false).await),
            failure(jo.regenerate(&own, &RegenerateRequest::default()).await),
            failure(jo.revoke(&own).await),
        ] {
            assert_eq!(failure.reason, Reason::Forbidden, "{form}");
            assert!(failure.message.contains("Manage users and permissions"), "{failure}");
        }
        assert!(bench.vendor.set_permissions("jo@example.com", false, false));
        assert_eq!(reason(jo.get(&own).await), Reason::Forbidden);
        assert_eq!(reason(jo.list_all(&Default::default()).await), Reason::Forbidden);
        assert_eq!(bench.stored(&own).await.attributes["name"], "the administrator's own");
    }
}

#[tokio::test]
async fn a_rate_limit_does_nothing_and_tells_the_wait_where_imperva_does() {
    for (seconds, retry_after) in [(0, None), (7, Some(7))] {
        let bench = Bench::builder().option("retry-after", seconds).start().await;
        let id = bench.client("First").await.credential.id;
        for operation in ["create", "get", "list", "update", "set-enabled", "regenerate", "revoke"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
        }
        let account = &bench.account;
        let change = UpdateRequest { attributes: object(json!({"name": "Second"})), ..UpdateRequest::default() };
        assert_eq!(wait_when_limited(account.create(&bench.creation("x", json!({}))).await), retry_after);
        assert_eq!(wait_when_limited(account.get(&id).await), retry_after);
        assert_eq!(wait_when_limited(account.list(&Default::default(), None).await), retry_after);
        assert_eq!(wait_when_limited(account.update(&id, &change).await), retry_after);
        assert_eq!(wait_when_limited(account.set_enabled(&id, false).await), retry_after);
        assert_eq!(wait_when_limited(account.regenerate(&id, &RegenerateRequest::default()).await), retry_after);
        assert_eq!(wait_when_limited(account.revoke(&id).await), retry_after);
        let stored = bench.stored(&id).await;
        assert_eq!((&stored.attributes["name"], stored.enabled), (&json!("First"), true));
        assert_eq!(account.list_all(&Default::default()).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_imperva_that_failed_says_when_it_may_work_again() {
    let later = Utc::now() + TimeDelta::seconds(60);
    let date = later.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (status, expected) in [(429, Reason::RateLimited), (503, Reason::Unavailable)] {
        for (value, least, most) in [("7", 7, 7), (date.as_str(), 30, 60)] {
            let (_vendor, account) = answering(Reply::empty(status).header("retry-after", value)).await;
            let failure = failure(account.get(ID).await);
            assert_eq!(failure.reason, expected);
            assert!(failure.retry_after.is_some_and(|wait| (least..=most).contains(&wait)), "{failure:?}");
        }
    }
}

/// An answer that is neither a result nor a refusal, or that the vendor gave up on.
#[tokio::test]
async fn a_change_that_imperva_did_not_finish_is_in_doubt() {
    for status in [302, 408, 425, 500, 503] {
        let (_vendor, account) = answering(Reply::empty(status)).await;
        let attributes = object(json!({"name": "First"}));
        let creation = CreateRequest { attributes: attributes.clone(), ..CreateRequest::default() };
        let change = UpdateRequest { attributes, ..UpdateRequest::default() };
        for reason in [
            reason(account.create(&creation).await),
            reason(account.update(ID, &change).await),
            reason(account.set_enabled(ID, true).await),
            reason(account.regenerate(ID, &RegenerateRequest::default()).await),
            reason(account.revoke(ID).await),
        ] {
            assert_eq!(reason, Reason::InDoubt, "{status}");
        }
    }
}

/// A code that is not known to mean that nothing was done leaves open what a request did that acts.
#[tokio::test]
async fn a_refusal_with_200_is_never_a_success() {
    for (body, read, change) in [
        (json!({"res": 1, "res_message": "Unexpected error"}), "vendor", "in-doubt"),
        (json!({"res": "1"}), "vendor", "in-doubt"),
        (json!({"res": {}}), "vendor", "in-doubt"),
        (json!({"res": 3015, "res_message": "Internal error"}), "unavailable", "in-doubt"),
        (json!({"res": 2, "res_message": "Invalid input"}), "vendor", "invalid"),
        (json!({"res": 9413}), "forbidden", "forbidden"),
        (json!({"res": 9415}), "forbidden", "forbidden"),
        (json!({"res": "9418"}), "unauthenticated", "unauthenticated"),
        (json!({"errors": [{"status": 401}]}), "unauthenticated", "unauthenticated"),
        (json!({"errors": [{"status": "403"}]}), "forbidden", "forbidden"),
        (json!({"errors": [{"status": 500}]}), "unavailable", "in-doubt"),
        (json!({"errors": [{}]}), "vendor", "in-doubt"),
        (json!({"error_code": "X", "message": "no"}), "vendor", "in-doubt"),
        (json!({"message": "no"}), "vendor", "in-doubt"),
        (json!({"res": 0}), "unexpected-response", "in-doubt"),
        (json!({}), "unexpected-response", "in-doubt"),
        (Value::Null, "unexpected-response", "in-doubt"),
    ] {
        let (_vendor, account) = answering(Reply::json(200, &body)).await;
        assert_eq!(account.get(ID).await.unwrap_err().kind(), read, "{body}");
        match account.check().await {
            // Imperva's own 403 proves that it knew the credential.
            Ok(principal) => assert!(principal.allowed.is_empty() && body["errors"][0]["status"] == "403", "{body}"),
            Err(error) => assert_eq!(error.kind(), read, "{body}"),
        }
        assert_eq!(account.list(&Default::default(), None).await.unwrap_err().kind(), read, "{body}");
        assert_eq!(account.set_enabled(ID, true).await.unwrap_err().kind(), change, "{body}");
        assert_eq!(account.regenerate(ID, &RegenerateRequest::default()).await.unwrap_err().kind(), change, "{body}");
        let attributes = object(json!({"name": "First"}));
        let creation = CreateRequest { attributes, ..CreateRequest::default() };
        assert_eq!(account.create(&creation).await.unwrap_err().kind(), change, "{body}");
    }
}
