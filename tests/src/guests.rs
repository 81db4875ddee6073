//! The adapters that only tests have.

/// Uses what the standard library of its language offers: files, sockets, names. It imports `wasi:filesystem` and
/// `wasi:sockets`.
pub static AMBIENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_guest_ambient.wasm"));

/// HTTP Basic.
pub static BASIC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_guest_basic.wasm"));

/// OAuth 2.0 client credentials.
pub static OAUTH2: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_guest_oauth2.wasm"));

/// OSC4 signatures.
pub static OSC4: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_guest_osc4.wasm"));

/// Tries what its attributes say.
pub static PROBE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_guest_probe.wasm"));
