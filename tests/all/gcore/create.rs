//! Making tokens.

use chrono::{DateTime, FixedOffset, SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Problem};
use keywright_tests::{GcoreBench as Bench, exposed, object};
use serde_json::{Value, json};

use super::scripted::{CLIENT, ID, always, created};
use crate::outcome::{failure, problem, problems};

fn creation(attributes: Value) -> CreateRequest {
    CreateRequest { attributes: object(attributes), ..CreateRequest::default() }
}

fn body(bench: &Bench, mark: usize) -> Value {
    serde_json::from_slice(&bench.since(mark)[0].body).unwrap()
}

fn in_30_days() -> DateTime<Utc> {
    (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0)
}

#[tokio::test]
async fn a_token_is_made_with_its_secret() {
    let bench = Bench::start().await;
    let issued = bench.token("ci deploy").await;
    let token = &issued.credential;
    let (client, number) = token.id.split_once('/').unwrap();
    assert_eq!(client, bench.client_id().to_string());
    let secret = exposed(&issued.parts, "token");
    assert_eq!(secret.split_once('_').unwrap().0, number);
    let expected = json!({
        "name": "test", "description": "ci deploy", "role_id": 2, "role_name": "Users", "client_id": bench.client_id(),
        "user_id": 1_023_101, "user_name": "Jo Doe", "user_email": "jo@example.com", "user_deleted": false,
        "deleted": false, "expired": false,
    });
    assert_eq!(Value::Object(token.attributes.clone()), expected);
    assert_eq!(
        (token.marker.as_deref(), token.expires_at.instant(), token.last_used_at.instant(), token.enabled),
        (None, None, None, true)
    );
    assert!(token.created_at.instant().is_some_and(|made| (Utc::now() - made).abs() < TimeDelta::minutes(1)));
    assert_eq!(issued.warnings, [""; 0]);
}

/// The page's own example.
#[tokio::test]
async fn the_request_is_the_one_that_the_page_shows() {
    let bench = Bench::start().await;
    let expires_at = in_30_days();
    let attributes = object(json!({
        "name": "Test Api Token", "description": "API token for Terraform test", "role_id": 2, "role_name": "Users",
    }));
    let mark = bench.mark();
    bench
        .account
        .create(&CreateRequest { attributes, expires_at: Some(expires_at), marker: None, ..CreateRequest::default() })
        .await
        .unwrap();
    assert_eq!(bench.lines_since(mark), [format!("POST /iam/v2/clients/{}/tokens", bench.client_id())]);
    let expected = json!({
        "name": "Test Api Token", "description": "API token for Terraform test",
        "exp_date": expires_at.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string(),
        "client_user": {"role": {"id": 2, "name": "Users"}},
    });
    assert_eq!(body(&bench, mark), expected);
    let authorization = bench.since(mark)[0].headers["authorization"].to_str().unwrap().to_owned();
    assert_eq!(authorization, format!("APIKey {}", bench.own("token")));
}

/// Absent and null are not the same to Gcore.
#[tokio::test]
async fn a_token_that_never_expires_is_asked_for_in_so_many_words() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let issued = bench.account.create(&creation(json!({"name": "plain", "role_name": "Users"}))).await.unwrap();
    let expected = json!({
        "name": "plain", "description": "", "exp_date": null, "client_user": {"role": {"id": 2, "name": "Users"}},
    });
    assert_eq!(body(&bench, mark), expected);
    assert_eq!(bench.stored(&issued.credential.id).await.expires_at, None);
}

