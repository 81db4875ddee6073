//! Inert WASI: what the runtimes of languages import is there when that is granted, and nothing is behind it.

use std::net::{TcpListener, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keywright_runtime::{Account, AccountConfig, Adapter, Engine, Grant, LoadError, Parts};
use keywright_tests::{engine, guests, object};
use serde_json::{Map, Value, json};

/// What the guest tried, and what came of it.
async fn tried(engine: &Engine, port: u16) -> Map<String, Value> {
    let adapter =
        Adapter::load_unpinned(engine, guests::AMBIENT, &Grant::as_requested().with_inert_wasi()).await.unwrap();
    assert!(adapter.needs_inert_wasi());
    let config = AccountConfig {
        settings: object(json!({ "port": port })),
        credential: Parts::from_iter([("access_key", "own"), ("secret_key", "hush")]),
        ..AccountConfig::default()
    };
    let account = Account::new(&adapter, config).unwrap();
    account.get("any").await.unwrap().unwrap().attributes
}

#[tokio::test]
async fn nothing_gets_through() {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    let udp = UdpSocket::bind(("127.0.0.1", port)).unwrap();
    udp.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let (arrived, arrivals) = mpsc::channel();
    thread::spawn(move || {
        while tcp.accept().is_ok() {
            let _test_is_over = arrived.send(());
        }
    });

    let tried = tried(engine(), port).await;
    assert_eq!(tried.len(), 25, "{tried:#?}");
    for (attempt, outcome) in &tried {
        assert_eq!(outcome["worked"], false, "{attempt}: {outcome}");
    }
    assert!(arrivals.recv_timeout(Duration::from_millis(200)).is_err(), "a connection arrived");
    assert!(udp.recv(&mut [0; 16]).is_err(), "a datagram arrived");
}

#[tokio::test]
async fn without_the_grant_it_is_refused_with_the_import_and_the_remedy() {
    let Err(error) = Adapter::load_unpinned(engine(), guests::AMBIENT, &Grant::as_requested()).await else {
        panic!("it loads")
    };
    let LoadError::Import { import, .. } = &error else { panic!("{error:?}") };
    assert!(import.starts_with("wasi:filesystem/") || import.starts_with("wasi:sockets/"), "{import}");
    let message = error.to_string();
    assert!(message.contains(import) && message.contains("--inert-wasi"), "{message}");
}

#[tokio::test]
async fn inert_wasi_is_needed_only_by_who_imports_it() {
    let adapter =
        Adapter::load_unpinned(engine(), guests::BASIC, &Grant::as_requested().with_inert_wasi()).await.unwrap();
    assert!(!adapter.needs_inert_wasi());
    assert!(adapter.imports().iter().any(|import| import.starts_with("wasi:http/outgoing-handler@")));
}
