//! The contract, as wasmtime calls it. Only what components export: what they import is linked in [`crate::sandbox::linker`].

#![allow(missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package keywright:host;
        world adapter {
            export keywright:vendor/credential-lifecycle@0.1.0;
        }
    ",
    world: "keywright:host/adapter",
    exports: { default: async },
});

pub use exports::keywright::vendor::credential_lifecycle as contract;
pub use keywright::vendor::{descriptors, failures, types};

/// The export that makes a component an adapter.
pub const EXPORT: &str = "keywright:vendor/credential-lifecycle@0.1.0";
