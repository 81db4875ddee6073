//! Every error of Gcore's, in the forms in which it may come.

use http::Method;
use keywright_simulators::FaultRule;
use serde_json::{Value, json};

use crate::gcore::{Gcore, in_hours, new};

#[tokio::test]
async fn a_request_without_a_good_token_is_told_why() {
    let gcore = Gcore::start(&[]).await;
    let deleted = gcore.create(1, Value::Null).await;
    gcore.delete(&deleted["id"]).await;
    let deleted = format!("APIKey {}", deleted["token"].as_str().unwrap());
    let bearer = format!("Bearer {}", gcore.token);
    let basic = format!("Basic {}", gcore.token);
    let cases = [
        (None, "Authentication credentials were not provided."),
        (Some("APIKey"), "Authentication credentials were not provided."),
        (Some(basic.as_str()), "Authentication credentials were not provided."),
        (Some(bearer.as_str()), "Given token not valid for any token type"),
        (Some("APIKey 768660"), "Bad permanent token: 768660"),
        (Some("APIKey 768660$wrong"), "Token is invalid or expired"),
        (Some("APIKey 768660_wrong"), "Token is invalid or expired"),
        (Some(deleted.as_str()), "Token is invalid or expired"),
    ];
    for (authorization, text) in cases {
        for path in ["/iam/clients/me", "/iam/users/me", &gcore.tokens(1), &gcore.tokens(2)] {
            let answer = gcore.send_with(authorization, Method::GET, path, None).await;
            assert_eq!((answer.status.as_u16(), answer.json()), (401, json!({"message": text})), "{path}");
        }
    }
}

#[tokio::test]
async fn errors_come_in_three_forms() {
    for (form, field, more) in [("message", "message", 1), ("detail", "detail", 2), ("platform", "message", 3)] {
        let gcore = Gcore::start(&[("error-form", form)]).await;
        let purge_only = gcore.create(3022, Value::Null).await;
        let purge_only = purge_only["token"].as_str().unwrap();
        let answers = [
            (gcore.read(&json!(1)).await, 404, "API token not found."),
            (gcore.get("/iam/v2/clients/7/tokens").await, 404, "Account not found."),
            (gcore.get("/iam/nowhere").await, 404, "Not Found."),
            (gcore.send(Method::PATCH, &gcore.tokens(2), None).await, 405, "Method Not Allowed."),
            (
                gcore.send_as(purge_only, Method::GET, &gcore.tokens(2), None).await,
                403,
                "You do not have permission to perform this action.",
            ),
        ];
        for (answer, status, text) in answers {
            assert_eq!((answer.status.as_u16(), answer.json()[field].as_str()), (status, Some(text)), "{form}");
            assert_eq!(answer.json().as_object().unwrap().len(), more, "{form}");
        }
    }
}

#[tokio::test]
async fn a_bad_field_is_named_with_the_reason() {
    let gcore = Gcore::start(&[]).await;
    let role = json!({"role": {"id": 2}});
    let with = |name: &str, value: Value| {
        let mut body = json!({"name": "x", "exp_date": null, "client_user": role});
        body[name] = value;
        body
    };
    for (body, place, text) in [
        (json!({"exp_date": null, "client_user": role}), "/name/0", "is required"),
        (json!({"name": "x", "client_user": role}), "/exp_date/0", "is required"),
        (json!({"name": "x", "exp_date": null}), "/client_user/0", "is required"),
        (with("name", json!("")), "/name/0", "blank"),
        (with("name", json!(null)), "/name/0", "null"),
        (with("name", json!("x".repeat(256))), "/name/0", "no more than 255"),
        (with("description", json!(7)), "/description/0", "Not a valid string."),
        (with("description", json!("x".repeat(256))), "/description/0", "no more than 255"),
        (with("exp_date", json!("tomorrow")), "/exp_date/0", "wrong format"),
        (with("exp_date", json!(7)), "/exp_date/0", "wrong format"),
        (with("exp_date", json!("2020-01-01T00:00:00Z")), "/exp_date/0", "in the future"),
        (with("client_user", json!({})), "/client_user/role/0", "is required"),
        (with("client_user", json!({"role": {}})), "/client_user/role/0", "is required"),
        (with("client_user", json!({"role": {"id": "2"}})), "/client_user/role/id/0", "valid integer"),
        (with("client_user", json!({"role": {"id": 7}})), "/client_user/role/0", "Invalid role: 7"),
        (with("client_user", json!({"role": {"name": "RoleName"}})), "/client_user/role/0", "Invalid role: RoleName"),
        (with("client_user", json!({"role": {"id": 1, "name": "Users"}})), "/client_user/role/0", "Invalid role"),
        (with("colour", json!("red")), "/non_field_errors/0", "colour"),
        (json!([]), "/non_field_errors/0", "dictionary"),
    ] {
        let answer = gcore.send(Method::POST, &gcore.tokens(2), Some(body.clone())).await;
        assert_eq!(answer.status, 400, "{body}");
        let told = answer.json()["errors"].pointer(place).cloned().unwrap_or_default();
        assert!(told.as_str().is_some_and(|told| told.contains(text)), "{body}: {answer:?}");
    }
    let own = format!("APIKey {}", gcore.token);
    let broken = gcore.send_with(Some(&own), Method::POST, &gcore.tokens(2), Some("{".into())).await;
    assert_eq!(broken.status, 400);
    assert!(broken.json()["message"].as_str().unwrap().starts_with("JSON parse error - "), "{broken:?}");
    assert_eq!(gcore.list("").await.len(), 1, "nothing was made");
}

