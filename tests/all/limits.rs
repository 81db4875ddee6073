//! Adapters that take more than they may: each call ends with a word on why, the host lives, and the next call works.

use std::time::Duration;

use keywright_runtime::{Adapter, CallError, CreateRequest, Grant, Limits, Parts};
use keywright_tests::{Reply, ScriptedVendor, engine_with, guests, object};
use serde_json::{Map, json};

use crate::outcome::found;

fn tight() -> Limits {
    Limits { cpu: Duration::from_millis(200), memory: 16 << 20, stderr: 4 << 10, ..Limits::default() }
}

async fn misbehave(how: &str) -> CallError {
    let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
    let adapter =
        Adapter::load_unpinned(&engine_with(tight()), guests::PROBE, &Grant::as_requested().exposing_secrets())
            .await
            .unwrap();
    let account = vendor.account(&adapter, Map::new(), Parts::from_iter([("access_key", "own"), ("secret_key", "s")]));
    let creation = CreateRequest { attributes: object(json!({"misbehave": how})), ..CreateRequest::default() };
    let error = found(account.create(&creation).await);
    account.get("afterwards").await.unwrap();
    account.create(&CreateRequest::default()).await.unwrap();
    assert_eq!(vendor.lines(), ["GET /keys/afterwards"]);
    error
}

#[tokio::test]
async fn a_loop_without_an_end_is_ended() {
    let error = misbehave("loop").await;
    assert!(matches!(error, CallError::Limit { operation: "create", .. }), "{error:?}");
    assert!(error.to_string().contains("0.2 s of time on the processor"), "{error}");
}

/// A loop that never lets go must not stop what else the thread does.
#[tokio::test]
async fn a_loop_lets_other_calls_of_the_same_thread_go_on() {
    let limits = Limits { cpu: Duration::from_secs(3), ..tight() };
    let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
    let adapter =
        Adapter::load_unpinned(&engine_with(limits), guests::PROBE, &Grant::as_requested().exposing_secrets())
            .await
            .unwrap();
    let account = vendor.account(&adapter, Map::new(), Parts::from_iter([("access_key", "own"), ("secret_key", "s")]));
    let looping = CreateRequest { attributes: object(json!({"misbehave": "loop"})), ..CreateRequest::default() };
    // Whichever is done first is polled last, so that it is no accident.
    tokio::select! {
        biased;
        ended = account.create(&looping) => panic!("the loop ended first: {ended:?}"),
        answered = account.get("meanwhile") => assert!(answered.unwrap().is_some()),
    }
}

#[tokio::test]
async fn a_pool_of_instances_serves_one_call_after_another_and_many_at_once() {
    use keywright_runtime::{Allocation, Engine, EngineConfig};
    let allocation = Allocation::Pooling { instances: 8 };
    let engine = Engine::new(EngineConfig { allocation, limits: tight(), ..EngineConfig::default() }).unwrap();
    let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
    let adapter =
        Adapter::load_unpinned(&engine, guests::PROBE, &Grant::as_requested().exposing_secrets()).await.unwrap();
    let account = vendor.account(&adapter, Map::new(), Parts::from_iter([("access_key", "own"), ("secret_key", "s")]));
    for _ in 0..3 {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let account = account.clone();
            calls.spawn(async move { account.get("k").await.unwrap().is_some() });
        }
        assert!(calls.join_all().await.into_iter().all(|found| found));
    }
    for how in ["allocate", "loop", "recurse"] {
        let creation = CreateRequest { attributes: object(json!({"misbehave": how})), ..CreateRequest::default() };
        account.create(&creation).await.unwrap_err();
        assert!(account.get("k").await.unwrap().is_some(), "after {how}");
    }
}

#[tokio::test]
async fn memory_has_an_end() {
    let error = misbehave("allocate").await;
    assert!(matches!(error, CallError::Limit { operation: "create", .. }), "{error:?}");
    assert!(error.to_string().contains("16777216 bytes of memory"), "{error}");
}

#[tokio::test]
async fn the_stack_has_an_end() {
    let error = misbehave("recurse").await;
    assert!(matches!(error, CallError::Trapped { operation: "create", .. }), "{error:?}");
}

#[tokio::test]
async fn an_adapter_that_breaks_down_is_reported_as_such() {
    let error = misbehave("panic").await;
    assert!(matches!(error, CallError::Trapped { operation: "create", .. }), "{error:?}");
    assert!(error.to_string().contains("report it to the adapter's author"), "{error}");
}

/// What an adapter writes to its standard error is bounded; whether it is ended for it or not heard is the host's choice.
#[tokio::test]
async fn chatter_does_no_harm() {
    let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
    let adapter =
        Adapter::load_unpinned(&engine_with(tight()), guests::PROBE, &Grant::as_requested().exposing_secrets())
            .await
            .unwrap();
    let account = vendor.account(&adapter, Map::new(), Parts::from_iter([("access_key", "own"), ("secret_key", "s")]));
    let chatter = CreateRequest { attributes: object(json!({"misbehave": "chatter"})), ..CreateRequest::default() };
    match account.create(&chatter).await {
        Ok(_) | Err(CallError::Limit { .. } | CallError::Trapped { .. }) => {}
        Err(other) => panic!("{other:?}"),
    }
    account.get("afterwards").await.unwrap();
}

#[tokio::test]
async fn one_adapter_that_misbehaves_does_not_touch_another() {
    let engine = engine_with(tight());
    let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
    let probe =
        Adapter::load_unpinned(&engine, guests::PROBE, &Grant::as_requested().exposing_secrets()).await.unwrap();
    let other = Adapter::load_unpinned(&engine, guests::BASIC, &Grant::as_requested()).await.unwrap();
    let probe = vendor.account(&probe, Map::new(), Parts::from_iter([("access_key", "own"), ("secret_key", "s")]));
    let other = vendor.account(&other, Map::new(), Parts::from_iter([("user", "u"), ("password", "p")]));
    let allocate = CreateRequest { attributes: object(json!({"misbehave": "allocate"})), ..CreateRequest::default() };
    let (ended, works) = tokio::join!(probe.create(&allocate), other.get("other"));
    assert!(ended.is_err());
    assert!(works.unwrap().is_some());
}
