//! Making keys.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem};
use keywright_tests::{OutscaleBench as Bench, Reply, ScriptedVendor, exposed};
use serde_json::{Value, json};

use super::account_at;
use crate::outcome::{failure, problem};

fn with(bench: &Bench, name: &str, value: Value) -> CreateRequest {
    let mut creation = bench.creation("ci");
    creation.attributes.insert(name.to_owned(), value);
    creation
}

#[tokio::test]
async fn a_key_of_an_eim_user_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci deploy").await;
    let key = &issued.credential;
    let access_key = exposed(&issued.parts, "access_key");
    assert_eq!(key.id, format!("{}/{}/{access_key}", bench.vendor.account_id(), bench.user()));
    assert_eq!(exposed(&issued.parts, "secret_key").len(), 40);
    assert_eq!(key.attributes["user_name"], bench.user());
    assert_eq!(key.attributes["access_key_id"], access_key);
    assert_eq!((&key.attributes["tag"], &key.attributes["state"]), (&json!("ci deploy"), &json!("ACTIVE")));
    assert!(key.attributes["last_modification_date"].as_str().unwrap().ends_with("+0000"));
    assert_eq!((key.enabled, key.expires_at.instant(), key.marker.as_deref()), (true, None, None));
    assert!(key.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(issued.warnings, [""; 0]);
    assert_eq!(bench.stored(&key.id).await, *key);
}

#[tokio::test]
async fn a_key_of_ones_own_has_no_user_in_its_id() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let issued = bench.own_key().await;
    let access_key = exposed(&issued.parts, "access_key");
    assert_eq!(issued.credential.id, format!("{}/{access_key}", bench.vendor.account_id()));
    assert_eq!(issued.credential.attributes["user_name"], "");
    assert_eq!(bench.bodies_since(mark), [json!({})]);
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn a_marker_and_an_expiry_are_sent_as_the_vendor_reads_them() {
    let bench = Bench::start().await;
    let expires_at = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(3);
    let creation =
        CreateRequest { marker: Some("g1".to_owned()), expires_at: Some(expires_at), ..bench.creation("ci") };
    let mark = bench.mark();
    let issued = bench.account.create(&creation).await.unwrap();
    let expected = json!({
        "UserName": bench.user(), "Tag": "ci [keywright:g1]",
        "ExpirationDate": expires_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
    });
    assert_eq!(bench.bodies_since(mark), [expected]);
    assert_eq!((issued.credential.expires_at.instant(), issued.warnings.len()), (Some(expires_at), 0));
    let stored = bench.stored(&issued.credential.id).await;
    assert_eq!((stored.marker.as_deref(), &stored.attributes["tag"]), (Some("g1"), &json!("ci")));
    assert_eq!(stored.expires_at, Some(expires_at));
}

#[tokio::test]
async fn an_expiry_is_the_same_instant_however_the_vendor_writes_it() {
    for form in ["offset", "zulu", "seconds"] {
        let bench = Bench::builder().option("date-form", form).start().await;
        let expires_at = Utc::now() + TimeDelta::days(30);
        let creation = CreateRequest { expires_at: Some(expires_at), ..bench.creation("") };
        let issued = bench.account.create(&creation).await.unwrap();
        assert_eq!(issued.warnings, [""; 0], "{form}");
        let told = bench.stored(&issued.credential.id).await.expires_at.instant().unwrap();
        assert!((told - expires_at).abs() < TimeDelta::seconds(1), "{form}: {told}");
    }
}

#[tokio::test]
async fn an_inactive_key_is_made_active_and_disabled_in_the_same_call() {
    for semantics in ["keep", "clear"] {
        for expires_at in [None, Some((Utc::now() + TimeDelta::days(1)).trunc_subsecs(3))] {
            let bench = Bench::builder().option("update-without-expiry", semantics).start().await;
            let creation = CreateRequest { expires_at, ..with(&bench, "state", json!("INACTIVE")) };
            let mark = bench.mark();
            let issued = bench.account.create(&creation).await.unwrap();
            assert_eq!(bench.calls_since(mark), ["CreateAccessKey", "UpdateAccessKey"]);
            assert_eq!((issued.credential.enabled, issued.warnings.len()), (false, 0));
            let stored = bench.stored(&issued.credential.id).await;
            assert_eq!((&stored.attributes["state"], stored.expires_at.instant()), (&json!("INACTIVE"), expires_at));
            assert_eq!(stored.attributes["tag"], "ci");
        }
    }
}

