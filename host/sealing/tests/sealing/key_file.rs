//! Key files.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;
use std::thread;

use keywright_sealing::{AccessProblem, KeyEncryptionKey as _, KeyFile, KeySource, KeySourceError};
use tempfile::TempDir;

use crate::private_directory;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn created(home: &TempDir) -> KeyFile {
    let file = KeyFile::new(home.path().join("key"));
    file.create().unwrap();
    file
}

/// A problem with the key file at this path.
fn access(path: PathBuf, problem: AccessProblem) -> KeySourceError {
    KeySourceError::Access { path, problem }
}

#[test]
fn a_key_file_that_was_made_gives_its_key() {
    let home = private_directory();
    let file = KeyFile::new(home.path().join("key"));
    let id = file.create().unwrap().id();
    assert_eq!(file.load().unwrap().id(), id);
    assert_eq!(KeySource::File(file.clone()).load().unwrap().id(), id);
    assert_eq!(mode(file.path()), 0o600);
    let names: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["key"], "nothing else stays behind");
}

#[test]
fn two_key_files_have_two_keys() {
    let home = private_directory();
    let [one, other] = ["one", "other"].map(|name| KeyFile::new(home.path().join(name)).create().unwrap());
    assert_ne!(one.id(), other.id());
}

#[test]
fn directories_that_are_missing_are_made_for_their_owner_alone() {
    let home = private_directory();
    let file = KeyFile::new(home.path().join("a/b/key"));
    file.create().unwrap();
    assert_eq!(mode(&home.path().join("a")), 0o700);
    assert_eq!(mode(&home.path().join("a/b")), 0o700);
    file.load().unwrap();
}

#[test]
fn a_key_file_is_never_overwritten() {
    let home = private_directory();
    let file = created(&home);
    let before = fs::read(file.path()).unwrap();
    let exists = |path: &Path| Err(KeySourceError::Exists { path: path.to_owned() });
    assert_eq!(file.create().map(|key| key.id()), exists(file.path()));
    assert_eq!(fs::read(file.path()).unwrap(), before);

    let dangling = home.path().join("dangling");
    symlink(home.path().join("nowhere"), &dangling).unwrap();
    assert_eq!(KeyFile::new(&dangling).create().map(|key| key.id()), exists(&dangling));
    assert!(!home.path().join("nowhere").exists());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "nothing else stays behind");
}

#[test]
fn of_those_who_make_one_file_at_once_one_does() {
    let home = private_directory();
    let file = KeyFile::new(home.path().join("key"));
    let start = Barrier::new(8);
    let made: Vec<_> = thread::scope(|scope| {
        let make = || {
            start.wait();
            file.create().map(|key| key.id())
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap().ok()).collect()
    });
    assert_eq!(made, [file.load().unwrap().id()]);
}

#[test]
fn a_directory_that_is_open_to_others_gets_no_key_file() {
    let home = private_directory();
    let directory = home.path().join("open");
    fs::create_dir(&directory).unwrap();
    for open in [0o701, 0o740, 0o755, 0o1777] {
        set_mode(&directory, open);
        let error = KeyFile::new(directory.join("key")).create().unwrap_err();
        assert_eq!(error, access(directory.clone(), AccessProblem::DirectoryMode { mode: open }));
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);

    fs::write(home.path().join("file"), "").unwrap();
    let error = KeyFile::new(home.path().join("file/key")).create().unwrap_err();
    assert_eq!(error, access(home.path().join("file"), AccessProblem::NotADirectory));
}

#[test]
fn a_file_that_others_may_use_is_refused_with_the_command_that_helps() {
    let home = private_directory();
    let file = created(&home);
    for open in [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644] {
        set_mode(file.path(), open);
        let error = file.load().unwrap_err();
        let problem = AccessProblem::FileMode { mode: open, wanted: 0o600 };
        assert_eq!(error, access(file.path().to_owned(), problem));
    }
    assert_eq!(
        file.load().unwrap_err().to_string(),
        format!(
            "{} is not used as a key file: others may use it (its mode is 0644); run `chmod 600` on it, and replace the key \
             if somebody might have read it",
            file.path().display()
        )
    );
    set_mode(file.path(), 0o400);
    file.load().unwrap();
}

#[test]
fn a_link_to_a_key_file_is_refused() {
    let home = private_directory();
    let file = created(&home);
    let link = home.path().join("link");
    symlink(file.path(), &link).unwrap();
    assert_eq!(KeyFile::new(&link).load().unwrap_err(), access(link, AccessProblem::Symlink));
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let home = private_directory();
    let pipe = home.path().join("pipe");
    assert!(Command::new("mkfifo").arg("-m").arg("600").arg(&pipe).status().unwrap().success());
    let socket = home.path().join("socket");
    let _listening = UnixListener::bind(&socket).unwrap();
    for path in [pipe, socket, home.path().to_owned()] {
        assert_eq!(KeyFile::new(&path).load().unwrap_err(), access(path, AccessProblem::NotAFile));
    }
}

#[test]
fn a_file_that_is_not_there_is_named_with_the_command_that_makes_it() {
    let home = private_directory();
    let file = KeyFile::new(home.path().join("key"));
    let error = file.load().unwrap_err();
    assert_eq!(error, KeySourceError::Missing { path: file.path().to_owned() });
    assert!(error.to_string().ends_with("or make one with `keywright init`"), "{error}");
}

#[test]
fn another_file_is_recognised_and_its_content_not_repeated() {
    let home = private_directory();
    let file = created(&home);
    let whole = fs::read_to_string(file.path()).unwrap();
    let path = || file.path().to_owned();
    for (content, expected) in [
        (String::new(), KeySourceError::Damaged { path: path() }),
        (whole[..whole.len() - 5].to_owned(), KeySourceError::Damaged { path: path() }),
        (format!("{whole}{whole}"), KeySourceError::Damaged { path: path() }),
        (whole.replace("-1:", "-2:"), KeySourceError::NewerFormat { path: path() }),
        ("-----BEGIN PRIVATE KEY-----\nhush\n".to_owned(), KeySourceError::NotAKey { path: path() }),
        ("hush".repeat(10_000), KeySourceError::NotAKey { path: path() }),
        (whole["keywright-key-1:".len()..].to_owned(), KeySourceError::NotAKey { path: path() }),
    ] {
        fs::write(file.path(), &content).unwrap();
        let error = file.load().unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().contains("hush") && !error.to_string().contains(&whole[16..24]), "{error}");
    }
    fs::write(file.path(), whole.trim_end()).unwrap();
    file.load().unwrap();
}
