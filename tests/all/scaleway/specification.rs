//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use http::{Method, Request};
use keywright_runtime::{CreateRequest, ExpiryChange, Filter, UpdateRequest};
use keywright_tests::{Https, ScalewayBench as Bench, Specification, object};
use serde_json::{Value, json};

const KEYS: &str = "/iam/v1alpha1/api-keys";

fn specification() -> Specification {
    Specification::read(include_str!("../../data/scaleway-iam-api-keys.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::start().await;
    let soon = Utc::now() + TimeDelta::days(1);
    let owner = bench.owner().await;
    let full = CreateRequest {
        attributes: object(json!({
            "application_id": bench.application(),
            "description": "é \" \\ \u{1f511}",
            "default_project_id": uuid::Uuid::new_v4(),
        })),
        marker: Some("g1".to_owned()),
        expires_at: Some(soon),
        ..CreateRequest::default()
    };
    let plain = CreateRequest { attributes: object(json!({"user_id": owner})), ..CreateRequest::default() };
    let full = bench.account.create(&full).await.unwrap();
    let plain = bench.account.create(&plain).await.unwrap();
    bench.account.check().await.unwrap();
    bench.account.verify(&full.credential.id, &full.parts).await.unwrap();
    for attributes in [json!({}), json!({"application_id": bench.application()}), json!({"user_id": owner})] {
        let filter = Filter { marker: Some("g1".to_owned()), attributes: object(attributes) };
        bench.account.list_all(&filter).await.unwrap();
    }
    let change = UpdateRequest {
        attributes: object(json!({"description": null, "default_project_id": uuid::Uuid::new_v4()})),
        marker: Some("g2".to_owned()),
        expiry: ExpiryChange::Set(soon),
        ..UpdateRequest::default()
    };
    bench.account.update(&plain.credential.id, &change).await.unwrap();
    bench.account.get("SCWABSENT00000000000").await.unwrap();
    bench.account.revoke(&full.credential.id).await.unwrap();

    let requests = bench.since(0);
    let specification = specification();
    let sent = requests.iter().map(|request| specification.operation_of(&request.method, &request.path));
    assert_eq!(sent.collect::<HashSet<_>>(), specification.operations());
    for request in &requests {
        specification.check_request(request);
    }
}

#[tokio::test]
async fn every_answer_of_the_simulator_is_one_that_the_vendor_documents() {
    let bench = Bench::builder().option("quota", 4).start().await;
    let specification = specification();
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let ask = async |method: Method, path: &str, token: &str, body: Option<Value>| {
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", bench.simulator.base_url()))
            .header("x-auth-token", token)
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let answer = https.send(request).await.unwrap();
        let path = path.split('?').next().unwrap_or_default();
        specification.check_answer(&method, path, &answer);
        answer
    };
    let owner = bench.own("secret_key");
    let application = json!({"application_id": bench.application(), "description": ""});
    let made = ask(Method::POST, KEYS, &owner, Some(application.clone())).await.json();
    assert!(made["secret_key"].is_string());
    let own_secret = made["secret_key"].as_str().unwrap().to_owned();
    let key = format!("{KEYS}/{}", made["access_key"].as_str().unwrap());
    let expires_at = (Utc::now() + TimeDelta::days(1)).to_rfc3339();

    let statuses: Vec<u16> = vec![
        ask(Method::GET, &key, &owner, None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?page=1&page_size=100"), &owner, None).await.status.as_u16(),
        ask(Method::PATCH, &key, &owner, Some(json!({"expires_at": expires_at}))).await.status.as_u16(),
        ask(Method::PATCH, &key, &owner, Some(json!({"expires_at": Utc::now().to_rfc3339()}))).await.status.as_u16(),
        ask(Method::POST, KEYS, &owner, Some(json!({"description": "x".repeat(201)}))).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?page_size=101"), &owner, None).await.status.as_u16(),
        ask(Method::GET, &key, "no token", None).await.status.as_u16(),
        ask(Method::GET, &key, &own_secret, None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}/SCWABSENT00000000000"), &owner, None).await.status.as_u16(),
        ask(Method::POST, KEYS, &owner, Some(application.clone())).await.status.as_u16(),
        ask(Method::POST, KEYS, &owner, Some(application.clone())).await.status.as_u16(),
        ask(Method::POST, KEYS, &owner, Some(application)).await.status.as_u16(),
        ask(Method::DELETE, &key, &owner, None).await.status.as_u16(),
        ask(Method::DELETE, &key, &owner, None).await.status.as_u16(),
    ];
    assert_eq!(statuses, [200, 200, 200, 400, 400, 400, 401, 403, 404, 200, 200, 403, 204, 404]);
    bench.fault("rate-limit*1");
    assert_eq!(ask(Method::GET, &key, &owner, None).await.status, 429);
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let specification = specification();
    let schema = json!({"$ref": "#/components/schemas/APIKey"});
    let validator = specification.validator(&schema);
    let key = json!({
        "access_key": "SCWABSENT00000000000", "secret_key": null, "description": "", "expires_at": null,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "default_project_id": "5b0c2f3e-8a86-4d06-9d7c-0d6a5a0e7a11", "editable": true, "deletable": true,
        "managed": false, "creation_ip": "192.0.2.10",
    });
    assert!(validator.is_valid(&key));
    for (field, wrong) in [("access_key", json!("SCW")), ("created_at", json!("today")), ("editable", Value::Null)] {
        let mut broken = key.clone();
        broken[field] = wrong;
        assert!(!validator.is_valid(&broken), "{field}");
    }
}
