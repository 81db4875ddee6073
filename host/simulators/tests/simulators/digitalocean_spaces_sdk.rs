//! Requests as godo (for the Terraform provider), pydo and boto3 put them on the wire.

use http::{HeaderMap, HeaderName, Method, header};
use keywright_auth::signature::{ReceivedRequest, verify};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    client::Answer,
    digitalocean_spaces_client::{KEYS, Spaces},
};

/// Sends what godo would: a body that ends in a line break, and no content type without one.
async fn as_godo(spaces: &Spaces, method: Method, path: &str, body: Option<&str>) -> Answer {
    let bearer = format!("Bearer {}", spaces.token);
    let mut headers = vec![
        ("user-agent", "Terraform/1.15.0 godo/1.143.0"),
        ("accept", "application/json"),
        ("authorization", bearer.as_str()),
        ("accept-encoding", "gzip"),
    ];
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    spaces.send_with(method, path, &headers, body.map(|body| format!("{body}\n"))).await
}

/// The three examples of the resource's page, and the end.
#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let spaces = Spaces::start(&[]).await;
    spaces.vendor.add_bucket("my-bucket");
    for (body, grants) in [
        (r#"{"name":"foobar","grants":[]}"#, json!([])),
        (
            r#"{"name":"foobar","grants":[{"bucket":"my-bucket","permission":"read"}]}"#,
            json!([{"bucket": "my-bucket", "permission": "read"}]),
        ),
        (
            r#"{"name":"foobar","grants":[{"bucket":"","permission":"fullaccess"}]}"#,
            json!([{"bucket": "", "permission": "fullaccess"}]),
        ),
    ] {
        let created = as_godo(&spaces, Method::POST, KEYS, Some(body)).await;
        assert_eq!(created.status, 201, "{body}");
        let key = created.json()["key"].clone();
        assert_eq!((&key["name"], &key["grants"]), (&json!("foobar"), &grants));
        assert!(key["secret_key"].is_string() && key["created_at"].is_string());

        // What newer versions read by, and what older ones did.
        let path = format!("{KEYS}/{}", key["access_key"].as_str().unwrap());
        assert_eq!(as_godo(&spaces, Method::GET, &path, None).await.json()["key"]["grants"], grants);
        let listed = as_godo(&spaces, Method::GET, &format!("{KEYS}?page=1&per_page=200"), None).await.json();
        assert_eq!(listed["keys"][0]["access_key"], key["access_key"]);
        assert_eq!(listed["links"], json!({}), "it is the last page");

        let deleted = as_godo(&spaces, Method::DELETE, &path, None).await;
        assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
        assert_eq!(as_godo(&spaces, Method::GET, &path, None).await.status, 404);
    }
}

/// The steps of the provider's acceptance tests: another name and another grant, and a grant less.
#[tokio::test]
async fn what_the_acceptance_tests_change_holds() {
    let spaces = Spaces::start(&[]).await;
    spaces.vendor.add_bucket("my-bucket");
    spaces.vendor.add_bucket("my-bucket2");
    let two = r#"{"name":"a","grants":[{"bucket":"my-bucket","permission":"read"},{"bucket":"my-bucket2","permission":"readwrite"}]}"#;
    let key = as_godo(&spaces, Method::POST, KEYS, Some(two)).await.json()["key"].clone();
    let path = format!("{KEYS}/{}", key["access_key"].as_str().unwrap());
    for body in [
        r#"{"name":"a","grants":[{"bucket":"my-bucket","permission":"read"}]}"#,
        r#"{"name":"b","grants":[{"bucket":"my-bucket2","permission":"read"}]}"#,
        r#"{"name":"b","grants":[]}"#,
    ] {
        let updated = as_godo(&spaces, Method::PUT, &path, Some(body)).await;
        let sent: Value = serde_json::from_str(body).unwrap();
        let shown = as_godo(&spaces, Method::GET, &path, None).await.json();
        assert_eq!((updated.status.as_u16(), updated.json()), (200, shown.clone()));
        assert_eq!((&shown["key"]["name"], &shown["key"]["grants"]), (&sent["name"], &sent["grants"]));
    }
    // godo itself writes no grants as null.
    let cleared = as_godo(&spaces, Method::PUT, &path, Some(r#"{"name":"c","grants":null}"#)).await;
    assert_eq!(cleared.json()["key"]["grants"], json!([]));
}

/// What pydo 0.44.0 was seen to send.
#[tokio::test]
async fn what_pydo_sends_is_accepted() {
    let spaces = Spaces::start(&[]).await;
    let bearer = format!("Bearer {}", spaces.token);
    let headers = [
        ("user-agent", "azsdk-python-pydo/0.44.0 Python/3.11.7 (Linux-6.18.44-x86_64-with-glibc2.36)"),
        ("accept-encoding", "gzip, deflate"),
        ("accept", "application/json"),
        ("connection", "keep-alive"),
        ("x-ms-client-request-id", "5eb46ae0-a676-4d3e-83cc-ac433ef03085"),
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let body = r#"{"name": "lim", "grants": [{"bucket": "keywright-demo", "permission": "read"}]}"#;
    let created = spaces.send_with(Method::POST, KEYS, &headers, Some(body.to_owned())).await;
    assert_eq!(created.status, 201);
    let path = format!("{KEYS}/{}", created.json()["key"]["access_key"].as_str().unwrap());
    let list = format!("{KEYS}?per_page=20&page=1&sort=created_at&sort_direction=desc");
    let listed = spaces.send_with(Method::GET, &list, &headers[..6], None).await;
    assert_eq!(listed.json()["meta"]["total"], 1);
    let renamed = spaces.send_with(Method::PATCH, &path, &headers, Some(r#"{"name": "lim2"}"#.to_owned())).await;
    assert_eq!(renamed.json()["key"]["name"], "lim2");
    // It turns these headers into numbers.
    for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
        assert!(listed.header(name).unwrap().parse::<u64>().is_ok(), "{name}");
    }
}

/// What boto3 1.44.8 was seen to send for a list of buckets.
#[test]
fn the_request_that_boto3_was_seen_to_send_verifies() {
    let headers = [
        ("host", "127.0.0.1:4804"),
        ("accept-encoding", "identity"),
        ("x-amz-date", "20261125T170656Z"),
        ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=DO00ABCDEFGHIJKLMNOP/20261125/nyc3/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
             Signature=00bbbd1945c04871720926c97f5f265ea5903c48f7bb45f05fb156e38ba5797a",
        ),
        ("amz-sdk-invocation-id", "5eb46ae0-a676-4d3e-83cc-ac433ef03085"),
    ];
    let headers: HeaderMap =
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
    let request =
        ReceivedRequest { method: "GET", host: "127.0.0.1:4804", path: "/", query: None, headers: &headers, body: b"" };
    let secret = SecretString::from("made-up-secret-of-a-key-that-never-was-0000");
    let claim = verify(&request, |_| Some(secret)).unwrap();
    assert_eq!((claim.region.as_str(), claim.service.as_str()), ("nyc3", "s3"));
}

#[tokio::test]
async fn a_request_is_recorded_without_telling_what_authenticates_it() {
    let spaces = Spaces::start(&[]).await;
    let body = r#"{"name":"foobar","grants":[]}"#;
    as_godo(&spaces, Method::POST, KEYS, Some(body)).await;
    let requests = spaces.simulator.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].body, format!("{body}\n"));
    assert_eq!(requests[0].headers[header::USER_AGENT], "Terraform/1.15.0 godo/1.143.0");
    assert_eq!(requests[0].operation, Some("create"));
    assert!(!format!("{requests:?}").contains(&spaces.token));
}
