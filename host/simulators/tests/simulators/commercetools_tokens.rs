//! The authorization host.

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::commercetools_client::{Commercetools, FORM, basic, refusal};

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test]
async fn a_client_gets_a_token_with_all_that_it_has() {
    let project = Commercetools::start(&[]).await;
    let own = basic(&project.id, &project.secret);
    // A scope that is empty is none: the Terraform provider sends one when none is configured.
    for form in [GRANT.to_owned(), format!("{GRANT}&scope=")] {
        let answer = project.token(Some(&own), &form).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let token = answer.json();
        assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(172_800)));
        assert_eq!(token["access_token"].as_str().unwrap().len(), 32);
        let scopes = ["manage_project", "manage_api_clients", "view_api_clients"].map(|name| project.scope(name));
        assert_eq!(token["scope"], scopes.join(" "));
    }
}

#[tokio::test]
async fn a_client_says_who_it_is_in_any_of_three_ways() {
    let project = Commercetools::start(&[]).await;
    let plain = basic(&project.id, &project.secret);
    // As the Go library does it: each encoded, then joined. A letter that needs no encoding may have one.
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let percent = basic(&encoded(&project.id), &encoded(&project.secret));
    let form = format!("{GRANT}&client_id={}&client_secret={}", project.id, project.secret);
    for (authorization, form) in [(Some(plain), GRANT), (Some(percent), GRANT), (None, form.as_str())] {
        assert_eq!(project.token(authorization.as_deref(), form).await.status, 200);
    }
}

#[tokio::test]
async fn whoever_is_not_known_is_refused() {
    let project = Commercetools::start(&[]).await;
    let half = format!("{GRANT}&client_id={}", project.id);
    let wrong = [
        (Some(basic(&project.id, "wrong")), GRANT),
        (Some(basic("nobody", &project.secret)), GRANT),
        (Some(format!("Bearer {}", project.secret)), GRANT),
        (Some("Basic ?".to_owned()), GRANT),
        (None, half.as_str()),
        (None, GRANT),
    ];
    for (authorization, form) in wrong {
        let answer = project.token(authorization.as_deref(), form).await;
        assert_eq!(refusal(&answer), (401, "invalid_client".to_owned()));
        let message = "Please provide valid client credentials using HTTP Basic Authentication.";
        assert_eq!((&answer.json()["error"], &answer.json()["message"]), (&json!("invalid_client"), &json!(message)));
    }
}

#[tokio::test]
async fn a_scope_that_is_asked_for_must_be_ones_own() {
    let project = Commercetools::start(&[]).await;
    let own = basic(&project.id, &project.secret);
    let ask = async |scope: &str| project.token(Some(&own), &format!("{GRANT}&scope={scope}")).await;
    let key = &project.key;
    let narrowed = ask(&format!("manage_api_clients%3A{key}+manage_api_clients:{key}")).await;
    assert_eq!(narrowed.json()["scope"], project.scope("manage_api_clients"));
    let beyond = ask(&format!("manage_orders%3A{key}")).await;
    assert_eq!(refusal(&beyond), (400, "invalid_scope".to_owned()));
    let message = beyond.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("Permissions exceeded. Only the following permissions can be requested: "),
        "{message}"
    );
    assert!(message.ends_with(&project.scope("view_api_clients")), "{message}");
    let malformed = ask("manage_orders").await;
    assert_eq!(refusal(&malformed), (400, "invalid_scope".to_owned()));
    assert_eq!(malformed.json()["error_description"], "Malformed parameter: scope: Invalid scope.");
}

#[tokio::test]
async fn managing_may_bring_viewing_along() {
    for (implies, status) in [("true", 200), ("false", 400)] {
        let options = [("manage-implies-view", implies), ("administrator-scope", "manage_api_clients")];
        let project = Commercetools::start(&options).await;
        let form = format!("{GRANT}&scope={}", project.scope("view_api_clients"));
        let answer = project.token(Some(&basic(&project.id, &project.secret)), &form).await;
        assert_eq!(answer.status, status);
        let api = project.ask(Method::GET, "", None).await;
        assert_eq!(api.status, if status == 200 { 200 } else { 403 });
    }
}

