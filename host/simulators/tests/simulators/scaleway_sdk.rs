//! Requests as the official Go SDK puts them on the wire for the Terraform provider, and the shapes of recorded answers.

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keywright_simulators::{Simulator, vendor};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::client::{APPLICATIONS, KEYS, Scaleway};

const USER_AGENT: &str = "scaleway-sdk-go/v0.0.0 (go1.27.3; linux; amd64) terraform-provider/2.82.0 terraform/1.15.0";

/// Sends what the SDK would, over plain HTTP/1.1, and expects `status`.
async fn as_the_sdk(scaleway: &Scaleway, method: Method, path: &str, body: Option<String>, status: u16) -> Value {
    let authority = scaleway.simulator.base_url().strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(authority).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(&method)
        .uri(path)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, USER_AGENT)
        .header("X-Auth-Token", &scaleway.secret)
        .header(header::ACCEPT_ENCODING, "gzip");
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(Full::<Bytes>::from(body.unwrap_or_default())).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.status(), status, "{method} {path}");
    // The SDK decodes an answer only when this type is set and the body is not empty.
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json", "{method} {path}");
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() }
}

#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let scaleway = Scaleway::of(Simulator::builder(vendor).plain_http(true).start().await.unwrap());
    let organization = &scaleway.organization;

    // The order of the fields and the spelling of the bodies are the SDK's.
    let body =
        format!(r#"{{"name":"My application","organization_id":"{organization}","description":"","tags":null}}"#);
    let application = as_the_sdk(&scaleway, Method::POST, APPLICATIONS, Some(body), 200).await;
    as_the_sdk(&scaleway, Method::GET, "/metadata", None, 200).await;
    let application = application["id"].as_str().unwrap();

    let body = format!(r#"{{"application_id":"{application}","description":"a description"}}"#);
    let key = as_the_sdk(&scaleway, Method::POST, KEYS, Some(body), 200).await;
    let path = format!("{KEYS}/{}", key["access_key"].as_str().unwrap());
    as_the_sdk(&scaleway, Method::GET, &path, None, 200).await;

    let body = r#"{"description":""}"#.to_owned();
    assert_eq!(as_the_sdk(&scaleway, Method::PATCH, &path, Some(body), 200).await["description"], "");
    let body = r#"{"expires_at":"2935-07-06T09:00:00Z"}"#.to_owned();
    let changed = as_the_sdk(&scaleway, Method::PATCH, &path, Some(body), 200).await;
    assert_eq!(changed["expires_at"], "2935-07-06T09:00:00Z");

    let access_key = key["access_key"].as_str().unwrap();
    let list = format!(
        "{KEYS}?access_keys={access_key}&access_keys=SCWBBBBBBBBBBBBBBBBB&bearer_type=unknown_bearer_type\
         &expired=false&order_by=created_at_asc&organization_id={organization}&page=1"
    );
    assert_eq!(as_the_sdk(&scaleway, Method::GET, &list, None, 200).await["total_count"], 1);

    as_the_sdk(&scaleway, Method::DELETE, &path, None, 204).await;
    as_the_sdk(&scaleway, Method::GET, "/iam/v1alpha1/api-keys/SCWGONEGONEGONEGONEG", None, 404).await;
}

#[tokio::test]
async fn the_quotation_marks_of_the_ephemeral_resource_are_kept() {
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let scaleway = Scaleway::of(Simulator::builder(vendor).plain_http(true).start().await.unwrap());
    let body = format!(
        r#"{{"application_id":"{}","expires_at":"2935-06-10T16:22:39Z","description":"\"quoted\""}}"#,
        scaleway.application
    );
    let key = as_the_sdk(&scaleway, Method::POST, KEYS, Some(body), 200).await;
    assert_eq!(key["description"], "\"quoted\"");
    assert_eq!(key["expires_at"], "2935-06-10T16:22:39Z");
}

#[tokio::test]
async fn a_request_is_recorded_as_the_sdk_sent_it() {
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let scaleway = Scaleway::of(Simulator::builder(vendor).plain_http(true).start().await.unwrap());
    let body = format!(r#"{{"application_id":"{}","description":"a description"}}"#, scaleway.application);
    as_the_sdk(&scaleway, Method::POST, KEYS, Some(body.clone()), 200).await;

    let requests = scaleway.simulator.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!((&request.method, request.path.as_str(), &request.query), (&Method::POST, KEYS, &None));
    assert_eq!(request.body, body);
    assert_eq!(request.headers[header::CONTENT_LENGTH], body.len().to_string());
    assert_eq!(request.headers[header::USER_AGENT], USER_AGENT);
    assert_eq!(request.operation, Some("create"));
    assert!(!format!("{request:?}").contains(&scaleway.secret));
}
