//! The SQLite store does what every store must do.

use std::sync::Arc;

use chrono::TimeDelta;
use keywright_store::testing::{Backing, ManualClock, suite};
use keywright_store::{SqliteOptions, SqliteStore, Store as _, StoreError, StoreFuture};
use tempfile::TempDir;

use crate::common;

/// A directory with one file.
struct Directory {
    directory: TempDir,
    clock: ManualClock,
}

impl Directory {
    fn store(&self) -> Result<SqliteStore, StoreError> {
        let options = SqliteOptions { create: true, clock: Arc::new(self.clock.clone()), ..SqliteOptions::default() };
        SqliteStore::open(self.directory.path().join("keywright.db"), options)
    }
}

impl Backing for Directory {
    type Store = SqliteStore;

    fn open(&self) -> StoreFuture<'_, SqliteStore> {
        Box::pin(async { self.store() })
    }

    fn open_breaking(&self, after: u32) -> StoreFuture<'_, SqliteStore> {
        Box::pin(async move {
            let store = self.store()?;
            store.break_after(after).await?;
            Ok(store)
        })
    }

    fn shift_clock(&self, by: TimeDelta) {
        self.clock.shift(by);
    }
}

/// How many histories are tried: `KEYWRIGHT_STORE_CASES`, or a few.
fn cases() -> u32 {
    std::env::var("KEYWRIGHT_STORE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

#[test]
fn random_transactions_of_two_nodes_do_what_the_model_does() {
    suite(cases(), || Directory { directory: common::directory_in_memory(), clock: ManualClock::default() });
}

#[test]
fn a_connection_that_breaks_at_each_step_of_a_commit_leaves_all_of_it_or_nothing() {
    let backing = Directory { directory: common::directory_in_memory(), clock: ManualClock::default() };
    common::block_on(async {
        let store = backing.store().unwrap();
        let lease = common::claimed(&store, "ci-deploy").await;
        let (mut written, mut broken) = (0, 0);
        for after in (1..).step_by(7) {
            let breaking = backing.open_breaking(after).await.unwrap();
            let committed = breaking.commit(&lease, common::creation(1, "kw-1")).await;
            let there = store.find("ci-deploy").await.unwrap().unwrap().state.sequence;
            match committed {
                Err(error) => {
                    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
                    assert_eq!(there, 0, "after {after} steps");
                    broken += 1;
                }
                Ok(committed) => {
                    assert_eq!(there, committed.state.sequence);
                    written += 1;
                    break;
                }
            }
        }
        assert!(broken > 20 && written == 1, "{broken} broken, {written} written");
        keywright_store::verify(&store).await.unwrap();
    });
}
