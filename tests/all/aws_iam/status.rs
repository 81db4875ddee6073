//! Switching keys on and off, which is all that can change.

use keywright_runtime::{CallError, ExpiryChange, Outcome, Problem, Reason, UpdateRequest};
use keywright_tests::{AwsIamBench as Bench, exposed, object};
use serde_json::{Value, json};

use crate::outcome::{found, problem, reason};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_key_is_switched_off_and_on_again() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let id = issued.credential.id.as_str();
    for (enabled, status, outcome) in [
        (false, "Inactive", Outcome::Refused),
        (true, "Active", Outcome::Active),
        (false, "Inactive", Outcome::Refused),
    ] {
        let changed = bench.account.set_enabled(id, enabled).await.unwrap();
        assert_eq!((changed.enabled, &changed.attributes["status"]), (enabled, &json!(status)));
        assert_eq!(bench.stored(id).await.attributes["status"], status);
        assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, outcome);
    }
    let updated = bench.account.update(id, &patch(json!({"status": "Active"}))).await.unwrap();
    assert!(updated.credential.enabled && updated.parts.is_none() && updated.warnings.is_empty());
}

#[tokio::test]
async fn a_status_that_it_has_already_is_not_sent() {
    let bench = Bench::start().await;
    let id = bench.key().await.credential.id;
    let mark = bench.mark();
    bench.account.set_enabled(&id, true).await.unwrap();
    bench.account.update(&id, &patch(json!({"status": "Active"}))).await.unwrap();
    bench
        .account
        .update(&id, &UpdateRequest { expiry: ExpiryChange::Clear, ..UpdateRequest::default() })
        .await
        .unwrap();
    assert_eq!(bench.calls_since(mark), ["ListAccessKeys"; 3]);
}

#[tokio::test]
async fn what_cannot_change_in_place_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key().await.credential.id;
    let mark = bench.mark();
    for (attributes, pointer, kind) in [
        (json!({"user_name": "other"}), "/attributes/user_name", Problem::Immutable),
        (json!({"status": "Expired"}), "/attributes/status", Problem::Constraint),
        (json!({"status": null}), "/attributes/status", Problem::Constraint),
        (json!({"access_key_id": "A"}), "/attributes/access_key_id", Problem::Constraint),
        (json!({"description": "A"}), "/attributes/description", Problem::Unknown),
    ] {
        assert_eq!(problem(bench.account.update(&id, &patch(attributes)).await), (pointer.to_owned(), kind));
    }
    let expiring = UpdateRequest {
        expiry: ExpiryChange::Set(chrono::Utc::now() + chrono::TimeDelta::days(1)),
        ..UpdateRequest::default()
    };
    assert_eq!(problem(bench.account.update(&id, &expiring).await), ("/expires_at".to_owned(), Problem::Unknown));
    assert_eq!(bench.calls_since(mark), [""; 0]);
}

#[tokio::test]
async fn the_key_that_signs_is_never_switched_off_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let own = format!("keywright-admin/{}", bench.own("access_key_id"));
    let mark = bench.mark();
    let outcome = bench.account.update(&own, &patch(json!({"status": "Inactive"}))).await;
    assert_eq!(problem(outcome), ("/id".to_owned(), Problem::Constraint));
    let error = found(bench.account.set_enabled(&own, false).await);
    assert!(matches!(error, CallError::SelfRevocation { .. }), "{error:?}");
    assert_eq!(bench.calls_since(mark), [""; 0]);
    assert!(bench.stored(&own).await.enabled);
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_change() {
    let bench = Bench::start().await;
    for id in [bench.id_of("AKIAAAAAAAAAAAAAAAAA"), "nobody/AKIAAAAAAAAAAAAAAAAA".to_owned()] {
        assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::NotFound);
        assert_eq!(reason(bench.account.update(&id, &patch(json!({"status": "Inactive"}))).await), Reason::NotFound);
    }
}

/// How AWS refuses this is not known; that it is not pretended is.
#[tokio::test]
async fn an_expired_key_that_aws_does_not_switch_is_an_error_at_the_key() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    bench.vendor.expire(&exposed(&issued.parts, "access_key_id"));
    for enabled in [true, false] {
        let outcome = bench.account.set_enabled(&issued.credential.id, enabled).await;
        assert_eq!(problem(outcome), ("/id".to_owned(), Problem::Constraint));
    }
    bench.account.revoke(&issued.credential.id).await.unwrap();
}
