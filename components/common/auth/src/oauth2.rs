//! The client credentials grant of OAuth 2.0 (RFC 6749 section 4.4), in two steps without I/O: what to ask, and what
//! the answer means.

mod request;
mod token;

pub use request::{ClientCredentials, TokenRequest, TokenRequestAsText};
pub use token::{Token, TokenError};
