//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use http::{Method, Request};
use keywright_runtime::{CreateRequest, Filter, UpdateRequest};
use keywright_tests::{DatadogBench as Bench, Https, Specification, object};
use serde_json::{Value, json};

use super::scripted::{ID, with_its_value};

const KEYS: &str = "/api/v2/api_keys";

fn specification() -> Specification {
    Specification::read(include_str!("../../data/datadog-api-keys.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::start().await;
    let full = CreateRequest {
        attributes: object(json!({
            "name": "é \" \\ \u{1f511}", "category": "agent", "remote_config_read_enabled": true,
        })),
        marker: Some("g1".to_owned()),
        ..CreateRequest::default()
    };
    let full = bench.account.create(&full).await.unwrap();
    bench.key("plain").await;
    bench.account.check().await.unwrap();
    bench.account.verify(&full.credential.id, &full.parts).await.unwrap();
    let filter = Filter { marker: Some("g1".to_owned()), attributes: object(json!({"category": "agent"})) };
    assert_eq!(bench.account.list_all(&filter).await.unwrap().len(), 1);
    for change in [json!({"name": "new"}), json!({"remote_config_read_enabled": false, "category": "other"})] {
        let change = UpdateRequest { attributes: object(change), ..UpdateRequest::default() };
        bench.account.update(&full.credential.id, &change).await.unwrap();
    }
    bench.account.get(ID).await.unwrap();
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
    let bench =
        Bench::builder().option("quota", 2).option("managed-key", true).option("leaked-key", false).start().await;
    let specification = specification();
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let own = bench.own("api_key");
    let ask = async |method: Method, path: &str, key: &str, body: Option<Value>| {
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", bench.simulator.base_url()))
            .header("dd-api-key", key)
            .header("dd-application-key", bench.own("application_key"))
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let answer = https.send(request).await.unwrap();
        let path = path.split('?').next().unwrap_or_default();
        specification.check_answer(&method, path, &answer);
        answer
    };
    let creation = |name: &str| json!({"data": {"type": "api_keys", "attributes": {"name": name}}});
    let made = ask(Method::POST, KEYS, &own, Some(creation("one"))).await.json();
    assert!(made["data"]["attributes"]["key"].is_string());
    let key = format!("{KEYS}/{}", made["data"]["id"].as_str().unwrap());
    let change = json!({"data": {"type": "api_keys", "id": made["data"]["id"], "attributes": {"name": "two"}}});

    let statuses: Vec<u16> = vec![
        ask(Method::GET, &key, &own, None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}?page[size]=100&page[number]=0&sort=created_at"), &own, None)
            .await
            .status
            .as_u16(),
        ask(Method::GET, &format!("{KEYS}?page[size]=101"), &own, None).await.status.as_u16(),
        ask(Method::PATCH, &key, &own, Some(change)).await.status.as_u16(),
        ask(Method::PATCH, &key, &own, Some(creation("two"))).await.status.as_u16(),
        ask(Method::POST, KEYS, &own, Some(creation("one too many"))).await.status.as_u16(),
        ask(Method::GET, &key, "wrong", None).await.status.as_u16(),
        ask(Method::GET, &format!("{KEYS}/{ID}"), &own, None).await.status.as_u16(),
        ask(Method::GET, "/api/v2/validate_keys", &own, None).await.status.as_u16(),
        ask(Method::GET, "/api/v2/validate_keys", "wrong", None).await.status.as_u16(),
        ask(Method::GET, "/api/v2/validate", &own, None).await.status.as_u16(),
        ask(Method::GET, "/api/v2/validate", "wrong", None).await.status.as_u16(),
        ask(Method::GET, "/api/v1/validate", &own, None).await.status.as_u16(),
        ask(Method::GET, "/api/v1/validate", "wrong", None).await.status.as_u16(),
        ask(Method::DELETE, &key, &own, None).await.status.as_u16(),
        ask(Method::DELETE, &key, &own, None).await.status.as_u16(),
    ];
    assert_eq!(statuses, [200, 200, 400, 200, 400, 400, 403, 404, 200, 401, 200, 403, 200, 403, 204, 404]);
    bench.fault("rate-limit*1");
    assert_eq!(ask(Method::GET, &key, &own, None).await.status, 429);
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let specification = specification();
    let validator = specification.validator(&json!({"$ref": "#/components/schemas/Answer"}));
    let answer = with_its_value();
    assert!(validator.is_valid(&answer));
    for (field, wrong) in [("last4", json!("def")), ("created_at", json!("today")), ("name", Value::Null)] {
        let mut broken = answer.clone();
        broken["data"]["attributes"][field] = wrong;
        assert!(!validator.is_valid(&broken), "{field}");
    }
    let listed = specification.validator(&json!({"$ref": "#/components/schemas/List"}));
    assert!(!listed.is_valid(&json!({"data": [answer["data"]]})), "a list never tells keys");
}