#[tokio::test]
async fn both_kinds_of_tokens_and_of_answers_work_in_both_versions() {
    for version in ["v1", "v2"] {
        for separator in ["documented", "dollar", "underscore"] {
            for answer in ["documented", "full", "token-only"] {
                let bench = Bench::builder()
                    .setting("api_version", version)
                    .option("separator", separator)
                    .option("creation-answer", answer)
                    .start()
                    .await;
                let expires_at = Some(in_30_days());
                let asked = CreateRequest { expires_at, marker: Some("g1".to_owned()), ..bench.creation(2, "ci") };
                let mark = bench.mark();
                let issued = bench.account.create(&asked).await.unwrap();
                let what = format!("{version} {separator} {answer}");
                assert_eq!(bench.methods_since(mark), ["POST"], "{what}");
                assert_eq!(bench.since(mark)[0].path.contains("/v2/"), version == "v2", "{what}");
                assert_eq!(issued.warnings, [""; 0], "{what}");
                let stored = bench.stored(&issued.credential.id).await;
                assert_eq!(stored.id, issued.credential.id, "{what}");
                for name in ["name", "description", "role_id", "role_name"] {
                    assert_eq!(stored.attributes[name], issued.credential.attributes[name], "{what} {name}");
                }
                assert_eq!(
                    (stored.expires_at.instant(), issued.credential.expires_at.instant()),
                    (expires_at, expires_at),
                    "{what}"
                );
                assert_eq!(issued.credential.marker.as_deref(), Some("g1"), "{what}");
                assert_eq!(bench.marked("g1").await.len(), 1, "{what}");
                let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
                assert_eq!(verdict.outcome, keywright_runtime::Outcome::Active, "{what}");
                bench.account.revoke(&issued.credential.id).await.unwrap();
                assert_eq!(bench.account.get(&issued.credential.id).await.unwrap(), None, "{what}");
            }
        }
    }
}

