//! Whether an API client works, and its end.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Issued, Outcome, Parts, Reason, RegenerateRequest, Verdict};
use keywright_simulators::Vendor as _;
use keywright_tests::{ImpervaBench as Bench, Reply, exposed, object};
use serde_json::{Value, json};

use super::{ABSENT, FORMS, ID, SECRET, answering, envelope, told};
use crate::outcome::{failure, problem, reason};

async fn verdict(bench: &Bench, issued: &Issued) -> Verdict {
    bench.account.verify(&issued.credential.id, &issued.parts).await.expect("a verdict")
}

#[tokio::test]
async fn a_client_that_may_read_itself_is_live() {
    let bench = Bench::start().await;
    let issued = bench.client("First").await;
    let verdict = verdict(&bench, &issued).await;
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("to itself"), "{}", verdict.explanation);
}

/// By a refusal in Imperva's own words: with 200 it would prove nothing.
#[tokio::test]
async fn a_client_without_permissions_is_live_too() {
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let issued = bench.client_with("First", json!({"user_email": "example@terraform.com"})).await;
        if with_200 {
            assert_eq!(reason(bench.account.verify(&issued.credential.id, &issued.parts).await), Reason::Forbidden);
            continue;
        }
        let verdict = verdict(&bench, &issued).await;
        assert_eq!(verdict.outcome, Outcome::Active, "{form}");
        assert!(verdict.explanation.contains("may not"), "{}", verdict.explanation);
    }
}

#[tokio::test]
async fn a_client_is_verified_with_its_own_key() {
    let bench = Bench::start().await;
    let issued = bench.client("First").await;
    let mark = bench.mark();
    verdict(&bench, &issued).await;
    let request = &bench.since(mark)[0];
    assert_eq!(request.headers["x-api-id"], issued.credential.id.as_str());
    assert_eq!(request.headers["x-api-key"], exposed(&issued.parts, "api_key").as_str());
    let expected = format!("id={}", issued.credential.id);
    assert_eq!((request.path.as_str(), request.query.as_ref()), ("/authorization/v3/api-clients", Some(&expected)));
}

#[tokio::test]
async fn a_disabled_client_is_refused_and_said_to_be_disabled() {
    for (disabled, form) in [("200", "v3"), ("401", "v3"), ("401", "v2"), ("401", "v1"), ("401", "role")] {
        let bench = Bench::builder().option("disabled", disabled).option("error-form", form).start().await;
        let issued = bench.client("First").await;
        bench.account.set_enabled(&issued.credential.id, false).await.unwrap();
        let verdict = verdict(&bench, &issued).await;
        assert_eq!(verdict.outcome, Outcome::Refused);
        assert!(verdict.explanation.contains("is disabled: enable it"), "{form}: {}", verdict.explanation);
    }
}

#[tokio::test]
async fn a_client_that_is_made_disabled_can_be_verified_and_stays_so() {
    for disabled in ["200", "401"] {
        let bench = Bench::builder().option("disabled", disabled).start().await;
        let attributes = object(json!({"name": "First"}));
        let issued = bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
        assert!(!issued.credential.enabled);
        let mark = bench.mark();
        let id = issued.credential.id.as_str();
        let verdict = bench.account.verify_although_disabled(id, &issued.parts).await.unwrap();
        assert_eq!((verdict.outcome, &verdict.warnings[..]), (Outcome::Active, &[][..]));
        assert_eq!(bench.methods_since(mark), ["GET", "PATCH", "GET", "PATCH"]);
        assert!(!bench.stored(id).await.enabled);

        // A key that does not work is found out, and the client is disabled again all the same.
        let wrong = Parts::from_iter([("api_id", id), ("api_key", SECRET)]);
        let verdict = bench.account.verify_although_disabled(id, &wrong).await.unwrap();
        assert_eq!(verdict.outcome, Outcome::Refused);
        assert!(!bench.stored(id).await.enabled);
    }
}

