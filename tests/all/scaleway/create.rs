//! Making keys.

use chrono::{DateTime, FixedOffset, SubsecRound as _, TimeDelta, Utc};
use http::Request;
use keywright_runtime::{CreateRequest, Parts, Problem, Reason};
use keywright_tests::{Https, Reply, ScalewayBench as Bench, ScriptedVendor, engine, exposed, object};
use serde_json::json;

use crate::outcome::{problem, reason};

#[tokio::test]
async fn a_key_for_an_application_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("ci deploy").await;
    let key = &issued.credential;
    assert!(key.id.starts_with("SCW") && key.id.len() == 20, "{}", key.id);
    assert_eq!(key.attributes["application_id"], bench.application().as_str());
    assert_eq!(key.attributes["description"], "ci deploy");
    assert_eq!(key.attributes["access_key"], key.id.as_str());
    assert_eq!(key.attributes["default_project_id"], bench.organization().as_str());
    assert_eq!((key.marker.as_deref(), key.expires_at.instant(), key.enabled), (None, None, true));
    assert!(key.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(exposed(&issued.parts, "access_key"), key.id);
    assert!(uuid::Uuid::parse_str(&exposed(&issued.parts, "secret_key")).is_ok());
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn a_key_for_oneself_is_made() {
    let bench = Bench::start().await;
    let owner = bench.owner().await;
    let creation = CreateRequest { attributes: object(json!({"user_id": owner})), ..CreateRequest::default() };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.attributes["user_id"], owner.as_str());
    assert!(!issued.credential.attributes.contains_key("application_id"));
    assert_eq!(issued.credential.attributes["description"], "");
}

#[tokio::test]
async fn a_key_needs_exactly_one_bearer_and_nothing_is_sent_without() {
    let bench = Bench::start().await;
    let owner = bench.owner().await;
    let mark = bench.mark();
    for attributes in [
        json!({"description": "nobody's"}),
        json!({"application_id": bench.application(), "user_id": owner, "description": "two bearers"}),
    ] {
        let creation = CreateRequest { attributes: object(attributes), ..CreateRequest::default() };
        let problems = crate::outcome::problems(bench.account.create(&creation).await);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].pointer.as_str(), problems[0].problem), ("/attributes", Problem::Required));
        assert!(problems[0].message.contains("application_id, user_id"), "{}", problems[0].message);
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let application = &bench.application();
    for (attributes, pointer, kind) in [
        (json!({"application_id": "demo"}), "/attributes/application_id", Problem::Format),
        (json!({"application_id": 7}), "/attributes/application_id", Problem::Format),
        (json!({"application_id": application, "descripton": "x"}), "/attributes/descripton", Problem::Unknown),
        (json!({"application_id": application, "access_key": "x"}), "/attributes/access_key", Problem::Constraint),
        (json!({"application_id": application, "description": null}), "/attributes/description", Problem::Format),
    ] {
        let creation = CreateRequest { attributes: object(attributes), ..CreateRequest::default() };
        assert_eq!(problem(bench.account.create(&creation).await), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_description_may_have_200_characters() {
    let bench = Bench::start().await;
    // Characters, not bytes.
    let longest = "é".repeat(200);
    let issued = bench.key(&longest).await;
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["description"], longest.as_str());

    let mark = bench.mark();
    let outcome = bench.account.create(&bench.creation(&"é".repeat(201))).await;
    assert_eq!(problem(outcome), ("/attributes/description".to_owned(), Problem::Constraint));
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_marker_shares_the_characters_of_the_description() {
    let bench = Bench::start().await;
    let marker = "generation-7";
    let room = 200 - " [keywright:generation-7]".len();
    let with_marker = |length| CreateRequest { marker: Some(marker.to_owned()), ..bench.creation(&"x".repeat(length)) };
    let issued = bench.account.create(&with_marker(room)).await.unwrap();
    let stored = bench.stored(&issued.credential.id).await;
    assert_eq!(stored.attributes["description"], "x".repeat(room).as_str());
    assert_eq!(stored.marker.as_deref(), Some(marker));

    let mark = bench.mark();
    let failure = crate::outcome::failure(bench.account.create(&with_marker(room + 1)).await);
    assert!(failure.message.contains(&format!("room for {room} characters")), "{}", failure.message);
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn the_longest_marker_fits_an_empty_description() {
    let bench = Bench::start().await;
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    let creation = |length| CreateRequest { marker: Some("m".repeat(length)), ..bench.creation("") };
    let issued = bench.account.create(&creation(longest)).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker, Some("m".repeat(longest)));
    let mark = bench.mark();
    for marker in ["m".repeat(longest + 1), "two words".to_owned(), String::new(), "é".to_owned()] {
        let creation = CreateRequest { marker: Some(marker), ..bench.creation("") };
        assert_eq!(problem(bench.account.create(&creation).await).0, "/marker");
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_marker_is_no_part_of_the_description() {
    let bench = Bench::start().await;
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci") };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.attributes["description"], "ci");
    assert_eq!(issued.credential.marker.as_deref(), Some("g1"));
    let mark = bench.mark();
    bench.key("[keywright:g1] is only mentioned").await;
    let sent = String::from_utf8(bench.since(mark)[0].body.to_vec()).unwrap();
    assert!(sent.contains("[keywright:g1] is only mentioned"), "{sent}");
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn an_expiry_is_the_same_instant_whatever_its_offset() {
    let bench = Bench::start().await;
    let eastern = FixedOffset::east_opt(2 * 3600 + 1800).unwrap();
    let wanted: DateTime<FixedOffset> = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0).with_timezone(&eastern);
    let creation = CreateRequest { expires_at: Some(wanted.to_utc()), ..bench.creation("") };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.expires_at.instant().unwrap(), wanted);
    assert_eq!(issued.warnings, [""; 0]);
}

/// A vendor may answer in whatever offset it likes.
#[tokio::test]
async fn an_expiry_that_is_answered_with_another_offset_is_no_reason_to_warn() {
    let wanted = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0);
    let western = wanted.with_timezone(&FixedOffset::west_opt(5 * 3600).unwrap()).to_rfc3339();
    let vendor = ScriptedVendor::start(move |_| {
        Reply::json(
            200,
            &json!({
                "access_key": "SCWABSENT00000000000", "secret_key": "66666666-7777-4888-8999-000000000000", "application_id": "a", "description": "",
                "created_at": "2026-06-10T18:12:40+02:00", "expires_at": western,
            }),
        )
    })
    .await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let account =
        vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]));
    let attributes = object(json!({"application_id": uuid::Uuid::new_v4()}));
    let creation = CreateRequest { attributes, expires_at: Some(wanted), ..CreateRequest::default() };
    let issued = account.create(&creation).await.unwrap();
    assert_eq!((issued.credential.expires_at.instant(), issued.warnings), (Some(wanted), vec![]));
    assert_eq!(issued.credential.created_at.instant().unwrap().to_rfc3339(), "2026-06-10T16:12:40+00:00");
}