/// Without an id a token cannot be worked on, but it works, and nobody gets it a second time.
#[tokio::test]
async fn a_token_whose_id_nobody_tells_is_not_lost() {
    for body in [
        json!({"token": "nothing-to-read-here"}),
        json!({"token": "prefix_5f1d0c9e"}),
        json!({"token": "_5f1d0c9e", "id": "seven"}),
        json!({"token": "5f1d0c9e", "id": 0}),
    ] {
        let (vendor, account) = always(200, body.clone()).await;
        let issued = account.create(&creation(json!({"name": "test", "role_id": 2}))).await.unwrap();
        assert_eq!(exposed(&issued.parts, "token"), body["token"].as_str().unwrap());
        assert_eq!(issued.credential.id, format!("{CLIENT}/unknown"));
        let unknown = issued.warnings.iter().any(|warning| warning.message.contains("does not hold the id"));
        assert!(unknown, "{:?}", issued.warnings);
        // No operation takes that id for one of a token.
        assert_eq!(problem(account.revoke(&issued.credential.id).await), ("/id".to_owned(), Problem::Format));
        assert_eq!(vendor.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_body_that_lacks_the_id_has_it_before_the_separator() {
    for token in
        ["768660_5f1d0c9e8b7a6f5e", "768660$5f1d0c9e8b7a6f5e", "768660$5f_1d0c9e8b7a6f5e", "768660_5f$1d0c9e8b7a6f5e"]
    {
        let mut answer = created();
        answer["token"] = json!(token);
        answer["id"] = Value::Null;
        let (_vendor, account) = always(200, answer).await;
        let asked = creation(json!({"name": "test", "description": "ci", "role_id": 2}));
        let issued = account.create(&asked).await.unwrap();
        assert_eq!((issued.credential.id.as_str(), issued.warnings.len()), (ID, 0), "{token} {:?}", issued.warnings);
        assert_eq!(exposed(&issued.parts, "token"), token);
        assert_eq!(issued.credential.attributes["user_id"], 1_023_101);
    }
}

#[tokio::test]
async fn what_is_not_as_asked_is_a_warning_and_the_token_is_kept() {
    let soon = Utc::now() + TimeDelta::days(1);
    for (place, told, says) in [
        ("/exp_date", Value::Null, "did not set the expiry"),
        ("/exp_date", json!("tomorrow"), "no readable exp_date"),
        ("/created", json!(7), "no readable created"),
        ("/client_user", Value::Null, "no readable role"),
        ("/client_user/role", json!({"id": 1, "name": "Administrators"}), "another role"),
        ("/name", json!("tes"), "did not keep the name"),
        ("/description", json!("ci [keywright:g"), "did not keep the marker g1"),
        ("/description", json!("CI [keywright:g1]"), "did not keep the description"),
        ("/id", json!(768_661), "starts with 768660"),
    ] {
        let mut answer = created();
        answer["exp_date"] = json!(soon.to_rfc3339());
        answer["description"] = json!("ci [keywright:g1]");
        *answer.pointer_mut(place).unwrap() = told.clone();
        let (_vendor, account) = always(200, answer.clone()).await;
        let attributes = object(json!({"name": "test", "description": "ci", "role_id": 2}));
        let asked = CreateRequest {
            attributes,
            marker: Some("g1".to_owned()),
            expires_at: Some(soon),
            ..CreateRequest::default()
        };
        let issued = account.create(&asked).await.unwrap();
        assert_eq!(exposed(&issued.parts, "token"), answer["token"].as_str().unwrap());
        assert!(
            issued.warnings.iter().any(|warning| warning.message.contains(says)),
            "{place} {told}: {:?}",
            issued.warnings
        );
    }
}

#[tokio::test]
async fn an_expiry_that_nobody_asked_for_is_a_warning() {
    let mut answer = created();
    answer["exp_date"] = json!("2935-01-01T00:00:00Z");
    let (_vendor, account) = always(200, answer).await;
    let issued = account.create(&creation(json!({"name": "test", "description": "ci", "role_id": 2}))).await.unwrap();
    assert!(
        issued.warnings[0].message.contains("2935-01-01T00:00:00Z, which was not asked for"),
        "{:?}",
        issued.warnings
    );
}

/// 201 is not what is documented, and no reason to lose a token.
#[tokio::test]
async fn a_token_in_an_answer_of_another_success_is_kept() {
    for status in [200, 201, 202, 207] {
        let (_vendor, account) = always(status, created()).await;
        let issued = account.create(&creation(json!({"name": "test", "role_id": 2}))).await.unwrap();
        assert_eq!(issued.credential.id, ID);
    }
}

#[tokio::test]
async fn a_role_is_named_by_its_id_or_its_name() {
    let bench = Bench::start().await;
    for (id, name) in [
        (1, "Administrators"),
        (2, "Users"),
        (5, "Engineers"),
        (3009, "Purge and Prefetch only (API+Web)"),
        (3022, "Purge and Prefetch only (API)"),
    ] {
        for role in [json!({"role_id": id}), json!({"role_name": name}), json!({"role_id": id, "role_name": name})] {
            let mut attributes = object(role);
            attributes.insert("name".to_owned(), json!("test"));
            let mark = bench.mark();
            let issued = bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap();
            assert_eq!(body(&bench, mark)["client_user"], json!({"role": {"id": id, "name": name}}));
            assert_eq!(issued.credential.attributes["role_id"], id);
            assert_eq!(issued.credential.attributes["role_name"], name);
        }
    }
}

#[tokio::test]
async fn a_role_that_is_not_known_goes_as_it_is_and_the_vendor_decides() {
    let bench = Bench::start().await;
    for (role, sent, pointer) in [
        (json!({"role_id": 77}), json!({"id": 77}), "/attributes/role_id"),
        (json!({"role_name": "RoleName"}), json!({"name": "RoleName"}), "/attributes/role_name"),
        (json!({"role_id": 77, "role_name": "X"}), json!({"id": 77, "name": "X"}), "/attributes/role_id"),
    ] {
        let mut attributes = object(role);
        attributes.insert("name".to_owned(), json!("test"));
        let mark = bench.mark();
        let problems = problems(bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await);
        assert_eq!(body(&bench, mark)["client_user"]["role"], sent);
        assert_eq!((problems[0].pointer.as_str(), problems[0].problem), (pointer, Problem::Constraint));
        assert!(problems[0].message.contains("Invalid role: "), "{}", problems[0].message);
    }
}

#[tokio::test]
async fn attributes_that_do_not_fit_are_refused_by_name_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (attributes, pointer, kind) in [
        (json!({"role_id": 2}), "/attributes/name", Problem::Required),
        (json!({"role_id": 2, "name": ""}), "/attributes/name", Problem::Constraint),
        (json!({"role_id": 2, "name": 7}), "/attributes/name", Problem::Format),
        (json!({"role_id": "2", "name": "x"}), "/attributes/role_id", Problem::Format),
        (json!({"role_id": 0, "name": "x"}), "/attributes/role_id", Problem::Constraint),
        (json!({"role_id": 1, "role_name": "Users", "name": "x"}), "/attributes/role_name", Problem::Constraint),
        (json!({"role_id": 77, "role_name": "Users", "name": "x"}), "/attributes/role_name", Problem::Constraint),
        (json!({"role_id": 2, "name": "x", "user_id": 7}), "/attributes/user_id", Problem::Constraint),
        (json!({"role_id": 2, "name": "x", "rolename": "x"}), "/attributes/rolename", Problem::Unknown),
    ] {
        let outcome = bench.account.create(&creation(attributes.clone())).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind), "{attributes}");
    }
    let without_role = failure(bench.account.create(&creation(json!({"name": "x"}))).await);
    assert!(without_role.message.contains("role_id, role_name"), "{without_role}");
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn an_expiry_is_the_same_instant_however_it_is_written() {
    let east = FixedOffset::east_opt(2 * 3600 + 1800).unwrap();
    let wanted = in_30_days().with_timezone(&east);
    for exp_date in ["normalised", "as-sent"] {
        for date_form in ["rfc3339", "spaced"] {
            let bench = Bench::builder().option("exp-date", exp_date).option("date-form", date_form).start().await;
            let asked = CreateRequest { expires_at: Some(wanted.to_utc()), ..bench.creation(2, "") };
            let issued = bench.account.create(&asked).await.unwrap();
            assert_eq!(issued.credential.expires_at.instant().unwrap(), wanted, "{exp_date} {date_form}");
            assert!(issued.credential.created_at.instant().is_some(), "{exp_date} {date_form}");
            assert_eq!(issued.warnings, [""; 0], "{exp_date} {date_form}");
        }
    }
}

#[tokio::test]
async fn an_expiry_is_kept_to_the_microsecond() {
    let bench = Bench::start().await;
    let wanted = in_30_days() + TimeDelta::nanoseconds(123_456_789);
    let asked = CreateRequest { expires_at: Some(wanted), ..bench.creation(2, "") };
    let issued = bench.account.create(&asked).await.unwrap();
    assert_eq!(issued.credential.expires_at, Some(wanted.trunc_subsecs(6)));
    assert_eq!(issued.warnings, [""; 0]);
}

#[tokio::test]
async fn a_marker_is_kept_beside_the_description_and_is_no_part_of_it() {
    let bench = Bench::start().await;
    let asked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation(2, "ci") };
    let mark = bench.mark();
    let issued = bench.account.create(&asked).await.unwrap();
    assert_eq!(body(&bench, mark)["description"], "ci [keywright:g1]");
    let stored = bench.stored(&issued.credential.id).await;
    for token in [&issued.credential, &stored] {
        assert_eq!((&token.attributes["description"], token.marker.as_deref()), (&json!("ci"), Some("g1")));
    }
    bench.token("[keywright:g1] is only mentioned").await;
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn a_description_with_a_marker_has_255_characters_and_without_one_the_vendor_decides() {
    let bench = Bench::builder().option("longest-description", 300).start().await;
    let marker = "generation-7";
    let room = 255 - " [keywright:generation-7]".len();
    let with_marker =
        |length| CreateRequest { marker: Some(marker.to_owned()), ..bench.creation(2, &"é".repeat(length)) };
    let issued = bench.account.create(&with_marker(room)).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker.as_deref(), Some(marker));

    let mark = bench.mark();
    let refused = failure(bench.account.create(&with_marker(room + 1)).await);
    assert!(refused.message.contains(&format!("room for {room} characters")), "{refused}");
    assert_eq!(bench.lines_since(mark), [""; 0]);

    bench.token(&"é".repeat(300)).await;
    let outcome = bench.account.create(&bench.creation(2, &"é".repeat(301))).await;
    assert_eq!(problem(outcome), ("/attributes/description".to_owned(), Problem::Constraint));

    let longest = bench.account.adapter().descriptor().traits.marker.as_ref().unwrap().max_length as usize;
    let asked = CreateRequest { marker: Some("m".repeat(longest)), ..bench.creation(2, "") };
    let issued = bench.account.create(&asked).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await.marker, Some("m".repeat(longest)));
}

#[tokio::test]
async fn no_credential_prints_a_secret() {
    for answer in ["full", "token-only"] {
        let bench = Bench::builder().option("creation-answer", answer).start().await;
        let issued = bench.token("ci").await;
        let secret = exposed(&issued.parts, "token");
        let read = bench.stored(&issued.credential.id).await;
        let listed = bench.account.list_all(&Default::default()).await.unwrap();
        let secrets = [secret.split_once('_').unwrap().1, &bench.own("token")];
        for text in [
            format!("{issued:?} {read:?} {listed:?}"),
            serde_json::to_string(&issued.credential).unwrap(),
            serde_json::to_string(&listed).unwrap(),
        ] {
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
    }
}