#[tokio::test]
async fn a_client_that_has_ended_or_expired_or_has_another_key_is_refused() {
    let bench = Bench::start().await;
    let ended = bench.client("ended").await;
    bench.account.revoke(&ended.credential.id).await.unwrap();
    assert_eq!(verdict(&bench, &ended).await.outcome, Outcome::Refused);

    let renewed = bench.client("renewed").await;
    bench.account.regenerate(&renewed.credential.id, &RegenerateRequest::default()).await.unwrap();
    assert_eq!(verdict(&bench, &renewed).await.outcome, Outcome::Refused);

    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    let creation = CreateRequest { expires_at, ..bench.creation("expired", json!({})) };
    let expired = bench.account.create(&creation).await.unwrap();
    assert_eq!(verdict(&bench, &expired).await.outcome, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(7_200));
    assert_eq!(verdict(&bench, &expired).await.outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_client_that_imperva_does_not_know_yet_is_refused_until_it_does() {
    let bench = Bench::builder().option("consistency-delay", 3_600_000).start().await;
    let issued = bench.client("First").await;
    let early = verdict(&bench, &issued).await;
    assert_eq!(early.outcome, Outcome::Refused);
    assert!(early.explanation.contains("not known yet"), "{}", early.explanation);
    bench.vendor.clock().advance(Duration::from_secs(3_601));
    assert_eq!(verdict(&bench, &issued).await.outcome, Outcome::Active);
}

#[tokio::test]
async fn only_what_proves_it_makes_a_client_live_or_refused() {
    let mut other = told(Value::Null);
    other["id"] = json!(7);
    let mut disabled = told(Value::Null);
    disabled["enabled"] = json!(false);
    let refusal = json!({"errors": [{"status": 403, "title": "Forbidden"}]});
    let page = |status| Reply::new(status, "text/html", "<html>blocked</html>");
    let live = Some(Outcome::Active);
    let (refused, inconclusive) = (Some(Outcome::Refused), Some(Outcome::Inconclusive));
    for (answer, expected) in [
        (Reply::json(200, &envelope(&[told(Value::Null)])), live),
        (Reply::json(200, &envelope(&[other.clone(), told(Value::Null)])), live),
        (Reply::json(200, &envelope(&[json!({}), told(Value::Null)])), live),
        (Reply::json(403, &refusal), live),
        (Reply::json(403, &json!({"error_code": "NOT_ALLOWED", "message": "no"})), live),
        (Reply::json(200, &envelope(&[])), inconclusive),
        (Reply::json(200, &envelope(&[other])), inconclusive),
        (Reply::json(200, &envelope(&[json!({})])), inconclusive),
        (Reply::json(200, &envelope(&[disabled])), inconclusive),
        (Reply::json(404, &json!({"errors": [{"status": 404}]})), inconclusive),
        (Reply::json(200, &json!({"res": "2002", "res_message": "Object not found"})), inconclusive),
        (Reply::json(401, &refusal), refused),
        (Reply::json(401, &json!({"res": 9415, "res_message": "Operation not allowed"})), refused),
        (Reply::json(200, &json!({"res": 9418, "res_message": "Disabled API Key"})), refused),
        (Reply::json(200, &json!({"res": "9418"})), refused),
        (Reply::empty(401), refused),
        (page(200), None),
        (page(401), None),
        (page(403), None),
        (page(503), None),
        (Reply::empty(403), None),
        (Reply::empty(200), None),
        (Reply::empty(404), None),
        (Reply::json(403, &json!({"message": "Forbidden"})), None),
        (Reply::json(200, &json!({"res": 3015, "res_message": "Internal error"})), None),
        (Reply::json(200, &json!({"res": 9415})), None),
        (Reply::json(200, &json!({"res": 1, "data": [told(Value::Null)]})), None),
        (Reply::json(429, &json!({})), None),
    ] {
        let (_vendor, account) = answering(answer.clone()).await;
        let parts = Parts::from_iter([("api_id", ID), ("api_key", SECRET)]);
        let outcome = account.verify(ID, &parts).await.map(|verdict| verdict.outcome);
        assert_eq!(outcome.ok(), expected, "{answer:?}");
    }
}

#[tokio::test]
async fn the_parts_of_one_client_do_not_prove_another_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let (one, other) = (bench.client("one").await, bench.client("other").await);
    let mark = bench.mark();
    assert_eq!(problem(bench.account.verify(&one.credential.id, &other.parts).await).0, "/id");
    for parts in [Parts::new(), Parts::from_iter([("api_id", one.credential.id.as_str())])] {
        let error = bench.account.verify(&one.credential.id, &parts).await.unwrap_err();
        assert!(error.to_string().contains("api_"), "{error}");
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_client_is_revoked_for_good_and_may_be_revoked_again() {
    for absent in ABSENT {
        let bench = Bench::builder().option("absent", absent).start().await;
        let id = bench.client("First").await.credential.id;
        bench.account.revoke(&id).await.unwrap();
        let mark = bench.mark();
        let again = bench.account.revoke(&id).await;
        if absent == "bare-404" {
            // Then reading is a 404 without a word as well: nothing proves that the client is gone.
            assert_eq!(reason(again), Reason::Vendor { code: "404".to_owned() });
            assert_eq!(bench.methods_since(mark), ["DELETE", "GET"]);
        } else {
            again.unwrap();
            assert_eq!(bench.methods_since(mark), ["DELETE"], "{absent}");
            assert_eq!(bench.account.get(&id).await.unwrap(), None, "{absent}");
        }
    }
}

/// A 404 without a word may be anyone's: the list decides.
#[tokio::test]
async fn an_end_that_is_answered_by_a_404_of_whomever_is_looked_into() {
    for (clients, ends) in [(vec![], true), (vec![told(Value::Null)], false)] {
        let (vendor, account) = super::scripted(move |arrived| match arrived.method.as_str() {
            "DELETE" => Reply::empty(404),
            _ => Reply::json(200, &envelope(&clients)),
        })
        .await;
        let outcome = account.revoke(ID).await;
        assert_eq!(outcome.is_ok(), ends, "{outcome:?}");
        assert_eq!(vendor.lines().len(), 2);
    }
}

#[tokio::test]
async fn only_imperva_s_own_word_ends_a_client() {
    for (answer, ends) in [
        (Reply::empty(204), true),
        (Reply::empty(200), true),
        (Reply::json(200, &json!({"res": 0, "res_message": "OK"})), true),
        (Reply::json(200, &json!({"res": "0"})), true),
        (Reply::json(200, &json!({"res": 2002})), true),
        (Reply::json(404, &json!({"errors": [{"status": 404}]})), true),
        (Reply::json(200, &json!({})), false),
        (Reply::json(200, &json!({"res": 1})), false),
        (Reply::json(200, &json!({"res": false})), false),
        (Reply::json(200, &told(Value::Null)), false),
        (Reply::new(200, "text/html", "<html></html>"), false),
        (Reply::new(404, "text/html", "<html></html>"), false),
        (Reply::json(403, &json!({"errors": [{"status": 404}]})), false),
    ] {
        let (_vendor, account) = answering(answer.clone()).await;
        assert_eq!(account.revoke(ID).await.is_ok(), ends, "{answer:?}");
    }
}

#[tokio::test]
async fn a_page_of_the_firewall_says_nothing_of_the_credential() {
    for status in [400, 401, 403, 404, 406] {
        let page = Reply::new(status, "text/html", "<html>Incident ID: 7</html>");
        let (_vendor, account) = answering(page).await;
        let attributes = object(json!({"name": "First"}));
        let creation = CreateRequest { attributes, ..CreateRequest::default() };
        for failure in [
            failure(account.check().await),
            failure(account.get(ID).await),
            failure(account.create(&creation).await),
            failure(account.set_enabled(ID, true).await),
            failure(account.revoke(ID).await),
        ] {
            assert_eq!(failure.reason, Reason::Vendor { code: "blocked".to_owned() }, "{status}");
            assert!(!failure.message.contains("Incident"), "{failure}");
        }
    }
}
