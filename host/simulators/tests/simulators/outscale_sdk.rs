//! Requests as the official Python SDK and the Terraform provider put them on the wire, and the shapes of answers.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{TimeDelta, Utc};
use http::{HeaderMap, HeaderName, header};
use keywright_auth::signature::{ReceivedRequest, verify};
use secrecy::SecretString;
use serde_json::json;

use crate::outscale_client::{Outscale, Signer, told};

/// What osc-sdk-python 0.42.0 was seen to send: the header values are its own, the signature is over the host without its
/// port.
#[test]
fn the_request_that_the_python_sdk_was_seen_to_send_verifies() {
    let headers = [
        ("host", "127.0.0.1:4803"),
        ("user-agent", "osc-sdk-python/0.42.0"),
        ("accept-encoding", "gzip, deflate"),
        ("content-length", "55"),
        ("content-type", "application/json; charset=utf-8"),
        ("x-osc-date", "20261121T220610Z"),
        (
            "authorization",
            "OSC4-HMAC-SHA256 Credential=ABCDEFGHIJ0123456789/20261121/eu-west-2/api/osc4_request, \
             SignedHeaders=content-type;host;x-osc-date, \
             Signature=1416e2012042fd80be1b0a6d3d2d44f4a04c2f74460982657aa9097e7dcfe692",
        ),
    ];
    let headers: HeaderMap =
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
    let request = ReceivedRequest {
        method: "POST",
        host: "127.0.0.1:4803",
        path: "/api/v1/ReadAccessKeys",
        query: None,
        headers: &headers,
        body: br#"{"Filters": {"AccessKeyIds": ["ABCDEFGHIJ0123456789"]}}"#,
    };
    let secret = SecretString::from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCD");
    let claim = verify(&request, |_| Some(secret)).unwrap();
    assert_eq!((claim.region.as_str(), claim.service.as_str()), ("eu-west-2", "api"));
}

