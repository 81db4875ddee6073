//! The wall clock is set back.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use keywright_store::testing::ManualClock;
use keywright_store::{SqliteOptions, SqliteStore, Store as _, StoreError};

use crate::common::{self, block_on};

fn open(directory: &Path, clock: &ManualClock) -> SqliteStore {
    let options = SqliteOptions { create: true, clock: Arc::new(clock.clone()), ..SqliteOptions::default() };
    SqliteStore::open(directory.join("keywright.db"), options).unwrap()
}

#[test]
fn a_journal_has_its_times_in_order_though_the_wall_clock_is_set_back_between_two_programs() {
    let (directory, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    block_on(async {
        let store = open(directory.path(), &clock);
        let lease = common::claimed(&store, "ci-deploy").await;
        let first = store.commit(&lease, common::creation(1, "kw-1")).await.unwrap();
        drop(store);
        clock.shift(TimeDelta::hours(-5));
        let store = open(directory.path(), &clock);
        assert!(store.now().await.unwrap() >= first.at);
        let second = store.commit(&lease, common::acknowledgement(1, "id-1", b"sealed")).await.unwrap();
        assert!(second.at >= first.at);
        let times: Vec<_> = store.history("ci-deploy", 0, 10).await.unwrap().iter().map(|it| it.header.at).collect();
        assert!(times.is_sorted());
    });
}

#[test]
fn a_lease_is_not_over_when_the_wall_clock_is_set_back_and_ends_all_the_same() {
    let (directory, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let (one, other) = (open(directory.path(), &clock), open(directory.path(), &clock));
    block_on(async {
        one.register(common::credential("ci-deploy")).await.unwrap();
        let lease = one.claim("ci-deploy", "node-a", Duration::from_secs(15)).await.unwrap().lease;
        clock.shift(TimeDelta::days(-400));
        let refused = other.claim("ci-deploy", "node-b", Duration::from_secs(15)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Busy { .. }), "{refused}");
        // Its clock goes on at half the speed: it does not stand still for 400 days.
        clock.shift(TimeDelta::seconds(16));
        let refused = other.claim("ci-deploy", "node-b", Duration::from_secs(15)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Busy { .. }), "{refused}");
        clock.shift(TimeDelta::seconds(16));
        let claim = other.claim("ci-deploy", "node-b", Duration::from_secs(15)).await.unwrap();
        assert_eq!(claim.lease.epoch, lease.epoch + 1);
        let lost = one.commit(&lease, common::creation(1, "kw-1")).await.unwrap_err();
        assert!(matches!(lost, StoreError::LeaseLost(_)), "{lost}");
    });
}

#[test]
fn a_clock_that_was_set_ahead_is_followed_and_what_was_left_is_found() {
    let (directory, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
    let store = open(directory.path(), &clock);
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        store.commit(&lease, common::creation(1, "kw-1")).await.unwrap();
        assert!(store.claim_due("node-b", Duration::from_secs(15)).await.unwrap().is_none());
        // Whoever held it has broken down; it was never said to be due.
        clock.shift(TimeDelta::hours(2));
        let claim = store.claim_due("node-b", Duration::from_secs(15)).await.unwrap().unwrap();
        assert_eq!((claim.lease.credential.as_str(), claim.snapshot.due), ("ci-deploy", None));
        assert!(claim.snapshot.state.operation.is_some());
    });
}
