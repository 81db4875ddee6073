//! Many calls at once: all of them are made, so many at a time that memory is bounded.

use std::time::{Duration, Instant};

use keywright_runtime::{Account, Adapter, Allocation, CallError, Engine, EngineConfig, Grant, Limits, Parts};
use keywright_tests::{Pieces, Reply, ScriptedVendor, guests};
use serde_json::{Map, json};
use tokio::task::JoinSet;

use crate::hostile::memory::Watch;

/// By how much the process may grow.
const GROWTH: usize = 300 << 20;

/// A vendor that takes this long for each answer.
async fn vendor(pause: Duration) -> ScriptedVendor {
    ScriptedVendor::start(move |_| {
        let answer = json!({}).to_string().into_bytes();
        Reply::empty(200).then(Pieces::new(pause, move |number| (number == 0).then(|| answer.clone())))
    })
    .await
}

async fn account(vendor: &ScriptedVendor, allocation: Allocation, limits: Limits) -> Account {
    let engine = Engine::new(EngineConfig { allocation, limits, ..EngineConfig::default() }).unwrap();
    let adapter = Adapter::load_unpinned(&engine, guests::BASIC, &Grant::as_requested()).await.unwrap();
    vendor.account(&adapter, Map::new(), Parts::from_iter([("user", "u"), ("password", "p")]))
}

/// Makes so many calls at once.
async fn calls(account: &Account, count: usize) -> Vec<Result<bool, CallError>> {
    let mut calls = JoinSet::new();
    for number in 0..count {
        let account = account.clone();
        calls.spawn(async move { account.get(&format!("k{number}")).await.map(|found| found.is_some()) });
    }
    calls.join_all().await
}

#[tokio::test]
async fn a_thousand_calls_at_once_complete_and_take_bounded_memory() {
    for allocation in [Allocation::OnDemand, Allocation::Pooling { instances: 50 }] {
        let vendor = vendor(Duration::from_millis(5)).await;
        let account = account(&vendor, allocation, Limits::default()).await;
        let watch = Watch::start().await;
        let outcomes = calls(&account, 1000).await;
        assert_eq!(outcomes.len(), 1000);
        for outcome in outcomes {
            assert!(outcome.unwrap());
        }
        assert_eq!(vendor.arrived().len(), 1000);
        if let Some(growth) = watch.growth() {
            assert!(growth < GROWTH, "{allocation:?}: the process grew by {} MiB", growth >> 20);
        }
    }
}

#[tokio::test]
async fn calls_beyond_those_at_once_wait_for_their_turn() {
    let pause = Duration::from_millis(100);
    let vendor = vendor(pause).await;
    for (allocation, at_once) in [(Allocation::OnDemand, 2), (Allocation::Pooling { instances: 2 }, 100)] {
        let account = account(&vendor, allocation, Limits { calls: at_once, ..Limits::default() }).await;
        let begun = Instant::now();
        assert!(calls(&account, 10).await.into_iter().all(|outcome| outcome.unwrap()));
        assert!(begun.elapsed() >= pause * 5, "{allocation:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_call_whose_turn_does_not_come_ends_within_its_time() {
    let vendor = ScriptedVendor::start(|_| Reply::never()).await;
    let limits = Limits { calls: 1, call: Duration::from_millis(700), ..Limits::default() };
    let account = account(&vendor, Allocation::OnDemand, limits).await;
    let begun = Instant::now();
    for outcome in calls(&account, 3).await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, CallError::Limit { operation: "get", .. }), "{error:?}");
        assert!(error.to_string().contains("0.7 s of time for a whole call"), "{error}");
    }
    // Not one after another.
    assert!(begun.elapsed() < Duration::from_millis(1400), "{:?}", begun.elapsed());
    assert_eq!(vendor.lines().len(), 1);
}
