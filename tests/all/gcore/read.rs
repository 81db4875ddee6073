//! Reading tokens, and who one is.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Operation, Problem, Reason, RegenerateRequest, UpdateRequest};
use keywright_simulators::Vendor as _;
use keywright_tests::{GcoreBench as Bench, object};
use serde_json::{Value, json};

use super::scripted::{ID, always, token};
use crate::outcome::{failure, problem, problems, reason};

#[tokio::test]
async fn a_token_is_read_as_it_was_made() {
    for version in ["v1", "v2"] {
        let bench = Bench::builder().setting("api_version", version).option("creation-answer", "full").start().await;
        let issued = bench.token("ci").await;
        assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
    }
}

#[tokio::test]
async fn a_token_tells_when_it_was_last_used() {
    for form in ["rfc3339", "spaced"] {
        let bench = Bench::builder().option("date-form", form).start().await;
        let issued = bench.token("").await;
        assert_eq!(bench.stored(&issued.credential.id).await.last_used_at, None);
        bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
        let used = bench.stored(&issued.credential.id).await.last_used_at.instant().unwrap();
        assert!((Utc::now() - used).abs() < TimeDelta::minutes(1), "{form} {used}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_exist_is_none() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        assert_eq!(bench.account.get(&bench.absent()).await.unwrap(), None, "{form}");
    }
}

#[tokio::test]
async fn a_deleted_token_is_none_whether_it_is_shown_or_not() {
    for after in ["not-found", "flagged"] {
        let bench = Bench::builder().option("after-delete", after).start().await;
        let id = bench.token("").await.credential.id;
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{after}");
        assert!(bench.account.list_all(&Default::default()).await.unwrap().iter().all(|token| token.id != id));
        bench.account.revoke(&id).await.unwrap();
    }
}

#[tokio::test]
async fn an_expired_token_is_none_before_and_after_the_vendor_deletes_it() {
    for after in ["not-found", "flagged"] {
        let bench = Bench::builder().option("after-delete", after).option("deletion-delay", 3600).start().await;
        let expires_at = Some(Utc::now() + TimeDelta::hours(1));
        let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation(2, "") }).await.unwrap();
        let id = issued.credential.id;
        assert!(bench.account.get(&id).await.unwrap().is_some());
        for hours in [1, 2] {
            bench.vendor.clock().advance(Duration::from_secs(3600 + 1));
            assert_eq!(bench.account.get(&id).await.unwrap(), None, "{after} {hours}");
            let listed = bench.account.list_all(&Default::default()).await.unwrap();
            assert!(listed.iter().all(|token| token.id != id), "{after} {hours}");
        }
        bench.account.revoke(&id).await.unwrap();
    }
}

#[tokio::test]
async fn only_the_vendors_own_words_make_a_404_an_absence() {
    for (body, reason) in [
        (json!({"detail": "Not found."}), Reason::Vendor { code: "not-found".to_owned() }),
        (json!({"message": "Page API token not found. Really."}), Reason::Vendor { code: "not-found".to_owned() }),
        (json!({}), Reason::Vendor { code: "not-found".to_owned() }),
        (json!("API token not found."), Reason::Vendor { code: "not-found".to_owned() }),
    ] {
        let (_vendor, account) = always(404, body.clone()).await;
        let told = failure(account.get(ID).await);
        assert_eq!(told.reason, reason, "{body}");
        assert!(told.message.contains("client_id and api_version"), "{told}");
        assert_eq!(failure(account.revoke(ID).await).reason, reason, "{body}");
    }
    for body in [json!({"message": "API token not found."}), json!({"detail": "API token not found"})] {
        let (_vendor, account) = always(404, body).await;
        assert_eq!(account.get(ID).await.unwrap(), None);
        account.revoke(ID).await.unwrap();
    }
}