/// What the vendor did not take is said, and what it minted is kept.
#[tokio::test]
async fn an_expiry_that_the_vendor_did_not_take_is_a_warning() {
    let vendor = ScriptedVendor::start(|_| {
        Reply::json(200, &json!({"access_key": "SCWABSENT00000000000", "secret_key": "66666666-7777-4888-8999-000000000000", "expires_at": null}))
    })
    .await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let account =
        vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]));
    let attributes = object(json!({"application_id": uuid::Uuid::new_v4()}));
    let creation =
        CreateRequest { attributes, expires_at: Some(Utc::now() + TimeDelta::days(1)), ..CreateRequest::default() };
    let issued = account.create(&creation).await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_key"), "66666666-7777-4888-8999-000000000000");
    assert!(issued.warnings[0].message.contains("did not set the expiry"), "{:?}", issued.warnings);
}

#[tokio::test]
async fn an_expiry_in_whole_milliseconds_comes_back_exactly() {
    let bench = Bench::start().await;
    let wanted = (Utc::now() + TimeDelta::days(365)).trunc_subsecs(3);
    let issued = bench.account.create(&CreateRequest { expires_at: Some(wanted), ..bench.creation("") }).await.unwrap();
    assert_eq!(issued.credential.expires_at, Some(wanted));
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn a_chosen_project_is_kept() {
    let bench = Bench::start().await;
    let project = uuid::Uuid::new_v4().to_string();
    let mut creation = bench.creation("");
    creation.attributes.insert("default_project_id".to_owned(), json!(project));
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["default_project_id"], project.as_str());
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
        serde_json::to_string(&read).unwrap(),
        serde_json::to_string(&listed).unwrap(),
    ] {
        assert!(!text.contains(&secret), "{text}");
        assert!(!text.contains(&bench.own("secret_key")), "{text}");
    }
    // In no answer but the first is the secret more than null, and null is no attribute.
    assert!(!read.attributes.contains_key("secret_key"));
    assert!(!issued.credential.attributes.contains_key("secret_key"));
}

/// Scaleway makes keys for applications and for the caller, never for another user.
#[tokio::test]
async fn a_key_for_another_user_is_forbidden() {
    let bench = Bench::start().await;
    let member = json!({
        "organization_id": bench.organization(), "tags": [],
        "member": {"email": "jo@example.com", "username": "jo", "send_password_email": false, "send_welcome_email": false},
    });
    let request = Request::post(format!("{}/iam/v1alpha1/users", bench.simulator.base_url()))
        .header("x-auth-token", bench.own("secret_key"))
        .header("content-type", "application/json")
        .body(member.to_string().into())
        .unwrap();
    let user = Https::trusting(bench.simulator.ca_pem().unwrap()).send(request).await.unwrap().json();
    let creation = CreateRequest { attributes: object(json!({"user_id": user["id"]})), ..CreateRequest::default() };
    assert_eq!(reason(bench.account.create(&creation).await), Reason::Forbidden);
    let nobody =
        CreateRequest { attributes: object(json!({"user_id": uuid::Uuid::new_v4()})), ..CreateRequest::default() };
    assert_eq!(reason(bench.account.create(&nobody).await), Reason::NotFound);
}
