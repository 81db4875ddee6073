//! Making keys.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Date, Problem, Reason};
use keywright_tests::{DatadogBench as Bench, Reply, exposed, object};
use serde_json::{Value, json};

use super::scripted::{ID, KEY, always, with_its_value};
use crate::outcome::{failure, problem, problems};

#[tokio::test]
async fn a_key_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci deploy").await;
    let key = &issued.credential;
    let value = exposed(&issued.parts, "api_key");
    assert!(uuid::Uuid::parse_str(&key.id).is_ok(), "{}", key.id);
    assert!(value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(issued.parts.names().collect::<Vec<_>>(), ["api_key"]);
    assert_eq!((&key.attributes["name"], &key.attributes["last4"]), (&json!("ci deploy"), &json!(value[28..])));
    assert_eq!(
        (&key.attributes["remote_config_read_enabled"], &key.attributes["leaked"]),
        (&json!(false), &json!(false))
    );
    assert!(key.attributes.contains_key("created_by") && !key.attributes.contains_key("category"));
    assert_eq!((key.marker.as_deref(), key.enabled), (None, true));
    assert_eq!((&key.expires_at, &key.last_used_at), (&Date::None, &Date::None));
    assert!(key.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn all_that_can_be_given_is_kept() {
    let bench = Bench::start().await;
    let given = json!({"name": "é \" \\ \u{1f511}", "category": "agent", "remote_config_read_enabled": true});
    let creation = CreateRequest { attributes: object(given.clone()), ..CreateRequest::default() };
    let issued = bench.account.create(&creation).await.unwrap();
    let stored = bench.stored(&issued.credential.id).await;
    for (name, value) in object(given) {
        assert_eq!(stored.attributes[&name], value, "{name}");
    }
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn answers_with_the_fewest_attributes_are_enough() {
    let bench = Bench::builder().option("attributes", "recorded").start().await;
    let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    assert_eq!((issued.credential.marker.as_deref(), issued.warnings.len()), (Some("g1"), 0));
    assert!(!issued.credential.attributes.contains_key("remote_config_read_enabled"));
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (attributes, pointer, kind) in [
        (json!({}), "/attributes/name", Problem::Required),
        (json!({"name": ""}), "/attributes/name", Problem::Constraint),
        (json!({"name": 7}), "/attributes/name", Problem::Format),
        (json!({"name": "ci", "nam": "x"}), "/attributes/nam", Problem::Unknown),
        (json!({"name": "ci", "key": "x"}), "/attributes/key", Problem::Unknown),
        (json!({"name": "ci", "last4": "cdef"}), "/attributes/last4", Problem::Constraint),
        (
            json!({"name": "ci", "remote_config_read_enabled": "yes"}),
            "/attributes/remote_config_read_enabled",
            Problem::Format,
        ),
    ] {
        let creation = CreateRequest { attributes: object(attributes), ..CreateRequest::default() };
        assert_eq!(problem(bench.account.create(&creation).await), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn keys_do_not_expire_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::days(1));
    let outcome = bench.account.create(&CreateRequest { expires_at, ..bench.creation("ci") }).await;
    assert_eq!(problem(outcome), ("/expires_at".to_owned(), Problem::Unknown));
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_marker_stands_at_the_end_of_the_name_and_is_no_part_of_it() {
    let bench = Bench::start().await;
    let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    assert_eq!(issued.credential.attributes["name"], "ci");
    assert_eq!(issued.credential.marker.as_deref(), Some("g1"));
    bench.key("[keywright:g1] is only mentioned").await;
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn a_marker_shares_255_characters_with_the_name() {
    let bench = Bench::start().await;
    let room = 255 - " [keywright:generation-7]".len();
    // Characters, not bytes.
    let name = "é".repeat(room);
    let issued = bench.account.create(&bench.marked_creation(&name, "generation-7")).await.unwrap();
    let stored = bench.stored(&issued.credential.id).await;
    assert_eq!((stored.attributes["name"].as_str(), stored.marker.as_deref()), (Some(&*name), Some("generation-7")));

    let mark = bench.mark();
    let problems = problems(bench.account.create(&bench.marked_creation(&format!("{name}x"), "generation-7")).await);
    assert_eq!(problems[0].pointer, "/attributes/name");
    assert!(problems[0].message.contains(&format!("room for {room} characters")), "{}", problems[0].message);
    assert_eq!(bench.mark(), mark);
}

#[tokio::test]
async fn the_longest_marker_fits_a_name_of_one_character() {
    let bench = Bench::start().await;
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    let issued = bench.account.create(&bench.marked_creation("x", &"m".repeat(longest))).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker, Some("m".repeat(longest)));
    let outcome = bench.account.create(&bench.marked_creation("x", &"m".repeat(longest + 1))).await;
    assert_eq!(problem(outcome).0, "/marker");
}

/// Without a marker there is nothing to cut off, so how long a name may be is for Datadog to say.
#[tokio::test]
async fn a_long_name_without_a_marker_is_datadogs_to_judge() {
    let bench = Bench::builder().option("longest-name", 400).start().await;
    bench.key(&"x".repeat(400)).await;
    let failure = failure(bench.account.create(&bench.creation(&"x".repeat(401))).await);
    assert!(failure.message.contains("must be at most 400 characters"), "{failure}");
}

#[tokio::test]
async fn remote_configuration_that_stays_off_is_a_warning_and_the_key_is_kept() {
    let bench = Bench::builder().option("remote-config", "off").start().await;
    let attributes = object(json!({"name": "ci", "remote_config_read_enabled": true}));
    let issued = bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
    assert_eq!(exposed(&issued.parts, "api_key").len(), 32);
    assert_eq!(issued.credential.attributes["remote_config_read_enabled"], false);
    assert_eq!(issued.warnings.len(), 1);
    assert_eq!(issued.warnings[0].pointer.as_deref(), Some("/attributes/remote_config_read_enabled"));
}

#[tokio::test]
async fn what_else_is_wrong_with_an_answer_never_costs_the_key() {
    for (change, expected) in [
        (json!({"name": "ci [keywright:g"}), Some("/marker")),
        (json!({"name": null}), Some("/marker")),
        (json!({"created_at": "soon", "date_last_used": 7}), None),
    ] {
        let mut answer = with_its_value();
        object(change).into_iter().for_each(|(name, value)| answer["data"]["attributes"][&name] = value);
        let (_vendor, account) = always(Reply::json(201, &answer)).await;
        let marker = Some("g1".to_owned());
        let creation = CreateRequest { marker, attributes: object(json!({"name": "ci"})), ..CreateRequest::default() };
        let issued = account.create(&creation).await.unwrap();
        assert_eq!((issued.credential.id.as_str(), exposed(&issued.parts, "api_key").as_str()), (ID, KEY));
        assert!(!issued.warnings.is_empty());
        assert_eq!(issued.warnings[0].pointer.as_deref(), expected, "{answer}");
    }
}

#[tokio::test]
async fn a_date_that_cannot_be_read_is_not_the_absence_of_a_date() {
    let mut answer = with_its_value();
    answer["data"]["attributes"]["created_at"] = json!("yesterday");
    let (_vendor, account) = always(Reply::json(200, &answer)).await;
    let stored = account.get(ID).await.unwrap().unwrap();
    assert_eq!(stored.created_at, Date::Unreadable("yesterday".to_owned()));
    assert_eq!(stored.last_used_at, Date::None);
}

/// A creation without its key is in doubt: the key exists, and nobody has it.
#[tokio::test]
async fn an_answer_without_the_key_is_in_doubt() {
    for missing in [Value::Null, json!("")] {
        let mut answer = with_its_value();
        answer["data"]["attributes"]["key"] = missing;
        let (_vendor, account) = always(Reply::json(201, &answer)).await;
        let creation = CreateRequest { attributes: object(json!({"name": "ci"})), ..CreateRequest::default() };
        let error = account.create(&creation).await.unwrap_err();
        assert_eq!(error.kind(), Reason::InDoubt.name(), "{error}");
    }
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let secret = exposed(&issued.parts, "api_key");
    let read = bench.stored(&issued.credential.id).await;
    let listed = bench.account.list_all(&Default::default()).await.unwrap();
    for text in [
        format!("{issued:?}"),
        format!("{read:?} {listed:?}"),
        serde_json::to_string(&issued.credential).unwrap(),
        serde_json::to_string(&read).unwrap(),
        serde_json::to_string(&listed).unwrap(),
    ] {
        for secret in [&secret, &bench.own("api_key"), &bench.own("application_key")] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
