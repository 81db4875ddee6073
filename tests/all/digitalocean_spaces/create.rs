//! Making keys.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem, Warning};
use keywright_tests::{Reply, SpacesBench as Bench, exposed, object};
use serde_json::{Value, json};

use super::scripted::{SECRET, always, key, one, reading, with_its_secret};
use crate::outcome::{problem, problems};

#[tokio::test]
async fn a_limited_key_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let key = &issued.credential;
    assert!(key.id.starts_with("DO00") && key.id.len() == 20, "{}", key.id);
    assert_eq!(Value::Object(key.attributes.clone()), json!({"name": "ci", "grants": bench.reading()}));
    assert!(key.enabled && key.marker.is_none() && key.expires_at.is_none() && key.last_used_at.is_none());
    assert!(key.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(exposed(&issued.parts, "access_key"), key.id);
    assert!(!exposed(&issued.parts, "secret_key").is_empty());
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn a_key_has_the_grants_that_were_asked_for_whatever_their_order() {
    let bench = Bench::start().await;
    bench.vendor.add_bucket("logs");
    let one = json!({"bucket": bench.bucket(), "permission": "readwrite"});
    let other = json!({"bucket": "logs", "permission": ""});
    for grants in [json!([]), json!([one]), json!([one, other]), json!([other, one]), bench.full_access()] {
        let issued = bench.key_with("ci", &grants).await;
        assert_eq!(issued.credential.attributes["grants"], grants);
        assert_eq!(issued.warnings, [""; 0], "{grants}");
    }
}

/// By DigitalOcean's own description a request that mixes full access with other grants makes a full access key.
#[tokio::test]
async fn grants_that_could_be_read_as_more_are_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let grant = |bucket: &str, permission: &str| json!({"bucket": bucket, "permission": permission});
    for grants in [
        json!([grant("", "fullaccess"), grant("photos", "read")]),
        json!([grant("photos", "read"), grant("", "fullaccess")]),
        json!([grant("", "fullaccess"), grant("", "fullaccess")]),
        json!([grant("photos", "fullaccess")]),
        json!([grant("", "read")]),
        json!([grant("", "")]),
        json!([grant("photos", "read"), grant("photos", "readwrite")]),
    ] {
        let outcome = bench.account.create(&bench.creation("ci", &grants)).await;
        assert_eq!(problem(outcome), ("/attributes/grants".to_owned(), Problem::Constraint), "{grants}");
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let grants = bench.reading();
    let with = |name: &str, value: Value| {
        let mut attributes = json!({"name": "ci", "grants": grants});
        attributes[name] = value;
        attributes
    };
    for (attributes, pointer) in [
        (json!({"grants": grants}), "/attributes"),
        // A key without grants may do nothing, so that must be said.
        (json!({"name": "ci"}), "/attributes"),
        (with("name", json!("")), "/attributes/name"),
        (with("name", Value::Null), "/attributes/name"),
        (with("grants", Value::Null), "/attributes/grants"),
        (with("grants", json!(["photos"])), "/attributes/grants"),
        (with("grants", json!([{"bucket": "photos"}])), "/attributes/grants"),
        (with("grants", json!([{"bucket": "photos", "permission": "write"}])), "/attributes/grants"),
        (with("grants", json!([{"bucket": "photos", "permission": "read", "region": "nyc3"}])), "/attributes/grants"),
        (with("description", json!("x")), "/attributes/description"),
        (with("secret_key", json!("x")), "/attributes/secret_key"),
    ] {
        let creation = CreateRequest { attributes: object(attributes.clone()), ..CreateRequest::default() };
        let problems = problems(bench.account.create(&creation).await);
        assert!(problems.iter().all(|problem| problem.pointer.starts_with(pointer)), "{attributes}: {problems:?}");
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_key_has_no_expiry_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::days(1));
    let creation = CreateRequest { expires_at, ..bench.creation("ci", &bench.reading()) };
    assert_eq!(problem(bench.account.create(&creation).await), ("/expires_at".to_owned(), Problem::Unknown));
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_marker_stands_at_the_end_of_the_name_and_is_no_part_of_it() {
    let bench = Bench::start().await;
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    for marker in ["g1".to_owned(), "m".repeat(longest)] {
        let mark = bench.mark();
        let issued = bench.account.create(&bench.marked_creation("ci", &marker)).await.unwrap();
        let body: Value = serde_json::from_slice(&bench.since(mark)[0].body).unwrap();
        assert_eq!(body, json!({"name": format!("ci [keywright:{marker}]"), "grants": bench.reading()}));
        assert_eq!(issued.credential.attributes["name"], "ci");
        assert_eq!(bench.stored(&issued.credential.id).await.marker, Some(marker));
    }
    let mark = bench.mark();
    for marker in ["m".repeat(longest + 1), "two words".to_owned(), String::new()] {
        assert_eq!(problem(bench.account.create(&bench.marked_creation("ci", &marker)).await).0, "/marker");
    }
    assert_eq!(bench.mark(), mark);
}

/// How long a name may be, and of what characters, is DigitalOcean's to say.
#[tokio::test]
async fn a_name_that_the_vendor_refuses_is_refused_in_its_words_and_nothing_is_made() {
    for (option, value, words) in [("longest-name", "10", "10"), ("name-characters", "plain", "hyphens")] {
        let bench = Bench::builder().option(option, value).start().await;
        let problems = problems(bench.account.create(&bench.marked_creation("ci", "g1")).await);
        assert_eq!(problems[0].pointer, "/attributes/name", "{option}");
        assert!(problems[0].message.contains(words), "{}", problems[0].message);
        assert_eq!(bench.account.list_all(&Default::default()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn two_keys_may_have_one_name() {
    let bench = Bench::start().await;
    let (one, other) = (bench.key("ci").await, bench.key("ci").await);
    assert_ne!(one.credential.id, other.credential.id);
}

fn creation() -> CreateRequest {
    CreateRequest {
        attributes: object(json!({"name": "ci", "grants": reading()})),
        marker: Some("g1".to_owned()),
        ..CreateRequest::default()
    }
}

/// What is not as asked is said of its field, and what was minted is kept.
#[tokio::test]
async fn what_the_vendor_did_not_take_is_a_warning_and_costs_no_secret() {
    let full = json!([{"bucket": "", "permission": "fullaccess"}]);
    for (field, value, pointer) in [
        ("name", json!("ci [keywright:g"), "/marker"),
        ("name", json!("CI [keywright:g1]"), "/attributes/name"),
        ("name", Value::Null, "/marker"),
        ("grants", full, "/attributes/grants"),
        ("grants", json!([]), "/attributes/grants"),
        ("grants", Value::Null, "/attributes/grants"),
        ("grants", json!("photos"), "/attributes/grants"),
    ] {
        let mut answer = with_its_secret();
        answer["key"][field] = value.clone();
        let (_vendor, account) = always(Reply::json(201, &answer)).await;
        let issued = account.create(&creation()).await.unwrap();
        assert_eq!(exposed(&issued.parts, "secret_key"), SECRET);
        let pointers: Vec<_> = issued.warnings.iter().map(|warning: &Warning| warning.pointer.as_deref()).collect();
        assert_eq!(pointers, [Some(pointer)], "{field} {value}");
    }
}

#[tokio::test]
async fn a_date_that_cannot_be_read_costs_no_secret_and_is_not_absent() {
    let mut answer = with_its_secret();
    answer["key"]["created_at"] = json!("yesterday");
    let (_vendor, account) = always(Reply::json(201, &answer)).await;
    let issued = account.create(&creation()).await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_key"), SECRET);
    assert_eq!(issued.credential.created_at.unreadable(), Some("yesterday"));
}

#[tokio::test]
async fn a_key_without_a_secret_is_in_doubt() {
    let (_vendor, account) = always(Reply::json(201, &one(key()))).await;
    assert_eq!(account.create(&creation()).await.unwrap_err().kind(), "in-doubt");
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let secret = exposed(&issued.parts, "secret_key");
    let read = bench.stored(&issued.credential.id).await;
    let listed = bench.account.list_all(&Default::default()).await.unwrap();
    for text in [
        format!("{issued:?}"),
        format!("{read:?} {listed:?}"),
        serde_json::to_string(&issued.credential).unwrap(),
        serde_json::to_string(&listed).unwrap(),
    ] {
        assert!(!text.contains(&secret) && !text.contains(&bench.own("token")), "{text}");
    }
}
