//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use http::{Method, Request};
use keywright_runtime::{CreateRequest, Filter};
use keywright_tests::{GcoreBench as Bench, Https, Specification, object};
use serde_json::{Value, json};

fn specification() -> Specification {
    Specification::read(include_str!("../../data/gcore-iam-tokens.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let specification = specification();
    let mut covered = HashSet::new();
    for version in ["v1", "v2"] {
        let bench = Bench::builder().setting("api_version", version).start().await;
        let attributes = json!({
            "name": "é \" \\ \u{1f511}", "description": "é \" \\ \u{1f511}", "role_id": 5, "role_name": "Engineers",
        });
        let expires_at = Some(Utc::now() + TimeDelta::days(1));
        let full = CreateRequest {
            attributes: object(attributes),
            marker: Some("g1".to_owned()),
            expires_at,
            ..CreateRequest::default()
        };
        let full = bench.account.create(&full).await.unwrap();
        bench.account.create(&bench.sample()).await.unwrap();
        bench.account.check().await.unwrap();
        bench.account.verify(&full.credential.id, &full.parts).await.unwrap();
        for attributes in [json!({}), json!({"name": "x", "role_id": 5, "role_name": "Engineers", "user_id": 7})] {
            let filter = Filter { marker: Some("g1".to_owned()), attributes: object(attributes) };
            bench.account.list_all(&filter).await.unwrap();
        }
        bench.account.get(&full.credential.id).await.unwrap();
        bench.account.revoke(&full.credential.id).await.unwrap();
        for request in bench.since(0) {
            specification.check_request(&request);
            covered.insert(specification.operation_of(&request.method, &request.path));
        }
    }
    assert_eq!(covered, specification.operations());
}

#[tokio::test]
async fn every_answer_of_the_simulator_is_one_that_the_vendor_documents() {
    let specification = specification();
    for (version, prefix) in [("v1", "/iam/clients"), ("v2", "/iam/v2/clients")] {
        let bench = Bench::builder().option("quota", 3).option("quota-answer", "message").start().await;
        let https = Https::trusting(bench.simulator.ca_pem().unwrap());
        let ask = async |method: Method, path: &str, token: &str, body: Option<&str>| {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{}{path}", bench.simulator.base_url()))
                .header("authorization", format!("APIKey {token}"))
                .header("content-type", "application/json")
                .body(body.map_or_else(Bytes::new, |body| body.to_owned().into()))
                .unwrap();
            let answer = https.send(request).await.unwrap();
            specification.check_answer(&method, path.split('?').next().unwrap(), &answer);
            answer
        };
        let own = bench.own("token");
        let tokens = format!("{prefix}/{}/tokens", bench.client_id());
        let soon = (Utc::now() + TimeDelta::days(1)).to_rfc3339();
        let new = |role: u64| json!({"name": "x", "exp_date": soon, "client_user": {"role": {"id": role}}}).to_string();
        let made = ask(Method::POST, &tokens, &own, Some(&new(3022))).await.json();
        let purge_only = made["token"].as_str().unwrap().to_owned();
        let token = format!("{tokens}/{}", purge_only.split(['$', '_']).next().unwrap());
        let absent = format!("{tokens}/999999999");
        let mut statuses = Vec::new();
        for (method, path, as_whom, body) in [
            (Method::GET, "/iam/clients/me", own.as_str(), None),
            (Method::GET, "/iam/clients/me", "nobody", None),
            (Method::GET, &token, &own, None),
            (Method::GET, &token, "1_nobody", None),
            (Method::GET, &token, &purge_only, None),
            (Method::GET, &absent, &own, None),
            (Method::GET, &tokens, &own, None),
            (Method::GET, &format!("{tokens}?role=Users&issued_by=1&not_issued_by=2&deleted=True"), &own, None),
            (Method::GET, &format!("{tokens}?rolle=1"), &own, None),
            (Method::GET, &format!("{prefix}/7/tokens"), &own, None),
            (Method::POST, &tokens, &own, Some("{")),
            (Method::POST, &tokens, &own, Some("{}")),
            (Method::POST, &tokens, &purge_only, Some("{}")),
            (Method::POST, &tokens, &own, Some(&new(77))),
            (Method::POST, &tokens, &own, Some(&new(1))),
            (Method::POST, &tokens, &own, Some(&new(2))),
            (Method::DELETE, &token, &own, None),
            (Method::DELETE, &token, &own, None),
        ] {
            statuses.push(ask(method, path, as_whom, body).await.status.as_u16());
        }
        let expected = [200, 401, 200, 401, 403, 404, 200, 200, 400, 404, 400, 400, 403, 400, 200, 403, 204, 404];
        assert_eq!(statuses, expected, "{version}");
        bench.fault("rate-limit*1");
        assert_eq!(ask(Method::GET, &tokens, &own, None).await.status, 429);
    }
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let validator = specification().validator(&json!({"$ref": "#/components/schemas/Token"}));
    let token = json!({
        "id": 42, "name": "x", "exp_date": null, "created": "2026-11-21T12:00:00.000000Z", "last_usage": null,
        "deleted": false, "expired": false,
        "client_user": {
            "role": {"id": 2, "name": "Users"}, "deleted": false, "user_id": 1, "user_name": "Jo Doe",
            "user_email": "jo@example.com", "client_id": 7,
        },
    });
    assert!(validator.is_valid(&token));
    for (field, wrong) in [
        ("id", json!("42")),
        ("created", json!("2026-11-21")),
        ("deleted", Value::Null),
        ("token", json!("42_secret")),
        ("client_user", json!({})),
    ] {
        let mut broken = token.clone();
        broken[field] = wrong;
        assert!(!validator.is_valid(&broken), "{field}");
    }
}
