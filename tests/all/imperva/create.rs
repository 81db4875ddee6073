//! Making API clients.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem, Reason};
use keywright_tests::{ImpervaBench as Bench, Reply, exposed, object};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{ID, SECRET, answering, told};
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn an_api_client_of_ones_own_is_made_with_its_key() {
    let bench = Bench::start().await;
    let issued = bench.client_with("First", json!({"description": "Last"})).await;
    let client = &issued.credential;
    let expected = json!({
        "api_id": client.id, "name": "First", "description": "Last", "enabled": true, "user_email": "admin@example.com",
    });
    assert_eq!(Value::Object(client.attributes.clone()), expected);
    assert_eq!((client.marker.as_deref(), client.enabled), (None, true));
    assert!(client.expires_at.is_none() && client.created_at.is_none() && client.last_used_at.is_none());
    assert_eq!(exposed(&issued.parts, "api_id"), client.id);
    assert!(uuid::Uuid::parse_str(&exposed(&issued.parts, "api_key")).is_ok());
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn an_api_client_of_which_only_the_name_is_said_is_made_disabled() {
    for omitted in [false, true] {
        let bench = Bench::builder().option("omitted-enabled", omitted).start().await;
        let attributes = object(json!({"name": "First"}));
        let issued = bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
        assert!(!issued.credential.enabled);
        assert_eq!(issued.credential.attributes["enabled"], false);
        let body: Value = serde_json::from_slice(&bench.since(0)[0].body).unwrap();
        assert_eq!(body, json!({"name": "First", "enabled": false}));
    }
}

#[tokio::test]
async fn an_api_client_of_another_user_is_made() {
    let bench = Bench::start().await;
    let issued = bench.client_with("First", json!({"user_email": "Example@terraform.com"})).await;
    assert_eq!(issued.credential.attributes["user_email"], "example@terraform.com");
    assert!(!issued.credential.attributes.contains_key("account_id"));
    assert_eq!(issued.warnings, [""; 0]);
    assert_eq!(bench.since(0)[0].query.as_deref(), Some("userEmail=Example%40terraform.com"));
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (more, pointer, kind) in [
        (json!({"name": ""}), "/attributes/name", Problem::Constraint),
        (json!({"enabled": "yes"}), "/attributes/enabled", Problem::Format),
        (json!({"user_email": "nobody"}), "/attributes/user_email", Problem::Format),
        (json!({"account_id": "1234"}), "/attributes/account_id", Problem::Format),
        (json!({"account_id": 0}), "/attributes/account_id", Problem::Constraint),
        (json!({"account_id": -7}), "/attributes/account_id", Problem::Constraint),
        (json!({"account_id": 1.5}), "/attributes/account_id", Problem::Format),
        (json!({"api_id": "7"}), "/attributes/api_id", Problem::Constraint),
        (json!({"descripton": "x"}), "/attributes/descripton", Problem::Unknown),
        (json!({"description": null}), "/attributes/description", Problem::Format),
    ] {
        let outcome = bench.account.create(&bench.creation("First", more)).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    let outcome = bench.account.create(&CreateRequest::default()).await;
    assert_eq!(problem(outcome), ("/attributes/name".to_owned(), Problem::Required));
    assert_eq!(bench.methods_since(0), [""; 0]);
}

#[tokio::test]
async fn a_marker_stands_in_the_description_and_is_no_part_of_it() {
    let bench = Bench::start().await;
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    for (description, marker) in [("Last", "g1".to_owned()), ("", "m".repeat(longest)), ("x", "g.2_-".to_owned())] {
        let creation = bench.creation("First", json!({"description": description}));
        let creation = CreateRequest { marker: Some(marker.clone()), ..creation };
        let issued = bench.account.create(&creation).await.unwrap();
        assert_eq!(issued.credential.attributes["description"], description);
        assert_eq!(issued.credential.marker.as_deref(), Some(marker.as_str()));
        assert_eq!(issued.warnings, [""; 0]);
        assert_eq!(bench.stored(&issued.credential.id).await.marker, Some(marker));
        bench.account.revoke(&issued.credential.id).await.unwrap();
    }
    let creation = CreateRequest { marker: Some("m".repeat(longest + 1)), ..bench.creation("First", json!({})) };
    assert_eq!(problem(bench.account.create(&creation).await).0, "/marker");
}

#[tokio::test]
async fn a_long_description_is_imperva_s_to_refuse() {
    let bench = Bench::start().await;
    let longest = "é".repeat(1_000);
    let issued = bench.client_with("First", json!({"description": longest})).await;
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["description"], longest.as_str());
    let outcome = bench.account.create(&bench.creation("First", json!({"description": "x".repeat(1_001)}))).await;
    assert_eq!(problem(outcome), ("/attributes/description".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn an_expiry_is_kept_in_whole_seconds_and_never_later_than_asked() {
    let bench = Bench::start().await;
    let wanted = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0) + TimeDelta::milliseconds(900);
    let creation = CreateRequest { expires_at: Some(wanted), ..bench.creation("First", json!({})) };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.expires_at, Some(wanted.trunc_subsecs(0)));
    assert_eq!(issued.warnings, [""; 0]);
    let body: Value = serde_json::from_slice(&bench.since(0)[0].body).unwrap();
    assert_eq!(body["expirationDate"], wanted.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    assert_eq!(bench.stored(&issued.credential.id).await.expires_at, issued.credential.expires_at);
}

#[tokio::test]
async fn an_expiry_that_imperva_chose_is_told() {
    let bench = Bench::builder().option("default-lifetime", 86_400).start().await;
    let issued = bench.client("First").await;
    let left = issued.credential.expires_at.instant().unwrap() - Utc::now();
    assert!((left - TimeDelta::days(1)).abs() < TimeDelta::minutes(1), "{left}");
}

#[tokio::test]
async fn a_field_without_a_value_may_be_told_in_any_way() {
    for nothing in ["null", "missing", "empty"] {
        let bench = Bench::builder().option("nothing", nothing).start().await;
        let issued = bench.client("First").await;
        assert_eq!(issued.credential.expires_at, None, "{nothing}");
        assert_eq!(issued.warnings, [""; 0], "{nothing}");
        let id = &issued.credential.id;
        let change =
            keywright_runtime::UpdateRequest { attributes: object(json!({"name": "x"})), ..Default::default() };
        let updated = bench.account.update(id, &change).await.unwrap();
        assert!(updated.parts.is_none(), "{nothing}");
        assert_eq!(updated.credential.expires_at, None, "{nothing}");
        assert_eq!(updated.warnings, [""; 0], "{nothing}");
        assert_eq!(bench.stored(id).await, updated.credential, "{nothing}");
    }
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.client("First").await;
    let secret = exposed(&issued.parts, "api_key");
    let read = bench.stored(&issued.credential.id).await;
    let listed = bench.account.list_all(&Default::default()).await.unwrap();
    let texts = [
        format!("{issued:?} {read:?} {listed:?}"),
        serde_json::to_string(&issued.credential).unwrap(),
        serde_json::to_string(&read).unwrap(),
        serde_json::to_string(&listed).unwrap(),
    ];
    for text in texts {
        assert!(!text.contains(&secret) && !text.contains(&bench.own("api_key")), "{text}");
        assert!(!text.contains("apiKey"), "{text}");
    }
}

/// What Imperva did not take is said, and what it minted is kept.
#[tokio::test]
async fn a_secret_is_handed_over_whatever_else_is_wrong_with_the_answer() {
    let soon = Utc::now() + TimeDelta::days(1);
    let made_for_another = "made the API client for jo@example.com, not for ops@example.com";
    for (change, pointer, warning) in [
        (json!({"expirationDate": null}), Some("/expires_at"), "does not show the expirationDate"),
        (json!({"expirationDate": "soon"}), Some("/expires_at"), "does not show the expirationDate"),
        (json!({"enabled": false}), Some("/attributes/enabled"), "does not show the enabled"),
        (json!({"enabled": null}), Some("/attributes/enabled"), "does not show the enabled"),
        (json!({"name": null}), Some("/attributes/name"), "does not show the name"),
        (json!({"description": 7}), Some("/attributes/description"), "does not show the description"),
        (json!({"userEmail": "jo@example.com"}), Some("/attributes/user_email"), made_for_another),
        (json!({"userEmail": null}), Some("/attributes/user_email"), "does not say whose"),
        (json!({"res": 9415, "res_message": "no"}), None, "also complains: no (code 9415)"),
        (json!({"errors": [{"title": "odd"}]}), None, "also complains: odd"),
    ] {
        for status in [200, 201] {
            let mut answer = told(json!(SECRET));
            answer["expirationDate"] = json!(soon.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            answer.as_object_mut().unwrap().extend(object(change.clone()));
            let (_vendor, account) = answering(Reply::json(status, &answer)).await;
            let attributes = json!({
                "name": "First", "description": "ci", "enabled": true, "user_email": "ops@example.com",
            });
            let marker = Some("g1".to_owned());
            let attributes = object(attributes);
            let creation = CreateRequest { attributes, marker, expires_at: Some(soon), ..CreateRequest::default() };
            let issued = account.create(&creation).await.unwrap();
            assert_eq!(
                (exposed(&issued.parts, "api_key"), exposed(&issued.parts, "api_id")),
                (SECRET.into(), ID.into())
            );
            assert_eq!(issued.warnings.len(), 1, "{:?}", issued.warnings);
            assert_eq!(issued.warnings[0].pointer.as_deref(), pointer, "{:?}", issued.warnings);
            assert!(issued.warnings[0].message.contains(warning), "{:?}", issued.warnings);
        }
    }
}

/// An expiry that nobody asked for and nobody can read is not the absence of one.
#[tokio::test]
async fn an_expiry_that_cannot_be_read_is_a_warning_and_not_none() {
    let mut answer = told(json!(SECRET));
    answer["expirationDate"] = json!("some day");
    let (_vendor, account) = answering(Reply::json(201, &answer)).await;
    let attributes = object(json!({"name": "First", "enabled": true}));
    let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
    assert_eq!(issued.credential.expires_at.unreadable(), Some("some day"));
    assert_eq!(issued.warnings, ["Imperva's answer has no readable expiry"]);
    assert_eq!(issued.warnings[0].pointer.as_deref(), Some("/expires_at"));
}

/// The number has been text in a version of the API.
#[tokio::test]
async fn an_id_may_be_a_number_or_its_digits_and_nothing_else() {
    for (id, usable) in [
        (json!(482913), true),
        (json!("482913"), true),
        (json!(0), false),
        (json!(-1), false),
        (json!(1.5), false),
        (json!("0482913"), false),
        (json!("a"), false),
        (json!(1_000_000_000_000_000_000_u64), false),
        (Value::Null, false),
    ] {
        let mut answer = told(json!(SECRET));
        answer["id"] = id.clone();
        let (_vendor, account) = answering(Reply::json(201, &answer)).await;
        let attributes = object(json!({"name": "First"}));
        let creation = CreateRequest { attributes, ..CreateRequest::default() };
        match account.create(&creation).await {
            Ok(issued) => assert!(usable && issued.credential.id == ID, "{id}"),
            Err(error) => {
                assert!(!usable && error.kind() == "in-doubt", "{id}: {error}");
                // Of what was minted all the same the host knows.
                assert_eq!(exposed(error.minted().unwrap(), "api_key"), SECRET);
                // And the answer, which says all else, is kept with it.
                let kept: Value = serde_json::from_str(error.withheld().unwrap().expose_secret()).unwrap();
                assert_eq!(kept, answer, "{id}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_key_leaves_it_in_doubt() {
    for secret in [Some(Value::Null), Some(json!("")), None] {
        let mut answer = told(Value::Null);
        match secret {
            Some(secret) => answer["apiKey"] = secret,
            None => drop(answer.as_object_mut().unwrap().remove("apiKey")),
        }
        let (_vendor, account) = answering(Reply::json(201, &answer)).await;
        let attributes = object(json!({"name": "First"}));
        let outcome = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await;
        let failure = failure(outcome);
        assert!(failure.message.contains("no API key for 482913, which was made"), "{failure}");
        assert_eq!(failure.reason, Reason::InDoubt);
    }
}

/// No adapter sees what stands in the place of the key, so it is handed over as its text.
#[tokio::test]
async fn a_key_that_is_not_text_is_not_lost() {
    for (secret, text) in [(json!(7), "7"), (json!(["k"]), r#"["k"]"#)] {
        let (_vendor, account) = answering(Reply::json(201, &told(secret))).await;
        let attributes = object(json!({"name": "First", "enabled": true}));
        let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
        assert_eq!((issued.credential.id.as_str(), exposed(&issued.parts, "api_key").as_str()), (ID, text));
        assert_eq!(issued.warnings, [""; 0]);
    }
}

/// What the host cannot read it keeps, for the key may stand anywhere in it; the adapter sees nothing of it.
#[tokio::test]
async fn an_answer_that_cannot_be_read_is_kept() {
    let half = told(json!(SECRET)).to_string().replace('}', "");
    for body in [half, format!("<html>{SECRET}</html>")] {
        let (vendor, account) = answering(Reply::new(201, "application/json", body.clone())).await;
        let attributes = object(json!({"name": "First"}));
        let error = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap_err();
        assert_eq!(error.kind(), "in-doubt");
        assert!(error.minted().is_none());
        assert_eq!(error.withheld().unwrap().expose_secret(), body);
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
        assert_eq!(vendor.arrived().len(), 1);
    }
}

#[tokio::test]
async fn a_quota_is_five_by_the_documentation_and_overlap_works_below_it() {
    let bench = Bench::start().await;
    let quota = serde_json::to_value(&bench.account.adapter().descriptor().traits.quota).unwrap();
    assert_eq!(quota, json!({"limit": 5, "scope": "owner"}));
    for number in 2..=5 {
        bench.client(&format!("client {number}")).await;
    }
    let outcome = bench.account.create(&bench.creation("one too many", json!({}))).await;
    assert!(matches!(reason(outcome), Reason::Quota(_)));
}
