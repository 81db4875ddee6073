//! The contract: what passes between the host and an adapter, typed, checked and converted.

pub(crate) mod bindings;
pub(crate) mod credential;
pub(crate) mod date;
pub(crate) mod decoder;
pub(crate) mod descriptor;
pub(crate) mod encoder;
pub(crate) mod failure;
