//! The one way out: what happens to a request between an adapter that wants to send it and its vendor, and to the answer
//! on its way back. [`handler`] holds the ordered list; each step of it is a file here.

pub(crate) mod authenticator;
pub(crate) mod client;
mod connector;
pub(crate) mod handler;
pub(crate) mod network;
mod redaction;
pub(crate) mod secrets;
pub(crate) mod session;
mod tls;
pub(crate) mod transport_error;