/// The secret is worth more than the state.
#[tokio::test]
async fn a_key_that_could_not_be_disabled_is_returned_with_its_secret_and_a_warning() {
    for fault in ["cut", "lose-answer", "truncate", "html", "server-error", "server-error-after", "rate-limit"] {
        let bench = Bench::start().await;
        bench.fault(&format!("{fault}@update*1"));
        let issued = bench.account.create(&with(&bench, "state", json!("INACTIVE"))).await.unwrap();
        assert_eq!(exposed(&issued.parts, "secret_key").len(), 40, "{fault}");
        assert!(issued.credential.enabled, "{fault}");
        assert_eq!(issued.credential.attributes["state"], "ACTIVE", "{fault}");
        assert_eq!(issued.warnings.len(), 1, "{fault}");
        assert!(issued.warnings[0].message.contains("still ACTIVE"), "{fault}: {:?}", issued.warnings);
        bench.account.set_enabled(&issued.credential.id, false).await.unwrap();
        bench.account.revoke(&issued.credential.id).await.unwrap();
    }
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (name, value, pointer, kind) in [
        ("state", json!("active"), "/attributes/state", Problem::Constraint),
        ("user_name", json!("a/b"), "/attributes/user_name", Problem::Constraint),
        ("user_name", json!("x".repeat(65)), "/attributes/user_name", Problem::Constraint),
        ("tag", json!("x".repeat(256)), "/attributes/tag", Problem::Constraint),
        ("tag", json!(7), "/attributes/tag", Problem::Format),
        ("access_key_id", json!("A"), "/attributes/access_key_id", Problem::Constraint),
        ("taag", json!("A"), "/attributes/taag", Problem::Unknown),
    ] {
        let outcome = bench.account.create(&with(&bench, name, value)).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}

#[tokio::test]
async fn a_marker_shares_the_characters_of_the_tag() {
    let bench = Bench::start().await;
    let room = 255 - " [keywright:g1]".len();
    let marked = |length| CreateRequest { marker: Some("g1".to_owned()), ..bench.creation(&"é".repeat(length)) };
    let issued = bench.account.create(&marked(room)).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["tag"], "é".repeat(room));
    let refused = failure(bench.account.create(&marked(room + 1)).await);
    assert!(refused.message.contains(&format!("room for {room} characters")), "{refused}");
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    assert_eq!(longest, 64);
    let creation = CreateRequest { marker: Some("m".repeat(longest)), ..bench.creation("") };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker, Some("m".repeat(longest)));
}

#[tokio::test]
async fn a_tag_that_is_too_long_for_the_vendor_is_refused_at_the_tag() {
    let bench = Bench::builder().option("tag-length", 10).start().await;
    let outcome = bench.account.create(&bench.creation("more than ten")).await;
    assert_eq!(problem(outcome), ("/attributes/tag".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let secret = exposed(&issued.parts, "secret_key");
    let read = bench.stored(&issued.credential.id).await;
    let told = format!("{issued:?} {read:?} {}", serde_json::to_string(&issued.credential).unwrap());
    assert!(!told.contains(&secret) && !told.contains(&bench.own("secret_key")), "{told}");
}

/// What the vendor did not take is said, and what it minted is kept.
#[tokio::test]
async fn an_expiry_that_the_vendor_did_not_take_is_a_warning() {
    let secret = "s".repeat(40);
    let key = json!({"AccessKeyId": "ABCDEFGHIJ0123456789", "SecretKey": secret, "State": "ACTIVE"});
    let vendor = ScriptedVendor::start(move |_| Reply::json(200, &json!({"AccessKey": key}))).await;
    let account = account_at(&vendor).await;
    let creation = CreateRequest { expires_at: Some(Utc::now() + TimeDelta::days(1)), ..CreateRequest::default() };
    let issued = account.create(&creation).await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_key"), secret);
    assert_eq!(issued.warnings.len(), 1);
    assert!(issued.warnings[0].message.contains("did not set the expiry"), "{:?}", issued.warnings);
}
