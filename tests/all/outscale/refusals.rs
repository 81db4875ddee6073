//! Every kind of refusal, told apart by its code.

use keywright_runtime::{CreateRequest, Filter, Parts, Problem, Reason, UpdateRequest};
use keywright_tests::{OutscaleBench as Bench, Reply, ScriptedVendor, exposed, object};
use serde_json::json;

use super::account_at;
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn an_owner_has_at_most_ten_keys() {
    let bench = Bench::start().await;
    for _ in 0..10 {
        bench.key("").await;
    }
    let refused = failure(bench.account.create(&bench.creation("")).await);
    assert!(matches!(refused.reason, Reason::Quota(_)), "{refused}");
    assert!(refused.message.contains("10005") && refused.message.contains("delete one first"), "{refused}");
    assert_eq!(bench.account.adapter().descriptor().traits.quota.as_ref().unwrap().limit, Some(10));
    bench.own_key().await;
}

#[tokio::test]
async fn a_key_for_a_user_who_does_not_exist_is_refused_at_the_user() {
    let bench = Bench::start().await;
    let creation = CreateRequest { attributes: object(json!({"user_name": "nobody"})), ..CreateRequest::default() };
    assert_eq!(
        problem(bench.account.create(&creation).await),
        ("/attributes/user_name".to_owned(), Problem::Constraint)
    );
}

#[tokio::test]
async fn a_credential_without_rights_is_forbidden_every_operation() {
    for code in ["4", "5", "7"] {
        let bench = Bench::builder().option("no-right", code).start().await;
        let issued = bench.key("").await;
        let id = issued.credential.id.as_str();
        let other = bench.key("").await.credential.id;
        let account = bench.account_with(issued.parts.clone());
        assert_eq!(reason(account.create(&bench.creation("")).await), Reason::Forbidden, "{code}");
        assert_eq!(reason(account.get(id).await), Reason::Forbidden);
        assert_eq!(reason(account.list(&Filter::default(), None).await), Reason::Forbidden);
        assert_eq!(reason(account.update(id, &UpdateRequest::default()).await), Reason::Forbidden);
        assert_eq!(reason(account.set_enabled(&other, false).await), Reason::Forbidden);
        assert_eq!(reason(account.revoke(&other).await), Reason::Forbidden);
        // Nor does it help to pass for the root user.
        let account_id = bench.vendor.account_id();
        let as_root = bench.account_with(Parts::from_iter([
            ("access_key", exposed(&issued.parts, "access_key")),
            ("secret_key", exposed(&issued.parts, "secret_key")),
            ("owner", account_id.to_owned()),
        ]));
        let roots = format!("{account_id}/AAAAAAAAAAAAAAAAAAAA");
        assert_eq!(reason(as_root.revoke(&roots).await), Reason::Forbidden);
    }
}

#[tokio::test]
async fn a_rate_limit_does_nothing_and_says_so() {
    for (code, form) in [("6", "errors"), ("24", "errors"), ("25", "errors"), ("24", "type"), ("25", "problem")] {
        let bench = Bench::builder().option("throttle", code).option("error-form", form).start().await;
        let id = bench.key("old").await.credential.id;
        let limited = Reason::RateLimited;
        for operation in ["create", "get", "list", "update", "revoke"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
        }
        assert_eq!(reason(bench.account.create(&bench.creation("x")).await), limited, "{code} {form}");
        assert_eq!(reason(bench.account.get(&id).await), limited, "{code} {form}");
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), limited, "{code} {form}");
        assert_eq!(reason(bench.account.set_enabled(&id, false).await), limited, "{code} {form}");
        let roots = format!("{}/AAAAAAAAAAAAAAAAAAAA", bench.vendor.account_id());
        assert_eq!(reason(bench.account.revoke(&roots).await), limited, "{code} {form}");
        assert!(bench.stored(&id).await.enabled);
    }
}

/// What each code means, whatever its status.
#[tokio::test]
async fn codes_decide() {
    let vendor_code = |code: &str| Reason::Vendor { code: code.to_owned() };
    for (status, code, expected) in [
        (401, "1", Reason::Unauthenticated),
        (400, "4120", Reason::Unauthenticated),
        (400, "4000", Reason::Unauthenticated),
        (403, "8", Reason::Unauthenticated),
        (401, "11", Reason::Unauthenticated),
        (401, "12", Reason::Unauthenticated),
        (401, "20", Reason::Unauthenticated),
        (401, "13", Reason::RateLimited),
        (401, "14", Reason::Forbidden),
        (424, "1000", Reason::Conflict),
        (400, "5063", Reason::NotFound),
        (409, "6003", Reason::Conflict),
        (409, "9085", Reason::Conflict),
        (405, "2", vendor_code("2")),
        (400, "77", vendor_code("77")),
    ] {
        let body = json!({
            "Errors": [{"Code": code, "Type": "T", "Details": "details"}],
            "ResponseContext": {"RequestId": "00000000-0000-4000-8000-000000000001"},
        });
        let vendor = ScriptedVendor::start(move |_| Reply::json(status, &body)).await;
        let account = account_at(&vendor).await;
        let refused = failure(account.create(&CreateRequest::default()).await);
        assert_eq!(refused.retry_after, (expected == Reason::RateLimited).then_some(60), "{code}");
        assert_eq!(refused.reason, expected, "{code}");
        assert!(refused.message.contains("details") && refused.message.contains(code), "{refused}");
        assert_eq!(refused.status, Some(status), "{code}");
        assert_eq!(refused.request_id.as_deref(), Some("00000000-0000-4000-8000-000000000001"), "{code}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_accepted_is_pointed_at() {
    for (details, kind, code, pointer) in [
        ("The parameter type of ExpirationDate is unknown.", "InvalidParameterType", "3", "/expires_at"),
        ("The value of Tag is too long", "InvalidParameterValue", "4106", "/attributes/tag"),
        ("UserName: bad", "InvalidParameterValue", "4047", "/attributes/user_name"),
        ("State?", "InvalidParameterValue", "4047", "/attributes/state"),
        ("Statement", "InvalidParameterValue", "4047", "/attributes"),
        ("", "MissingParameter", "7000", "/attributes"),
    ] {
        let body = json!({"Errors": [{"Code": code, "Type": kind, "Details": details}]});
        let vendor = ScriptedVendor::start(move |_| Reply::json(400, &body)).await;
        let account = account_at(&vendor).await;
        let outcome = account.create(&CreateRequest::default()).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), Problem::Constraint), "{details}");
    }
}