#[tokio::test]
async fn every_way_of_signing_that_osc_tools_have_is_accepted() {
    let outscale = Outscale::start(&[]).await;
    let keys = (outscale.access_key.as_str(), outscale.secret_key.as_str());
    let body = format!(r#"{{"Filters": {{"AccessKeyIds": ["{}"]}}}}"#, outscale.access_key);
    for signer in [
        Signer::python(),
        Signer { with_port: true, ..Signer::python() },
        Signer { content_type: "application/json", ..Signer::python() },
        Signer::go(),
        // osc-sdk-go v2: any region is signed as eu-west-2, for the service oapi.
        Signer { service: "oapi", ..Signer::go() },
        // oapi-cli and curl.
        Signer { service: "api", region: "cloudgouv-eu-west-1", ..Signer::go() },
        Signer { at: Utc::now() - TimeDelta::minutes(14), ..Signer::python() },
    ] {
        let answer = outscale.signed(&signer, keys, "ReadAccessKeys", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["AccessKeys"][0]["AccessKeyId"], outscale.access_key.as_str());
    }
}

#[tokio::test]
async fn the_root_users_login_is_accepted_with_a_date_and_without() {
    let outscale = Outscale::start(&[]).await;
    let (email, password) = outscale.vendor.login();
    let login = |password: &str, date: Option<String>| {
        let mut headers = HeaderMap::new();
        let basic = BASE64_STANDARD.encode(format!("{email}:{password}"));
        headers.insert(header::AUTHORIZATION, format!("Basic {basic}").parse().unwrap());
        if let Some(date) = date {
            headers.insert("x-osc-date", date.parse().unwrap());
        }
        headers
    };
    let now = |ago: TimeDelta| (Utc::now() - ago).format("%Y%m%dT%H%M%SZ").to_string();
    let ask = async |headers| told(&outscale.send("ReadAccessKeys", headers, "{}".to_owned()).await);
    assert_eq!(ask(login(password, Some(now(TimeDelta::zero())))).await.0, 200);
    assert_eq!(ask(login(password, None)).await.0, 200);
    assert_eq!(ask(login("wrong", None)).await, (401, "1".to_owned()));
    assert_eq!(ask(login(password, Some(now(TimeDelta::hours(1))))).await, (401, "1".to_owned()));
}

/// Both examples of the resource's page, a change of everything, and the end, as provider 1.8.0 sends them.
#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let outscale = Outscale::start(&[]).await;
    let keys = (outscale.access_key.as_str(), outscale.secret_key.as_str());
    let send = async |call: &str, body: String| {
        let answer = outscale.signed(&Signer::go(), keys, call, &body).await;
        assert_eq!(answer.status, 200, "{call} {body}: {answer:?}");
        answer.json()
    };
    let year = Utc::now().format("%Y").to_string().parse::<i32>().unwrap() + 2;
    let own = send("CreateAccessKey", format!(r#"{{"ExpirationDate":"{year}-01-01"}}"#)).await;
    let id = own["AccessKey"]["AccessKeyId"].as_str().unwrap().to_owned();
    assert_eq!(own["AccessKey"]["ExpirationDate"], format!("{year}-01-01T00:00:00.000+0000"));
    let read = send("ReadAccessKeys", format!(r#"{{"Filters":{{"AccessKeyIds":["{id}"]}}}}"#)).await;
    assert_eq!(read["AccessKeys"].as_array().unwrap().len(), 1);
    send("DeleteAccessKey", format!(r#"{{"AccessKeyId":"{id}"}}"#)).await;

    let user = send("CreateUser", r#"{"Path":"/","UserName":"user-1"}"#.to_owned()).await;
    let user_id = user["User"]["UserId"].as_str().unwrap();
    let users = send("ReadUsers", format!(r#"{{"Filters":{{"UserIds":["{user_id}"]}}}}"#)).await;
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    assert_eq!(send("ReadLinkedPolicies", r#"{"UserName":"user-1"}"#.to_owned()).await["Policies"], json!([]));
    let body = format!(r#"{{"ExpirationDate":"{year}-01-01","UserName":"user-1"}}"#);
    let key = send("CreateAccessKey", body).await;
    let id = key["AccessKey"]["AccessKeyId"].as_str().unwrap().to_owned();
    let read = format!(r#"{{"Filters":{{"AccessKeyIds":["{id}"]}},"UserName":"user-1"}}"#);
    assert_eq!(send("ReadAccessKeys", read.clone()).await["AccessKeys"][0]["State"], "ACTIVE");
    for (change, field, expected) in [
        (
            format!(r#""ExpirationDate":"{year}-06-01","State":"ACTIVE""#),
            "ExpirationDate",
            json!(format!("{year}-06-01T00:00:00.000+0000")),
        ),
        (r#""State":"ACTIVE","Tag":"t""#.to_owned(), "Tag", json!("t")),
        (r#""ClearTag":true,"State":"ACTIVE""#.to_owned(), "Tag", json!(null)),
        (r#""ClearExpirationDate":true,"State":"ACTIVE""#.to_owned(), "ExpirationDate", json!(null)),
        (r#""State":"INACTIVE""#.to_owned(), "State", json!("INACTIVE")),
    ] {
        let updated =
            send("UpdateAccessKey", format!(r#"{{"AccessKeyId":"{id}",{change},"UserName":"user-1"}}"#)).await;
        assert_eq!(updated["AccessKey"][field], expected, "{change}");
    }
    send("DeleteAccessKey", format!(r#"{{"AccessKeyId":"{id}","UserName":"user-1"}}"#)).await;
    assert_eq!(send("ReadAccessKeys", read).await["AccessKeys"], json!([]));
    send("DeleteUser", r#"{"UserName":"user-1"}"#.to_owned()).await;
}

#[tokio::test]
async fn answers_have_the_shapes_and_headers_of_the_api() {
    let outscale = Outscale::start(&[]).await;
    let answer = outscale.call("CreateAccessKey", json!({"Tag": "ci"})).await;
    let body = answer.json();
    let mut fields: Vec<_> = body["AccessKey"].as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(fields, ["AccessKeyId", "CreationDate", "LastModificationDate", "SecretKey", "State", "Tag"]);
    assert_eq!(body["AccessKey"]["AccessKeyId"].as_str().unwrap().len(), 20);
    assert_eq!(body["AccessKey"]["SecretKey"].as_str().unwrap().len(), 40);
    assert!(uuid::Uuid::parse_str(body["ResponseContext"]["RequestId"].as_str().unwrap()).is_ok());
    for name in
        ["access-control-allow-origin", "date", "referrer-policy", "strict-transport-security", "x-frame-options"]
    {
        assert!(answer.header(name).is_some(), "{name}");
    }
    let read = outscale.granted("ReadAccessKeys", json!({})).await;
    assert!(!read.to_string().contains("SecretKey"));
}
