//! What an adapter finds when it looks around: nothing.

use keywright_runtime::{CallError, Grant, LoadError};
use serde_json::{Map, Value, json};

use super::stage::{Setup, Stage, load};

/// What it found.
async fn found(stage: &Stage) -> Map<String, Value> {
    let found = stage.check().await.unwrap().details;
    stage.sent_nothing();
    found
}

/// Not loaded, for an interface whose name starts so.
async fn is_not_loaded(name: &str, interface: &str) {
    let outcome = load(name, &Grant::as_requested()).await.map(|_| ());
    let Err(error) = outcome else { panic!("{name} is loaded") };
    let LoadError::Import { import, .. } = &error else { panic!("{name}: {error:?}") };
    assert!(import.starts_with(interface), "{name}: {import}");
    assert!(error.to_string().contains(import), "{error}");
}

attack!(environment, Setup::usual(), async |stage: &Stage| {
    let found = found(stage).await;
    assert_eq!((&found["variables"], &found["path"]), (&json!(0), &Value::Null));
});

attack!(arguments, Setup::usual(), async |stage: &Stage| {
    assert_eq!(found(stage).await["arguments"], 0);
});

attack!(standard_input, Setup::usual(), async |stage: &Stage| {
    let found = found(stage).await;
    assert_eq!((&found["read"], &found["text"]), (&json!(0), &json!("")));
});

attack!(exit_with_success, Setup::usual(), async |stage: &Stage| {
    let error = stage.check().await.unwrap_err();
    assert!(matches!(error, CallError::Trapped { operation: "check", .. }), "{error:?}");
    stage.sent_nothing();
});

attack!(exit_with_failure, Setup::usual(), async |stage: &Stage| {
    let error = stage.check().await.unwrap_err();
    assert!(matches!(error, CallError::Trapped { operation: "check", .. }), "{error:?}");
    stage.sent_nothing();
});

attack!(clock_and_chance, Setup::usual(), async |stage: &Stage| {
    let found = found(stage).await;
    assert!(found["now"].as_u64().unwrap() > 1_700_000_000, "{found:?}");
    assert_eq!(found["random"], true);
});

#[tokio::test]
pub(super) async fn file() {
    is_not_loaded("file", "wasi:filesystem/").await;
}

#[tokio::test]
pub(super) async fn directory() {
    is_not_loaded("directory", "wasi:filesystem/").await;
}

#[tokio::test]
pub(super) async fn tcp_connection() {
    is_not_loaded("tcp_connection", "wasi:sockets/").await;
}

#[tokio::test]
pub(super) async fn tcp_listener() {
    is_not_loaded("tcp_listener", "wasi:sockets/").await;
}

#[tokio::test]
pub(super) async fn udp_socket() {
    is_not_loaded("udp_socket", "wasi:sockets/").await;
}

#[tokio::test]
pub(super) async fn name_lookup() {
    is_not_loaded("name_lookup", "wasi:sockets/").await;
}
