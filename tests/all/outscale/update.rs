//! Changes in place, and what an update may not touch on the way.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, ExpiryChange, Problem, Reason, UpdateRequest};
use keywright_tests::{OutscaleBench as Bench, Reply, ScriptedVendor, object};
use serde_json::{Value, json};

use crate::outcome::{failure, found, problem, reason};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

fn expiry(change: ExpiryChange) -> UpdateRequest {
    UpdateRequest { expiry: change, ..UpdateRequest::default() }
}

/// Both readings of what an update without an expiration date does.
const SEMANTICS: [&str; 2] = ["keep", "clear"];

#[tokio::test]
async fn whatever_changes_the_rest_stays() {
    for semantics in SEMANTICS {
        for expires_at in [None, Some((Utc::now() + TimeDelta::days(30)).trunc_subsecs(3))] {
            let bench = Bench::builder()
                .option("update-without-expiry", semantics)
                .option("state-required", true)
                .start()
                .await;
            let creation = CreateRequest { marker: Some("g1".to_owned()), expires_at, ..bench.creation("old") };
            let id = bench.account.create(&creation).await.unwrap().credential.id;
            let same = |expected: (&str, &str)| {
                let (bench, id, expected) = (&bench, &id, (json!(expected.0), json!(expected.1)));
                async move {
                    let stored = bench.stored(id).await;
                    let told = (stored.attributes["tag"].clone(), stored.attributes["state"].clone());
                    assert_eq!(told, expected);
                    assert_eq!((stored.expires_at.instant(), stored.marker.as_deref()), (expires_at, Some("g1")));
                }
            };
            let change = UpdateRequest { marker: Some("g1".to_owned()), ..patch(json!({"tag": "new"})) };
            let updated = bench.account.update(&id, &change).await.unwrap();
            assert!(updated.parts.is_none() && updated.warnings.is_empty(), "{:?}", updated.warnings);
            same(("new", "ACTIVE")).await;
            bench.account.update(&id, &patch(json!({"state": "INACTIVE"}))).await.unwrap();
            same(("new", "INACTIVE")).await;
            assert!(bench.account.set_enabled(&id, true).await.unwrap().enabled);
            same(("new", "ACTIVE")).await;
            assert!(!bench.account.set_enabled(&id, false).await.unwrap().enabled);
            same(("new", "INACTIVE")).await;
            bench.account.update(&id, &patch(json!({"state": null}))).await.unwrap();
            same(("new", "ACTIVE")).await;
        }
    }
}

#[tokio::test]
async fn every_update_says_the_state_and_the_expiry_or_that_there_is_none() {
    let bench = Bench::start().await;
    let expires_at = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(3);
    let with =
        bench.account.create(&CreateRequest { expires_at: Some(expires_at), ..bench.creation("a") }).await.unwrap();
    let without = bench.key("b").await;
    let mark = bench.mark();
    for id in [&with.credential.id, &without.credential.id] {
        bench.account.update(id, &patch(json!({"tag": ""}))).await.unwrap();
        bench.account.set_enabled(id, false).await.unwrap();
    }
    let date = expires_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let access_key = |id: &str| id.rsplit('/').next().unwrap().to_owned();
    let [a, b] = [access_key(&with.credential.id), access_key(&without.credential.id)];
    let user = bench.user();
    let updates: Vec<Value> = bench.bodies_since(mark).into_iter().filter(|body| body.get("State").is_some()).collect();
    assert_eq!(
        updates,
        [
            json!({"AccessKeyId": a, "UserName": user, "State": "ACTIVE", "ExpirationDate": date, "ClearTag": true}),
            json!({"AccessKeyId": a, "UserName": user, "State": "INACTIVE", "ExpirationDate": date}),
            json!({"AccessKeyId": b, "UserName": user, "State": "ACTIVE", "ClearExpirationDate": true, "ClearTag": true}),
            json!({"AccessKeyId": b, "UserName": user, "State": "INACTIVE", "ClearExpirationDate": true}),
        ]
    );
}

#[tokio::test]
async fn an_expiry_can_be_set_moved_and_cleared() {
    for semantics in SEMANTICS {
        let bench = Bench::builder().option("update-without-expiry", semantics).start().await;
        let id = bench.key("kept").await.credential.id;
        for days in [7, 14] {
            let wanted = (Utc::now() + TimeDelta::days(days)).trunc_subsecs(3);
            let updated = bench.account.update(&id, &expiry(ExpiryChange::Set(wanted))).await.unwrap();
            assert_eq!((updated.credential.expires_at.instant(), updated.warnings.len()), (Some(wanted), 0));
            assert_eq!(bench.stored(&id).await.expires_at, Some(wanted));
        }
        let updated = bench.account.update(&id, &expiry(ExpiryChange::Clear)).await.unwrap();
        assert_eq!((updated.credential.expires_at.instant(), updated.warnings.len()), (None, 0));
        let stored = bench.stored(&id).await;
        assert_eq!((stored.expires_at.instant(), &stored.attributes["tag"]), (None, &json!("kept")));
    }
}

#[tokio::test]
async fn what_is_as_asked_already_is_not_sent() {
    let bench = Bench::start().await;
    let before = bench.key("same").await.credential;
    for change in [
        UpdateRequest::default(),
        patch(json!({"tag": "same"})),
        patch(json!({"state": "ACTIVE"})),
        expiry(ExpiryChange::Clear),
    ] {
        let mark = bench.mark();
        assert_eq!(bench.account.update(&before.id, &change).await.unwrap().credential, before);
        assert_eq!(bench.calls_since(mark), ["ReadAccessKeys"]);
    }
    let mark = bench.mark();
    assert_eq!(bench.account.set_enabled(&before.id, true).await.unwrap(), before);
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys"]);
}

