//! Reading API clients, and oneself.

use chrono::Utc;
use keywright_runtime::{Date, Operation, Outcome, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{CommercetoolsBench as Bench, Reply};
use serde_json::json;

use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_client_is_read_as_it_was_made() {
    let bench = Bench::start().await;
    let issued = bench.account.create(&bench.sample()).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn a_client_made_by_hand_is_imported_by_its_id() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let client = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!((client.id, client.marker), (id, None));
    assert_eq!(client.attributes["name"], "made by hand");
    assert_eq!(reason(bench.account.import("nobody").await), Reason::NotFound);
}

#[tokio::test]
async fn the_day_of_the_last_use_is_told() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    assert_eq!(bench.stored(&issued.credential.id).await.last_used_at, None);
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    let used = bench.stored(&issued.credential.id).await.last_used_at;
    assert_eq!(used, Some(Utc::now().date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc()));
}

#[tokio::test]
async fn dates_are_read_in_every_form_that_json_writers_use() {
    let at = |text: &str| Date::At(text.parse().unwrap());
    for (value, expected) in [
        (json!("2026-10-20T14:30:00.000Z"), at("2026-10-20T14:30:00Z")),
        (json!("2026-10-20T16:30:00+0200"), at("2026-10-20T14:30:00Z")),
        (json!("2026-10-20 14:30:00Z"), at("2026-10-20T14:30:00Z")),
        (json!("2026-10-20"), at("2026-10-20T00:00:00Z")),
        (json!(null), Date::None),
        (json!("soon"), Date::Unreadable("soon".to_owned())),
        (json!(7), Date::Unreadable("7".to_owned())),
    ] {
        let answer = json!({
            "id": "x", "name": "ci", "scope": "a:pk", "createdAt": value, "deleteAt": value, "lastUsedAt": value,
        });
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(200, &answer)).await;
        let read = account.get("x").await.unwrap().unwrap();
        for date in [&read.created_at, &read.expires_at, &read.last_used_at] {
            assert_eq!(*date, expected, "{value}");
        }
    }
}

#[tokio::test]
async fn the_descriptor_says_what_a_lifecycle_needs_to_know() {
    let bench = Bench::start().await;
    let traits = serde_json::to_value(&bench.account.adapter().descriptor().traits).unwrap();
    assert_eq!(
        traits["expiry"],
        json!({"support": "at-creation", "required": false, "least": null, "most": null, "granularity": 86_400})
    );
    assert_eq!(traits["last_used"]["precision"], "day");
    assert_eq!((&traits["quota"], &traits["disabling"]), (&json!(null), &json!(null)));
    assert_eq!(traits["secret_readable"], false);
}

#[tokio::test]
async fn a_client_that_is_not_there_is_none() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    assert_eq!(bench.account.get("nobody").await.unwrap(), None);
    assert_eq!(bench.methods_since(mark), ["POST", "GET"], "the token, and the client");
}

