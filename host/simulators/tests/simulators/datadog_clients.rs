//! Requests as Datadog's own clients put them on the wire: the Python client 2.62.0, and the Go client within the Terraform
//! provider (its recorded requests).

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::client::Connection;
use crate::datadog::{Datadog, KEYS};

const PYTHON: &str = "datadog-api-client-python/2.62.0 (python 3.11.7; os Linux; arch x86_64)";
const PROVIDER: &str = "terraform-provider-datadog/dev (terraform 2.7.0; terraform-cli 1.0.3) datadog-api-client-go/1.2.1+dev \
                        (go go1.16.6; os darwin; arch amd64)";

/// Sends what a client would, with its headers besides the keys and the host, and expects `status`.
async fn send(
    datadog: &Datadog,
    headers: &[(&str, &str)],
    method: Method,
    target: &str,
    body: Option<&str>,
    status: u16,
) -> Value {
    let mut connection = Connection::open(datadog.simulator.base_url(), None, false).await.unwrap();
    let mut request = Request::builder().method(&method).uri(target).header("DD-API-KEY", &datadog.api_key);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(Full::<Bytes>::from(body.unwrap_or_default().to_owned())).unwrap();
    let answer = connection.exchange(request).await.unwrap();
    assert_eq!(answer.status, status, "{method} {target}");
    if answer.body.is_empty() {
        return Value::Null;
    }
    // The clients decode an answer by this type.
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

/// Bodies, spelling of queries and headers were captured from the client itself.
#[tokio::test]
async fn what_the_python_client_sends_is_accepted() {
    let datadog = Datadog::served(&[], true).await;
    let application = ("DD-APPLICATION-KEY", datadog.application_key.as_str());
    let (encoding, agent) = (("Accept-Encoding", "gzip"), ("User-Agent", PYTHON));
    let headers = [("Accept", "application/json"), application, encoding, agent];
    let alone = [("Accept", "application/json"), encoding, agent];

    let body = r#"{"data": {"attributes": {"category": "x", "remote_config_read_enabled": true, "name": "agent-web-7f3a"}, "type": "api_keys"}}"#;
    let made = send(&datadog, &headers, Method::POST, KEYS, Some(body), 201).await;
    let id = made["data"]["id"].as_str().unwrap();
    let one = format!("{KEYS}/{id}");
    let query = format!("{one}?include=created_by%2Cmodified_by");
    let read = send(&datadog, &headers, Method::GET, &query, None, 200).await;
    assert_eq!((&read["data"], &read["included"][0]["type"]), (&made["data"], &json!("users")));
    let body = format!(r#"{{"data": {{"attributes": {{"name": "agent-2"}}, "id": "{id}", "type": "api_keys"}}}}"#);
    send(&datadog, &headers, Method::PATCH, &one, Some(&body), 200).await;

    let query = format!(
        "{KEYS}?page%5Bsize%5D=2&page%5Bnumber%5D=0&sort=-name&filter=a\
         &filter%5Bcreated_at%5D%5Bstart%5D=2020-11-24T18%3A46%3A21%2B00%3A00&filter%5Bcreated_at%5D%5Bend%5D=2999-01-01\
         &filter%5Bmodified_at%5D%5Bstart%5D=2020-11-24T18%3A46%3A21%2B00%3A00\
         &filter%5Bmodified_at%5D%5Bend%5D=2999-01-01&include=created_by%2Cmodified_by\
         &filter%5Bremote_config_read_enabled%5D=true&filter%5Bcategory%5D=x"
    );
    let listed = send(&datadog, &headers, Method::GET, &query, None, 200).await;
    assert_eq!((&listed["data"][0]["id"], &listed["meta"]["page"]["total_filtered_count"]), (&json!(id), &json!(1)));

    for path in ["/api/v1/validate", "/api/v2/validate"] {
        send(&datadog, &alone, Method::GET, path, None, 200).await;
    }
    send(&datadog, &headers, Method::GET, "/api/v2/validate_keys", None, 200).await;
    let any = [("Accept", "*/*"), application, encoding, agent];
    assert_eq!(send(&datadog, &any, Method::DELETE, &one, None, 204).await, Value::Null);
    send(&datadog, &headers, Method::GET, &one, None, 404).await;
}

/// The order of the requests is that of the provider's test `TestAccDatadogApiKey_Update`; the bodies end with the line
/// that Go's encoder adds. The provider checks the keys before all else.
#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let datadog = Datadog::served(&[], true).await;
    let application = ("DD-APPLICATION-KEY", datadog.application_key.as_str());
    let headers = |operation| {
        [("Accept", "application/json"), application, ("Dd-Operation-Id", operation), ("User-Agent", PROVIDER)]
    };
    send(&datadog, &headers("Validate"), Method::GET, "/api/v1/validate", None, 200).await;
    for (first, second, enabled) in [
        (r#"{"name":"foo-application"}"#, r#"{"name":"foo-application-2"}"#, false),
        (
            r#"{"name":"bar-application","remote_config_read_enabled":true}"#,
            r#"{"name":"bar-application-2","remote_config_read_enabled":true}"#,
            true,
        ),
    ] {
        let body = format!("{{\"data\":{{\"attributes\":{first},\"type\":\"api_keys\"}}}}\n");
        let made = send(&datadog, &headers("CreateAPIKey"), Method::POST, KEYS, Some(&body), 201).await;
        let id = made["data"]["id"].as_str().unwrap();
        let one = format!("{KEYS}/{id}");
        for _ in 0..3 {
            assert_eq!(send(&datadog, &headers("GetAPIKey"), Method::GET, &one, None, 200).await, made);
        }
        let body = format!("{{\"data\":{{\"attributes\":{second},\"id\":\"{id}\",\"type\":\"api_keys\"}}}}\n");
        let changed = send(&datadog, &headers("UpdateAPIKey"), Method::PATCH, &one, Some(&body), 200).await;
        // The provider fails when it asked for remote configuration and is told that there is none.
        assert_eq!(changed["data"]["attributes"]["remote_config_read_enabled"], enabled);
        assert_eq!(changed["data"]["attributes"]["key"], made["data"]["attributes"]["key"]);
        assert_ne!(changed["data"]["attributes"]["modified_at"], made["data"]["attributes"]["modified_at"]);
        send(&datadog, &headers("DeleteAPIKey"), Method::DELETE, &one, None, 204).await;
        let gone = send(&datadog, &headers("GetAPIKey"), Method::GET, &one, None, 404).await;
        assert_eq!(gone, json!({"errors": ["API key not found"]}));
    }
}

/// The data source lists by name, which is no exact match, and reads what it found.
#[tokio::test]
async fn what_the_data_source_sends_is_accepted() {
    let datadog = Datadog::served(&[], true).await;
    let headers = [
        ("Accept", "application/json"),
        ("DD-APPLICATION-KEY", datadog.application_key.as_str()),
        ("User-Agent", PROVIDER),
    ];
    datadog.named("foo application").await;
    datadog.named("foo application 2").await;
    let found = send(&datadog, &headers, Method::GET, &format!("{KEYS}?filter=foo+application"), None, 200).await;
    let found = found["data"].as_array().unwrap();
    assert_eq!(found.len(), 2);
    let exact = found.iter().find(|key| key["attributes"]["name"] == "foo application").unwrap();
    let path = format!("{KEYS}/{}", exact["id"].as_str().unwrap());
    let read = send(&datadog, &headers, Method::GET, &path, None, 200).await;
    assert!(read["data"]["attributes"]["key"].is_string());
}

#[tokio::test]
async fn a_recorded_request_prints_no_key() {
    let datadog = Datadog::served(&[], true).await;
    datadog.get(KEYS).await;
    let requests = datadog.simulator.requests();
    assert_eq!(requests[0].operation, Some("list"));
    let printed = format!("{requests:?}");
    assert!(printed.contains("dd-api-key"), "{printed}");
    assert!(!printed.contains(&datadog.api_key) && !printed.contains(&datadog.application_key));
}
