//! The sandbox: what runs a component, what it may use, and what it finds when it looks around.

pub(crate) mod cache;
pub(crate) mod digest;
pub(crate) mod engine;
pub(crate) mod imports;
mod linker;
pub(crate) mod store;
