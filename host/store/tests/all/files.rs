//! What a store's file and directory must be, and what is said when they are not.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use keywright_store::{SqliteOptions, SqliteStore, Store as _, StoreError};
use tempfile::TempDir;

use crate::common::{self, block_on};

fn home() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("keywright.db");
    (directory, file)
}

/// A store with one credential whose secret is sealed.
fn with_a_secret() -> (TempDir, PathBuf, SqliteStore) {
    let (directory, file) = home();
    let store = common::open(directory.path());
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        common::issue(&store, &lease, 1, b"sealed").await;
    });
    (directory, file, store)
}

fn open(file: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(file, SqliteOptions::default())
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// What is said, in one line, and nothing is changed by it.
fn refused(file: &Path) -> String {
    let before = fs::read(file).unwrap();
    let error = open(file).unwrap_err().to_string();
    assert!(!error.contains('\n'), "{error}");
    assert_eq!(fs::read(file).unwrap(), before);
    error
}

#[test]
fn a_store_that_is_made_is_its_owners_alone() {
    let (directory, _) = home();
    let file = directory.path().join("new").join("keywright.db");
    let store = SqliteStore::open(&file, SqliteOptions { create: true, ..SqliteOptions::default() }).unwrap();
    block_on(common::claimed(&store, "ci-deploy"));
    let bits = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(bits(file.parent().unwrap()), 0o700);
    for name in ["keywright.db", "keywright.db-wal", "keywright.db-shm"] {
        assert_eq!(bits(&file.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn a_store_that_is_missing_is_not_made_unless_it_is_asked_for() {
    let (directory, file) = home();
    let error = open(&file).unwrap_err().to_string();
    assert!(error.contains("does not exist") && error.contains("keywright init"), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    for wide in [0o640, 0o604, 0o660, 0o644] {
        mode(&file, wide);
        assert!(refused(&file).contains("is accessible to other users): run `chmod 600`"));
    }
    mode(&file, 0o600);
    open(&file).unwrap();
}

#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    for wide in [0o770, 0o702, 0o777, 0o1777] {
        mode(directory.path(), wide);
        assert!(refused(&file).contains("can be written to by other users"));
    }
    mode(directory.path(), 0o755);
    open(&file).unwrap();
}

#[test]
fn links_are_refused_and_so_is_what_is_no_file() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    let link = directory.path().join("link.db");
    symlink(&file, &link).unwrap();
    assert!(refused(&link).contains("is a symbolic link"));
    let log = directory.path().join("keywright.db-wal");
    symlink(directory.path().join("elsewhere"), &log).unwrap();
    assert!(refused(&file).contains("is a symbolic link"));
    fs::remove_file(log).unwrap();
    let inner = directory.path().join("directory");
    fs::create_dir(&inner).unwrap();
    let error = open(&inner).unwrap_err().to_string();
    assert!(error.contains("is not a regular file"), "{error}");
    // A link to the directory is the operator's own affair.
    let parent = tempfile::tempdir().unwrap();
    symlink(directory.path(), parent.path().join("link")).unwrap();
    open(&parent.path().join("link").join("keywright.db")).unwrap();
}

#[test]
fn a_file_of_another_user_is_refused() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    // Only root can give a file away; to everyone else root's own files are another user's.
    let other = match chown(&file, Some(65_534), None) {
        Ok(()) => file,
        Err(_) => PathBuf::from("/etc/passwd"),
    };
    assert!(refused(&other).contains("belongs to another user"));
}

#[test]
fn a_file_that_is_read_only_is_refused() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    mode(&file, 0o400);
    assert!(refused(&file).contains("is read-only): run `chmod 600`"));
}

#[test]
fn a_file_that_is_damaged_is_refused() {
    let (_directory, file, store) = with_a_secret();
    drop(store);
    let whole = fs::read(&file).unwrap();
    for (damaged, bytes) in [
        ("a header", [b"nonsense".as_slice(), &whole[8..]].concat()),
        ("the list of tables", [&whole[..110], vec![0xff; 3_000].as_slice(), &whole[3_110..]].concat()),
        ("another program's", b"hello, world".repeat(500)),
    ] {
        fs::write(&file, bytes).unwrap();
        let error = open(&file).unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{damaged}: {error}");
        assert!(error.to_string().contains("restore it from a backup"), "{error}");
    }
}

#[test]
fn damage_in_a_page_is_told_when_the_page_is_read_and_nothing_is_written_over_it() {
    let (_directory, file, store) = with_a_secret();
    block_on(async {
        drop(store);
        let whole = fs::read(&file).unwrap();
        let mut told = 0;
        for page in 1..whole.len() / 4_096 {
            let mut bytes = whole.clone();
            bytes[page * 4_096..(page + 1) * 4_096].fill(0x5a);
            fs::write(&file, &bytes).unwrap();
            let verified = match open(&file) {
                Ok(store) => keywright_store::verify(&store).await.map(drop),
                Err(error) => Err(error),
            };
            if let Err(error) = verified {
                assert!(matches!(error, StoreError::Damaged(_)), "page {page}: {error}");
                told += 1;
            }
        }
        // Pages of indices that this reads nothing by may be damaged unseen.
        assert!(told > 8, "{told}");
        fs::write(&file, whole).unwrap();
        keywright_store::verify(&open(&file).unwrap()).await.unwrap();
    });
}

#[test]
fn a_store_of_a_later_version_is_refused_by_the_version_to_install() {
    let (directory, file) = home();
    drop(common::open(directory.path()));
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE later (x INTEGER) STRICT;
             INSERT INTO migration (form, since, checksum) VALUES (2, '0.7.0', x'00');",
        )
        .unwrap();
    drop(connection);
    let error = refused(&file);
    assert!(error.contains("0.7.0") && error.ends_with("install 0.7.0"), "{error}");
}

