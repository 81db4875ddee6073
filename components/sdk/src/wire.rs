//! Between the contract and this crate's own types.
//!
//! What adapters import is bound by `wit-bindgen`. What they export is bound here, in the layout of the canonical ABI: the
//! bindings that are generated for exports read and write every record once for each function that has it, which made
//! half of a component.

pub(crate) mod answers;
pub(crate) mod arguments;
pub(crate) mod descriptors;
pub mod export;
#[cfg(test)]
mod layout;
mod memory;

use std::cell::Cell;

pub(crate) use memory::{List, Maybe, Text};

use crate::{Adapter, Descriptor, Supports};

#[allow(missing_docs, unreachable_pub, unsafe_code, clippy::all, clippy::unwrap_used, clippy::panic)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "keywright:vendor/vendor-adapter",
        pub_export_macro: true,
        export_macro_name: "export_adapter",
        default_bindings_module: "keywright_sdk::private::bindings",
        generate_all,
    });
}

thread_local! {
    /// The adapter of this component, once it has been asked for.
    static DESCRIBED: Cell<Option<&'static Descriptor>> = const { Cell::new(None) };
}

/// The adapter's descriptor. It is built once, and lives as long as the component.
fn described<A: Adapter + Supports>() -> &'static Descriptor {
    DESCRIBED.get().unwrap_or_else(|| {
        let descriptor: &'static Descriptor = Box::leak(Box::new(A::describe().finish(A::OPERATIONS)));
        DESCRIBED.set(Some(descriptor));
        descriptor
    })
}
