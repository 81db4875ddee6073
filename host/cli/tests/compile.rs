//! The program starts itself to compile a component, in a process with limits.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use std::fs;

use common::{keywright, stdout, succeed, third_party};

/// What the parent sends: memory in bytes, time in seconds, and the component.
fn sent(memory: u64, seconds: u64, component: &[u8]) -> Vec<u8> {
    [&memory.to_le_bytes()[..], &seconds.to_le_bytes(), component].concat()
}

#[test]
fn the_process_that_compiles_keeps_to_its_limits() {
    let component = third_party("initechs");
    let run = |input: Vec<u8>| keywright(&["--compile-component-for-parent"]).write_stdin(input).output().unwrap();
    let compiled = run(sent(2 << 30, 100, &component));
    assert!(compiled.status.success() && compiled.stdout.len() > component.len());
    let refused = run(sent(2 << 30, 100, b"\0asm\x0d\0\x01\0 and no component"));
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(stdout(&refused).lines().count().min(1), 1, "{}", stdout(&refused));
    if cfg!(target_os = "linux") {
        let starved = run(sent(1 << 20, 100, &component));
        assert!(!starved.status.success() && starved.stdout.is_empty());
    }
    assert!(!run(vec![1, 2, 3]).status.success());
}

#[test]
fn a_component_that_was_never_compiled_before_is_usable() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("initechs.wasm"), third_party("initechs")).unwrap();
    let cache = directory.path().join("cache");
    let mut inspect = keywright(&["adapter", "inspect", "initechs.wasm"]);
    inspect.current_dir(directory.path()).env("XDG_CACHE_HOME", &cache);
    assert!(succeed(&mut inspect).contains("initechs"));
    assert_eq!(fs::read_dir(cache.join("keywright").join("aot")).unwrap().count(), 1);
}
