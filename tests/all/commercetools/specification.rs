//! Requests and answers against a description of the API: what the host and the adapter send and what the simulator says
//! are both what the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use http::{Method, Request};
use keywright_runtime::{CreateRequest, Filter};
use keywright_tests::{Answer, CommercetoolsBench as Bench, Https, Specification, object};
use serde_json::{Value, json};

fn specification() -> Specification {
    Specification::read(include_str!("../../data/commercetools-api-clients.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::builder().option("clients", 200).option("not-found-body", false).start().await;
    let full = CreateRequest {
        marker: Some("g1".to_owned()),
        expires_at: Some(Utc::now() + TimeDelta::days(30)),
        attributes: object(json!({
            "name": "é \" \\ \u{1f511}",
            "scope": [bench.scope("manage_orders"), bench.scope("view_products")],
            "access_token_validity_seconds": 3600,
            "refresh_token_validity_seconds": 60,
        })),
        ..CreateRequest::default()
    };
    let full = bench.account.create(&full).await.unwrap();
    let plain = bench.client("plain").await;
    bench.account.check().await.unwrap();
    bench.account.verify(&full.credential.id, &full.parts).await.unwrap();
    bench.account.list_all(&Filter::default()).await.unwrap();
    bench.account.list(&Filter::default(), Some("after:x")).await.unwrap();
    bench.account.get("nobody").await.unwrap();
    bench.account.revoke(&plain.credential.id).await.unwrap();
    bench.account.revoke("nobody").await.unwrap();

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
    let bench =
        Bench::builder().option("quota", 4).option("unique-names", true).option("not-found-body", false).start().await;
    let specification = specification();
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let send = async |method: &Method, path: &str, authorization: &str, kind: &str, body: Bytes| -> Answer {
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", bench.simulator.base_url()))
            .header("authorization", authorization)
            .header("content-type", kind)
            .body(body)
            .unwrap();
        let answer = https.send(request).await.unwrap();
        specification.check_answer(method, path.split('?').next().unwrap_or_default(), &answer);
        answer
    };
    let own = format!("client_id={}&client_secret={}", bench.own("client_id"), bench.own("client_secret"));
    let token = async |client: &str, wish: &str| {
        let form = format!("{client}&{wish}");
        send(&Method::POST, "/oauth/token", "", "application/x-www-form-urlencoded", form.into()).await
    };
    let granted = token(&own, "grant_type=client_credentials").await;
    let bearer = format!("Bearer {}", granted.json()["access_token"].as_str().unwrap());
    let refused = [
        token("client_id=x", "grant_type=client_credentials").await,
        token(&own, "grant_type=password").await,
        token(&own, "").await,
        token(&own, "grant_type=client_credentials&scope=nonsense").await,
        token(&own, "grant_type=client_credentials&scope=view_orders%3Akeywright-demo").await,
    ];
    assert_eq!(refused.each_ref().map(|answer| answer.status.as_u16()), [401, 400, 400, 400, 400]);

    let ask = async |method: Method, path: &str, body: Option<Value>| {
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        send(&method, path, &bearer, "application/json", body).await
    };
    let clients = bench.path();
    let draft = json!({
        "name": "a", "scope": bench.scope("view_products"), "deleteDaysAfterCreation": 90,
        "accessTokenValiditySeconds": 3600, "refreshTokenValiditySeconds": 60,
    });
    let made = ask(Method::POST, &clients, Some(draft.clone())).await.json();
    assert!(made["secret"].is_string() && made["deleteAt"].is_string());
    let client = format!("{clients}/{}", made["id"].as_str().unwrap());
    let wrong = |name: &str, value: Value| {
        let mut draft = json!({"name": "b", "scope": bench.scope("view_products")});
        draft[name] = value;
        Some(draft)
    };
    let statuses: Vec<u16> = vec![
        ask(Method::GET, &client, None).await.status.as_u16(),
        ask(Method::GET, &format!("{clients}?limit=500&sort=createdAt%20desc"), None).await.status.as_u16(),
        ask(Method::GET, &format!("{clients}?limit=501"), None).await.status.as_u16(),
        ask(Method::GET, &format!("{clients}?where=nonsense"), None).await.status.as_u16(),
        ask(Method::POST, &clients, Some(json!([]))).await.status.as_u16(),
        ask(Method::POST, &clients, Some(draft)).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("name", Value::Null)).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("scope", json!("nonsense"))).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("accessTokenValiditySeconds", json!(1))).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("name", json!("c"))).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("name", json!("d"))).await.status.as_u16(),
        ask(Method::POST, &clients, wrong("name", json!("e"))).await.status.as_u16(),
        ask(Method::GET, &format!("{clients}/nobody"), None).await.status.as_u16(),
        ask(Method::DELETE, &client, None).await.status.as_u16(),
        ask(Method::DELETE, &client, None).await.status.as_u16(),
        send(&Method::GET, &clients, "Bearer wrong", "", Bytes::new()).await.status.as_u16(),
    ];
    assert_eq!(statuses, [200, 200, 400, 400, 400, 400, 400, 400, 400, 201, 201, 400, 404, 200, 404, 401]);
    bench.fault("server-error*1");
    assert_eq!(ask(Method::GET, &clients, None).await.status, 500);
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let specification = specification();
    let client = specification.validator(&json!({"$ref": "#/components/schemas/ApiClient"}));
    let right = json!({"id": "a", "name": "b", "scope": "c:d", "lastUsedAt": "2026-11-12", "createdAt": "2026-10-20T14:30:00.000Z"});
    assert!(client.is_valid(&right));
    for (field, wrong) in [
        ("id", Value::Null),
        ("scope", json!(["c:d"])),
        ("lastUsedAt", json!("2026-11-12T00:00:00Z")),
        ("createdAt", json!("today")),
        ("accessTokenValiditySeconds", json!(3599)),
    ] {
        let mut broken = right.clone();
        broken[field] = wrong;
        assert!(!client.is_valid(&broken), "{field}");
    }
    // The errors page has a body for the 404 of which the description has none.
    let error = specification.validator(&json!({"$ref": "#/components/schemas/ErrorResponse"}));
    let wrong = json!({"statusCode": 400, "message": "m", "errors": [{"code": "InvalidField", "message": "m"}]});
    assert!(!error.is_valid(&wrong), "an InvalidField names its field");
}

#[tokio::test]
async fn a_404_that_has_a_body_has_the_form_of_all_errors() {
    let bench = Bench::start().await;
    bench.account.get("nobody").await.unwrap();
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let authorization = bench.since(0)[1].headers["authorization"].clone();
    let request = Request::get(format!("{}{}/nobody", bench.simulator.base_url(), bench.path()))
        .header("authorization", authorization)
        .body(Bytes::new())
        .unwrap();
    let answer = https.send(request).await.unwrap();
    assert_eq!(answer.status, 404);
    let error = specification().validator(&json!({"$ref": "#/components/schemas/ErrorResponse"}));
    assert!(error.is_valid(&answer.json()), "{answer:?}");
}
