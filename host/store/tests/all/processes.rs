//! Several programs on one file, and programs that are ended or hindered at work.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use keywright_lifecycle::{FailureClass, Record, Spec};
use keywright_store::{SqliteOptions, SqliteStore, Store as _, StoreError, verify};

use crate::common::{self, block_on};

/// This test program, to run one of the tests below that are programs of their own.
fn program(test: &str, directory: &Path, node: &str) -> Command {
    with(std::env::current_exe().unwrap(), test, directory, node)
}

fn with(program: PathBuf, test: &str, directory: &Path, node: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--ignored", "--exact", "--nocapture", "--test-threads=1"]);
    command.arg(format!("processes::{test}"));
    command.env("STORE_DIRECTORY", directory).env("STORE_NODE", node);
    command
}

fn given() -> (PathBuf, String) {
    let variable = |name| std::env::var(name).expect("it is run by another test");
    (variable("STORE_DIRECTORY").into(), variable("STORE_NODE"))
}

/// Works on what is due until nothing is.
#[test]
#[ignore = "a program that another test runs"]
fn worker() {
    let (directory, node) = given();
    let store = common::open(&directory);
    block_on(async {
        while let Some(claim) = store.claim_due(&node, Duration::from_secs(600)).await.unwrap() {
            common::issue(&store, &claim.lease, 1, b"sealed").await;
            store.release(claim.lease, None).await.unwrap();
        }
    });
}

#[test]
fn two_programs_on_one_file_share_the_work_and_lose_none_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    block_on(async {
        for number in 0..40 {
            let lease = common::claimed(&store, &format!("credential-{number}")).await;
            let due = store.now().await.unwrap();
            store.release(lease, Some(due)).await.unwrap();
        }
    });
    let workers = ["node-a", "node-b"].map(|node| program("worker", directory.path(), node).spawn().unwrap());
    for mut worker in workers {
        assert!(worker.wait().unwrap().success());
    }
    block_on(async {
        let verified = verify(&store).await.unwrap();
        assert_eq!((verified.credentials, verified.lines), (40, 40 * 5));
        assert_eq!(store.counts().await.unwrap().in_use, 40);
        for credential in store.page(None, 100).await.unwrap().credentials {
            assert_eq!(store.find(&credential.name).await.unwrap().unwrap().epoch, 2, "it was taken twice");
        }
    });
}

/// Writes generation after generation, and says of each commit that it is acknowledged.
#[test]
#[ignore = "a program that another test runs"]
#[allow(clippy::print_stdout, reason = "it is read by the test")]
fn writer() {
    let (directory, node) = given();
    let store = common::open(&directory);
    block_on(async {
        let claim = store.claim("ci-deploy", &node, Duration::from_secs(600)).await.unwrap();
        let mut state = claim.snapshot.state;
        loop {
            let next = match state.pending() {
                Some(pending) => common::commit([Record::IssueRefused {
                    generation: pending.number,
                    class: FailureClass::Transient,
                    message: "not now".to_owned(),
                    retry_at: None,
                }]),
                None => {
                    let generation = state.generations.len() as u64 + 1;
                    common::creation(generation, &format!("kw-{generation}"))
                }
            };
            state = store.commit(&claim.lease, next).await.unwrap().state;
            println!("acknowledged {}", state.sequence);
        }
    });
}

#[test]
fn a_program_that_is_killed_loses_nothing_that_it_was_told_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    let lease = block_on(common::claimed(&store, "ci-deploy"));
    block_on(store.release(lease, None)).unwrap();
    let mut known = 0;
    for round in 0..12_u64 {
        let mut child = program("writer", directory.path(), "node-a").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = lines.filter_map(|line| line.unwrap().split_once("acknowledged ")?.1.parse().ok());
        for _ in 0..=round {
            known = acknowledged.next().expect("it writes");
        }
        std::thread::sleep(Duration::from_micros(round * 371));
        child.kill().unwrap();
        // What it said before it was killed.
        known = acknowledged.last().unwrap_or(known);
        child.wait().unwrap();
        block_on(async {
            let there = store.find("ci-deploy").await.unwrap().unwrap().state.sequence;
            assert!((known..=known + 2).contains(&there), "{there} lines, of which {known} were acknowledged");
            verify(&store).await.unwrap();
        });
    }
}