#[tokio::test]
async fn nobody_makes_a_token_above_their_own_role() {
    let gcore = Gcore::start(&[]).await;
    let of = async |role| gcore.create(role, Value::Null).await["token"].as_str().unwrap().to_owned();
    let (engineer, user) = (of(5).await, of(2).await);
    for (token, role, expected) in [
        (&engineer, 1, Some("Can't create token with role Administrators")),
        (&engineer, 5, None),
        (&engineer, 2, None),
        (&user, 5, Some("Can't create token with role Engineers")),
        (&user, 3022, None),
    ] {
        let answer = gcore.send_as(token, Method::POST, &gcore.tokens(2), Some(new(role, Value::Null))).await;
        match expected {
            None => assert_eq!(answer.status, 200, "{role}"),
            Some(text) => {
                assert_eq!(answer.json(), json!({"errors": {"client_user": {"role": [text]}}}));
                assert_eq!(answer.status, 400);
            }
        }
    }
}

#[tokio::test]
async fn an_account_has_so_many_live_tokens() {
    for (form, status) in [("platform", 403), ("errors", 400), ("message", 403)] {
        let gcore = Gcore::start(&[("quota", "2"), ("quota-answer", form)]).await;
        let made = gcore.create(2, json!(in_hours(1))).await;
        let answer = gcore.send(Method::POST, &gcore.tokens(1), Some(new(2, Value::Null))).await;
        assert_eq!(answer.status, status, "{form}");
        let text = "The account has reached the limit of 2 API tokens.";
        assert!(answer.json().to_string().contains(text), "{answer:?}");
        assert_eq!(answer.json()["exception_class"] == "QuotaLimitExceed", form == "platform");
        gcore.delete(&made["id"]).await;
        gcore.create(2, json!(in_hours(1))).await;
        gcore.simulator.vendor().clock().advance(std::time::Duration::from_secs(3601));
        gcore.create(2, Value::Null).await;
    }
}

#[tokio::test]
async fn a_reseller_makes_no_tokens() {
    let gcore = Gcore::start(&[("reseller", "true")]).await;
    let answer = gcore.send(Method::POST, &gcore.tokens(2), Some(new(2, Value::Null))).await;
    assert_eq!(answer.status, 403);
    assert_eq!(gcore.list("").await.len(), 1);
}

#[tokio::test]
async fn a_version_that_is_gone_is_an_unknown_path() {
    let gcore = Gcore::start(&[("v1", "gone")]).await;
    for method in [Method::GET, Method::POST] {
        assert_eq!(gcore.send(method, &gcore.tokens(1), None).await.status, 404);
    }
    assert_eq!(gcore.get("/iam/clients/me").await.status, 200);
    assert_eq!(gcore.get(&gcore.tokens(2)).await.status, 200);
}

#[tokio::test]
async fn a_429_says_how_long_to_wait_or_does_not() {
    for (option, header) in [("0", None), ("7", Some("7"))] {
        let gcore = Gcore::start(&[("retry-after", option)]).await;
        gcore.simulator.faults().inject("rate-limit@verify*1".parse::<FaultRule>().unwrap()).unwrap();
        let answer = gcore.get("/iam/clients/me").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, header));
        assert_eq!(gcore.get("/iam/clients/me").await.status, 200);
    }
}
