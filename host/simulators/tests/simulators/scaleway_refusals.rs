//! Every error, in the form in which it comes.

use http::Method;
use serde_json::{Value, json};

use crate::client::{APPLICATIONS, KEYS, Scaleway, USERS};

const NOBODY: &str = "0766588d-4a0e-4938-a140-544964da7870";

#[tokio::test]
async fn a_request_without_a_good_token_is_denied() {
    let scaleway = Scaleway::start(&[]).await;
    let cases = [
        (Some(NOBODY), "not_found"),
        (Some("not a uuid"), "invalid_argument"),
        (Some("0766588d4a0e4938a140544964da7870"), "invalid_argument"),
        (Some(scaleway.access_key.as_str()), "invalid_argument"),
        (Some(""), "invalid_argument"),
        (None, "invalid_argument"),
    ];
    for (token, reason) in cases {
        for path in [KEYS, APPLICATIONS, USERS] {
            let answer = scaleway.connection().await.send(Method::GET, path, token, None).await.unwrap();
            assert_eq!(answer.status, 401, "{token:?}");
            let expected = json!({
                "message": "authentication is denied",
                "method": "api_key",
                "reason": reason,
                "type": "denied_authentication",
            });
            assert_eq!(answer.json(), expected, "{token:?}");
        }
    }
}

#[tokio::test]
async fn an_application_without_rights_is_refused_everything_even_its_own_key() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({})).await;
    let secret = created["secret_key"].as_str().unwrap();
    let own = format!("{KEYS}/{}", created["access_key"].as_str().unwrap());
    let body = json!({"application_id": scaleway.application});
    let cases = [
        (Method::GET, own.as_str(), None, "read"),
        (Method::GET, KEYS, None, "read"),
        (Method::POST, KEYS, Some(body), "create"),
        (Method::PATCH, &own, Some(json!({})), "update"),
        (Method::DELETE, &own, None, "delete"),
    ];
    for (method, path, body, action) in cases {
        let answer = scaleway.send_as(secret, method.clone(), path, body).await.unwrap();
        assert_eq!(answer.status, 403, "{method} {path}");
        let expected = json!({
            "details": [{"action": action, "resource": "api_key"}],
            "message": "insufficient permissions",
            "type": "permissions_denied",
        });
        assert_eq!(answer.json(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_key_for_another_user_is_refused_whatever_the_rights() {
    let scaleway = Scaleway::start(&[]).await;
    let member = json!({"member": {"email": "someone@example.com"}});
    let member = scaleway.send(Method::POST, USERS, Some(member)).await.json();
    let answer = scaleway.send(Method::POST, KEYS, Some(json!({"user_id": member["id"]}))).await;
    assert_eq!((answer.status.as_u16(), answer.json()["type"].as_str()), (403, Some("permissions_denied")));
}

#[tokio::test]
async fn a_key_for_nobody_names_who_was_not_found() {
    let scaleway = Scaleway::start(&[]).await;
    for (field, resource) in [("application_id", "application"), ("user_id", "user")] {
        let answer = scaleway.send(Method::POST, KEYS, Some(json!({field: NOBODY}))).await;
        assert_eq!(answer.status, 404);
        let expected = json!({
            "message": "resource is not found",
            "resource": resource,
            "resource_id": NOBODY,
            "type": "not_found",
        });
        assert_eq!(answer.json(), expected);
    }
}

#[tokio::test]
async fn an_unknown_key_is_not_found() {
    let scaleway = Scaleway::start(&[]).await;
    let unknown = json!("SCWGONEGONEGONEGONEG");
    let answers = [
        scaleway.key(&unknown).await,
        scaleway.delete(&unknown).await,
        scaleway.update(&unknown, json!({"description": ""})).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 404);
        let expected = json!({
            "message": "resource is not found",
            "resource": "access_key",
            "resource_id": unknown,
            "type": "not_found",
        });
        assert_eq!(answer.json(), expected);
    }
}

#[tokio::test]
async fn a_bad_field_is_named_with_the_reason() {
    let scaleway = Scaleway::start(&[]).await;
    let application = &scaleway.application;
    let cases = [
        (json!({}), "application_id", "required"),
        (json!({"application_id": null}), "application_id", "required"),
        (json!({"application_id": application, "user_id": application}), "application_id", "constraint"),
        (json!({"application_id": "mine"}), "application_id", "format"),
        (json!({"user_id": 7}), "user_id", "format"),
        (json!({"application_id": application, "description": 7}), "description", "format"),
        (json!({"application_id": application, "description": "a".repeat(201)}), "description", "constraint"),
        (json!({"application_id": application, "colour": "red"}), "colour", "format"),
        (json!({"application_id": application, "default_project_id": "x"}), "default_project_id", "format"),
        (json!({"application_id": application, "expires_at": "tomorrow"}), "expires_at", "format"),
        (json!({"application_id": application, "expires_at": 1_900_000_000}), "expires_at", "format"),
        (json!({"application_id": application, "expires_at": "2020-01-01T00:00:00Z"}), "expires_at", "constraint"),
    ];
    for (body, argument, reason) in cases {
        let answer = scaleway.send(Method::POST, KEYS, Some(body.clone())).await;
        assert_eq!(answer.status, 400, "{body}");
        let answer = answer.json();
        assert_eq!(answer["type"], "invalid_arguments");
        assert_eq!(answer["message"], "invalid argument(s)");
        let details = answer["details"].as_array().unwrap();
        assert_eq!(details.len(), 1, "{body}");
        assert_eq!(details[0]["argument_name"], argument, "{body}");
        assert_eq!(details[0]["reason"], reason, "{body}");
        assert!(details[0]["help_message"].is_string(), "{body}");
    }
    assert_eq!(scaleway.application_keys().await, [] as [Value; 0], "nothing was made");
}

#[tokio::test]
async fn a_description_may_have_two_hundred_characters_of_any_kind() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({"description": "é".repeat(200)})).await;
    let answer = scaleway.update(&created["access_key"], json!({"description": "é".repeat(201)})).await;
    assert_eq!((answer.status.as_u16(), answer.json()["details"][0]["reason"].as_str()), (400, Some("constraint")));
}

