//! API clients one at a time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::commercetools_client::{Commercetools, refusal};

fn instant(value: &Value) -> DateTime<Utc> {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), "2026-10-20T14:30:00.000Z".len(), "{text}");
    text.parse().unwrap()
}

#[tokio::test]
async fn a_client_is_shown_with_its_secret_once() {
    let project = Commercetools::start(&[]).await;
    let more = json!({
        "accessTokenValiditySeconds": 3600, "refreshTokenValiditySeconds": 60, "deleteDaysAfterCreation": 90,
    });
    let mut made = project.create("My API Client", more).await;
    assert_eq!((made["id"].as_str().unwrap().len(), made["secret"].as_str().unwrap().len()), (24, 32));
    assert_eq!(instant(&made["deleteAt"]) - instant(&made["createdAt"]), TimeDelta::days(90));
    let names: Vec<_> = made.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "accessTokenValiditySeconds",
        "createdAt",
        "deleteAt",
        "id",
        "name",
        "refreshTokenValiditySeconds",
        "scope",
        "secret",
    ];
    assert_eq!(names, expected);
    made.as_object_mut().unwrap().remove("secret");
    assert_eq!(project.get(&made["id"]).await.json(), made);
    let deleted = project.delete(&made["id"]).await;
    assert_eq!((deleted.status.as_u16(), deleted.json()), (200, made));
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_shown() {
    let project = Commercetools::start(&[]).await;
    let made = project.create("plain", json!({})).await;
    let names: Vec<_> = made.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["createdAt", "id", "name", "scope", "secret"]);
}

#[tokio::test]
async fn a_client_that_is_not_there_is_a_404_with_or_without_a_body() {
    for body in ["true", "false"] {
        let project = Commercetools::start(&[("not-found-body", body)]).await;
        let id = project.create("x", json!({})).await["id"].clone();
        assert_eq!(project.delete(&id).await.status, 200);
        for method in [Method::GET, Method::DELETE] {
            let answer = project.ask(method, &format!("/{}", id.as_str().unwrap()), None).await;
            if body == "true" {
                assert_eq!(refusal(&answer), (404, "ResourceNotFound".to_owned()));
                let message = format!("The Resource with ID '{}' was not found.", id.as_str().unwrap());
                assert_eq!(answer.json()["message"], message);
            } else {
                assert_eq!((answer.status.as_u16(), answer.body.len()), (404, 0));
            }
        }
        let head = project.ask(Method::HEAD, &format!("/{}", id.as_str().unwrap()), None).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (404, 0));
    }
}

#[tokio::test]
async fn whether_a_client_is_there_can_be_asked_without_its_body() {
    let project = Commercetools::start(&[]).await;
    let id = project.create("x", json!({})).await["id"].as_str().unwrap().to_owned();
    let head = project.ask(Method::HEAD, &format!("/{id}"), None).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}

#[tokio::test]
async fn drafts_are_checked_field_by_field() {
    let project = Commercetools::start(&[("longest-name", "5")]).await;
    let scope = project.scope("view_products");
    for (draft, code, field) in [
        (json!({"scope": scope}), "RequiredField", "name"),
        (json!({"name": "a"}), "RequiredField", "scope"),
        (json!({"name": "a", "scope": " "}), "RequiredField", "scope"),
        (json!({"name": "", "scope": scope}), "RequiredField", "name"),
        (json!({"name": "abcdef", "scope": scope}), "InvalidField", "name"),
        (json!({"name": 1, "scope": scope}), "InvalidField", "name"),
        (json!({"name": "a", "scope": "view_products"}), "InvalidField", "scope"),
        (json!({"name": "a", "scope": "view_products:other"}), "InvalidField", "scope"),
        (json!({"name": "a", "scope": [scope]}), "InvalidField", "scope"),
        (
            json!({"name": "a", "scope": scope, "accessTokenValiditySeconds": 3599}),
            "InvalidField",
            "accessTokenValiditySeconds",
        ),
        (
            json!({"name": "a", "scope": scope, "accessTokenValiditySeconds": 604_801}),
            "InvalidField",
            "accessTokenValiditySeconds",
        ),
        (
            json!({"name": "a", "scope": scope, "refreshTokenValiditySeconds": 29}),
            "InvalidField",
            "refreshTokenValiditySeconds",
        ),
        (
            json!({"name": "a", "scope": scope, "refreshTokenValiditySeconds": 1.5}),
            "InvalidField",
            "refreshTokenValiditySeconds",
        ),
        (json!({"name": "a", "scope": scope, "deleteDaysAfterCreation": 0}), "InvalidField", "deleteDaysAfterCreation"),
        (
            json!({"name": "a", "scope": scope, "deleteDaysAfterCreation": u64::MAX}),
            "InvalidField",
            "deleteDaysAfterCreation",
        ),
        (json!({"name": "a", "scope": scope, "colour": "red"}), "InvalidField", "colour"),
    ] {
        let answer = project.try_create(draft.clone()).await;
        assert_eq!(refusal(&answer), (400, code.to_owned()), "{draft}");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{draft}");
        if code == "InvalidField" {
            assert_eq!(answer.json()["errors"][0]["invalidValue"], draft[field]);
        }
    }
    let answer = project.try_create(json!([])).await;
    assert_eq!(refusal(&answer), (400, "InvalidJsonInput".to_owned()));
    assert!(answer.json()["errors"][0]["detailedErrorMessage"].is_string());
}

