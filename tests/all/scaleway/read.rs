//! Looking at keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{TimeDelta, Utc};
use keywright_runtime::{Account, CreateRequest, Filter, Operation, Parts, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{Arrived, Reply, ScalewayBench as Bench, ScriptedVendor, engine, exposed, object};
use serde_json::json;

use crate::outcome::{failure, problem, reason};

const ABSENT: &str = "SCWABSENT00000000000";

#[tokio::test]
async fn a_key_reads_as_it_was_made() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn a_key_that_does_not_exist_is_none() {
    let bench = Bench::start().await;
    assert_eq!(bench.account.get(ABSENT).await.unwrap(), None);
}

/// A proxy's 404 says nothing of the key.
#[tokio::test]
async fn only_the_vendors_own_words_make_a_key_absent() {
    let says_so = Arc::new(AtomicUsize::new(0));
    let number = says_so.clone();
    let answers = || {
        [
            Reply::new(404, "text/html", "<html>not found</html>"),
            Reply::empty(404),
            Reply::json(404, &json!({})),
            Reply::json(404, &json!({"message": "not found"})),
            Reply::json(404, &json!({"type": "not-found"})),
            Reply::json(404, &json!([{"type": "not_found"}])),
            Reply::json(410, &json!({"type": "not_found"})),
            Reply::json(200, &json!({"type": "not_found"})),
            Reply::json(500, &json!({"type": "not_found"})),
        ]
    };
    let vendor = ScriptedVendor::start(move |_| answers()[number.load(Ordering::SeqCst)].clone()).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let account =
        vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]));
    for (number, answer) in answers().iter().enumerate() {
        says_so.store(number, Ordering::SeqCst);
        for kind in [account.get(ABSENT).await.err(), account.revoke(ABSENT).await.err()] {
            let error = kind.unwrap_or_else(|| panic!("{answer:?} makes the key absent"));
            assert_ne!(error.kind(), "not-found", "{answer:?}: {error}");
        }
        assert_ne!(account.check().await.err().map(|error| error.kind().to_owned()).as_deref(), Some("not-found"));
    }
}

/// Gateways have forms of their own, and Scaleway may add a type.
#[tokio::test]
async fn the_words_of_a_refusal_are_kept_whatever_its_form() {
    for (status, body, kind, words) in [
        (404, json!({"message": "Not Found"}), "vendor", "Not Found"),
        (400, json!({"message": "the name is taken"}), "vendor", "the name is taken"),
        (403, json!({"message": "blocked by policy 7"}), "forbidden", "blocked by policy 7"),
        (503, json!({"message": "in maintenance"}), "unavailable", "in maintenance"),
        (429, json!({"message": "slow down"}), "rate-limited", "slow down"),
        (400, json!({"type": "about:blank", "title": "Bad", "detail": "No such zone"}), "vendor", "Bad: No such zone"),
        (
            403,
            json!({"type": "https://gateway.example/blocked", "title": "Blocked", "detail": "By rule 7"}),
            "forbidden",
            "Blocked: By rule 7",
        ),
        (418, json!({"type": "new_kind", "message": "something new"}), "vendor", "something new"),
    ] {
        let (_vendor, account) = answering(move |_| Reply::json(status, &body)).await;
        for error in [account.get(ABSENT).await.err(), account.list(&Filter::default(), None).await.err()] {
            let error = error.unwrap();
            assert_eq!(error.kind(), kind, "{status} {error}");
            assert!(error.to_string().contains(words), "{status}: {error}");
        }
    }
}

#[tokio::test]
async fn a_check_does_not_believe_an_answer_about_another_key() {
    let key = json!({"access_key": "SCWANOTHER0000000000", "description": "x", "created_at": "2026-11-21T12:00:00Z"});
    let vendor = ScriptedVendor::start(move |_| Reply::json(200, &key)).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let own = [("access_key", ABSENT), ("secret_key", "11111111-2222-4333-8444-555555555555")];
    let account = vendor.account(&adapter, settings, Parts::from_iter(own));
    let error = account.check().await.unwrap_err();
    assert_eq!(error.kind(), "unexpected-response");
    assert!(error.to_string().contains("another key"), "{error}");
}

async fn answering(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(script).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let account =
        vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]));
    (vendor, account)
}

