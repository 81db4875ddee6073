//! Making API clients.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem, Reason};
use keywright_tests::{CommercetoolsBench as Bench, Reply, exposed, object};
use serde_json::{Value, json};

use crate::outcome::{failure, problem};

#[tokio::test]
async fn a_client_is_made_as_the_terraform_example_has_it() {
    let bench = Bench::start().await;
    let issued = bench.account.create(&bench.sample()).await.unwrap();
    let client = &issued.credential;
    assert_eq!(client.attributes["name"], "My API Client");
    let scope = json!([bench.scope("manage_orders"), bench.scope("manage_payments")]);
    assert_eq!(client.attributes["scope"], scope);
    assert_eq!(client.attributes["access_token_validity_seconds"], 3600);
    assert_eq!(client.attributes["refresh_token_validity_seconds"], 60);
    assert!(client.marker.is_none() && client.expires_at.is_none() && client.last_used_at.is_none());
    assert!(client.enabled);
    let made = client.created_at.instant().unwrap();
    assert!((Utc::now() - made).abs() < TimeDelta::minutes(1), "{made}");
    assert_eq!(exposed(&issued.parts, "client_id"), client.id);
    assert_eq!(exposed(&issued.parts, "client_secret").len(), 32);
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn what_is_not_asked_for_is_left_to_the_vendor() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    let names: Vec<_> = issued.credential.attributes.keys().collect();
    assert_eq!(names, ["name", "scope"]);
    let created = bench.since(0).pop().unwrap();
    let body: Value = serde_json::from_slice(&created.body).unwrap();
    assert_eq!(body, json!({"name": "ci", "scope": bench.scope("view_products")}));
}

#[tokio::test]
async fn scopes_are_a_set_whatever_their_order_spacing_and_repetition() {
    for reordering in [false, true] {
        let bench = Bench::builder().option("scope-reordering", reordering).start().await;
        let (a, b) = (bench.scope("manage_orders"), format!("{}:berlin", bench.scope("view_products")));
        for scope in [json!([a, b]), json!([b, a, b]), json!([format!("  {b}\t{a} \n")])] {
            let creation =
                CreateRequest { attributes: object(json!({"name": "ci", "scope": scope})), ..CreateRequest::default() };
            let issued = bench.account.create(&creation).await.unwrap();
            assert_eq!(issued.credential.attributes["scope"], json!([a, b]));
            assert_eq!(issued.warnings, [""; 0]);
            assert_eq!(bench.stored(&issued.credential.id).await.attributes["scope"], json!([a, b]));
            let sent: Value = serde_json::from_slice(&bench.since(0).iter().rev().nth(1).unwrap().body).unwrap();
            assert_eq!(sent["scope"], format!("{a} {b}"));
        }
    }
}

/// What the vendor granted is what the client has; what was asked for is told beside it, and asks for nothing to be done.
#[tokio::test]
async fn scopes_that_were_not_asked_for_are_shown_and_told() {
    let bench = Bench::builder().option("scope-widening", true).start().await;
    let (manage, view) = (bench.scope("manage_products"), bench.scope("view_products"));
    let creation =
        CreateRequest { attributes: object(json!({"name": "ci", "scope": [manage]})), ..CreateRequest::default() };
    let issued = bench.account.create(&creation).await.unwrap();
    assert_eq!(issued.credential.attributes["scope"], json!([manage, view]));
    let told = format!("commercetools granted these scopes that were not asked for: {view}");
    assert_eq!(issued.warnings, [told.as_str()]);
    assert_eq!(issued.warnings[0].pointer.as_deref(), Some("/attributes/scope"));
    assert_eq!(bench.stored(&issued.credential.id).await.attributes["scope"], json!([manage, view]));
}

#[tokio::test]
async fn what_the_vendor_did_not_take_is_told_and_what_it_minted_is_kept() {
    let answer = json!({
        "id": "made", "secret": "s", "name": "another", "scope": "a:pk", "createdAt": "today",
        "accessTokenValiditySeconds": 3601,
    });
    let (_vendor, account) = Bench::scripted(move |_| Reply::json(201, &answer)).await;
    let attributes = object(json!({
        "name": "ci", "scope": ["a:pk", "b:pk"], "access_token_validity_seconds": 3600,
        "refresh_token_validity_seconds": 30,
    }));
    let creation = CreateRequest { attributes, marker: Some("g1".to_owned()), ..CreateRequest::default() };
    let issued = account.create(&creation).await.unwrap();
    assert_eq!(exposed(&issued.parts, "client_secret"), "s");
    assert_eq!(issued.credential.created_at.unreadable(), Some("today"));
    assert_eq!(issued.credential.attributes["access_token_validity_seconds"], 3601);
    assert_eq!(
        issued.warnings,
        [
            "commercetools did not grant these scopes that were asked for: b:pk",
            "commercetools did not keep the name `ci [keywright:g1]`; a marker in it does not find the client",
            "commercetools did not take the access_token_validity_seconds that was asked for, 3600",
            "commercetools did not take the refresh_token_validity_seconds that was asked for, 30",
            "commercetools' answer had no readable createdAt",
        ]
    );
    let pointers: Vec<_> = issued.warnings.iter().map(|warning| warning.pointer.as_deref()).collect();
    assert_eq!(
        pointers,
        [
            Some("/attributes/scope"),
            Some("/attributes/name"),
            Some("/attributes/access_token_validity_seconds"),
            Some("/attributes/refresh_token_validity_seconds"),
            None,
        ]
    );
}

