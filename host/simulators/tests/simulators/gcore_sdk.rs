//! Requests as Gcore's own clients put them on the wire: the Terraform provider's branch `iam` (v1 paths), the Python SDK
//! and the Go SDK (v2 paths).

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use keywright_simulators::Simulator;
use serde_json::Value;

use crate::client::{Answer, Connection};
use crate::gcore::{Gcore, in_hours};

async fn plain() -> Gcore {
    Gcore::of(Simulator::builder(Gcore::vendor(&[])).plain_http(true).start().await.unwrap())
}

/// Sends a request with these headers besides the host and the token.
async fn send(gcore: &Gcore, headers: &[(&str, &str)], method: Method, path: &str, body: Option<String>) -> Answer {
    let mut connection = Connection::open(gcore.simulator.base_url(), None, false).await.unwrap();
    let mut request =
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("APIKey {}", gcore.token));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    connection.exchange(request.body(Full::<Bytes>::from(body.unwrap_or_default())).unwrap()).await.unwrap()
}

/// Answers without a content type of JSON are not read by the provider's SDK.
fn json(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    const HEADERS: [(&str, &str); 2] = [("User-Agent", "Go-http-client/1.1"), ("Accept-Encoding", "gzip")];
    let gcore = plain().await;
    let tokens = gcore.tokens(1);
    let week = in_hours(7 * 24);
    // The order of the fields is the provider's; the second has neither a description nor an expiry of the user's.
    for body in [
        format!(
            r#"{{"client_user":{{"role":{{"id":2,"name":"Users"}}}},"description":"API token for Terraform test","exp_date":"{}","name":"Test Api Token"}}"#,
            in_hours(24)
        ),
        format!(
            r#"{{"client_user":{{"role":{{"id":2,"name":"Users"}}}},"description":"","exp_date":"{}Z","name":"Test Api Token"}}"#,
            &week[..19]
        ),
    ] {
        let made = send(&gcore, &HEADERS, Method::POST, &tokens, Some(body)).await;
        assert_eq!(made.status, 200);
        // It takes the id from before the dollar sign, and reads the token at once.
        let made = json(&made);
        let (id, _) = made["token"].as_str().unwrap().split_once('$').unwrap();
        let token = format!("{tokens}/{id}");
        let read = send(&gcore, &HEADERS, Method::GET, &token, None).await;
        assert_eq!((read.status.as_u16(), &json(&read)["name"]), (200, &Value::from("Test Api Token")));
        let deleted = send(&gcore, &HEADERS, Method::DELETE, &token, None).await;
        assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
        assert_eq!(send(&gcore, &HEADERS, Method::GET, &token, None).await.status, 404);
    }
}

/// The SDKs are made from the v2 API description, and differ in what they call themselves.
#[tokio::test]
async fn what_the_sdks_send_is_accepted() {
    let python = [
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, deflate"),
        ("User-Agent", "Gcore/Python 0.53.0"),
        ("X-Stainless-Lang", "python"),
        ("X-Stainless-Package-Version", "0.53.0"),
        ("X-Stainless-Async", "false"),
        ("x-stainless-retry-count", "0"),
        ("x-stainless-read-timeout", "120"),
    ];
    let go = [
        ("Accept", "application/json"),
        ("User-Agent", "Gcore/Go 0.41.0"),
        ("X-Stainless-Lang", "go"),
        ("X-Stainless-Package-Version", "0.41.0"),
        ("X-Stainless-Retry-Count", "0"),
    ];
    for headers in [python.as_slice(), go.as_slice()] {
        let gcore = plain().await;
        let tokens = gcore.tokens(2);
        let never = r#"{"client_user":{"role":{"id":1,"name":"Administrators"}},"exp_date":null,"name":"My token"}"#;
        let made = send(&gcore, headers, Method::POST, &tokens, Some(never.to_owned())).await;
        assert_eq!(made.status, 200);
        let made = json(&made);
        assert_eq!((&made["exp_date"], &made["description"]), (&Value::Null, &Value::from("")));
        let query = "deleted=true&issued_by=1023101&not_issued_by=7&role=1";
        let listed = send(&gcore, headers, Method::GET, &format!("{tokens}?{query}"), None).await;
        assert_eq!(json(&listed).as_array().unwrap().len(), 2);
        let token = format!("{tokens}/{}", made["id"]);
        assert_eq!(json(&send(&gcore, headers, Method::GET, &token, None).await)["id"], made["id"]);
        let any: Vec<_> =
            headers.iter().filter(|(name, _)| *name != "Accept").copied().chain([("Accept", "*/*")]).collect();
        assert_eq!(send(&gcore, &any, Method::DELETE, &token, None).await.status, 204);
        for path in ["/iam/clients/me", "/iam/users/me"] {
            assert_eq!(send(&gcore, headers, Method::GET, path, None).await.status, 200);
        }
    }
}

#[tokio::test]
async fn a_record_of_requests_prints_no_token() {
    let gcore = plain().await;
    send(&gcore, &[], Method::GET, &gcore.tokens(2), None).await;
    let requests = gcore.simulator.requests();
    assert_eq!(requests[0].operation, Some("list"));
    assert!(!format!("{requests:?}").contains(&gcore.token));
}