#[tokio::test]
async fn scopes_may_come_back_reordered_and_widened() {
    for (reordering, widening, expected) in [
        ("false", "false", vec!["manage_orders", "manage_payments"]),
        ("true", "false", vec!["manage_payments", "manage_orders"]),
        ("false", "true", vec!["manage_orders", "view_orders", "manage_payments", "view_payments"]),
        ("true", "true", vec!["view_payments", "manage_payments", "view_orders", "manage_orders"]),
    ] {
        let project = Commercetools::start(&[("scope-reordering", reordering), ("scope-widening", widening)]).await;
        let asked = format!("  {}\t{}", project.scope("manage_orders"), project.scope("manage_payments"));
        let made = project.create("x", json!({"scope": asked})).await;
        let expected: Vec<String> = expected.into_iter().map(|name| project.scope(name)).collect();
        assert_eq!(made["scope"], expected.join(" "));
        assert_eq!(project.get(&made["id"]).await.json()["scope"], made["scope"]);
    }
}

#[tokio::test]
async fn a_full_project_takes_no_more() {
    let project = Commercetools::start(&[("quota", "2")]).await;
    let first = project.create("the last", json!({})).await;
    let one_more = json!({"name": "one more", "scope": project.scope("view_products")});
    let answer = project.try_create(one_more.clone()).await;
    assert_eq!(refusal(&answer), (400, "MaxResourceLimitExceeded".to_owned()));
    assert!(answer.json()["errors"][0]["exceededResource"].is_string());
    project.delete(&first["id"]).await;
    assert_eq!(project.try_create(one_more).await.status, 201);
}

#[tokio::test]
async fn names_are_unique_or_not() {
    for (unique, status) in [("false", 201), ("true", 400)] {
        let project = Commercetools::start(&[("unique-names", unique)]).await;
        project.create("same", json!({})).await;
        let answer = project.try_create(json!({"name": "same", "scope": project.scope("view_products")})).await;
        assert_eq!(answer.status, status);
        if status == 400 {
            assert_eq!(refusal(&answer).1, "DuplicateField");
            assert_eq!(answer.json()["errors"][0]["duplicateValue"], "same");
        }
    }
}

#[tokio::test]
async fn a_maker_may_hand_on_more_than_it_has_or_not() {
    for (escalation, scope, status) in [
        ("allow", "manage_api_clients", 201),
        ("refuse", "manage_api_clients", 403),
        ("refuse", "manage_api_clients,manage_project", 201),
    ] {
        let project = Commercetools::start(&[("escalation", escalation), ("administrator-scope", scope)]).await;
        let answer = project.try_create(json!({"name": "a", "scope": project.scope("manage_orders")})).await;
        assert_eq!(answer.status, status, "{escalation} {scope}");
    }
}

#[tokio::test]
async fn a_client_ends_when_its_days_are_over_or_shortly_after() {
    for delay in [0_u64, 600] {
        let project = Commercetools::start(&[("deletion-delay", &delay.to_string())]).await;
        let made = project.create("x", json!({"deleteDaysAfterCreation": 1})).await;
        let clock = project.simulator.vendor().clock();
        clock.advance(Duration::from_secs(24 * 3600 - 60));
        assert_eq!(project.get(&made["id"]).await.status, 200);
        clock.advance(Duration::from_secs(60));
        assert_eq!(project.get(&made["id"]).await.status, if delay == 0 { 404 } else { 200 });
        clock.advance(Duration::from_secs(delay));
        assert_eq!(project.get(&made["id"]).await.status, 404);
    }
}

