//! Requests that are to be authenticated.

use http::Method;

/// A request exactly as it will be sent, but for what authenticates it.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingRequest<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The authority as in the `Host` header, with its port if that has one.
    pub host: &'a str,
    /// The absolute path, encoded as it will be sent.
    pub path: &'a str,
    /// The query, encoded as it will be sent and without its `?`.
    pub query: Option<&'a str>,
    /// The headers, with names in any case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The whole body.
    pub body: &'a [u8],
}

impl<'a> OutgoingRequest<'a> {
    /// The value of the first header of this name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// What [`signature::sign`](crate::signature::sign) covers: the request exactly as it will be sent.
#[derive(Clone, Copy, Debug)]
pub struct RequestToSign<'a> {
    /// The method.
    pub method: &'a Method,
    /// The authority as in the `Host` header, with its port if that has one.
    pub host: &'a str,
    /// The absolute path, encoded as it will be sent.
    pub path: &'a str,
    /// The query, encoded as it will be sent and without its `?`.
    pub query: Option<&'a str>,
    /// The value of the `Content-Type` header, if there will be one.
    pub content_type: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
}
