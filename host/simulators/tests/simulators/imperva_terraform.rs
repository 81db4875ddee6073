//! Requests as Imperva's own Terraform provider 3.39.0 puts them on the wire.

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::imperva::{CLIENTS, Imperva, Key, in_days};

/// Sends what the provider would, over plain HTTP/1.1, and expects `status`.
async fn as_the_provider(
    imperva: &Imperva,
    operation: &str,
    method: Method,
    target: &str,
    body: &str,
    status: u16,
) -> Value {
    let authority = imperva.simulator.base_url().strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(authority).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(&method)
        .uri(target)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, "Go-http-client/1.1")
        .header("X-Api-Id", &imperva.own.id)
        .header("X-Api-Key", &imperva.own.api_key)
        .header("X-Tf-Operation", operation)
        .header("X-Tf-Provider-Ver", "3.39.0")
        .header(header::ACCEPT_ENCODING, "gzip");
    if method != Method::GET {
        let form = operation == "verify_account";
        let kind = if form { "application/x-www-form-urlencoded" } else { "application/json" };
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Full::<Bytes>::from(body.to_owned())).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.status(), status, "{method} {target}");
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() }
}

async fn verify(imperva: &Imperva) {
    let target = "/api/prov/v1/account/verify";
    let verified = as_the_provider(imperva, "verify_account", Method::POST, target, "", 200).await;
    let expected = json!({
        "account_type": "Account", "account_id": imperva.vendor.account_id(), "parent_id": 1,
        "account_name": "Example", "plan_id": "ent100", "plan_name": "Enterprise", "res": 0, "res_message": "OK",
        "debug_info": {"id-info": "999999"},
    });
    assert_eq!(verified, expected);
}

/// What the provider insists on: the first of the list is the one.
async fn read(imperva: &Imperva, query: &str) -> Value {
    let read = as_the_provider(imperva, "read_api_client", Method::GET, &format!("{CLIENTS}?{query}"), "", 200).await;
    read["data"][0].clone()
}

#[tokio::test]
async fn the_three_examples_of_the_resources_page_live_their_lives() {
    let imperva = Imperva::served(&[], true).await;
    let sub = imperva.vendor.sub_account_id();
    let date = in_days(300);
    let body = format!(r#"{{"name":"First","description":"Last","expirationDate":"{date}","enabled":true}}"#);
    for (create, account) in [
        (String::new(), String::new()),
        ("?userEmail=example%40terraform.com".to_owned(), String::new()),
        (format!("?caid={sub}&userEmail=example%40terraform.com"), format!("caid={sub}")),
    ] {
        verify(&imperva).await;
        let target = format!("{CLIENTS}{create}");
        let created = as_the_provider(&imperva, "create_api_client", Method::POST, &target, &body, 201).await;
        assert!(created["apiKey"].is_string());
        let id = created["id"].as_u64().unwrap();
        let one = if account.is_empty() { format!("id={id}") } else { format!("{account}&id={id}") };
        let stored = read(&imperva, &one).await;
        assert_eq!((&stored["id"], &stored["expirationDate"]), (&created["id"], &json!(date)));

        let query = if account.is_empty() { String::new() } else { format!("?{account}") };
        let target = format!("{CLIENTS}/{id}{query}");
        let change = r#"{"name":"Second","enabled":false}"#;
        let changed = as_the_provider(&imperva, "update_api_client", Method::PATCH, &target, change, 200).await;
        assert_eq!(changed["name"], "Second");
        let change = r#"{"description":"changed"}"#;
        as_the_provider(&imperva, "update_api_client", Method::PATCH, &target, change, 200).await;
        let later = in_days(600);
        let change = format!(r#"{{"expirationDate":"{later}","regenerate":true}}"#);
        let renewed = as_the_provider(&imperva, "update_api_client", Method::PATCH, &target, &change, 200).await;
        assert!(renewed["apiKey"].is_string() && renewed["apiKey"] != created["apiKey"]);
        let stored = read(&imperva, &one).await;
        let told = [&stored["name"], &stored["description"], &stored["expirationDate"], &stored["enabled"]];
        assert_eq!(told, [&json!("Second"), &json!("changed"), &json!(later), &json!(false)]);

        let gone = as_the_provider(&imperva, "delete_api_client", Method::DELETE, &target, "", 204).await;
        assert_eq!(gone, Value::Null);
        assert_eq!(read(&imperva, &one).await, Value::Null);
    }
}

#[tokio::test]
async fn a_client_with_only_a_name_is_made_disabled() {
    let imperva = Imperva::served(&[], true).await;
    let body = r#"{"name":"First","enabled":false}"#;
    let created = as_the_provider(&imperva, "create_api_client", Method::POST, CLIENTS, body, 201).await;
    assert_eq!((&created["enabled"], &created["description"]), (&json!(false), &json!("")));
}

#[tokio::test]
async fn an_account_is_verified_by_what_the_body_says() {
    let imperva = Imperva::start(&[]).await;
    let target = "/api/prov/v1/account/verify";
    let created = imperva.create(json!({"name": "First"})).await;
    let key = Key::of(&created);
    assert_eq!(imperva.send_as(&key, Method::POST, target, None).await.json()["res"], 0);
    imperva.update(&created["id"], json!({"enabled": false})).await;
    let disabled = imperva.send_as(&key, Method::POST, target, None).await;
    let expected = json!({"res": 9418, "res_message": "Disabled API Key", "debug_info": {"id-info": "999999"}});
    assert_eq!((disabled.status.as_u16(), disabled.json()), (200, expected));
    let unknown = Key { api_key: imperva.own.api_key.clone(), ..key };
    let refused = imperva.send_as(&unknown, Method::POST, target, None).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["res"]), (401, &json!(9415)));
}

#[tokio::test]
async fn a_recorded_request_does_not_print_its_key() {
    let imperva = Imperva::served(&[], true).await;
    read(&imperva, "id=1").await;
    let requests = imperva.simulator.requests();
    assert_eq!(requests[0].operation, Some("get"));
    assert_eq!(requests[0].headers["x-tf-operation"], "read_api_client");
    assert!(!format!("{requests:?}").contains(&imperva.own.api_key));
}
