//! A request, built up call by call.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::send;
use crate::{Account, Failure, Method, Reason, Response, Result};

/// What stands for itself in a path segment or a query: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request to the vendor. [`send`](Self::send) sends it once.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    pub(super) account: &'a Account,
    pub(super) method: Method,
    pub(super) base: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Result<Vec<u8>>>,
    /// Whether it needs authentication; a request for a token carries its own.
    pub(super) authenticate: bool,
    /// Whether it changes nothing at the vendor.
    pub(super) safe: bool,
}

impl<'a> Request<'a> {
    pub(crate) fn new(account: &'a Account, method: Method, base: String, segments: &[&str]) -> Self {
        let mut path = String::new();
        for segment in segments {
            path.push('/');
            path.extend(utf8_percent_encode(segment, UNRESERVED));
        }
        Self {
            account,
            method,
            base,
            path,
            query: String::new(),
            headers: Vec::new(),
            body: None,
            authenticate: true,
            safe: method.is_safe(),
        }
    }

    /// A request that carries its own authentication, to a path that is encoded already.
    pub(super) fn unauthenticated(account: &'a Account, method: Method, base: String, path: String) -> Self {
        Self { path, authenticate: false, ..Self::new(account, method, base, &[]) }
    }

    /// Adds a query parameter, percent-encoded.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(utf8_percent_encode(name, UNRESERVED));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, UNRESERVED));
        self
    }

    /// Adds a header. Hosts refuse those that are theirs: `Authorization`, `Cookie`, `Host` and their like.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says that it changes nothing at the vendor whatever its method, as where all requests are POST: when its answer is
    /// lost, nothing is in doubt.
    pub fn reading(mut self) -> Self {
        self.safe = true;
        self
    }

    /// Sends this as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        let encoded = serde_json::to_vec(body)
            .map_err(|_| Failure::new(Reason::Vendor("encoding".to_owned()), "the request cannot be written as JSON"));
        let mut request = self.header("content-type", "application/json");
        request.body = Some(encoded);
        request
    }

    /// Sends these bytes, as this type.
    pub fn body(self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", content_type).bytes(bytes.into())
    }

    /// Sends these bytes, of which the headers say the type.
    pub(super) fn bytes(mut self, bytes: Vec<u8>) -> Self {
        self.body = Some(Ok(bytes));
        self
    }

    /// Sends it, once, and waits for the whole answer.
    pub fn send(mut self) -> Result<Response> {
        let body = self.body.take().transpose()?.unwrap_or_default();
        // Some vendors refuse chunked bodies, so the length is always said; a GET has no body to say it of.
        if !self.method.is_safe() || !body.is_empty() {
            self.headers.push(("content-length".to_owned(), body.len().to_string()));
        }
        send::once(self, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Descriptor, Parts};

    fn account() -> Account {
        let descriptor = Descriptor::new("v", "V", "1").endpoint("api", "https://api.{settings.region}.example.com");
        Account::new(&descriptor, r#"{"region": "eu-1"}"#, None, Parts::default(), false).unwrap()
    }

    #[test]
    fn an_endpoint_is_made_from_the_settings() {
        let account = account();
        assert_eq!(account.get("api", &[]).unwrap().base, "https://api.eu-1.example.com");
        assert!(account.get("other", &[]).is_err());
    }

    #[test]
    fn an_accounts_own_endpoint_takes_the_place_of_the_vendors() {
        let descriptor = Descriptor::new("v", "V", "1").endpoint("api", "https://api.example.com");
        let endpoint = Some("https://127.0.0.1:8443/".to_owned());
        let account = Account::new(&descriptor, "{}", endpoint, Parts::default(), false).unwrap();
        assert_eq!(account.get("api", &["v1"]).unwrap().base, "https://127.0.0.1:8443");
    }

    #[test]
    fn a_segment_cannot_leave_its_place_in_the_path() {
        let account = account();
        let request = account.get("api", &["v1", "../admin?x#y", "a b"]).unwrap();
        assert_eq!(request.path, "/v1/..%2Fadmin%3Fx%23y/a%20b");
    }

    #[test]
    fn query_parameters_are_encoded_and_may_repeat() {
        let account = account();
        let request = account.get("api", &["v1"]).unwrap().query("user", "jo@example.com").query("user", "a&b");
        assert_eq!(request.query, "user=jo%40example.com&user=a%26b");
    }
}
