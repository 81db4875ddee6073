//! Requests to the vendor and what it answers.

mod error;
mod fields;
mod link;
pub(crate) mod path;
mod refusal;
mod request;
mod response;
mod send;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use fields::Fields;
pub use refusal::ErrorBody;
pub use request::Request;
pub use response::Response;

/// What stands for itself in a path segment, a query or a form: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Adds a text, percent-encoded.
#[inline(never)]
pub(crate) fn encode(text: &str, to: &mut String) {
    to.extend(utf8_percent_encode(text, UNRESERVED));
}

/// Adds `name=value`, percent-encoded, to a query or a form.
pub(crate) fn append_pair(pairs: &mut String, name: &str, value: &str) {
    if !pairs.is_empty() {
        pairs.push('&');
    }
    encode(name, pairs);
    pairs.push('=');
    encode(value, pairs);
}

/// A request method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads, without the body.
    Head,
    /// Acts.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing at the vendor (RFC 9110 section 9.2.1). What other requests did is in doubt when their
    /// answer is lost.
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}