#[tokio::test]
async fn a_key_past_its_expiry_still_exists() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap();
    bench.vendor.clock().advance(TimeDelta::hours(2).to_std().unwrap());
    let stored = bench.stored(&issued.credential.id).await;
    assert!(stored.expires_at.instant().unwrap() < bench.vendor.clock().now());
}

#[tokio::test]
async fn an_id_of_another_form_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    for id in ["", "SCW", "scwabsent00000000000", "../applications", "SCWABSENT00000000000\n", "SCWABSENT0000000000/x"]
    {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id:?}");
        assert_eq!(problem(bench.account.revoke(id).await).0, "/id");
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_key_made_by_hand_is_imported_by_its_access_key() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!(imported.id, id);
    assert_eq!(imported.attributes["description"], "made by hand");
    assert_eq!(imported.marker, None);
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_be_imported() {
    let bench = Bench::start().await;
    let failure = failure(bench.account.import(ABSENT).await);
    assert_eq!(failure.reason, Reason::NotFound);
    assert!(failure.message.contains(ABSENT), "{failure}");
}

#[tokio::test]
async fn the_account_learns_who_it_is() {
    let bench = Bench::start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!(principal.credential_id, Some(bench.own("access_key")));
    assert!(principal.owner.is_some());
    assert_eq!((principal.allowed, principal.refused), (vec![Operation::Get, Operation::List], vec![]));
    let told = serde_json::to_string(&principal.details).unwrap();
    assert!(!told.contains(&bench.own("secret_key")), "{told}");
}

#[tokio::test]
async fn an_account_that_knows_only_its_secret_learns_what_it_may() {
    let bench = Bench::builder().without_part("access_key").start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!((principal.credential_id, principal.owner), (None, None));
    assert_eq!(principal.allowed, [Operation::List]);
}

#[tokio::test]
async fn an_account_without_rights_learns_that_it_has_none() {
    let bench = Bench::start().await;
    let issued = bench.key("confined").await;
    let principal = bench.account_with(issued.parts.clone()).check().await.unwrap();
    assert_eq!((principal.allowed, principal.refused), (vec![], vec![Operation::Get, Operation::List]));

    assert!(bench.vendor.set_iam_rights(&bench.application(), true));
    let principal = bench.account_with(issued.parts).check().await.unwrap();
    assert_eq!(principal.owner, Some(bench.application().clone()));
    assert_eq!(principal.allowed, [Operation::Get, Operation::List]);
}

#[tokio::test]
async fn an_access_key_that_is_not_the_secrets_own_is_said_to_be_so() {
    let bench = Bench::start().await;
    let parts = Parts::from_iter([("access_key", ABSENT.to_owned()), ("secret_key", bench.own("secret_key"))]);
    let failure = failure(bench.account_with(parts).check().await);
    assert_eq!(failure.reason, Reason::NotFound);
    assert!(failure.message.contains(ABSENT) && failure.message.contains("access_key"), "{failure}");
}

#[tokio::test]
async fn a_secret_that_is_not_known_is_not_authenticated() {
    let bench = Bench::start().await;
    let parts = Parts::from_iter([("secret_key", uuid::Uuid::new_v4().to_string())]);
    let account = bench.account_with(parts);
    assert_eq!(reason(account.check().await), Reason::Unauthenticated);
    assert_eq!(reason(account.get(ABSENT).await), Reason::Unauthenticated);
    assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Unauthenticated);
    assert_eq!(reason(account.create(&bench.creation("")).await), Reason::Unauthenticated);
    assert_eq!(reason(account.revoke(ABSENT).await), Reason::Unauthenticated);
}

#[tokio::test]
async fn a_failure_quotes_the_vendors_request_id() {
    let bench = Bench::start().await;
    let account = bench.account_with(Parts::from_iter([("secret_key", uuid::Uuid::new_v4().to_string())]));
    let failure = failure(account.get(ABSENT).await);
    assert_eq!(failure.status, Some(401));
    let id = failure.request_id.clone().unwrap();
    assert!(uuid::Uuid::parse_str(&id).is_ok());
    assert!(failure.to_string().ends_with(&format!("(request {id})")), "{failure}");
}

#[tokio::test]
async fn a_secret_that_is_no_secret_key_leaves_no_trace_in_the_failure() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let secret = exposed(&issued.parts, "secret_key");
    bench.account.revoke(&issued.credential.id).await.unwrap();
    let failure = failure(bench.account_with(issued.parts).check().await);
    assert!(!format!("{failure} {failure:?}").contains(&secret));
}
