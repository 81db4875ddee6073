//! Every fault does what it says, to the connection and to the key.

use std::{future::Future, sync::Arc, time::Duration};

use http::{Method, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::json;

use crate::client::{Answer, Broken, KEYS, Scaleway};

/// Tries to make a key, and tells how that went and how many keys the application has then.
async fn create(scaleway: &Scaleway) -> (Result<Answer, Broken>, usize) {
    let body = json!({"application_id": scaleway.application});
    let answer = scaleway.send_as(&scaleway.secret, Method::POST, KEYS, Some(body)).await;
    scaleway.simulator.faults().clear();
    (answer, scaleway.application_keys().await.len())
}

async fn begin_create(scaleway: &Scaleway, http2: bool) -> Result<Response<Incoming>, Broken> {
    let body = json!({"application_id": scaleway.application}).to_string();
    let mut connection = if http2 { scaleway.connection_http2().await } else { scaleway.connection().await };
    connection.begin(Method::POST, KEYS, Some(&scaleway.secret), Some(body)).await
}

/// Whether nothing happens for a while. A tenth of a second is long for loopback; were it too short, the test would
/// still not fail by accident, only notice less.
async fn nothing_happens(future: impl Future) -> bool {
    tokio::time::timeout(Duration::from_millis(100), future).await.is_err()
}

#[tokio::test]
async fn a_lost_answer_leaves_a_key_that_nobody_was_told_of() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("lose-answer@create*1");
    let (answer, keys) = create(&scaleway).await;
    assert!(answer.unwrap_err().is::<hyper::Error>(), "the connection broke, nothing else");
    assert_eq!(keys, 1);
}

#[tokio::test]
async fn a_cut_connection_leaves_nothing() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("cut");
    let (answer, keys) = create(&scaleway).await;
    assert!(answer.is_err());
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn a_cut_closes_the_connection_over_http2_too() {
    let scaleway = Scaleway::start(&[]).await;
    let mut connection = scaleway.connection_http2().await;
    scaleway.fault("lose-answer*1");
    assert!(connection.send(Method::GET, KEYS, Some(&scaleway.secret), None).await.is_err());
    let again = connection.send(Method::GET, KEYS, Some(&scaleway.secret), None).await;
    assert!(again.is_err(), "the connection is gone, not only the stream");
    assert!(scaleway.simulator.faults().waiting().is_empty());
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_after_half_of_its_body() {
    for http2 in [false, true] {
        let scaleway = Scaleway::start(&[]).await;
        scaleway.fault("truncate@create");
        let answer = begin_create(&scaleway, http2).await.unwrap();
        assert_eq!(answer.status(), 200);
        let promised: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
        let mut body = answer.into_body();
        let mut arrived = 0;
        let error = loop {
            match body.frame().await.expect("an error comes before the end") {
                Ok(frame) => arrived += frame.into_data().unwrap().len(),
                Err(error) => break error,
            }
        };
        assert_eq!(arrived, promised / 2, "{error:?}");
        assert_eq!(scaleway.application_keys().await.len(), 1);
    }
}

#[tokio::test]
async fn an_answer_without_a_body_is_truncated_to_nothing() {
    let scaleway = Scaleway::start(&[]).await;
    let access_key = scaleway.simulator.vendor().issue_by_hand();
    scaleway.fault("truncate@revoke");
    let path = format!("{KEYS}/{access_key}");
    assert!(scaleway.send_as(&scaleway.secret, Method::DELETE, &path, None).await.is_err());
    assert_eq!(scaleway.application_keys().await.len(), 0);
}

#[tokio::test]
async fn a_rate_limit_has_the_vendors_form() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("rate-limit");
    let (answer, keys) = create(&scaleway).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status, 429);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("x-envoy-ratelimited"), Some("true"));
    assert_eq!((answer.header("retry-after"), answer.header("content-type")), (None, None));
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn a_server_error_performs_nothing_or_everything() {
    for (fault, expected) in [("server-error", 0), ("server-error-after", 1)] {
        let scaleway = Scaleway::start(&[]).await;
        scaleway.fault(fault);
        let (answer, keys) = create(&scaleway).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, 500);
        assert!(answer.json()["message"].is_string());
        assert_eq!(keys, expected, "{fault}");
    }
}

#[tokio::test]
async fn a_page_of_html_comes_instead_of_an_answer() {
    for (fault, status, expected) in [("bad-gateway", 502, 0), ("html", 200, 0), ("html-after", 200, 1)] {
        let scaleway = Scaleway::start(&[]).await;
        scaleway.fault(fault);
        let (answer, keys) = create(&scaleway).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, status, "{fault}");
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{fault}");
        assert!(answer.body.starts_with(b"<"), "{fault}");
        assert_eq!(keys, expected, "{fault}");
    }
}

#[tokio::test]
async fn a_slow_answer_keeps_its_caller_waiting_while_the_key_is_there_already() {
    let scaleway = Arc::new(Scaleway::start(&[]).await);
    scaleway.fault("slow=600s@create*1");
    let waiting = tokio::spawn({
        let scaleway = Arc::clone(&scaleway);
        async move { begin_create(&scaleway, false).await.map(|_| ()) }
    });
    while scaleway.application_keys().await.is_empty() {}
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test]
async fn a_slow_answer_comes_whole_in_the_end() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("slow=50ms@create");
    let (answer, keys) = create(&scaleway).await;
    assert_eq!((answer.unwrap().status.as_u16(), keys), (200, 1));
}

#[tokio::test]
async fn a_stalled_answer_stops_half_way_with_its_connection_open() {
    for http2 in [false, true] {
        let scaleway = Scaleway::start(&[]).await;
        scaleway.fault("stall@create");
        let answer = begin_create(&scaleway, http2).await.unwrap();
        assert_eq!(answer.status(), 200);
        let promised: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
        let mut body = answer.into_body();
        let half = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(half.len(), promised / 2);
        assert!(nothing_happens(body.frame()).await);
        assert_eq!(scaleway.application_keys().await.len(), 1);
    }
}

#[tokio::test]
async fn a_huge_answer_goes_on_for_sixty_four_mebibytes() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("huge");
    let answer = begin_create(&scaleway, false).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers().get("content-length").is_none());
    let mut body = answer.into_body();
    let mut arrived = 0;
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        if arrived == 0 {
            assert!(data.starts_with(br#"{"items":["#));
        }
        arrived += data.len();
    }
    assert_eq!(arrived, 64 * 1024 * 1024);
    scaleway.simulator.faults().clear();
    assert_eq!(scaleway.application_keys().await.len(), 0);
}

#[tokio::test]
async fn a_fault_strikes_its_operation_only_and_as_often_as_said() {
    let scaleway = Scaleway::start(&[]).await;
    scaleway.fault("server-error@list*2");
    let key = json!(scaleway.access_key);
    assert_eq!(scaleway.key(&key).await.status, 200);
    for expected in [500, 500, 200] {
        assert_eq!(scaleway.get(KEYS).await.status, expected);
    }
}
