//! What the tests of the SQLite store share.

use std::path::Path;
use std::time::Duration;

use keywright_lifecycle::{Expiry, OperationKind, Record, Spec, Strategy};
use keywright_store::{Commit, Draft, Lease, NewCredential, SqliteOptions, SqliteStore, Store};
use tempfile::TempDir;

/// What a store's futures run on.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A directory in memory, where there is such a file system: nothing is waited for there.
pub(crate) fn directory_in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Opens the store in a directory, and makes it where it is missing.
pub(crate) fn open(directory: &Path) -> SqliteStore {
    let options = SqliteOptions { create: true, ..SqliteOptions::default() };
    SqliteStore::open(directory.join("keywright.db"), options).unwrap()
}

pub(crate) fn credential(name: &str) -> NewCredential {
    NewCredential {
        name: name.to_owned(),
        id: format!("id-of-{name}"),
        account: "production".to_owned(),
        vendor: "scaleway".to_owned(),
    }
}

/// A lease of an hour on a credential, which is made known where it is not.
pub(crate) async fn claimed(store: &dyn Store, name: &str) -> Lease {
    store.register(credential(name)).await.unwrap();
    store.claim(name, "node-a", Duration::from_secs(3_600)).await.unwrap().lease
}

pub(crate) fn commit(records: impl IntoIterator<Item = Record>) -> Commit {
    let draft = |record| Draft { record, actor: "user:ops@host-a".to_owned(), adapter: None };
    Commit { drafts: records.into_iter().map(draft).collect(), ..Commit::default() }
}

/// The intent of a creation; the operation begins with the first generation.
pub(crate) fn creation(generation: u64, marker: &str) -> Commit {
    let begun = Record::Begun {
        operation: OperationKind::Create,
        strategy: Strategy::Overlap,
        reason: None,
        spec: Spec::default(),
    };
    let intended = Record::IssueIntended {
        generation,
        marker: Some(marker.to_owned()),
        asked_expiry: None,
        settled_at: "2026-01-01T00:02:00Z".parse().unwrap(),
        replaces: None,
        known_ids: Vec::new(),
    };
    commit((generation == 1).then_some(begun).into_iter().chain([intended]))
}

/// The answer to a creation, with its sealed secret.
pub(crate) fn acknowledgement(generation: u64, vendor_id: &str, sealed: &[u8]) -> Commit {
    let record = Record::IssueAcknowledged {
        generation,
        vendor_id: vendor_id.to_owned(),
        attributes: serde_json::Map::new(),
        expiry: Expiry::Never,
        warnings: Vec::new(),
    };
    Commit { sealed: Some((generation, sealed.to_vec(), "key-0".to_owned())), ..commit([record]) }
}

/// Makes a generation and puts it into use, in four commits.
pub(crate) async fn issue(store: &dyn Store, lease: &Lease, generation: u64, sealed: &[u8]) {
    let (name, previous) = (&lease.credential, (generation > 1).then(|| generation - 1));
    store.commit(lease, creation(generation, &format!("kw-{name}-{generation}"))).await.unwrap();
    let vendor_id = format!("vendor-{name}-{generation}");
    store.commit(lease, acknowledgement(generation, &vendor_id, sealed)).await.unwrap();
    store.commit(lease, commit([Record::Verified { generation, unproven: false }])).await.unwrap();
    store.commit(lease, commit([Record::Promoted { generation, previous }])).await.unwrap();
}