#[test]
fn the_journal_and_the_audit_log_cannot_be_rewritten_by_a_statement() {
    let (_directory, file, store) = with_a_secret();
    let connection = rusqlite::Connection::open(&file).unwrap();
    for statement in [
        "UPDATE journal SET actor = 'nobody'",
        "DELETE FROM journal",
        "UPDATE audit SET event = '{}'",
        "DELETE FROM audit WHERE number = 1",
    ] {
        let error = connection.execute_batch(statement).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{statement}: {error}");
    }
    block_on(keywright_store::verify(&store)).unwrap();
}

#[test]
fn what_a_program_with_the_file_open_changed_in_it_is_found() {
    for (changed, statement) in [
        ("the audit log", "DROP TRIGGER audit_is_not_changed; UPDATE audit SET event = '{}' WHERE number = 2"),
        ("the audit log", "DROP TRIGGER audit_is_not_shortened; DELETE FROM journal WHERE 0; DELETE FROM audit"),
        ("its journal", "DROP TRIGGER journal_is_not_shortened; DELETE FROM journal WHERE line = 2"),
        ("its state", "UPDATE state SET state = json_set(state, '$.suspended', json('true'))"),
        ("sealed secret", "DELETE FROM secret"),
    ] {
        let (_directory, file, store) = with_a_secret();
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = off").unwrap();
        connection.execute_batch(statement).unwrap();
        let error = block_on(keywright_store::verify(&store)).unwrap_err().to_string();
        assert!(error.contains(changed), "{statement}: {error}");
    }
}

#[test]
fn a_store_that_is_locked_for_too_long_says_so() {
    let (directory, file) = home();
    let store = common::open(directory.path());
    block_on(store.register(common::credential("ci-deploy"))).unwrap();
    drop(store);
    let options = SqliteOptions { patience: std::time::Duration::from_millis(50), ..SqliteOptions::default() };
    let store = SqliteStore::open(&file, options).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = block_on(store.register(common::credential("other"))).unwrap_err().to_string();
    assert!(error.contains("another program keeps it locked"), "{error}");
    // Who reads does not wait for who writes.
    assert!(block_on(store.find("ci-deploy")).unwrap().is_some());
    other.execute_batch("ROLLBACK").unwrap();
    block_on(store.register(common::credential("other"))).unwrap();
}
