//! Looking at API clients.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{
    Account, AccountConfig, AccountError, CreateRequest, CredentialError, Date, EndpointOverride, Operation, Parts,
    Reason, RegenerateRequest,
};
use keywright_simulators::Vendor as _;
use keywright_tests::{ImpervaBench as Bench, Reply, exposed};
use serde_json::{Value, json};

use super::{ABSENT, FORMS, ID, SECRET, answering, envelope, told};
use crate::embedding::bindings::keywright::vendor::failures;
use crate::embedding::{self, Embedded};
use crate::outcome::{failure, reason};

#[tokio::test]
async fn an_api_client_reads_as_it_was_made() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::days(3));
    let creation = bench.creation("First", json!({"description": "Last", "user_email": "jo@example.com"}));
    let issued =
        bench.account.create(&CreateRequest { expires_at, marker: Some("g1".into()), ..creation }).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn an_api_client_that_does_not_exist_is_none_where_imperva_says_so() {
    for absent in ABSENT {
        let bench = Bench::builder().option("absent", absent).start().await;
        let outcome = bench.account.get("7").await;
        if absent == "bare-404" {
            let failure = failure(outcome);
            assert_eq!(failure.reason, Reason::Vendor { code: "404".to_owned() });
            assert!(failure.message.contains("not in Imperva's words"), "{failure}");
        } else {
            assert_eq!(outcome.unwrap(), None, "{absent}");
        }
    }
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("absent", "404").option("error-form", form);
        let bench = bench.option("refuse-with-200", with_200).start().await;
        assert_eq!(bench.account.get("7").await.unwrap(), None, "{form}");
    }
}