#[tokio::test]
async fn other_grants_and_none_are_refused() {
    let project = Commercetools::start(&[]).await;
    let own = basic(&project.id, &project.secret);
    for (form, code) in [("grant_type=password", "unsupported_grant_type"), ("", "invalid_request")] {
        assert_eq!(refusal(&project.token(Some(&own), form).await), (400, code.to_owned()));
    }
    // What is no form is not read as one.
    let headers = [("authorization", own.as_str()), ("content-type", "application/json")];
    let answer = project.send(Method::POST, "/oauth/token", &headers, GRANT.to_owned()).await;
    assert_eq!(refusal(&answer), (400, "invalid_request".to_owned()));
    // The API description has the fields in the query.
    let path = format!("/oauth/token?{GRANT}");
    let answer = project.send(Method::POST, &path, &[("authorization", &own)], String::new()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_token_lives_as_long_as_its_client_says() {
    let project = Commercetools::start(&[]).await;
    let scope = format!("{} {}", project.scope("view_api_clients"), project.scope("introspect_oauth_tokens"));
    let made = project.create("short", json!({"scope": scope, "accessTokenValiditySeconds": 3600})).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let bearer = project.bearer_of(id, secret).await;
    let path = format!("/{}/api-clients", project.key);
    assert_eq!(project.ask_as(&bearer, Method::GET, &path, None).await.status, 200);

    let introspect = async || {
        let headers = [("authorization", basic(id, secret)), ("content-type", FORM.to_owned())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let token = format!("token={}", bearer.strip_prefix("Bearer ").unwrap());
        project.send(Method::POST, "/oauth/introspect", &headers, token).await.json()
    };
    let known = introspect().await;
    assert_eq!((&known["active"], &known["scope"]), (&json!(true), &json!(scope)));
    let left = known["exp"].as_i64().unwrap() - project.simulator.vendor().clock().now().timestamp_millis();
    assert!((3_590_000..=3_600_000).contains(&left), "{left}");

    project.simulator.vendor().clock().advance(Duration::from_secs(3600));
    let answer = project.ask_as(&bearer, Method::GET, &path, None).await;
    assert_eq!(refusal(&answer), (401, "invalid_token".to_owned()));
    assert_eq!(answer.json()["error"], "invalid_token");
    assert_eq!(introspect().await, json!({"active": false}));
}

#[tokio::test]
async fn looking_into_tokens_takes_a_scope() {
    let project = Commercetools::start(&[]).await;
    let own = basic(&project.id, &project.secret);
    let headers = [("authorization", own.as_str()), ("content-type", FORM)];
    let answer = project.send(Method::POST, "/oauth/introspect", &headers, "token=x".to_owned()).await;
    assert_eq!(refusal(&answer), (403, "insufficient_scope".to_owned()));
}

#[tokio::test]
async fn a_token_request_leaves_the_day_of_it() {
    let project = Commercetools::start(&[]).await;
    let made = project.create("used", json!({})).await;
    assert_eq!(project.get(&made["id"]).await.json().get("lastUsedAt"), None);
    project.bearer_of(made["id"].as_str().unwrap(), made["secret"].as_str().unwrap()).await;
    let used = project.get(&made["id"]).await.json()["lastUsedAt"].clone();
    assert_eq!(used, project.simulator.vendor().clock().now().date_naive().to_string());
}

#[tokio::test]
async fn a_new_client_may_not_be_known_at_once() {
    let project = Commercetools::start(&[("new-client-delay", "5000")]).await;
    let made = project.create("new", json!({})).await;
    let own = basic(made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(project.token(Some(&own), GRANT).await.status, 401);
    project.simulator.vendor().clock().advance(Duration::from_secs(5));
    assert_eq!(project.token(Some(&own), GRANT).await.status, 200);
}

#[tokio::test]
async fn tokens_outlive_their_client_or_not() {
    for (tokens, status) in [("live", 200), ("die", 401)] {
        let project = Commercetools::start(&[("tokens-of-deleted", tokens)]).await;
        let made = project.create("short", json!({"scope": project.scope("view_api_clients")})).await;
        let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let bearer = project.bearer_of(id, secret).await;
        assert_eq!(project.delete(&made["id"]).await.status, 200);
        let path = format!("/{}/api-clients", project.key);
        assert_eq!(project.ask_as(&bearer, Method::GET, &path, None).await.status, status, "{tokens}");
        assert_eq!(project.token(Some(&basic(id, secret)), GRANT).await.status, 401);
    }
}

#[tokio::test]
async fn a_call_to_the_token_endpoint_can_be_struck_by_itself() {
    let project = Commercetools::start(&[]).await;
    let bearer = project.bearer().await;
    project.fault("server-error@token*1");
    let path = format!("/{}/api-clients", project.key);
    assert_eq!(project.ask_as(&bearer, Method::GET, &path, None).await.status, 200);
    let answer = project.token(Some(&basic(&project.id, &project.secret)), GRANT).await;
    assert_eq!(refusal(&answer), (500, "General".to_owned()));
    assert!(answer.header("x-correlation-id").is_some());
}
