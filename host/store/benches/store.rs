//! What a commit costs, with and without waiting for the disk, and what lists of many credentials cost.
#![allow(missing_docs, clippy::print_stderr, clippy::unwrap_used, reason = "a benchmark may fail as a test does")]

use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use keywright_lifecycle::{Expiry, OperationKind, OperationOutcome, Record, Spec, Strategy};
use keywright_store::{Commit, Draft, Lease, NewCredential, SqliteOptions, SqliteStore, Store as _};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How many credentials a large store has.
const MANY: u32 = 100_000;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// Where nothing is waited for, if there is such a file system.
fn in_memory() -> Option<TempDir> {
    Path::new("/dev/shm").is_dir().then(|| tempfile::tempdir_in("/dev/shm").unwrap())
}

fn open(directory: &Path) -> SqliteStore {
    let options = SqliteOptions { create: true, ..SqliteOptions::default() };
    SqliteStore::open(directory.join("keywright.db"), options).unwrap()
}

async fn claimed(store: &SqliteStore) -> Lease {
    let credential = NewCredential {
        name: "ci-deploy".to_owned(),
        id: "5d2b1c".to_owned(),
        account: "production".to_owned(),
        vendor: "scaleway".to_owned(),
    };
    store.register(credential).await.unwrap();
    store.claim("ci-deploy", "bench", Duration::from_secs(86_400)).await.unwrap().lease
}

fn commit(records: Vec<Record>) -> Commit {
    let draft = |record| Draft { record, actor: "user:ops@host-a".to_owned(), adapter: None };
    Commit { drafts: records.into_iter().map(draft).collect(), ..Commit::default() }
}

/// A generation that is issued and in use: a row of each kind.
async fn issue(store: &SqliteStore, lease: &Lease) {
    let (operation, strategy) = (OperationKind::Create, Strategy::Overlap);
    let records = vec![
        Record::Begun { operation, strategy, reason: None, spec: Spec::default() },
        Record::IssueIntended {
            generation: 1,
            marker: Some("kwabcdef-0123456789abcdefghijklmnop".to_owned()),
            asked_expiry: None,
            settled_at: "2026-01-01T00:02:00Z".parse().unwrap(),
            replaces: None,
            known_ids: Vec::new(),
        },
        Record::IssueAcknowledged {
            generation: 1,
            vendor_id: "SCW0123456789ABCDEFG".to_owned(),
            attributes: serde_json::Map::new(),
            expiry: Expiry::Never,
            warnings: Vec::new(),
        },
        Record::Verified { generation: 1, unproven: false },
        Record::Promoted { generation: 1, previous: None },
        Record::Ended { outcome: OperationOutcome::Succeeded, message: None },
    ];
    let sealed = Some((1, vec![7; 300], "key-0".to_owned()));
    store.commit(lease, Commit { sealed, ..commit(records) }).await.unwrap();
}

fn commits(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("a commit of one record");
    for (place, directory) in [("on a disk", Some(tempfile::tempdir().unwrap())), ("in memory", in_memory())] {
        let Some(directory) = directory else { continue };
        let store = open(directory.path());
        let lease = runtime.block_on(claimed(&store));
        runtime.block_on(issue(&store, &lease));
        group.bench_function(place, |bench| {
            bench.to_async(&runtime).iter_batched(
                || commit(vec![Record::Respecified { spec: Spec::default() }]),
                |commit| async { store.commit(&lease, commit).await.unwrap() },
                BatchSize::SmallInput,
            );
        });
    }
}

fn reads(criterion: &mut Criterion) {
    let runtime = runtime();
    let directory = in_memory().unwrap_or_else(|| tempfile::tempdir().unwrap());
    let store = open(directory.path());
    let lease = runtime.block_on(claimed(&store));
    runtime.block_on(issue(&store, &lease));
    multiply(directory.path());
    let mut group = criterion.benchmark_group("100,000 credentials");
    group.sample_size(20);
    group.bench_function("counts", |bench| {
        bench.to_async(&runtime).iter(|| async { assert_eq!(store.counts().await.unwrap().in_use, u64::from(MANY)) });
    });
    for (page, after) in [("first", None), ("last", Some("credential-099499"))] {
        group.bench_function(format!("the {page} page of 500"), |bench| {
            bench.to_async(&runtime).iter(|| async {
                assert_eq!(store.page(after, 500).await.unwrap().credentials.len(), 500);
            });
        });
    }
    group.bench_function("find one", |bench| {
        bench.to_async(&runtime).iter(|| async { store.find("credential-050000").await.unwrap().unwrap() });
    });
    group.bench_function("look for one that is due", |bench| {
        bench.to_async(&runtime).iter(|| async {
            assert!(store.claim_due("bench", Duration::from_secs(15)).await.unwrap().is_none());
        });
    });
    group.finish();
    let before = peak();
    let listed = runtime.block_on(walk(&store));
    eprintln!("a list of {listed} in pages of 500 raises the peak of memory from {before} to {}", peak());
}

/// The whole list.
async fn walk(store: &SqliteStore) -> usize {
    let (mut listed, mut after) = (0, None);
    loop {
        let page = store.page(after.as_deref(), 500).await.unwrap();
        listed += page.credentials.len();
        match page.next {
            Some(next) => after = Some(next),
            None => return listed,
        }
    }
}

/// Makes a hundred thousand of the one credential that is there.
fn multiply(directory: &Path) {
    let connection = rusqlite::Connection::open(directory.join("keywright.db")).unwrap();
    let copies = format!("WITH RECURSIVE copies (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copies WHERE n < {MANY})");
    let statements = [
        "INSERT INTO credential SELECT n, printf('credential-%06d', n), 'id-' || n, account, vendor, due, NULL,
             lease_epoch, 0, rev, current, vendor_id || n, promoted_at, expires_at, operation, retiring, doubtful,
             suspended, closed, problem FROM copies, credential WHERE number = 1",
        "INSERT INTO state SELECT n, state FROM copies, state WHERE credential = 1",
        "INSERT INTO generation SELECT n, number, account, status, marker || n, vendor_id || n, asked_expiry, expiry
             FROM copies, generation WHERE credential = 1",
        "INSERT INTO secret SELECT n, generation, key, sealed FROM copies, secret WHERE credential = 1",
    ];
    connection.execute_batch("PRAGMA synchronous = off; BEGIN").unwrap();
    for statement in statements {
        connection.execute(&format!("{copies} {statement}"), []).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
}

/// The most memory that this process has had, as Linux says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

criterion_group!(benches, commits, reads);
criterion_main!(benches);