/// As other writers of JSON put them.
#[tokio::test]
async fn a_validity_is_read_as_a_float_and_as_text_too() {
    let answer = json!({
        "id": "made", "secret": "s", "name": "ci", "scope": "a:pk", "accessTokenValiditySeconds": 3600.0,
        "refreshTokenValiditySeconds": "60",
    });
    let (_vendor, account) = Bench::scripted(move |_| Reply::json(201, &answer)).await;
    let attributes = object(json!({
        "name": "ci", "scope": ["a:pk"], "access_token_validity_seconds": 3600, "refresh_token_validity_seconds": 60,
    }));
    let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
    assert_eq!(issued.warnings, [""; 0]);
    assert_eq!(issued.credential.attributes["access_token_validity_seconds"], 3600);
    assert_eq!(issued.credential.attributes["refresh_token_validity_seconds"], 60);
}

/// Without its secret a client is of no use, and exists all the same.
#[tokio::test]
async fn a_creation_without_a_secret_is_in_doubt_and_names_the_client() {
    for secret in [Some(Value::Null), Some(json!("")), None] {
        let mut answer = json!({"id": "made", "name": "ci", "scope": "a:pk"});
        if let Some(secret) = secret {
            answer["secret"] = secret;
        }
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(201, &answer)).await;
        let attributes = object(json!({"name": "ci", "scope": ["a:pk"]}));
        let failure = failure(account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await);
        assert_eq!(failure.reason, Reason::InDoubt);
        assert!(failure.message.contains("it has no secret for made, which was made"), "{failure}");
    }
}

