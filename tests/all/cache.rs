//! Compiled components that are kept.

use std::fs;
use std::path::Path;

use keywright_runtime::{Adapter, Cache, Engine, EngineConfig, Grant};
use keywright_tests::guests;

async fn load(directory: &Path) {
    let cache = Cache::At(directory.to_owned());
    let engine = Engine::new(EngineConfig { cache, ..EngineConfig::default() }).unwrap();
    Adapter::load_unpinned(&engine, guests::BASIC, &Grant::as_requested()).await.unwrap();
}

fn kept(directory: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_compiled_component_is_kept_and_used_again() {
    let temporary = tempfile::tempdir().unwrap();
    let directory = temporary.path().join("aot");
    load(&directory).await;
    let files = kept(&directory);
    assert_eq!(files.len(), 1, "{files:?}");
    let written = fs::metadata(&files[0]).unwrap().modified().unwrap();
    load(&directory).await;
    assert_eq!(kept(&directory), files);
    assert_eq!(fs::metadata(&files[0]).unwrap().modified().unwrap(), written);
}

#[tokio::test]
async fn a_file_that_is_of_no_use_is_replaced() {
    let temporary = tempfile::tempdir().unwrap();
    let directory = temporary.path().join("aot");
    load(&directory).await;
    let file = kept(&directory).remove(0);
    let whole = fs::read(&file).unwrap();
    // One bit of the machine code, which would run as something else.
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for broken in [&b""[..], b"garbage", &whole[..whole.len() / 2], &changed] {
        fs::write(&file, broken).unwrap();
        load(&directory).await;
        assert!(fs::read(&file).unwrap() == whole, "it is as it was");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_others_may_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let temporary = tempfile::tempdir().unwrap();
    let directory = temporary.path().join("aot");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    load(&directory).await;
    assert_eq!(kept(&directory), [""; 0].map(std::path::PathBuf::from));
}

#[cfg(unix)]
#[tokio::test]
async fn the_directory_is_made_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let temporary = tempfile::tempdir().unwrap();
    let directory = temporary.path().join("deep").join("aot");
    load(&directory).await;
    assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
}