/// A proxy's 404 says nothing of the API client, nor does an answer about others.
#[tokio::test]
async fn only_imperva_s_own_words_make_an_api_client_absent() {
    let mut other = told(Value::Null);
    other["id"] = json!(7);
    for answer in [
        Reply::new(404, "text/html", "<html>not found</html>"),
        Reply::empty(404),
        Reply::json(404, &json!({})),
        Reply::json(404, &json!([])),
        Reply::json(404, &json!({"message": "not found"})),
        Reply::json(404, &json!({"errors": []})),
        Reply::json(404, &json!({"res": 0})),
        Reply::json(404, &json!({"res": 9413, "res_message": "Unknown/unauthorized account id"})),
        Reply::json(410, &json!({"errors": [{"status": 410}]})),
        Reply::json(500, &json!({"errors": [{"status": 404}]})),
        Reply::json(401, &json!({"res": 2002})),
        Reply::json(200, &json!({"data": {}})),
        Reply::json(200, &json!({"meta": {"total": 0}})),
        Reply::json(200, &json!([])),
        Reply::empty(200),
        Reply::empty(204),
        Reply::json(200, &envelope(&[other])),
        Reply::new(200, "text/html", "<html></html>"),
    ] {
        let (_vendor, account) = answering(answer.clone()).await;
        assert!(account.get(ID).await.is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn a_filter_that_imperva_ignores_shows_others_and_is_not_taken_for_an_answer() {
    let bench = Bench::builder().option("id-filter", "ignore").start().await;
    let issued = bench.client("First").await;
    let id = &issued.credential.id;
    // Among others it is found by its id.
    assert_eq!(bench.stored(id).await.attributes["name"], "First");
    bench.account.revoke(id).await.unwrap();
    let failure = failure(bench.account.get(id).await);
    assert!(failure.message.contains("other API clients than the one that was asked for"), "{failure}");
}

/// One that cannot be read may be any, so that it neither hides an API client nor shows that it is gone.
#[tokio::test]
async fn an_api_client_is_found_next_to_one_that_cannot_be_read() {
    let mut odd = told(Value::Null);
    odd["id"] = Value::Null;
    let (_vendor, account) = answering(Reply::json(200, &envelope(&[odd.clone(), told(Value::Null)]))).await;
    assert_eq!(account.get(ID).await.unwrap().map(|client| client.id).as_deref(), Some(ID));
    let (_vendor, account) = answering(Reply::json(200, &envelope(&[odd]))).await;
    let failure = failure(account.get(ID).await);
    assert_eq!(failure.reason, Reason::UnexpectedResponse);
    assert!(failure.message.contains("other API clients than the one that was asked for"), "{failure}");
}

/// Imperva documents that a key is shown once; one that came again would not get through.
#[tokio::test]
async fn a_key_in_a_list_is_hidden() {
    let mut client = told(json!(SECRET));
    // Known by its place, it is taken out of every other.
    client["name"] = json!(format!("has {SECRET}"));
    let (_vendor, account) = answering(Reply::json(200, &envelope(&[client]))).await;
    let read = account.get(ID).await.unwrap().unwrap();
    assert_eq!(read.attributes["name"], "has [redacted]");
    let listed = account.list(&Default::default(), None).await.unwrap();
    assert_eq!(listed.credentials, [read]);
}

/// To ask again helps with a page of the gateway; it does not with JSON of another shape.
#[tokio::test]
async fn what_is_not_a_list_is_told_from_a_page_of_the_gateway() {
    for (answer, expected, says) in [
        (Reply::new(200, "text/html", "<html></html>"), Reason::Unavailable, "most likely a page of its gateway"),
        (Reply::new(200, "application/json", "{\"data\": ["), Reason::Unavailable, "is not JSON"),
        (Reply::empty(200), Reason::UnexpectedResponse, "it is not a list of API clients"),
        (Reply::json(200, &json!({})), Reason::UnexpectedResponse, "it is not a list of API clients"),
        (Reply::empty(302), Reason::UnexpectedResponse, "it is neither a result nor a refusal"),
        (Reply::empty(408), Reason::Unavailable, "try again later"),
        (Reply::empty(425), Reason::Unavailable, "try again later"),
    ] {
        let (_vendor, account) = answering(answer.header("x-request-id", "r-1")).await;
        for failure in [failure(account.get(ID).await), failure(account.list(&Default::default(), None).await)] {
            assert_eq!(failure.reason, expected, "{failure}");
            assert!(failure.message.contains(says), "{failure}");
            assert_eq!(failure.request_id.as_deref(), Some("r-1"));
        }
    }
}

#[tokio::test]
async fn dates_are_read_in_every_form_that_imperva_may_use() {
    let at = |text: &str| Date::At(text.parse().unwrap());
    for (value, expected) in [
        (json!("2127-09-12T10:33:29Z"), at("2127-09-12T10:33:29Z")),
        (json!("2127-09-12T12:33:29+02:00"), at("2127-09-12T10:33:29Z")),
        (json!("2127-09-12T10:33:29.500Z"), at("2127-09-12T10:33:29.5Z")),
        (json!("2127-09-12T10:33:29"), at("2127-09-12T10:33:29Z")),
        (json!("2127-09-12"), at("2127-09-12T00:00:00Z")),
        (json!(4_976_735_609_000_i64), at("2127-09-16T02:33:29Z")),
        (json!(""), Date::None),
        (Value::Null, Date::None),
        // What is given and cannot be read is not the absence of a date.
        (json!("never"), Date::Unreadable("never".to_owned())),
        (json!({}), Date::Unreadable("{}".to_owned())),
    ] {
        let mut client = told(Value::Null);
        client["expirationDate"] = value.clone();
        client["lastActionTime"] = value.clone();
        let (_vendor, account) = answering(Reply::json(200, &envelope(&[client]))).await;
        let read = account.get(ID).await.unwrap().unwrap();
        assert_eq!((read.expires_at, read.last_used_at), (expected.clone(), expected), "{value}");
    }
}

#[tokio::test]
async fn the_last_use_is_told_to_the_second() {
    for form in ["text", "milliseconds"] {
        let bench = Bench::builder().option("last-action-time", form).start().await;
        let issued = bench.client("First").await;
        assert_eq!(bench.stored(&issued.credential.id).await.last_used_at, None);
        bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
        let used = bench.stored(&issued.credential.id).await.last_used_at.instant().unwrap();
        assert!((Utc::now() - used).abs() < TimeDelta::minutes(1), "{form}: {used}");
    }
}

#[tokio::test]
async fn an_api_client_that_is_not_said_to_be_disabled_counts_as_enabled() {
    for (enabled, counts) in [(json!(true), true), (json!(false), false), (Value::Null, true), (json!("no"), true)] {
        let mut client = told(Value::Null);
        client["enabled"] = enabled;
        let (_vendor, account) = answering(Reply::json(200, &envelope(&[client]))).await;
        assert_eq!(account.get(ID).await.unwrap().unwrap().enabled, counts);
    }
}

#[tokio::test]
async fn a_client_made_by_hand_is_imported_in_both_forms() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!((imported.id.as_str(), &imported.attributes["name"]), (id.as_str(), &json!("made by hand")));
    let with_account = format!("{}/{id}", bench.vendor.account_id());
    let imported = bench.account.import(&with_account).await.unwrap();
    assert_eq!((imported.id.as_str(), &imported.attributes["api_id"]), (with_account.as_str(), &json!(id)));
    assert_eq!(reason(bench.account.import("7").await), Reason::NotFound);
}

#[tokio::test]
async fn the_descriptor_says_what_a_lifecycle_needs_to_know() {
    let bench = Bench::start().await;
    let traits = serde_json::to_value(&bench.account.adapter().descriptor().traits).unwrap();
    assert_eq!(
        traits["expiry"],
        json!({"support": "mutable", "required": false, "least": null, "most": null, "granularity": 1})
    );
    assert_eq!(traits["last_used"]["precision"], "instant");
    assert_eq!(traits["disabling"], json!({"reversible": true, "delay": null}));
    assert_eq!(traits["secret_readable"], false);
}

#[tokio::test]
async fn the_account_learns_who_it_is() {
    let bench = Bench::start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!(principal.credential_id, Some(bench.own("api_id")));
    assert_eq!(principal.owner.as_deref(), Some("admin@example.com"));
    assert_eq!((principal.allowed, principal.refused), (vec![Operation::Get, Operation::List], vec![]));
    let told = serde_json::to_string(&principal.details).unwrap();
    assert!(!told.contains(&bench.own("api_key")), "{told}");
}

#[tokio::test]
async fn an_account_without_permissions_learns_that_it_has_none() {
    let bench = Bench::start().await;
    let issued = bench.client_with("First", json!({"user_email": "example@terraform.com"})).await;
    let principal = bench.account_with(issued.parts.clone()).check().await.unwrap();
    assert_eq!((principal.allowed, principal.refused), (vec![], vec![Operation::Get, Operation::List]));
    assert_eq!(principal.credential_id, Some(issued.credential.id));
    assert!(bench.vendor.set_permissions("example@terraform.com", true, false));
    let principal = bench.account_with(issued.parts).check().await.unwrap();
    assert_eq!(principal.owner.as_deref(), Some("example@terraform.com"));
}

#[tokio::test]
async fn an_account_whose_client_does_not_show_itself_still_learns_what_it_may() {
    let (_vendor, account) = answering(Reply::json(200, &envelope(&[]))).await;
    let principal = account.check().await.unwrap();
    assert_eq!((principal.credential_id.as_deref(), principal.owner), (Some("101"), None));
    assert_eq!(principal.allowed, [Operation::Get, Operation::List]);
}

#[tokio::test]
async fn an_api_id_that_is_no_number_is_said_to_be_none_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let adapter = bench.account.adapter();
    for api_id in ["no-number", "1234/2222", "007"] {
        let config = AccountConfig {
            credential: Parts::from_iter([("api_id", api_id.to_owned()), ("api_key", bench.own("api_key"))]),
            endpoints: EndpointOverride::every(adapter.descriptor(), bench.simulator.base_url()),
            ..AccountConfig::default()
        };
        let error = Account::new(adapter, config).err().unwrap();
        let AccountError::Credential(CredentialError::PartForm { part, .. }) = &error else { panic!("{error:?}") };
        assert_eq!(part, "api_id");
        assert!(!error.to_string().contains(api_id), "{error}");
    }
    assert_eq!(bench.methods_since(0), [""; 0]);
}

/// Where no host has looked at the credential, the component does.
#[tokio::test]
async fn an_api_id_that_is_no_number_is_refused_in_another_runtime_too() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let key = bench.own("api_key");
    for api_id in ["no-number", "1234/2222", "007"] {
        let parts = [("api_id", api_id), ("api_key", key.as_str())];
        let administrator = embedding::account(bench.simulator.base_url(), &["api"], json!({}), &parts);
        let failure = adapter.call_check(&mut *store, &administrator).await.unwrap().unwrap_err();
        let failures::Reason::Invalid(problems) = &failure.reason else { panic!("{failure:?}") };
        assert_eq!((problems.len(), problems[0].pointer.as_str()), (1, "/authentication/api_id"));
        assert!(matches!(problems[0].problem, failures::Problem::Format), "{failure:?}");
        assert!(failure.message.contains("is not the number of an API client"), "{failure:?}");
    }
    assert_eq!(bench.methods_since(0), [""; 0]);
}

