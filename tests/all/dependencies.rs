//! The dependencies are not older than what is known to be wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The numbers of a version, without what follows them.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|number| number.parse().unwrap_or_else(|_| panic!("`{version}` is not a version"))).collect()
}

/// Every crate of a lock file with its version.
fn locked(lock: &str) -> Vec<(String, String)> {
    let value =
        |line: &str, name: &str| Some(line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned());
    lock.split("[[package]]")
        .filter_map(|package| {
            let find = |name| package.lines().find_map(|line| value(line, name));
            Some((find("name")?, find("version")?))
        })
        .collect()
}

/// The crate and the least version of each line of the list.
fn minimums(list: &str) -> Vec<(&str, &str)> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let (Some(name), Some(version), Some(_)) = (words.next(), words.next(), words.next()) else {
                panic!("not CRATE VERSION REASON: {line}");
            };
            (name, version)
        })
        .collect()
}

/// What is older than it may be.
fn outdated(list: &str, lock: &str) -> Vec<String> {
    let locked = locked(lock);
    let mut outdated = Vec::new();
    for (name, least) in minimums(list) {
        let old = locked.iter().filter(|(known, version)| known == name && numbers(version) < numbers(least));
        outdated.extend(old.map(|(_, version)| format!("{name} {version}, at least {least}")));
    }
    outdated
}

#[test]
fn no_dependency_is_older_than_its_least_safe_version() {
    let list = fs::read_to_string(root().join("tests/data/minimum-versions.txt")).unwrap();
    for lock in ["Cargo.lock", "components/common/egress/fuzz/Cargo.lock"] {
        let lock = fs::read_to_string(root().join(lock)).unwrap();
        assert_eq!(outdated(&list, &lock), [""; 0]);
    }
    let locked = locked(&fs::read_to_string(root().join("Cargo.lock")).unwrap());
    for (name, _) in minimums(&list) {
        assert!(
            locked.iter().any(|(known, _)| known == name),
            "{name} is not a dependency any more: take it off the list"
        );
    }
}

#[test]
fn an_older_version_is_found_among_others() {
    let lock =
        "[[package]]\nname = \"a\"\nversion = \"1.10.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.9.9+spec\"\n";
    assert_eq!(outdated("a 1.10.0 a reason", lock), ["a 1.9.9+spec, at least 1.10.0"]);
    assert_eq!(outdated("a 1.9.9 a reason", lock), [""; 0]);
}
