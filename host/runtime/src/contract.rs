//! The contract: what passes between the host and an adapter, typed, checked and converted.

pub(crate) mod bindings;
pub(crate) mod conversion;
pub(crate) mod credential;
pub(crate) mod descriptor;
pub(crate) mod failure;
pub(crate) mod operation;
pub(crate) mod schema;
mod schema_size;