/// Were that an absence, every token would be taken for revoked when v1 ends.
#[tokio::test]
async fn a_version_that_is_gone_makes_no_token_absent() {
    let bench = Bench::builder().option("v1", "gone").setting("api_version", "v1").start().await;
    let vendor = |outcome| matches!(outcome, Reason::Vendor { .. });
    assert!(vendor(reason(bench.account.get(&bench.absent()).await)));
    assert!(vendor(reason(bench.account.revoke(&bench.absent()).await)));
    assert!(vendor(reason(bench.account.list_all(&Default::default()).await)));
    assert!(vendor(reason(bench.account.create(&bench.creation(2, "")).await)));
    let by_v2 = bench.account_at(json!({"api_version": "v2"})).unwrap();
    assert_eq!(by_v2.get(&bench.absent()).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_about_another_token_or_account_is_not_believed() {
    for (place, value) in [("/id", json!(768_661)), ("/id", Value::Null), ("/client_user/client_id", json!(7))] {
        let mut other = token();
        *other.pointer_mut(place).unwrap() = value;
        let (_vendor, account) = always(200, other).await;
        assert_eq!(reason(account.get(ID).await), Reason::UnexpectedResponse);
    }
}

#[tokio::test]
async fn an_id_of_another_form_or_account_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let client = bench.client_id();
    for id in [
        "768660".to_owned(),
        format!("{client}/"),
        format!("/{client}"),
        format!("{client}/0"),
        format!("{client}/042"),
        format!("0{client}/42"),
        format!("{client}/42/"),
        format!("{client}/4 2"),
        format!("{client}/../users"),
        format!("{client}/unknown"),
        String::new(),
    ] {
        assert_eq!(problem(bench.account.get(&id).await), ("/id".to_owned(), Problem::Format), "{id}");
        assert_eq!(problem(bench.account.revoke(&id).await).0, "/id", "{id}");
    }
    let id = format!("{}/768660", client + 1);
    let issued = bench.token("").await;
    let mark = bench.mark();
    for problem in [
        problem(bench.account.get(&id).await),
        problem(bench.account.revoke(&id).await),
        problem(bench.account.verify(&id, &issued.parts).await),
    ] {
        assert_eq!(problem, ("/id".to_owned(), Problem::Constraint));
    }
    assert_eq!(bench.lines_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_token_made_by_hand_is_imported_by_account_and_number() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!((imported.id.as_str(), &imported.attributes["user_name"]), (id.as_str(), &json!("Sam Roe")));
    assert_eq!(reason(bench.account.import(&bench.absent()).await), Reason::NotFound);
}

/// The page and the API description say that nothing of a token can be changed.
#[tokio::test]
async fn operations_that_the_vendor_lacks_are_unsupported_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.token("").await.credential.id;
    let mark = bench.mark();
    let change = UpdateRequest { attributes: object(json!({"name": "new"})), ..UpdateRequest::default() };
    assert!(bench.account.update(&id, &change).await.is_err());
    assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::Unsupported);
    assert_eq!(reason(bench.account.regenerate(&id, &RegenerateRequest::default()).await), Reason::Unsupported);
    assert_eq!(bench.lines_since(mark), [""; 0]);
    let descriptor = bench.account.adapter().descriptor();
    for operation in [Operation::Update, Operation::SetEnabled, Operation::Regenerate] {
        assert!(!descriptor.supports(operation), "{operation}");
    }
    // What cannot change in place says so.
    for (name, attribute) in descriptor.attributes["properties"].as_object().unwrap() {
        assert!(attribute["readOnly"] == true || attribute["x-keywright-replace"] == true, "{name}");
    }
}

#[tokio::test]
async fn the_account_learns_who_it_is() {
    for version in ["v1", "v2"] {
        let bench = Bench::builder().setting("api_version", version).start().await;
        let principal = bench.account.check().await.unwrap();
        assert_eq!(principal.owner.as_deref(), Some("1023101"));
        assert_eq!((principal.allowed.as_slice(), principal.refused.len()), ([Operation::List].as_slice(), 0));
        let expected = json!({"client_id": bench.client_id(), "email": "ops@example.com", "status": "active"});
        assert_eq!(Value::Object(principal.details), expected);
    }
}

#[tokio::test]
async fn a_token_of_another_account_is_told_which() {
    let bench = Bench::start().await;
    let other = bench.account_at(json!({"client_id": 7})).unwrap();
    let problems = problems(other.check().await);
    assert_eq!(problems[0].pointer, "/settings/client_id");
    assert!(problems[0].message.contains(&bench.client_id().to_string()), "{}", problems[0].message);
}

#[tokio::test]
async fn a_role_that_may_not_list_is_told_so() {
    for read_account in [true, false] {
        let bench = Bench::builder().option("purge-roles-read-account", read_account).start().await;
        let purge_only = bench.account_with(bench.token_of(3022, "").await.parts);
        let principal = purge_only.check().await.unwrap();
        assert_eq!((principal.allowed.len(), principal.refused.as_slice()), (0, [Operation::List].as_slice()));
        assert_eq!(principal.owner.is_some(), read_account);
    }
}

#[tokio::test]
async fn settings_that_do_not_fit_make_no_account() {
    let bench = Bench::start().await;
    for settings in [
        json!({"client_id": "9262944"}),
        json!({"client_id": 0}),
        json!({"client_id": -7}),
        json!({"client_id": null}),
        json!({"api_version": "v3"}),
        json!({"api_version": ""}),
        json!({"region": "eu"}),
    ] {
        assert!(bench.account_at(settings.clone()).is_err(), "{settings}");
    }
}