#[tokio::test]
async fn every_route_takes_its_scope() {
    for (scope, expected) in [("view_api_clients", [403, 200, 200, 403]), ("manage_api_clients", [201, 403, 403, 404])]
    {
        let project = Commercetools::start(&[("administrator-scope", scope)]).await;
        let draft = json!({"name": "a", "scope": project.scope("view_products")});
        let own = format!("/{}", project.id);
        let answers = [
            project.ask(Method::POST, "", Some(draft)).await,
            project.ask(Method::GET, "", None).await,
            project.ask(Method::GET, &own, None).await,
            project.ask(Method::DELETE, "/nobody", None).await,
        ];
        assert_eq!(answers.each_ref().map(|answer| answer.status.as_u16()), expected, "{scope}");
        let refused = answers.iter().find(|answer| answer.status == 403).unwrap();
        let missing =
            project.scope(if scope == "view_api_clients" { "manage_api_clients" } else { "view_api_clients" });
        assert_eq!(refusal(refused).1, "insufficient_scope");
        let message = format!("Insufficient scope. One of the following scopes is missing: {missing}.");
        assert_eq!(refused.json()["message"], message);
    }
}

#[tokio::test]
async fn a_request_without_a_good_token_is_refused() {
    let project = Commercetools::start(&[]).await;
    let path = format!("/{}/api-clients", project.key);
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "Basic eDp5")]] {
        let answer = project.send(Method::GET, &path, headers, String::new()).await;
        assert_eq!(refusal(&answer), (401, "invalid_token".to_owned()));
    }
}

#[tokio::test]
async fn another_project_is_not_found_or_forbidden() {
    for (answered, status) in [("not-found", 404), ("forbidden", 403)] {
        let project = Commercetools::start(&[("other-project", answered)]).await;
        let bearer = project.bearer().await;
        let answer = project.ask_as(&bearer, Method::GET, "/elsewhere/api-clients", None).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn the_project_shows_itself_to_who_may_see_it() {
    for (scope, status) in [("view_project_settings", 200), ("manage_project", 200), ("view_products", 403)] {
        let project = Commercetools::start(&[("administrator-scope", scope)]).await;
        let bearer = project.bearer().await;
        let path = format!("/{}", project.key);
        let answer = project.ask_as(&bearer, Method::GET, &path, None).await;
        assert_eq!(answer.status, status);
        assert_eq!(project.ask_as(&bearer, Method::HEAD, &path, None).await.status, status);
        if status == 200 {
            assert_eq!(answer.json()["key"], project.key);
        }
    }
}

#[tokio::test]
async fn an_answer_has_an_id_to_trace_it_by() {
    let project = Commercetools::start(&[]).await;
    let made = project.ask(Method::GET, "", None).await;
    assert!(made.header("x-correlation-id").unwrap().starts_with("projects-"));
    let bearer = project.bearer().await;
    let headers = [("authorization", bearer.as_str()), ("x-correlation-id", "mine")];
    let answer = project.send(Method::GET, &format!("/{}/api-clients", project.key), &headers, String::new()).await;
    assert_eq!(answer.header("x-correlation-id"), Some("mine"));
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_or_not() {
    for (seconds, expected) in [("7", Some("7")), ("0", None)] {
        let project = Commercetools::start(&[("retry-after", seconds)]).await;
        project.fault("rate-limit@list*1");
        let answer = project.ask(Method::GET, "", None).await;
        assert_eq!(refusal(&answer), (429, "OverCapacity".to_owned()));
        assert_eq!(answer.header("retry-after"), expected);
    }
}

#[tokio::test]
async fn nothing_can_be_changed() {
    let project = Commercetools::start(&[]).await;
    let id = project.create("x", json!({})).await["id"].as_str().unwrap().to_owned();
    for method in [Method::POST, Method::PUT, Method::PATCH] {
        assert_eq!(project.ask(method, &format!("/{id}"), Some(json!({"name": "y"}))).await.status, 405);
    }
    assert_eq!(project.ask(Method::GET, &format!("/{id}/secret"), None).await.status, 404);
}