#[tokio::test]
async fn what_cannot_change_in_place_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let mark = bench.mark();
    for (attributes, pointer, kind) in [
        (json!({"user_name": "jo"}), "/attributes/user_name", Problem::Immutable),
        (json!({"access_key_id": "A"}), "/attributes/access_key_id", Problem::Constraint),
        (json!({"state": "OFF"}), "/attributes/state", Problem::Constraint),
        (json!({"tag": "x".repeat(256)}), "/attributes/tag", Problem::Constraint),
    ] {
        assert_eq!(problem(bench.account.update(&id, &patch(attributes)).await), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.calls_since(mark), [""; 0]);
}

/// In either form of its id.
#[tokio::test]
async fn the_key_that_signs_is_never_switched_off() {
    let bench = Bench::start().await;
    let own = bench.own("access_key");
    let mark = bench.mark();
    let account_id = bench.vendor.account_id();
    for id in [format!("{account_id}/{own}"), format!("{account_id}/{}/{own}", bench.user())] {
        for enabled in [true, false] {
            let outcome = bench.account.set_enabled(&id, enabled).await;
            assert!(matches!(found(outcome), CallError::SelfRevocation { .. }), "{id}");
        }
        assert!(matches!(found(bench.account.revoke(&id).await), CallError::SelfRevocation { .. }), "{id}");
        let outcome = bench.account.update(&id, &patch(json!({"state": "INACTIVE"}))).await;
        assert_eq!(problem(outcome), ("/attributes/state".to_owned(), Problem::Constraint), "{id}");
    }
    assert_eq!(bench.calls_since(mark), [""; 0]);
    bench.account.check().await.unwrap();
}

/// The same codes are said of the key that signs and of the key that is named.
#[tokio::test]
async fn a_key_that_does_not_exist_cannot_change_whatever_code_says_so() {
    for code in ["4000", "4120", "5027"] {
        let bench = Bench::builder().option("unknown-key", code).start().await;
        let tomorrow = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
        let both = UpdateRequest { expiry: tomorrow, ..patch(json!({"state": "ACTIVE"})) };
        let account_id = bench.vendor.account_id();
        let user = bench.user();
        for id in [format!("{account_id}/AAAAAAAAAAAAAAAAAAAA"), format!("{account_id}/{user}/AAAAAAAAAAAAAAAAAAAA")] {
            // With both the state and the expiry given, nothing is read before.
            let mark = bench.mark();
            assert_eq!(reason(bench.account.update(&id, &both).await), Reason::NotFound, "{code}");
            assert_eq!(bench.calls_since(mark), ["UpdateAccessKey", "ReadAccessKeys", "ReadAccounts"], "{code}");
            assert_eq!(reason(bench.account.update(&id, &patch(json!({"tag": "x"}))).await), Reason::NotFound);
            assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::NotFound);
        }
        let of_nobody = format!("{account_id}/nobody/AAAAAAAAAAAAAAAAAAAA");
        let of_nobody = bench.account.update(&of_nobody, &both).await;
        assert_eq!(reason(of_nobody), Reason::NotFound, "{code}");
    }
}

#[tokio::test]
async fn an_expiry_beyond_the_policy_is_refused_at_the_expiry() {
    let bench = Bench::builder().option("max-key-expiration", 86_400).start().await;
    let hours = |hours| Some((Utc::now() + TimeDelta::hours(hours)).trunc_subsecs(3));
    for expires_at in [None, hours(25)] {
        let refused = failure(bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await);
        assert_eq!(problem::<()>(Err(CallError::Failed(refused.clone()))).0, "/expires_at");
        assert!(refused.message.contains("API access policy"), "{refused}");
    }
    let created = bench.account.create(&CreateRequest { expires_at: hours(1), ..bench.creation("") }).await.unwrap();
    let id = created.credential.id;
    assert_eq!(problem(bench.account.update(&id, &expiry(ExpiryChange::Clear)).await).0, "/expires_at");
    bench.account.update(&id, &expiry(ExpiryChange::Set(hours(23).unwrap()))).await.unwrap();
    assert!(!bench.account.set_enabled(&id, false).await.unwrap().enabled);
}

/// An update repeats the expiry, so one that cannot be read is left alone.
#[tokio::test]
async fn a_key_whose_expiry_cannot_be_read_is_shown_and_not_changed() {
    const ID: &str = "123456789012/example-user/ABCDEFGHIJ0123456789";
    let vendor = ScriptedVendor::start(|request| match request.path.as_str() {
        "/api/v1/ReadAccounts" => Reply::json(200, &json!({"Accounts": [{"AccountId": "123456789012"}]})),
        _ => {
            let key = json!({
                "AccessKeyId": "ABCDEFGHIJ0123456789", "State": "ACTIVE", "Tag": "", "ExpirationDate": "some day",
            });
            Reply::json(200, &json!({"AccessKeys": [key]}))
        }
    })
    .await;
    let account = super::account_at(&vendor).await;
    assert_eq!(account.get(ID).await.unwrap().unwrap().expires_at.unreadable(), Some("some day"));
    for error in [
        account.update(ID, &patch(json!({"tag": "new"}))).await.map(drop),
        account.set_enabled(ID, false).await.map(drop),
    ] {
        let failure = failure(error);
        assert_eq!(failure.reason, Reason::UnexpectedResponse, "{failure}");
        assert!(failure.message.contains("nothing was changed"), "{failure}");
    }
    assert!(vendor.lines().iter().all(|line| !line.contains("UpdateAccessKey")), "{:?}", vendor.lines());
}