/// Writes until there is no room, and then says what it was told.
#[test]
#[ignore = "a program that another test runs"]
#[allow(clippy::print_stdout, reason = "it is read by the test")]
fn filler() {
    let (directory, node) = given();
    let store = common::open(&directory);
    block_on(async {
        let lease = store.claim("ci-deploy", &node, Duration::from_secs(600)).await.unwrap().lease;
        let mut acknowledged = 0;
        let error = loop {
            let spec = Spec { publish: vec!["sink".repeat(2_000)], ..Default::default() };
            match store.commit(&lease, common::commit([Record::Respecified { spec }])).await {
                Ok(committed) => acknowledged = committed.state.sequence,
                Err(error) => break error,
            }
        };
        println!("acknowledged {acknowledged}");
        println!("refused {error}");
        // What is there can still be read.
        println!("read {}", store.find("ci-deploy").await.unwrap().unwrap().state.sequence);
    });
}

/// What a program printed after a word.
fn printed<'a>(output: &'a str, word: &str) -> &'a str {
    // The first line begins with the name of the test.
    let found = output.lines().find_map(|line| Some(line.split_once(word)?.1));
    found.unwrap_or_else(|| panic!("no `{word}` in: {output}")).trim()
}

#[test]
fn a_full_disk_is_told_and_what_was_written_before_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        store.release(lease, None).await.unwrap();
    });
    drop(store);
    // No file may grow beyond 512 blocks of 512 or 1,024 bytes; the write fails rather than the program.
    let limited = "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\"";
    let filler = program("filler", directory.path(), "node-a");
    let mut shell = Command::new("sh");
    shell.args(["-c", limited]).arg(filler.get_program()).args(filler.get_args());
    shell.envs(filler.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = shell.output().unwrap();
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let (acknowledged, refused) = (printed(&output, "acknowledged"), printed(&output, "refused"));
    assert!(refused.starts_with("the store cannot be written (the disk"), "{refused}");
    assert_eq!(printed(&output, "read"), acknowledged);
    block_on(async {
        let store = common::open(directory.path());
        assert_eq!(store.find("ci-deploy").await.unwrap().unwrap().state.sequence.to_string(), acknowledged);
        verify(&store).await.unwrap();
    });
}

/// Opens the store and says what it was told.
#[test]
#[ignore = "a program that another test runs"]
#[allow(clippy::print_stdout, reason = "it is read by the test")]
fn opener() {
    let (directory, _) = given();
    match SqliteStore::open(directory.join("keywright.db"), SqliteOptions::default()) {
        Ok(store) => println!("written {:?}", block_on(store.register(common::credential("other"))).map(|it| it.id)),
        Err(error) => {
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            println!("refused {error}");
        }
    }
}

#[test]
fn a_directory_that_is_read_only_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(common::open(directory.path()));
    // root can write anywhere: then another user tries, from a copy of this program that the user may read.
    let root = chown(directory.path().join("keywright.db"), Some(65_534), None).is_ok();
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    for readable in [place.path(), &copy] {
        fs::set_permissions(readable, Permissions::from_mode(0o755)).unwrap();
    }
    let mut opener = with(copy, "opener", directory.path(), "node-a");
    opener.current_dir(place.path());
    if root {
        opener.uid(65_534).gid(65_534);
    }
    let told = |opener: &mut Command| String::from_utf8_lossy(&opener.output().unwrap().stdout).into_owned();
    fs::set_permissions(directory.path(), Permissions::from_mode(0o555)).unwrap();
    let output = told(&mut opener);
    let refused = printed(&output, "refused");
    assert!(refused.contains("cannot be opened") && refused.contains("write to"), "{refused}");
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    if root {
        chown(directory.path(), Some(65_534), None).unwrap();
    }
    assert!(told(&mut opener).contains("written Ok"));
}