#[tokio::test]
async fn a_key_that_is_not_known_is_not_authenticated_in_every_form() {
    for (form, with_200) in FORMS {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let wrong = uuid::Uuid::new_v4().to_string();
        let account = bench.account_with(Parts::from_iter([("api_id", bench.own("api_id")), ("api_key", wrong)]));
        assert_eq!(reason(account.check().await), Reason::Unauthenticated, "{form}");
        assert_eq!(reason(account.get("7").await), Reason::Unauthenticated, "{form}");
        assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Unauthenticated, "{form}");
        assert_eq!(reason(account.create(&bench.creation("x", json!({}))).await), Reason::Unauthenticated, "{form}");
        assert_eq!(reason(account.set_enabled("7", true).await), Reason::Unauthenticated, "{form}");
        assert_eq!(
            reason(account.regenerate("7", &RegenerateRequest::default()).await),
            Reason::Unauthenticated,
            "{form}"
        );
        assert_eq!(reason(account.revoke("7").await), Reason::Unauthenticated, "{form}");
    }
}

#[tokio::test]
async fn an_administrator_that_is_disabled_is_told_what_to_do() {
    for disabled in ["200", "401"] {
        let bench = Bench::builder().option("disabled", disabled).start().await;
        let issued = bench.client("another administrator").await;
        bench.account.set_enabled(&issued.credential.id, false).await.unwrap();
        let account = bench.account_with(issued.parts.clone());
        for failure in [failure(account.check().await), failure(account.revoke("7").await)] {
            assert_eq!(failure.reason, Reason::Unauthenticated);
            assert!(failure.message.contains("disabled, enable it"), "{failure}");
            assert!(!failure.message.contains(&exposed(&issued.parts, "api_key")));
        }
    }
}

#[tokio::test]
async fn a_failure_quotes_imperva_s_id_of_the_request() {
    for (form, with_200) in FORMS.into_iter().filter(|(form, _)| *form != "role") {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let id = format!("{}/7", bench.vendor.foreign_account_id());
        assert_eq!(failure(bench.account.get(&id).await).request_id.as_deref(), Some("999999"), "{form}");
    }
}