/// A 404 may have no body. Then it is not known what is missing, until the project shows its list.
#[tokio::test]
async fn a_404_that_says_nothing_is_none_only_when_the_project_is_there() {
    let bench = Bench::builder().option("not-found-body", false).start().await;
    let id = bench.client("ci").await.credential.id;
    let mark = bench.mark();
    assert_eq!(bench.account.get("nobody").await.unwrap(), None);
    assert_eq!(bench.methods_since(mark), ["GET", "GET"]);
    let elsewhere = bench.account_at(json!({"project_key": "elsewhere"})).unwrap();
    assert_eq!(problem(elsewhere.get(&id).await), ("/settings/project_key".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn a_wrong_project_is_no_reason_to_take_a_client_for_gone() {
    for (answered, body) in [("not-found", true), ("not-found", false), ("forbidden", true)] {
        let bench = Bench::builder().option("other-project", answered).option("not-found-body", body).start().await;
        let id = bench.client("ci").await.credential.id;
        let elsewhere = bench.account_at(json!({"project_key": "elsewhere"})).unwrap();
        let attributes = keywright_tests::object(json!({"name": "ci", "scope": ["a:elsewhere"]}));
        let creation = keywright_runtime::CreateRequest { attributes, ..Default::default() };
        let refusals = [
            failure(elsewhere.get(&id).await),
            failure(elsewhere.revoke(&id).await),
            failure(elsewhere.list(&Default::default(), None).await),
            failure(elsewhere.create(&creation).await),
        ];
        for refusal in refusals {
            match answered {
                "forbidden" => assert_eq!(refusal.reason, Reason::Forbidden),
                _ => assert!(refusal.message.starts_with("/settings/project_key names no project"), "{refusal}"),
            }
        }
        assert!(bench.account.get(&id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_404_of_something_else_is_no_answer() {
    for body in ["<html>Not Found</html>", "{}", r#"{"message":"no route"}"#] {
        let (_vendor, account) = Bench::scripted(move |_| Reply::new(404, "text/html", body)).await;
        assert_eq!(reason(account.get("x").await), Reason::UnexpectedResponse);
        assert_eq!(reason(account.revoke("x").await), Reason::InDoubt);
    }
}

/// Neither of a client nor of an end: no page of the vendor has it.
#[tokio::test]
async fn a_410_is_a_failure() {
    let body =
        json!({"statusCode": 410, "message": "gone", "errors": [{"code": "ResourceNotFound", "message": "gone"}]});
    for reply in [Reply::empty(410), Reply::json(410, &body)] {
        let (_vendor, account) = Bench::scripted(move |_| reply.clone()).await;
        assert_eq!(reason(account.get("x").await), Reason::NotFound);
        assert_eq!(reason(account.revoke("x").await), Reason::NotFound);
    }
}

#[tokio::test]
async fn a_reading_that_is_answered_by_no_client_is_unexpected() {
    for (reply, says) in [
        (Reply::new(200, "text/html", "<html>OK</html>"), "it is not JSON"),
        (Reply::new(200, "application/json", "{\"id\": \"x"), "it is not JSON"),
        (Reply::empty(200), "it is empty"),
        (Reply::json(200, &json!({"name": "ci"})), "it has no id of an API client"),
        (Reply::json(200, &json!([])), "it has no id of an API client"),
        (Reply::empty(302), "it is neither a result nor a refusal"),
    ] {
        let (_vendor, account) = Bench::scripted(move |_| reply.clone()).await;
        for failure in [failure(account.get("x").await), failure(account.check().await)] {
            assert_eq!(failure.reason, Reason::UnexpectedResponse, "{failure}");
            assert!(failure.message.contains(says), "{failure}");
        }
    }
}

#[tokio::test]
async fn an_answer_about_another_client_is_not_believed() {
    let answer = json!({"id": "another", "name": "ci", "scope": "a:pk"});
    let (_vendor, account) = Bench::scripted(move |_| Reply::json(200, &answer)).await;
    assert_eq!(reason(account.get("x").await), Reason::UnexpectedResponse);
    assert_eq!(reason(account.revoke("x").await), Reason::InDoubt);
    assert_eq!(reason(account.check().await), Reason::UnexpectedResponse);
}

#[tokio::test]
async fn who_one_is_and_may_do_is_told_by_the_client_itself() {
    use Operation::{Create, Get, List, Revoke};
    for (scope, implied, allowed, refused) in [
        ("manage_project,manage_api_clients,view_api_clients", false, vec![Get, List, Create, Revoke], vec![]),
        ("view_api_clients", false, vec![Get, List], vec![Create, Revoke]),
        ("manage_api_clients", true, vec![Get, List, Create, Revoke], vec![]),
        // What it has is not known to a client that may not read itself.
        ("manage_api_clients", false, vec![], vec![Get, List]),
        ("manage_project", false, vec![], vec![Get, List]),
    ] {
        let bench =
            Bench::builder().option("administrator-scope", scope).option("manage-implies-view", implied).start().await;
        let principal = bench.account.check().await.unwrap();
        assert_eq!((principal.allowed, principal.refused), (allowed.clone(), refused), "{scope}");
        if allowed.is_empty() {
            assert_eq!(principal.credential_id, None);
        } else {
            assert_eq!(principal.credential_id, Some(bench.own("client_id")));
            assert_eq!(principal.details["name"], "the administrator");
            assert_eq!(principal.details["scope"].as_array().unwrap().len(), scope.split(',').count());
        }
    }
}

#[tokio::test]
async fn a_client_of_another_project_is_told_so() {
    let bench = Bench::start().await;
    let elsewhere = bench.account_at(json!({"project_key": "elsewhere"})).unwrap();
    assert_eq!(problem(elsewhere.check().await).0, "/settings/project_key");
    let body = json!({
        "statusCode": 404, "message": "The Resource with ID 'administrator' was not found.",
        "errors": [{"code": "ResourceNotFound", "message": "The Resource with ID 'administrator' was not found."}],
    });
    let (_vendor, account) = Bench::scripted(move |_| Reply::json(404, &body)).await;
    let failure = failure(account.check().await);
    assert_eq!(failure.reason, Reason::NotFound);
    assert!(failure.message.contains("correct the setting project_key"), "{failure}");
}

#[tokio::test]
async fn settings_that_make_no_host_or_path_are_refused() {
    let bench = Bench::start().await;
    for settings in [
        json!({"region": "europe-west1"}),
        json!({"region": "europe-west1.gcp.evil.example/"}),
        json!({"region": "evil.example#.gcp"}),
        json!({"region": "a.b.c"}),
        json!({"region": ""}),
        json!({"project_key": "a/b"}),
        json!({"project_key": "a:b"}),
        json!({"project_key": ""}),
    ] {
        let error = bench.account_at(settings.clone()).err().unwrap_or_else(|| panic!("{settings} is taken"));
        assert!(error.to_string().contains("/settings/"), "{error}");
    }
    for region in ["us-central1.gcp", "us-east-2.aws", "eu-central-1.aws", "australia-southeast1.gcp", "eastus.azure"] {
        bench.account_at(json!({"region": region})).unwrap();
    }
}
