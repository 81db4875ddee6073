//! Requests and answers against a description of the API: what the adapter sends and what the simulator says are both what
//! the vendor documents.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use http::{Method, Request};
use keywright_auth::RequestToSign;
use keywright_auth::signature::{Algorithm, SigningRequest, sign};
use keywright_runtime::{CreateRequest, ExpiryChange, Filter, UpdateRequest};
use keywright_tests::{Https, OutscaleBench as Bench, Specification, exposed, object};
use secrecy::SecretString;
use serde_json::{Value, json};

fn specification() -> Specification {
    Specification::read(include_str!("../../data/outscale-access-keys.openapi.json"))
}

#[tokio::test]
async fn every_request_is_one_that_the_vendor_documents() {
    let bench = Bench::start().await;
    let soon = Utc::now() + TimeDelta::days(1);
    let full = CreateRequest {
        attributes: object(json!({"user_name": bench.user(), "tag": "é \" \\ \u{1f511}", "state": "INACTIVE"})),
        marker: Some("g1".to_owned()),
        expires_at: Some(soon),
        ..CreateRequest::default()
    };
    let full = bench.account.create(&full).await.unwrap();
    let plain = bench.own_key().await;
    bench.account.check().await.unwrap();
    bench.account.verify(&plain.credential.id, &plain.parts).await.unwrap();
    for attributes in [json!({}), json!({"user_name": bench.user()}), json!({"user_name": "", "state": "ACTIVE"})] {
        let filter = Filter { marker: Some("g1".to_owned()), attributes: object(attributes) };
        bench.account.list_all(&filter).await.unwrap();
    }
    for (tag, expiry) in [(json!("new"), ExpiryChange::Set(soon)), (Value::Null, ExpiryChange::Clear)] {
        let change = UpdateRequest {
            attributes: object(json!({"tag": tag, "state": "ACTIVE"})),
            marker: None,
            expiry,
            ..UpdateRequest::default()
        };
        bench.account.update(&full.credential.id, &change).await.unwrap();
    }
    bench.account.set_enabled(&full.credential.id, false).await.unwrap();
    bench.account.revoke(&full.credential.id).await.unwrap();

    let requests = bench.since(0);
    let specification = specification();
    let sent = requests.iter().map(|request| specification.operation_of(&request.method, &request.path));
    assert_eq!(sent.collect::<HashSet<_>>(), specification.operations());
    for request in &requests {
        specification.check_request(request);
    }
}

