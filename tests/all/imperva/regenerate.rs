//! New keys: in place of the old one, and with changes that were not to make one.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{Outcome, Reason, RegenerateRequest, UpdateRequest};
use keywright_tests::{ImpervaBench as Bench, Reply, exposed, object};
use serde_json::{Value, json};

use super::{ID, SECRET, answering, told};
use crate::outcome::failure;

#[tokio::test]
async fn a_new_key_replaces_the_old_one_and_the_id_stays() {
    let bench = Bench::start().await;
    let issued = bench.client_with("First", json!({"description": "Last"})).await;
    let id = issued.credential.id.as_str();
    let wanted = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0);
    for (expires_at, body) in [
        (None, json!({"regenerate": true})),
        (Some(wanted), json!({"regenerate": true, "expirationDate": wanted.format("%Y-%m-%dT%H:%M:%SZ").to_string()})),
    ] {
        let mark = bench.mark();
        let renewed = bench
            .account
            .regenerate(id, &RegenerateRequest { expires_at, ..RegenerateRequest::default() })
            .await
            .unwrap();
        assert_eq!(bench.methods_since(mark), ["PATCH"]);
        assert_eq!(serde_json::from_slice::<Value>(&bench.since(mark)[0].body).unwrap(), body);
        assert_eq!(renewed.credential.id, id);
        assert_eq!(renewed.credential.expires_at, expires_at);
        assert_eq!(renewed.credential.attributes, issued.credential.attributes);
        assert_eq!((exposed(&renewed.parts, "api_id").as_str(), &renewed.warnings[..]), (id, &[][..]));
        assert_eq!(bench.account.verify(id, &renewed.parts).await.unwrap().outcome, Outcome::Active);
        assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused);
    }
}

#[tokio::test]
async fn a_new_key_is_handed_over_whatever_else_is_wrong_with_the_answer() {
    let soon = Utc::now() + TimeDelta::days(1);
    let date = soon.format("%FT%TZ").to_string();
    for (change, pointer, warning) in [
        (json!({"expirationDate": null}), Some("/expires_at"), "does not show the expirationDate"),
        (json!({"res": 1, "res_message": "odd", "expirationDate": date}), None, "also complains: odd (code 1)"),
    ] {
        let mut answer = told(json!(SECRET));
        answer.as_object_mut().unwrap().extend(object(change));
        // One that does not name the client, too.
        for named in [true, false] {
            let mut answer = answer.clone();
            if !named {
                answer.as_object_mut().unwrap().remove("id");
            }
            let (_vendor, account) = answering(Reply::json(200, &answer)).await;
            let renewed = account
                .regenerate(ID, &RegenerateRequest { expires_at: Some(soon), ..RegenerateRequest::default() })
                .await
                .unwrap();
            assert_eq!((renewed.credential.id.as_str(), exposed(&renewed.parts, "api_key")), (ID, SECRET.to_owned()));
            assert_eq!(renewed.warnings.len(), 1, "{:?}", renewed.warnings);
            assert_eq!(renewed.warnings[0].pointer.as_deref(), pointer, "{:?}", renewed.warnings);
            assert!(renewed.warnings[0].message.contains(warning), "{:?}", renewed.warnings);
        }
    }
}

#[tokio::test]
async fn an_answer_about_another_client_leaves_a_change_in_doubt() {
    let mut other = told(json!(SECRET));
    other["id"] = json!(7);
    let (_vendor, account) = answering(Reply::json(200, &other)).await;
    let error = account.regenerate(ID, &RegenerateRequest::default()).await.unwrap_err();
    assert!(error.kind() == "in-doubt" && error.to_string().contains("another API client"), "{error}");
    assert_eq!(exposed(error.minted().unwrap(), "api_key"), SECRET);
    let (_vendor, account) = answering(Reply::json(200, &told(Value::Null))).await;
    let failure = failure(account.regenerate(ID, &RegenerateRequest::default()).await);
    assert!(failure.reason == Reason::InDoubt && failure.message.contains("no new API key"), "{failure}");
}

/// This operation has no place for a key, but the host has.
#[tokio::test]
async fn a_key_that_comes_with_a_switch_is_not_lost() {
    let (_vendor, account) = answering(Reply::json(200, &told(json!(SECRET)))).await;
    let error = account.set_enabled(ID, true).await.unwrap_err();
    assert_eq!(error.kind(), "in-doubt");
    assert_eq!(exposed(error.minted().unwrap(), "api_key"), SECRET);
    assert!(error.to_string().contains("regenerate"), "{error}");
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

/// Nor is one lost that comes with a change that failed.
#[tokio::test]
async fn a_key_that_comes_with_a_failed_change_is_not_lost() {
    let mut other = told(json!(SECRET));
    other["id"] = json!(7);
    for reply in [Reply::json(200, &other), Reply::json(500, &told(json!(SECRET)))] {
        let (_vendor, account) = answering(reply.clone()).await;
        let change = UpdateRequest { attributes: object(json!({"name": "First"})), ..UpdateRequest::default() };
        let error = account.update(ID, &change).await.unwrap_err();
        assert_eq!(error.kind(), "in-doubt", "{reply:?}");
        assert_eq!(exposed(error.minted().unwrap(), "api_key"), SECRET);
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
}
