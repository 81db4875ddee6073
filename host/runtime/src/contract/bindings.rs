//! The contract, as wasmtime calls it. Only what components export: what they import is linked in [`crate::sandbox::linker`].

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package keywright:host;
        world adapter {
            export keywright:vendor/credential-lifecycle@0.2.0;
        }
    ",
    world: "keywright:host/adapter",
    exports: { default: async },
});

pub use exports::keywright::vendor::credential_lifecycle as contract;
pub use keywright::vendor::{descriptors, failures, lifecycle_types as types};

/// The version of the contract that this host speaks: of the package in `wit/`.
pub const CONTRACT_VERSION: &str = "0.2.0";

/// The export that makes a component an adapter.
pub const EXPORT: &str = "keywright:vendor/credential-lifecycle@0.2.0";
