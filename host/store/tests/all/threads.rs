//! Many tasks on one store.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use keywright_store::{SqliteStore, Store as _, verify};

use crate::common::{self, block_on};

#[test]
fn a_commit_is_finished_though_nobody_waits_for_it_any_more() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    let lease = block_on(common::claimed(&store, "ci-deploy"));
    {
        let mut commit = pin!(store.commit(&lease, common::creation(1, "kw-1")));
        let _ = commit.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    drop(store);
    let found = block_on(common::open(directory.path()).find("ci-deploy")).unwrap().unwrap();
    assert_eq!(found.state.sequence, 2);
}

#[test]
fn a_commit_that_was_never_waited_for_is_not_begun() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    let lease = block_on(common::claimed(&store, "ci-deploy"));
    drop(store.commit(&lease, common::creation(1, "kw-1")));
    drop(store);
    let found = block_on(common::open(directory.path()).find("ci-deploy")).unwrap().unwrap();
    assert_eq!(found.state.sequence, 0);
}

/// Credentials that were taken and worked on, until nothing is due.
async fn work(store: Arc<SqliteStore>, node: String) -> usize {
    let mut done = 0;
    while let Some(claim) = store.claim_due(&node, Duration::from_secs(60)).await.unwrap() {
        common::issue(store.as_ref(), &claim.lease, 1, b"sealed").await;
        store.release(claim.lease, None).await.unwrap();
        done += 1;
    }
    done
}

fn open(directory: &Path) -> Arc<SqliteStore> {
    Arc::new(common::open(directory))
}

#[test]
fn each_credential_that_is_due_is_taken_by_one_of_many_tasks() {
    let directory = common::directory_in_memory();
    let stores = [open(directory.path()), open(directory.path())];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    runtime.block_on(async {
        for number in 0..60 {
            let name = format!("credential-{number}");
            let lease = common::claimed(stores[0].as_ref(), &name).await;
            let due = stores[0].now().await.unwrap();
            stores[0].release(lease, Some(due)).await.unwrap();
        }
        let tasks = (0..8).map(|task| tokio::spawn(work(Arc::clone(&stores[task % 2]), format!("node-{task}"))));
        let mut done = 0;
        for task in tasks.collect::<Vec<_>>() {
            done += task.await.unwrap();
        }
        assert_eq!(done, 60);
        let verified = verify(stores[1].as_ref()).await.unwrap();
        assert_eq!((verified.credentials, verified.lines, verified.audit.size), (60, 300, 300));
    });
}