/// Sends a call as whoever has these keys, and holds the answer against the description.
async fn ask(bench: &Bench, keys: (&str, &str), call: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/{call}");
    let body = body.to_string();
    let authority = bench.simulator.base_url().trim_start_matches("https://");
    let signed = sign(&SigningRequest {
        algorithm: Algorithm::Osc4,
        access_key: keys.0,
        secret_key: &SecretString::from(keys.1),
        region: "eu-west-2",
        service: "api",
        request: RequestToSign {
            method: &Method::POST,
            host: authority,
            path: &path,
            query: None,
            content_type: Some("application/json"),
            body: body.as_bytes(),
        },
        now: Utc::now(),
    })
    .unwrap();
    let mut request = Request::post(format!("https://{authority}{path}")).header("content-type", "application/json");
    for (name, value) in signed {
        request = request.header(name, value);
    }
    let https = Https::trusting(bench.simulator.ca_pem().unwrap());
    let answer = https.send(request.body(body.into()).unwrap()).await.unwrap();
    specification().check_answer(&Method::POST, &path, &answer);
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn every_answer_of_the_simulator_is_one_that_the_vendor_documents() {
    for form in ["offset", "zulu", "seconds"] {
        let bench = Bench::builder().option("quota", 3).option("date-form", form).start().await;
        let (access_key, secret_key) = (bench.own("access_key"), bench.own("secret_key"));
        let own = (access_key.as_str(), secret_key.as_str());
        let users = bench.key("").await;
        let users_keys = (exposed(&users.parts, "access_key"), exposed(&users.parts, "secret_key"));
        let tomorrow = (Utc::now() + TimeDelta::days(1)).format("%Y-%m-%d").to_string();
        let full = json!({"UserName": bench.user(), "Tag": "t", "ExpirationDate": tomorrow});
        let (status, made) = ask(&bench, own, "CreateAccessKey", full.clone()).await;
        assert_eq!(status, 200);
        let key = json!({"UserName": bench.user(), "AccessKeyId": made["AccessKey"]["AccessKeyId"]});
        let with = |name: &str, value: Value| {
            let mut body = key.clone();
            body[name] = value;
            body
        };
        let cases = [
            ("ReadAccessKeys", json!({"UserName": bench.user()}), 200),
            ("ReadAccessKeys", json!({"Filters": {"AccessKeyIds": ["A"]}}), 200),
            ("ReadAccessKeys", json!({"UserName": "nobody"}), 400),
            ("ReadAccessKeys", json!({"AccessKeyId": "A"}), 400),
            ("UpdateAccessKey", with("Tag", json!("other")), 200),
            ("UpdateAccessKey", with("ExpirationDate", json!("")), 400),
            ("UpdateAccessKey", with("State", json!("OFF")), 400),
            ("UpdateAccessKey", with("Tag", Value::Null), 400),
            ("UpdateAccessKey", json!({"State": "ACTIVE"}), 400),
            ("DeleteAccessKey", key.clone(), 409),
            ("UpdateAccessKey", with("State", json!("INACTIVE")), 200),
            ("CreateAccessKey", full.clone(), 200),
            ("CreateAccessKey", full.clone(), 400),
            ("DeleteAccessKey", with("DryRun", json!(true)), 200),
            ("DeleteAccessKey", key.clone(), 200),
            ("DeleteAccessKey", key.clone(), 400),
            ("ReadAccounts", json!({}), 200),
            ("ReadUsers", json!({"ResultsPerPage": 1}), 200),
        ];
        for (call, body, expected) in cases {
            let (status, answer) = ask(&bench, own, call, body.clone()).await;
            assert_eq!(status, expected, "{call} {body}: {answer}");
        }
        let (status, answer) = ask(&bench, (own.0, &"0".repeat(40)), "ReadAccessKeys", json!({})).await;
        assert_eq!((status, &answer["Errors"][0]["Code"]), (401, &json!("1")));
        let (status, answer) = ask(&bench, (&"A".repeat(20), own.1), "ReadAccessKeys", json!({})).await;
        assert_eq!((status, &answer["Errors"][0]["Code"]), (400, &json!("4120")));
        let (status, answer) = ask(&bench, (&users_keys.0, &users_keys.1), "ReadAccessKeys", json!({})).await;
        assert_eq!((status, &answer["Errors"][0]["Code"]), (401, &json!("7")));
        bench.fault("rate-limit*1");
        assert_eq!(ask(&bench, own, "ReadAccessKeys", json!({})).await.0, 429);
    }
}

#[test]
fn the_specification_tells_right_from_wrong() {
    let specification = specification();
    let schema = json!({"$ref": "#/components/schemas/AccessKey"});
    let validator = specification.validator(&schema);
    let key = json!({
        "AccessKeyId": "A", "CreationDate": "2026-06-10T16:12:40.585+0000", "State": "ACTIVE",
        "LastModificationDate": "2026-06-10T16:12:40Z",
    });
    assert!(validator.is_valid(&key));
    for (field, wrong) in
        [("SecretKey", json!("s")), ("CreationDate", json!("2026-06-10")), ("Tag", Value::Null), ("State", json!(1))]
    {
        let mut broken = key.clone();
        broken[field] = wrong;
        assert!(!validator.is_valid(&broken), "{field}");
    }
}
