//! What was destroyed is not in the files any more.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use keywright_lifecycle::{Record, Retirement, RetirementStage};
use keywright_store::{Commit, Lease, Store};

use crate::common::{self, block_on};

/// Whether any file of the store holds the bytes.
fn holds(directory: &Path, bytes: &[u8]) -> bool {
    let mut files = fs::read_dir(directory).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.any(|file| file.windows(bytes.len()).any(|window| window == bytes))
}

/// A secret that is found wherever it is, of several pages now and then.
fn secret(credential: usize, generation: u64) -> Vec<u8> {
    let length = if credential.is_multiple_of(3) { 9_000 } else { 60 + credential };
    let head = format!("<<secret {credential} {generation}>>");
    head.bytes().chain(std::iter::repeat_n(b'.', length)).collect()
}

/// Ends a generation and destroys its secret, in one commit.
async fn destroy(store: &dyn Store, lease: &Lease, generation: u64) {
    let now = store.now().await.unwrap();
    let retirement = Retirement {
        asked_at: None,
        not_before: now,
        gate_on_use: false,
        gate_until: None,
        used_since: now,
        soak: None,
        stage: RetirementStage::Grace,
        attempts: 0,
    };
    let records = [
        Record::RetirementScheduled { generation, retirement },
        Record::RevocationIntended { generation },
        Record::RevocationAcknowledged { generation },
        Record::RevocationConfirmed { generation },
        Record::SecretDestroyed { generation },
    ];
    store.commit(lease, common::commit(records)).await.unwrap();
}

fn head(secret: &[u8]) -> &[u8] {
    &secret[..secret.iter().position(|byte| *byte == b'.').unwrap()]
}

#[test]
fn a_secret_that_was_destroyed_is_neither_in_the_database_nor_in_its_log() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    block_on(async {
        let mut leases = Vec::new();
        for credential in 0..40 {
            let lease = common::claimed(&store, &format!("credential-{credential}")).await;
            common::issue(&store, &lease, 1, &secret(credential, 1)).await;
            common::issue(&store, &lease, 2, &secret(credential, 2)).await;
            leases.push(lease);
        }
        assert!(holds(directory.path(), head(&secret(7, 1))));
        for lease in &leases {
            destroy(&store, lease, 1).await;
        }
        // It is taken out of the log once there is nothing else to do; the store stays open.
        let begun = Instant::now();
        while (0..40).any(|credential| holds(directory.path(), head(&secret(credential, 1)))) {
            assert!(begun.elapsed() < Duration::from_secs(20), "a destroyed secret is still in a file");
            std::thread::sleep(Duration::from_millis(20));
        }
        for credential in 0..40 {
            let name = format!("credential-{credential}");
            assert!(holds(directory.path(), head(&secret(credential, 2))), "{name}");
            assert_eq!(store.sealed(&name, 1).await.unwrap(), None);
            assert_eq!(store.sealed(&name, 2).await.unwrap(), Some(secret(credential, 2)));
        }
        keywright_store::verify(&store).await.unwrap();
    });
}

#[test]
fn a_secret_under_an_old_key_is_not_in_the_files_after_it_was_sealed_anew() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        common::issue(&store, &lease, 1, &secret(0, 1)).await;
        let rows = store.sealed_under_others("key-1", 10).await.unwrap();
        let rows = rows.into_iter().map(|row| (row, b"sealed anew".to_vec(), "key-1".to_owned())).collect();
        assert_eq!(store.reseal(rows).await.unwrap(), 1);
        assert!(store.sealed_under_others("key-1", 10).await.unwrap().is_empty());
    });
    drop(store);
    assert!(!holds(directory.path(), head(&secret(0, 1))) && holds(directory.path(), b"sealed anew"));
}

#[test]
fn a_secret_is_nowhere_but_in_its_own_column() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        common::issue(&store, &lease, 1, b"<<secret>>").await;
        // Errors do not repeat it either.
        let stray = Commit { sealed: Some((9, b"<<secret>>".to_vec(), "key-0".to_owned())), ..Commit::default() };
        let error = store.commit(&lease, stray).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret>>"), "{error:?}");
        let events = store.audit(0, 100).await.unwrap();
        assert!(events.iter().all(|(_, event)| !event.contains("secret>>")));
    });
    drop(store);
    let file = fs::read(directory.path().join("keywright.db")).unwrap();
    assert_eq!(file.windows(10).filter(|window| window == b"<<secret>>").count(), 1);
}
