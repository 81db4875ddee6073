//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use http::{Method, Request};
use jsonschema::Validator;
use keywright_runtime::{Change, Creation, ExpiryChange, Filter};
use keywright_simulators::Recorded;
use keywright_tests::{Answer, Bench, Https, object};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

const KEYS: &str = "/iam/v1alpha1/api-keys";

/// The API as OpenAPI 3.0 describes it.
struct Specification(Value);

impl Specification {
    fn read() -> Self {
        let text = include_str!("../data/scaleway-iam-api-keys.openapi.json");
        Self(as_json_schema(serde_json::from_str(text).expect("JSON")))
    }

    /// What is said of a path and a method.
    fn operation(&self, method: &Method, path: &str) -> &Value {
        let template = match path.strip_prefix(KEYS) {
            Some("") => KEYS.to_owned(),
            Some(key) if key.starts_with('/') && !key[1..].contains('/') => format!("{KEYS}/{{access_key}}"),
            _ => panic!("{path} is no path of the specification"),
        };
        let operation = &self.0["paths"][&template][method.as_str().to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not in the specification");
        operation
    }

    /// A validator of a schema that may refer to the components.
    fn validator(&self, schema: &Value) -> Validator {
        let mut root = object(schema.clone());
        root.insert("components".to_owned(), self.0["components"].clone());
        jsonschema::options().should_validate_formats(true).build(&Value::Object(root)).expect("a schema")
    }

    fn check_value(&self, what: &str, schema: &Value, value: &Value) {
        let errors: Vec<String> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:?}\n{value:#}");
    }

    fn check_request(&self, request: &Recorded) {
        let what = format!("{} {}", request.method, request.path);
        let operation = self.operation(&request.method, &request.path);
        let known = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut names = HashSet::new();
        for pair in request.query.iter().flat_map(|query| query.split('&')) {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("{what}: {pair}"));
            let value = percent_decode_str(value).decode_utf8().expect("UTF-8").into_owned();
            let Some(parameter) = known.iter().find(|parameter| parameter["name"] == name) else {
                panic!("{what}: no parameter {name}");
            };
            assert_ne!(parameter["deprecated"], true, "{what}: {name} is deprecated");
            assert!(names.insert(name.to_owned()), "{what}: {name} twice");
            let value = match parameter["schema"]["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().expect("a number")),
                Some("boolean") => json!(value.parse::<bool>().expect("true or false")),
                _ => json!(value),
            };
            self.check_value(&format!("{what}: {name}"), &parameter["schema"], &value);
        }
        match operation["requestBody"]["content"]["application/json"].get("schema") {
            None => assert!(request.body.is_empty(), "{what}: a body"),
            Some(schema) => {
                let body: Value = serde_json::from_slice(&request.body).expect("a JSON body");
                self.check_value(&what, schema, &body);
                // An unknown field passes a schema that does not close itself, and is a mistake all the same.
                for field in body.as_object().expect("an object").keys() {
                    assert!(schema["properties"].get(field).is_some(), "{what}: no field {field}");
                }
            }
        }
    }

    fn check_answer(&self, method: &Method, path: &str, answer: &Answer) {
        let what = format!("{method} {path}: {}", answer.status);
        let described = &self.operation(method, path)["responses"][answer.status.as_str()];
        assert!(described.is_object(), "{what} is not in the specification");
        match described["content"]["application/json"].get("schema") {
            None => assert!(answer.body.is_empty(), "{what}: a body"),
            Some(schema) => {
                assert_eq!(answer.headers["content-type"], "application/json", "{what}");
                self.check_value(&what, schema, &answer.json());
            }
        }
    }
}

/// OpenAPI 3.0 says `nullable`, where JSON Schema has a type for it.
fn as_json_schema(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            if fields.remove("nullable") == Some(Value::Bool(true)) {
                let kind = fields["type"].take();
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, as_json_schema(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(as_json_schema).collect(),
        other => other,
    }
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::start().await;
    let soon = Utc::now() + TimeDelta::days(1);
    let owner = bench.owner().await;
    let full = Creation {
        attributes: object(json!({
            "application_id": bench.application,
            "description": "é \" \\ \u{1f511}",
            "default_project_id": uuid::Uuid::new_v4(),
        })),
        marker: Some("g1".to_owned()),
        expires_at: Some(soon),
    };
    let plain = Creation { attributes: object(json!({"user_id": owner})), ..Creation::default() };
    let full = bench.account.create(&full).await.unwrap();
    let plain = bench.account.create(&plain).await.unwrap();
    bench.account.check().await.unwrap();
    bench.account.verify(&full.credential.id, &full.parts).await.unwrap();
    for attributes in [json!({}), json!({"application_id": bench.application}), json!({"user_id": owner})] {
        let filter = Filter { marker: Some("g1".to_owned()), attributes: object(attributes) };
        bench.account.list_all(&filter).await.unwrap();
    }
    let change = Change {
        attributes: object(json!({"description": null, "default_project_id": uuid::Uuid::new_v4()})),
        marker: Some("g2".to_owned()),
        expiry: ExpiryChange::Set(soon),
    };
    bench.account.update(&plain.credential.id, &change).await.unwrap();
    bench.account.get("SCWABSENT00000000000").await.unwrap();
    bench.account.revoke(&full.credential.id).await.unwrap();

    let requests = bench.since(0);
    let operations: HashSet<_> = requests.iter().filter_map(|request| request.operation).collect();
    assert_eq!(operations, HashSet::from(["create", "list", "get", "update", "revoke"]));
    let specification = Specification::read();
    for request in &requests {
        specification.check_request(request);
    }
}

#[tokio::test]
async fn every_answer_of_the_simulator_is_one_that_the_vendor_documents() {
    let bench = Bench::builder().option("quota", 4).start().await;
    let specification = Specification::read();
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
    let owner = bench.own_secret();
    let application = json!({"application_id": bench.application, "description": ""});
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
    let specification = Specification::read();
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
