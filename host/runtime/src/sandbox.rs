//! The sandbox: what runs a component, what it may use, and what it finds when it looks around.

pub(crate) mod cache;
pub(crate) mod circumstances;
pub(crate) mod compiler;
pub(crate) mod digest;
pub(crate) mod engine;
pub(crate) mod imports;
mod linker;
mod private_directory;
pub(crate) mod store;
mod validate;
