//! The one way out: what happens to a request between an adapter that wants to send it and its vendor, and to the answer
//! on its way back. [`handler`] holds the ordered list; each step of it is a file here.

pub(crate) mod authenticator;
mod authorities;
mod capture;
pub(crate) mod client;
mod connector;
mod dial;
mod escape;
pub(crate) mod handler;
mod likely_secret;
pub(crate) mod network;
mod placement;
pub(crate) mod proxy;
pub(crate) mod redaction;
pub(crate) mod secrets;
pub(crate) mod session;
pub(crate) mod tls;
mod tls_problem;
pub(crate) mod transport_error;
