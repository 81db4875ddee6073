//! What the build of the components gets of the environment of the outer build.

use std::ffi::OsString;
use std::process::Command;

/// Flags for the machine's own processor, the outer target directory, an incremental build.
const OUTER: [&str; 6] = [
    "CARGO_BUILD_INCREMENTAL",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "RUSTFLAGS",
];

/// A program in front of the compiler, such as a cache. Empty, it also overrides the user's configuration of cargo.
const WRAPPER: &str = "RUSTC_WRAPPER";

/// Its other names, and the one for the workspace's own crates, such as clippy's driver. That is removed: even empty, it
/// would give every crate another identity, and the components other bytes.
const OTHER_WRAPPERS: [&str; 3] =
    ["CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];

/// Settings of profiles, and of the components' target, such as `CARGO_PROFILE_RELEASE_STRIP`.
const PREFIXES: [&str; 2] = ["CARGO_PROFILE_", "CARGO_TARGET_WASM32_WASIP2_"];

/// Keeps from this cargo what is meant for the outer build: the same source gives the same component, however the program
/// around it is built. `inherited` are the names of the variables that it would get.
pub(crate) fn isolate(cargo: &mut Command, inherited: impl Iterator<Item = OsString>) {
    for name in OUTER.into_iter().chain(OTHER_WRAPPERS) {
        cargo.env_remove(name);
    }
    for name in inherited {
        if name.to_str().is_some_and(|name| PREFIXES.iter().any(|prefix| name.starts_with(prefix))) {
            cargo.env_remove(name);
        }
    }
    cargo.env(WRAPPER, "");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn nothing_of_the_outer_build_reaches_the_components() {
        let outer = [
            "CARGO_BUILD_RUSTC_WRAPPER",
            "CARGO_BUILD_TARGET",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_PROFILE_COMPONENT_OPT_LEVEL",
            "CARGO_PROFILE_RELEASE_DEBUG",
            "CARGO_PROFILE_RELEASE_STRIP",
            "CARGO_TARGET_WASM32_WASIP2_LINKER",
            "RUSTC_WORKSPACE_WRAPPER",
            "RUSTC_WRAPPER",
            "RUSTFLAGS",
        ];
        let kept = ["CARGO_HOME", "CARGO_NET_OFFLINE", "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "PATH"];
        let mut cargo = Command::new("cargo");
        isolate(&mut cargo, outer.iter().chain(&kept).map(OsString::from));
        let set: BTreeMap<&OsStr, Option<&OsStr>> = cargo.get_envs().collect();
        for name in outer {
            let value = set.get(OsStr::new(name)).unwrap_or_else(|| panic!("{name} is inherited"));
            assert!(value.is_none() || (name == WRAPPER && *value == Some(OsStr::new(""))), "{name} is {value:?}");
        }
        for name in kept {
            assert!(!set.contains_key(OsStr::new(name)), "{name}");
        }
    }
}
