//! Places that are not safe, not there, or not free.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use keywright_sinks::{Holding, SinkError};
use rustix::fs::FlockOperation;

use crate::{delivery, directory, message, names, read, secret, sink, subject};

const RAW: &str = "type = 'file'\npath = 'd/key'\nformat = 'raw'\npart = 'secret_key'";

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// All three that look at the place refuse it, and nothing is written.
fn refused(base: &Path, says: &str) {
    let sink = sink(base, RAW);
    let delivery = delivery("ci", 1);
    for error in [
        sink.check(&delivery.subject, &delivery.specs()).unwrap_err(),
        sink.write(&delivery).unwrap_err(),
        sink.read_back(&delivery.subject).unwrap_err(),
        sink.withdraw(&delivery.subject).unwrap_err(),
    ] {
        assert!(matches!(error, SinkError::Unsafe { .. }), "{error}");
        assert!(message(&error).contains(says), "{error}");
        assert!(!error.is_transient() && !error.is_in_doubt());
    }
}

#[test]
fn a_symbolic_link_is_refused() {
    let base = directory();
    fs::create_dir(base.path().join("d")).unwrap();
    set_mode(&base.path().join("d"), 0o700);
    fs::write(base.path().join("elsewhere"), "theirs").unwrap();
    for target in ["../elsewhere", "nowhere"] {
        let link = base.path().join("d/key");
        symlink(target, &link).unwrap();
        refused(base.path(), "is a symbolic link");
        assert_eq!(read(base.path(), "elsewhere"), "theirs");
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn what_is_not_a_regular_file_is_refused() {
    let base = directory();
    fs::create_dir_all(base.path().join("d/key")).unwrap();
    set_mode(&base.path().join("d"), 0o700);
    refused(base.path(), "is not a regular file");
    fs::remove_dir(base.path().join("d/key")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(base.path().join("d/key")).status().unwrap();
    assert!(made.success());
    refused(base.path(), "is not a regular file");
}

#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    let base = directory();
    let inner = base.path().join("d");
    fs::create_dir(&inner).unwrap();
    for mode in [0o770, 0o707, 0o1777] {
        set_mode(&inner, mode);
        refused(base.path(), "can be written to by others than its owner");
    }
    set_mode(&inner, 0o700);
    set_mode(base.path(), 0o707);
    refused(base.path(), "can be written to by everyone");
    // As /tmp is.
    set_mode(base.path(), 0o1777);
    sink(base.path(), RAW).write(&delivery("ci", 1)).unwrap();
}

#[test]
fn what_belongs_to_another_user_is_refused() {
    // Only root can give a file away; the rule is the same for all.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let base = directory();
    let inner = base.path().join("d");
    fs::create_dir(&inner).unwrap();
    set_mode(&inner, 0o700);
    fs::write(inner.join("key"), "theirs").unwrap();
    std::os::unix::fs::chown(inner.join("key"), Some(12345), None).unwrap();
    refused(base.path(), "belongs to another user");
    fs::remove_file(inner.join("key")).unwrap();
    std::os::unix::fs::chown(&inner, Some(12345), None).unwrap();
    refused(base.path(), "belongs to a user other than");
}

#[test]
fn a_missing_directory_is_made_only_where_that_is_asked_for() {
    let base = directory();
    let careful = sink(base.path(), RAW);
    let first = delivery("ci", 1);
    for error in [careful.check(&subject("ci"), &first.specs()).unwrap_err(), careful.write(&first).unwrap_err()] {
        assert!(message(&error).contains("`create-directory = true` is not set"), "{error}");
    }
    assert_eq!(careful.read_back(&subject("ci")).unwrap(), Holding::Nothing);
    careful.withdraw(&subject("ci")).unwrap();
    assert!(names(base.path()).is_empty());
    let config = RAW.replace("d/key", "d/e/key");
    let making = sink(base.path(), &format!("{config}\ncreate-directory = true"));
    making.check(&subject("ci"), &first.specs()).unwrap();
    assert!(names(base.path()).is_empty());
    making.write(&first).unwrap();
    assert_eq!(read(base.path(), "d/e/key"), secret(1));
}

#[test]
fn others_that_write_there_are_waited_for_up_to_the_time_limit() {
    let base = directory();
    fs::create_dir(base.path().join("d")).unwrap();
    set_mode(&base.path().join("d"), 0o700);
    let sink = sink(base.path(), &format!("{RAW}\ntime-limit = '1s'"));
    let other = fs::File::open(base.path().join("d")).unwrap();
    rustix::fs::flock(&other, FlockOperation::LockExclusive).unwrap();
    let start = Instant::now();
    let error = sink.write(&delivery("ci", 1)).unwrap_err();
    assert!(matches!(error, SinkError::Busy { .. }) && error.is_transient() && !error.is_in_doubt(), "{error}");
    assert!(message(&error).contains("locked by another program"));
    assert!((1..10).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let writing = std::thread::spawn(move || sink.write(&delivery("ci", 1)).map(|it| it.written));
    std::thread::sleep(Duration::from_millis(50));
    drop(other);
    assert!(writing.join().unwrap().unwrap());
}

#[test]
fn a_file_that_is_no_text_or_too_large_is_refused() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a'\nformat = 'dotenv'");
    for (content, says) in [(vec![b'#'; (1 << 20) + 1], "larger than 1 MiB"), (vec![b'#', 0xff], "not UTF-8")] {
        fs::write(base.path().join("a"), &content).unwrap();
        let error = sink.write(&delivery("ci", 1)).unwrap_err();
        assert!(message(&error).contains(says), "{error}");
        assert_eq!(fs::read(base.path().join("a")).unwrap(), content);
    }
}

#[test]
fn notes_that_cannot_be_read_are_refused() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a'\nformat = 'raw'\npart = 'secret_key'");
    sink.write(&delivery("ci", 1)).unwrap();
    for notes in ["", "{}", "{\"keywright\": 2, \"records\": []}"] {
        fs::write(base.path().join(".a.keywright"), notes).unwrap();
        let error = sink.write(&delivery("ci", 2)).unwrap_err();
        assert!(message(&error).contains("is not what this version of Keywright notes of a there"), "{error}");
        assert_eq!(read(base.path(), "a"), secret(1));
    }
}