#[tokio::test]
async fn an_update_takes_no_bearer() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({})).await;
    let answer = scaleway.update(&created["access_key"], json!({"application_id": NOBODY})).await;
    assert_eq!((answer.status.as_u16(), answer.json()["details"][0]["reason"].as_str()), (400, Some("format")));
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let scaleway = Scaleway::start(&[]).await;
    for body in ["", "{", "[]", "\"text\"", "null"] {
        let mut connection = scaleway.connection().await;
        let sent = connection.send(Method::POST, KEYS, Some(&scaleway.secret), Some(body.to_owned())).await;
        let answer = sent.unwrap();
        assert_eq!((answer.status.as_u16(), answer.json()["type"].as_str()), (400, Some("invalid_arguments")));
    }
}

#[tokio::test]
async fn the_organisation_has_a_quota_of_keys() {
    let scaleway = Scaleway::start(&[("quota", "2")]).await;
    let created = scaleway.create(json!({})).await;
    let answer = scaleway.try_create(json!({})).await;
    assert_eq!(answer.status, 403);
    let expected = json!({
        "details": [{"current": 2, "quota": 2, "resource": "iam_api_keys"}],
        "message": "quota(s) exceeded for this resource",
        "type": "quotas_exceeded",
    });
    assert_eq!(answer.json(), expected);

    scaleway.delete(&created["access_key"]).await;
    scaleway.create(json!({})).await;
}

#[tokio::test]
async fn a_key_must_expire_in_time_where_the_organisation_says_so() {
    let scaleway = Scaleway::start(&[("max-key-duration", "86400")]).await;
    let in_hours = |hours| (chrono::Utc::now() + chrono::TimeDelta::hours(hours)).to_rfc3339();

    let missing = scaleway.try_create(json!({})).await;
    assert_eq!(missing.status, 400);
    let expected = json!({
        "details": [{
            "argument_name": "expires_at",
            "help_message": "organization security settings require an expiration date for API keys",
            "reason": "constraint",
        }],
        "message": "invalid argument(s)",
        "type": "invalid_arguments",
    });
    assert_eq!(missing.json(), expected);
    let late = scaleway.try_create(json!({"expires_at": in_hours(25)})).await;
    assert_eq!(late.status, 400);
    assert_eq!(late.json()["details"][0]["argument_name"], "expires_at");
    scaleway.create(json!({"expires_at": in_hours(23)})).await;

    // Keys that exist already are not touched.
    let by_hand = json!(scaleway.simulator.vendor().issue_by_hand());
    assert_eq!(scaleway.update(&by_hand, json!({"description": "still here"})).await.status, 200);

    let settings = format!("/iam/v1alpha1/organizations/{}/security-settings", scaleway.organization);
    let settings = scaleway.get(&settings).await.json();
    assert_eq!(settings["max_api_key_expiration_duration"], "86400.000000000s");
}

#[tokio::test]
async fn a_managed_key_can_be_read_only() {
    let scaleway = Scaleway::start(&[("managed-key", "true")]).await;
    let keys = scaleway.application_keys().await;
    assert_eq!(keys.len(), 1);
    let key = scaleway.key(&keys[0]).await.json();
    assert_eq!(key["managed"], true);
    for answer in [scaleway.update(&keys[0], json!({"description": ""})).await, scaleway.delete(&keys[0]).await] {
        assert_eq!((answer.status.as_u16(), answer.json()["type"].as_str()), (403, Some("permissions_denied")));
    }
    assert_eq!(scaleway.list("editable=false").await, keys);
}

#[tokio::test]
async fn an_unknown_path_or_method_is_answered_in_json() {
    let scaleway = Scaleway::start(&[]).await;
    let unknown = scaleway.get("/iam/v1alpha1/no-such-thing").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["message"].is_string());
    let wrong = scaleway.send(Method::PUT, KEYS, None).await;
    assert_eq!(wrong.status, 405);
    assert!(wrong.json()["message"].is_string());
}
