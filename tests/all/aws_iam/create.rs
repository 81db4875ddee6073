//! Making keys.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem, Quota, Reason};
use keywright_tests::{AwsIamBench as Bench, exposed, object};
use serde_json::{Value, json};

use crate::outcome::{failure, problem};

fn with(bench: &Bench, name: &str, value: Value) -> CreateRequest {
    let mut creation = bench.creation("Active");
    creation.attributes.insert(name.to_owned(), value);
    creation
}

#[tokio::test]
async fn a_key_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let key = &issued.credential;
    let access_key_id = exposed(&issued.parts, "access_key_id");
    assert_eq!(key.id, bench.id_of(&access_key_id));
    assert_eq!(exposed(&issued.parts, "secret_access_key").len(), 40);
    let attributes = json!({"user_name": bench.user(), "access_key_id": access_key_id, "status": "Active"});
    assert_eq!(key.attributes, object(attributes));
    assert!(key.enabled && key.marker.is_none() && key.expires_at.is_none() && key.last_used_at.is_none());
    assert!(key.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(issued.warnings, [""; 0]);
    assert_eq!(bench.stored(&key.id).await, *key);
    assert_eq!(bench.keys().await, std::slice::from_ref(key));
}

/// There is nothing else to say of a new key, and the status is not among it.
#[tokio::test]
async fn a_creation_names_the_user_and_nothing_else() {
    let bench = Bench::start().await;
    let creation = CreateRequest { attributes: object(json!({"user_name": bench.user()})), ..CreateRequest::default() };
    let mark = bench.mark();
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.attributes["status"], "Active");
    let sent = [("Action", "CreateAccessKey"), ("Version", "2010-05-08"), ("UserName", &*bench.user())];
    let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(bench.forms_since(mark), [sent]);
}

#[tokio::test]
async fn a_users_name_may_hold_all_that_aws_takes() {
    let bench = Bench::start().await;
    let user = "a+b=c,d.e@f-g_h";
    bench.vendor.add_user(user);
    let issued = bench.account.create(&with(&bench, "user_name", json!(user))).await.unwrap();
    assert_eq!(issued.credential.id, format!("{user}/{}", exposed(&issued.parts, "access_key_id")));
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["user_name"], user);
    bench.account.revoke(&issued.credential.id).await.unwrap();
    assert_eq!(bench.account.get(&issued.credential.id).await.unwrap(), None);
}

#[tokio::test]
async fn an_inactive_key_is_made_active_and_disabled_in_the_same_call() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let issued = bench.account.create(&bench.creation("Inactive")).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["CreateAccessKey", "UpdateAccessKey"]);
    assert_eq!((issued.credential.enabled, issued.warnings.len()), (false, 0));
    assert_eq!(issued.credential.attributes["status"], "Inactive");
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

/// The secret is worth more than the status.
#[tokio::test]
async fn a_key_that_could_not_be_disabled_is_returned_with_its_secret_and_a_warning() {
    for fault in ["cut", "lose-answer", "truncate", "html", "server-error", "server-error-after", "rate-limit"] {
        let bench = Bench::start().await;
        bench.fault(&format!("{fault}@update*1"));
        let issued = bench.account.create(&bench.creation("Inactive")).await.unwrap();
        assert_eq!(exposed(&issued.parts, "secret_access_key").len(), 40, "{fault}");
        assert!(issued.credential.enabled, "{fault}");
        assert_eq!(issued.credential.attributes["status"], "Active", "{fault}");
        let [warning] = issued.warnings.as_slice() else { panic!("{fault}: {:?}", issued.warnings) };
        assert_eq!(warning.pointer.as_deref(), Some("/attributes/status"), "{fault}");
        assert!(warning.message.contains("still Active"), "{fault}: {warning}");
        bench.account.set_enabled(&issued.credential.id, false).await.unwrap();
        bench.account.revoke(&issued.credential.id).await.unwrap();
    }
}

