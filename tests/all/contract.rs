//! The contract stays what it was: whatever was published under a version is there for ever, and later versions only add.

use std::fs;
use std::path::{Path, PathBuf};

use wit_component::{WitPrinter, semver_check};
use wit_parser::{PackageId, Resolve, WorldId};

const WORLD: &str = "vendor-adapter";

/// The version that `tests/data/contract-0.2.0/wit` holds as it was published.
const FROZEN: &str = "0.2.0";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The contract as it is now, or as it was frozen, after `edit` of each of its files.
fn contract(frozen: bool, edit: impl Fn(String) -> String) -> (Resolve, PackageId) {
    let current = repository().join("wit");
    let source = if frozen { repository().join("tests/data/contract-0.2.0/wit") } else { current.clone() };
    let directory = tempfile::tempdir().unwrap();
    for file in fs::read_dir(source).unwrap().map(Result::unwrap) {
        if file.path().extension().is_some_and(|extension| extension == "wit") {
            let text = edit(fs::read_to_string(file.path()).unwrap());
            fs::write(directory.path().join(file.file_name()), text).unwrap();
        }
    }
    let dependencies = directory.path().join("deps");
    for package in fs::read_dir(current.join("deps")).unwrap().map(Result::unwrap) {
        let copy = dependencies.join(package.file_name());
        fs::create_dir_all(&copy).unwrap();
        for file in fs::read_dir(package.path()).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(directory.path()).unwrap_or_else(|error| panic!("{error:#}"));
    (resolve, package)
}

fn version(resolve: &Resolve, package: PackageId) -> String {
    resolve.packages[package].name.version.as_ref().expect("a version").to_string()
}

/// All items, without their documentation.
fn printed(resolve: &Resolve, package: PackageId) -> String {
    let mut printer = WitPrinter::default();
    printer.emit_docs(false).print(resolve, package, &[]).unwrap();
    printer.output.to_string()
}

fn world(resolve: &Resolve, package: PackageId) -> WorldId {
    resolve.packages[package].worlds[WORLD]
}

/// Whether everything that is built against the first can be run by who speaks the second.
fn compatible((mut old, old_package): (Resolve, PackageId), (new, new_package): (Resolve, PackageId)) -> bool {
    let (old_world, new_world) = (world(&old, old_package), world(&new, new_package));
    let remap = old.merge(new).unwrap();
    let new_world = remap.map_world(new_world, Default::default()).unwrap();
    semver_check(old, old_world, new_world).is_ok()
}

#[test]
fn the_contract_of_a_published_version_does_not_change() {
    let (frozen, current) = (contract(true, |text| text), contract(false, |text| text));
    assert_eq!(version(&frozen.0, frozen.1), FROZEN);
    if version(&current.0, current.1) == FROZEN {
        assert_eq!(
            printed(&current.0, current.1),
            printed(&frozen.0, frozen.1),
            "a change of wit/ needs a new version of the package"
        );
    } else {
        assert!(compatible(frozen, current), "a new version of the contract only adds to {FROZEN}");
    }
}

/// The check above finds what it is there to find.
#[test]
fn a_later_version_that_takes_something_away_is_found() {
    let later = |text: String| text.replace("keywright:vendor@0.2.0", "keywright:vendor@0.2.1");
    let frozen = || contract(true, |text| text);
    assert!(compatible(frozen(), contract(true, later)));
    let inert = "  // Inert.\n";
    assert!(frozen_holds(inert));
    let more =
        |text: String| later(text).replace(inert, "  @since(version = 0.2.0)\n  import wasi:filesystem/types@0.2.6;\n");
    assert!(compatible(frozen(), contract(true, more)));
    for (from, to) in [
        ("  revoke: func(account", "  end: func(account"),
        ("get: func(account: account, id: string)", "get: func(account: account, id: u64)"),
        ("    /// Too many requests. Nothing was done; `retry-after` says when it may work.\n    rate-limited,\n", ""),
        ("    enabled: bool,\n", "    enabled: bool,\n    locked: bool,\n"),
        // An adapter of before does not have it.
        (
            "  /// Ends a credential for good.",
            "  @since(version = 0.2.0)\n  count: func() -> u32;\n\n  /// Ends a credential for good.",
        ),
    ] {
        let changed = |text: String| later(text).replace(from, to);
        assert!(frozen_holds(from), "{from}");
        assert!(!compatible(frozen(), contract(true, changed)), "{from} became {to}");
    }
}

fn frozen_holds(text: &str) -> bool {
    let directory = repository().join("tests/data/contract-0.2.0/wit");
    fs::read_dir(directory).unwrap().any(|file| fs::read_to_string(file.unwrap().path()).unwrap().contains(text))
}