#[tokio::test]
async fn a_secret_is_passed_on_as_it_is() {
    for secret in ["kürz", "with spaces \" and \\ quotes", &"x".repeat(5_000)] {
        let answer = json!({"id": "made", "secret": secret, "name": "ci", "scope": "a:pk"});
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(201, &answer)).await;
        let attributes = object(json!({"name": "ci", "scope": ["a:pk"]}));
        let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
        assert_eq!(exposed(&issued.parts, "client_secret"), secret);
        // One that is not of the usual characters is told apart, and not lost.
        let is_odd = !secret.bytes().all(|byte| byte.is_ascii_graphic());
        let warned = issued.warnings.iter().any(|it| it.message.contains("does not have its documented form"));
        assert_eq!(warned, is_odd, "{:?}", issued.warnings);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_its_place_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let good = bench.scope("view_products");
    let scoped = |scope: Value| json!({"name": "ci", "scope": scope});
    let with = |name: &str, value: Value| {
        let mut attributes = scoped(json!([good]));
        attributes[name] = value;
        attributes
    };
    for (attributes, pointer, kind) in [
        (scoped(json!([good, "view_products"])), "/attributes/scope/1", Problem::Constraint),
        (scoped(json!(["view_products:other", good])), "/attributes/scope/0", Problem::Constraint),
        (scoped(json!([good, ""])), "/attributes/scope/1", Problem::Constraint),
        (scoped(json!([good, " \t"])), "/attributes/scope/1", Problem::Constraint),
        (scoped(json!([good, 7])), "/attributes/scope/1", Problem::Format),
        (scoped(json!([])), "/attributes/scope", Problem::Constraint),
        (scoped(json!(good)), "/attributes/scope", Problem::Format),
        (json!({"name": "ci"}), "/attributes/scope", Problem::Required),
        (json!({"scope": [good]}), "/attributes/name", Problem::Required),
        (with("name", json!("")), "/attributes/name", Problem::Constraint),
        (with("name", json!("  ")), "/attributes/name", Problem::Constraint),
        (with("name", json!("x".repeat(257))), "/attributes/name", Problem::Constraint),
        (
            with("access_token_validity_seconds", json!(3599)),
            "/attributes/access_token_validity_seconds",
            Problem::Constraint,
        ),
        (
            with("access_token_validity_seconds", json!(604_801)),
            "/attributes/access_token_validity_seconds",
            Problem::Constraint,
        ),
        (
            with("access_token_validity_seconds", json!(3600.5)),
            "/attributes/access_token_validity_seconds",
            Problem::Format,
        ),
        (
            with("refresh_token_validity_seconds", json!(29)),
            "/attributes/refresh_token_validity_seconds",
            Problem::Constraint,
        ),
        (
            with("refresh_token_validity_seconds", json!(31_536_001)),
            "/attributes/refresh_token_validity_seconds",
            Problem::Constraint,
        ),
        // As the Terraform resource's page spells them.
        (with("accessTokenValiditySeconds", json!(3600)), "/attributes/accessTokenValiditySeconds", Problem::Unknown),
        (with("deleteDaysAfterCreation", json!(1)), "/attributes/deleteDaysAfterCreation", Problem::Unknown),
    ] {
        let creation = CreateRequest { attributes: object(attributes.clone()), ..CreateRequest::default() };
        assert_eq!(problem(bench.account.create(&creation).await), (pointer.to_owned(), kind), "{attributes}");
    }
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn every_scope_that_is_wrong_is_named_at_once() {
    let bench = Bench::start().await;
    let scope = json!(["manage_orders", bench.scope("view_products"), "view_orders:other"]);
    let creation =
        CreateRequest { attributes: object(json!({"name": "ci", "scope": scope})), ..CreateRequest::default() };
    let failure = failure(bench.account.create(&creation).await);
    let key = bench.project_key();
    let first = format!("/attributes/scope/0 must name the project, as in `NAME:{key}`: `manage_orders`");
    let second = format!("/attributes/scope/2 is of another project than `{key}`: `view_orders:other`");
    assert_eq!(failure.message, format!("{first}; {second}"));
}

#[tokio::test]
async fn the_ends_of_the_ranges_are_taken() {
    let bench = Bench::start().await;
    for (access, refresh) in
        [(json!(3600), json!(30)), (json!(604_800), json!(31_536_000)), (json!(3600.0), json!(30.0))]
    {
        let mut creation = bench.creation("ci");
        creation.attributes.insert("access_token_validity_seconds".to_owned(), access.clone());
        creation.attributes.insert("refresh_token_validity_seconds".to_owned(), refresh.clone());
        let issued = bench.account.create(&creation).await.unwrap();
        let attributes = &issued.credential.attributes;
        assert_eq!(attributes["access_token_validity_seconds"].as_f64(), access.as_f64());
        assert_eq!(attributes["refresh_token_validity_seconds"].as_f64(), refresh.as_f64());
        assert_eq!(issued.warnings, [""; 0]);
    }
}

#[tokio::test]
async fn a_marker_stands_in_the_name_and_is_no_part_of_it() {
    let bench = Bench::start().await;
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci deploy") };
    let issued = bench.account.create(&creation).await.unwrap();
    let sent: Value = serde_json::from_slice(&bench.since(0)[1].body).unwrap();
    assert_eq!(sent["name"], "ci deploy [keywright:g1]");
    let stored = bench.stored(&issued.credential.id).await;
    for client in [&issued.credential, &stored] {
        assert_eq!(client.attributes["name"], "ci deploy");
        assert_eq!(client.marker.as_deref(), Some("g1"));
    }
}

#[tokio::test]
async fn a_marker_shares_the_characters_of_the_name() {
    let bench = Bench::start().await;
    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    // A name has at least one character, and a space before the marker.
    let creation = |name: usize, marker: usize| CreateRequest {
        marker: Some("m".repeat(marker)),
        ..bench.creation(&"é".repeat(name))
    };
    let issued = bench.account.create(&creation(1, longest)).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker, Some("m".repeat(longest)));
    let room = 256 - " [keywright:mm]".len();
    bench.account.create(&creation(room, 2)).await.unwrap();
    let mark = bench.mark();
    let failure = failure(bench.account.create(&creation(room + 1, 2)).await);
    assert!(failure.message.contains(&format!("room for {room} characters")), "{failure}");
    assert_eq!(bench.lines_since(mark), [""; 0]);
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    let secret = exposed(&issued.parts, "client_secret");
    let read = bench.stored(&issued.credential.id).await;
    let listed = bench.account.list_all(&Default::default()).await.unwrap();
    for text in [
        format!("{issued:?} {read:?} {listed:?}"),
        serde_json::to_string(&issued.credential).unwrap(),
        serde_json::to_string(&listed).unwrap(),
    ] {
        assert!(!text.contains(&secret) && !text.contains(&bench.own("client_secret")), "{text}");
    }
}