#[tokio::test]
async fn a_user_has_two_keys_at_most_inactive_ones_included() {
    let bench = Bench::start().await;
    bench.key().await;
    let second = bench.account.create(&bench.creation("Inactive")).await.unwrap();
    let mark = bench.mark();
    let refused = failure(bench.account.create(&bench.creation("Active")).await);
    assert_eq!(refused.reason, Reason::Quota(Quota { limit: Some(2), used: None }));
    assert!(refused.message.contains("inactive keys count"), "{refused}");
    assert_eq!((refused.status, bench.calls_since(mark).len()), (Some(409), 1));
    bench.account.revoke(&second.credential.id).await.unwrap();
    bench.key().await;
}

#[tokio::test]
async fn a_key_for_a_user_who_does_not_exist_is_refused_at_the_user() {
    let bench = Bench::start().await;
    let outcome = bench.account.create(&with(&bench, "user_name", json!("nobody"))).await;
    assert_eq!(problem(outcome), ("/attributes/user_name".to_owned(), Problem::Constraint));
}

/// Whether AWS's lookup heeds case is not known: the id has the name as its answers have it.
#[tokio::test]
async fn a_user_who_is_found_by_other_letters_is_named_as_aws_names_it() {
    let bench = Bench::builder().option("user-lookup", "any-case").start().await;
    let creation = with(&bench, "user_name", json!(bench.user().to_uppercase()));
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.id, bench.id_of(&exposed(&issued.parts, "access_key_id")));
    let [warning] = issued.warnings.as_slice() else { panic!("{:?}", issued.warnings) };
    assert_eq!(warning.pointer.as_deref(), Some("/attributes/user_name"));
    assert!(warning.message.contains(&bench.user()), "{warning}");
    let outcome = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap().outcome;
    assert_eq!(outcome, keywright_runtime::Outcome::Active);
}

#[tokio::test]
async fn what_aws_does_not_keep_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("Active") };
    let expiring = CreateRequest { expires_at: Some(Utc::now() + TimeDelta::days(1)), ..bench.creation("Active") };
    let keyed = CreateRequest { idempotency_key: Some("k1".to_owned()), ..bench.creation("Active") };
    for (creation, pointer) in [(marked, "/marker"), (expiring, "/expires_at"), (keyed, "/idempotency_key")] {
        assert_eq!(problem(bench.account.create(&creation).await), (pointer.to_owned(), Problem::Unknown));
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (name, value, pointer, kind) in [
        ("status", json!("active"), "/attributes/status", Problem::Constraint),
        ("status", json!("Expired"), "/attributes/status", Problem::Constraint),
        ("user_name", json!(""), "/attributes/user_name", Problem::Constraint),
        ("user_name", json!("system/ci"), "/attributes/user_name", Problem::Constraint),
        ("user_name", json!("x".repeat(129)), "/attributes/user_name", Problem::Constraint),
        ("user_name", json!(7), "/attributes/user_name", Problem::Format),
        ("access_key_id", json!("A"), "/attributes/access_key_id", Problem::Constraint),
        ("last_used_region", json!("A"), "/attributes/last_used_region", Problem::Constraint),
        ("statuss", json!("Active"), "/attributes/statuss", Problem::Unknown),
    ] {
        let outcome = bench.account.create(&with(&bench, name, value)).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    let outcome = bench.account.create(&CreateRequest::default()).await;
    assert_eq!(problem(outcome), ("/attributes/user_name".to_owned(), Problem::Required));
    assert_eq!(bench.calls_since(0), [""; 0]);
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let secret = exposed(&issued.parts, "secret_access_key");
    let read = bench.stored(&issued.credential.id).await;
    let told = format!("{issued:?} {read:?} {}", serde_json::to_string(&issued.credential).unwrap());
    assert!(!told.contains(&secret) && !told.contains(&bench.own("secret_access_key")), "{told}");
}
