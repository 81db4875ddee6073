//! The server: certificates, connections, the record, and its end.

use http::{Method, Version};
use keywright_simulators::{FaultRule, Simulator, vendor};
use tokio::net::TcpStream;

use crate::client::{Connection, KEYS, Scaleway, handshake};

#[tokio::test]
async fn the_certificate_is_good_for_the_loopback_names_under_its_own_ca() {
    let scaleway = Scaleway::start(&[]).await;
    let authority = scaleway.simulator.base_url().strip_prefix("https://").unwrap();
    for name in ["127.0.0.1", "::1", "localhost"] {
        let tcp = TcpStream::connect(authority).await.unwrap();
        handshake(tcp, &format!("{name}:443"), scaleway.simulator.ca_pem(), false).await.unwrap();
    }
    let tcp = TcpStream::connect(authority).await.unwrap();
    let elsewhere = handshake(tcp, "api.scaleway.com:443", scaleway.simulator.ca_pem(), false).await;
    assert!(elsewhere.is_err());
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_ca_is_stopped_by_tls() {
    let scaleway = Scaleway::start(&[]).await;
    let other = Scaleway::start(&[]).await;
    let authority = scaleway.simulator.base_url().strip_prefix("https://").unwrap();
    for trusted in [None, other.simulator.ca_pem()] {
        let tcp = TcpStream::connect(authority).await.unwrap();
        let error = handshake(tcp, authority, trusted, false).await.unwrap_err();
        assert!(error.to_string().contains("invalid peer certificate"), "{error}");
    }
    assert!(scaleway.simulator.requests().is_empty());
}

#[tokio::test]
async fn plain_http_needs_no_ca() {
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let simulator = Simulator::builder(vendor).plain_http(true).start().await.unwrap();
    assert!(simulator.base_url().starts_with("http://127.0.0.1:"));
    assert_eq!(simulator.ca_pem(), None);
    let mut connection = Connection::open(simulator.base_url(), None, false).await.unwrap();
    let answer = connection.send(Method::GET, "/metadata", None, None).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn requests_are_recorded_with_their_version_and_connection() {
    let scaleway = Scaleway::start(&[]).await;
    let mut first = scaleway.connection().await;
    let mut second = scaleway.connection_http2().await;
    for connection in [&mut first, &mut second] {
        for path in [KEYS, "/iam/v1alpha1/api-keys?page=1"] {
            connection.send(Method::GET, path, Some(&scaleway.secret), None).await.unwrap();
        }
    }
    let recorded: Vec<_> = scaleway
        .simulator
        .requests()
        .into_iter()
        .map(|request| (request.version, request.connection, request.path, request.query))
        .collect();
    let page = Some("page=1".to_owned());
    let expected = [
        (Version::HTTP_11, 1, KEYS.to_owned(), None),
        (Version::HTTP_11, 1, KEYS.to_owned(), page.clone()),
        (Version::HTTP_2, 2, KEYS.to_owned(), None),
        (Version::HTTP_2, 2, KEYS.to_owned(), page),
    ];
    assert_eq!(recorded, expected);
    scaleway.simulator.clear_requests();
    assert!(scaleway.simulator.requests().is_empty());
}

#[tokio::test]
async fn a_body_beyond_all_reason_is_refused() {
    let scaleway = Scaleway::start(&[]).await;
    let body = Some("a".repeat(1024 * 1024 + 1));
    let answer = scaleway.connection().await.send(Method::POST, KEYS, Some(&scaleway.secret), body).await;
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status == 413));
    assert!(scaleway.simulator.requests().is_empty());
}

#[tokio::test]
async fn a_stopped_simulator_ends_its_connections_and_frees_its_port() {
    let scaleway = Scaleway::start(&[]).await;
    let mut connection = scaleway.connection().await;
    assert!(connection.send(Method::GET, KEYS, Some(&scaleway.secret), None).await.is_ok());
    let address = scaleway.simulator.base_url().strip_prefix("https://").unwrap().parse().unwrap();
    scaleway.simulator.stop().await;
    assert!(connection.send(Method::GET, KEYS, Some(&scaleway.secret), None).await.is_err());

    let vendor = vendor("scaleway", &[].into()).unwrap();
    let again = Simulator::builder(vendor).listen(address).start().await.unwrap();
    assert_eq!(again.base_url(), format!("https://{address}"));
}

#[tokio::test]
async fn a_dropped_simulator_ends_a_stalled_answer() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("stall");
    let secret = scaleway.secret.clone();
    let mut connection = scaleway.connection().await;
    let answer = connection.begin(Method::GET, KEYS, Some(&secret), None).await.unwrap();
    drop(scaleway);
    assert!(http_body_util::BodyExt::collect(answer.into_body()).await.is_err());
}

#[tokio::test]
async fn an_address_in_use_is_refused_with_what_to_do() {
    let scaleway = Scaleway::start(&[]).await;
    let address = scaleway.simulator.base_url().strip_prefix("https://").unwrap().parse().unwrap();
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let error = Simulator::builder(vendor).listen(address).start().await.unwrap_err();
    let expected = format!("cannot listen on {address}: address in use; choose another address or port 0");
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_fault_for_an_operation_that_the_vendor_does_not_have_is_refused_at_start() {
    let rule: FaultRule = "cut@regenerate".parse().unwrap();
    let vendor = vendor("scaleway", &[].into()).unwrap();
    let error = Simulator::builder(vendor).fault(rule).start().await.unwrap_err().to_string();
    assert!(error.contains("\"regenerate\"") && error.contains("create, list, get, update, revoke"), "{error}");
}
