//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use http::{Method, Request};
use keywright_runtime::CreateRequest;
use keywright_tests::{Https, SpacesBench as Bench, Specification, object};
use serde_json::{Value, json};

use super::scripted::{ID, with_its_secret};

const KEYS: &str = "/v2/spaces/keys";

fn specification() -> Specification {
    Specification::read(include_str!("../../data/digitalocean-spaces-keys.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::start().await;
    let named = CreateRequest {
        attributes: object(json!({"name": "é \" \\ \u{1f511}", "grants": bench.reading()})),
        marker: Some("g1".to_owned()),
        ..CreateRequest::default()
    };
    let id = bench.account.create(&named).await.unwrap().credential.id;
    bench.key_with("full", &bench.full_access()).await;
    bench.account.check().await.unwrap();
    assert_eq!(bench.marked("g1").await.len(), 1);
    for change in [json!({"name": "new"}), json!({"grants": []})] {
        bench.account.update(&id, &bench.patch(change)).await.unwrap();
    }
    bench.account.get(ID).await.unwrap();
    bench.account.revoke(&id).await.unwrap();

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
    let bench = Bench::builder().option("quota", 2).start().await;
    let specification = specification();
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let own = bench.own("token");
    let ask = async |method: Method, path: &str, token: &str, body: Option<Value>| {
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", bench.simulator.base_url()))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let answer = https.send(request).await.unwrap();
        let path = path.split('?').next().unwrap_or_default();
        specification.check_answer(&method, path, &answer);
        answer
    };
    let creation = |grants: Value| json!({"name": "ci", "grants": grants});
    let made = ask(Method::POST, KEYS, &own, Some(creation(bench.reading()))).await.json();
    assert!(made["key"]["secret_key"].is_string());
    let key = format!("{KEYS}/{}", made["key"]["access_key"].as_str().unwrap());

    let statuses: Vec<u16> = vec![
        ask(Method::GET, &key, &own, None).await.status.as_u16(),
        ask(Method::POST, KEYS, &own, Some(creation(bench.full_access()))).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?page=1&per_page=1"), &own, None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?page=2&per_page=1"), &own, None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?per_page=201"), &own, None).await.status.as_u16(),
        ask(Method::PUT, &key, &own, Some(creation(json!([])))).await.status.as_u16(),
        ask(Method::PUT, &key, &own, Some(creation(bench.full_access()))).await.status.as_u16(),
        ask(Method::POST, KEYS, &own, Some(creation(bench.reading()))).await.status.as_u16(),
        ask(Method::GET, &key, "wrong", None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}/{ID}"), &own, None).await.status.as_u16(),
        ask(Method::DELETE, &key, &own, None).await.status.as_u16(),
        ask(Method::DELETE, &key, &own, None).await.status.as_u16(),
    ];
    assert_eq!(statuses, [200, 201, 200, 200, 400, 200, 400, 422, 401, 404, 204, 404]);
    bench.fault("rate-limit*1");
    assert_eq!(ask(Method::GET, &key, &own, None).await.status, 429);
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let specification = specification();
    let created = specification.validator(&json!({"$ref": "#/components/schemas/Created"}));
    let answer = with_its_secret();
    assert!(created.is_valid(&answer));
    for (field, wrong) in [
        ("access_key", json!("")),
        ("created_at", json!("today")),
        ("grants", Value::Null),
        ("secret_key", Value::Null),
    ] {
        let mut broken = answer.clone();
        broken["key"][field] = wrong;
        assert!(!created.is_valid(&broken), "{field}");
    }
    let shown = specification.validator(&json!({"$ref": "#/components/schemas/Shown"}));
    assert!(!shown.is_valid(&answer), "a secret is shown once");
}
