//! A request, built up call by call.

use serde::Serialize;

use super::{append_pair, send};
use crate::account::Base;
use crate::{Account, Failure, FieldProblem, Method, Problem, Response, Result};

/// A request to the vendor. [`send`](Self::send) sends it once.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    pub(crate) account: &'a Account,
    pub(crate) method: Method,
    /// The name of the endpoint.
    pub(crate) endpoint: String,
    pub(crate) base: Base,
    /// The path, encoded, without what an override puts in front of it.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Result<Vec<u8>>,
    /// Whether it needs authentication; a request for a token carries its own.
    pub(crate) authenticate: bool,
    /// Whether it changes nothing at the vendor.
    pub(crate) safe: bool,
}

impl<'a> Request<'a> {
    pub(crate) fn new(account: &'a Account, method: Method, endpoint: &str, path: String) -> Result<Self> {
        Ok(Self {
            account,
            method,
            endpoint: endpoint.to_owned(),
            base: account.base(endpoint)?,
            path,
            query: String::new(),
            headers: Vec::new(),
            body: Ok(Vec::new()),
            authenticate: true,
            safe: method.is_safe(),
        })
    }

    /// Adds a query parameter, percent-encoded.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        append_pair(&mut self.query, name, value);
        self
    }

    /// Goes on where a page ended: the query is that of the link from which [`Response::next_link`] or
    /// [`Response::next_url`] made this cursor.
    pub fn resume(mut self, cursor: &str) -> Result<Self> {
        let is_query = cursor.bytes().all(|byte| byte.is_ascii_graphic() && !b"#\"<>\\".contains(&byte));
        if cursor.is_empty() || !is_query {
            return Err(FieldProblem::new("/cursor", Problem::Format, "is not a cursor of this list").into());
        }
        cursor.clone_into(&mut self.query);
        Ok(self)
    }

    /// Adds a header. Hosts refuse those that are theirs: `Authorization`, `Cookie`, `Host` and their like.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the header `Idempotency-Key`, if there is a key.
    pub fn idempotency_key(self, key: Option<&str>) -> Self {
        match key {
            Some(key) => self.header("idempotency-key", key),
            None => self,
        }
    }

    /// Says that it changes nothing at the vendor, although its method may: as where all requests are POST. When its
    /// answer is lost, nothing is in doubt.
    pub fn reading(mut self) -> Self {
        self.safe = true;
        self
    }

    /// Sends this as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        let encoded = serde_json::to_vec(body)
            .map_err(|_| Failure::adapter_error("the adapter built a request that cannot be written as JSON"));
        self.content("application/json", encoded)
    }

    /// Sends these fields as a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut form = String::new();
        for (name, value) in fields {
            append_pair(&mut form, name, value);
        }
        self.content("application/x-www-form-urlencoded", Ok(form.into_bytes()))
    }

    /// Sends these bytes, as this type.
    pub fn body(self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.content(content_type, Ok(bytes.into()))
    }

    #[inline(never)]
    fn content(mut self, content_type: &str, body: Result<Vec<u8>>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }

    /// Sends it, once, and waits for the whole answer.
    pub fn send(mut self) -> Result<Response> {
        let body = std::mem::replace(&mut self.body, Ok(Vec::new()))?;
        // Some vendors refuse chunked bodies, so the length is always said; a GET has no body to say it of.
        if !self.method.is_safe() || !body.is_empty() {
            self.headers.push(("content-length".to_owned(), body.len().to_string()));
        }
        send::once(self, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Descriptor, Operation, Parts};

    fn account(overrides: &[(&str, &str)]) -> Result<Account> {
        let descriptor = Descriptor::new("v", "V", "1")
            .endpoint("api", "https://api.{settings.region}.example.com")
            .endpoint("auth", "https://auth.example.com")
            .finish(&[]);
        let overrides = overrides.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned())).collect();
        Account::new(
            Box::leak(Box::new(descriptor)),
            Operation::List,
            r#"{"region": "eu-1"}"#,
            overrides,
            Parts::default(),
            false,
        )
    }

    #[test]
    fn an_endpoint_is_made_from_the_settings() {
        let account = account(&[]).unwrap();
        assert_eq!(account.get("api", &[]).unwrap().base.authority, "api.eu-1.example.com");
        assert!(account.get("other", &[]).is_err());
    }

    #[test]
    fn an_endpoint_of_the_account_takes_the_place_of_the_vendors() {
        let account = account(&[("api", "http://127.0.0.1:8080/vendor/")]).unwrap();
        let request = account.get("api", &["v1"]).unwrap();
        assert_eq!((request.base.https, request.base.authority.as_str()), (false, "127.0.0.1:8080"));
        assert_eq!((request.base.prefix.as_str(), request.path.as_str()), ("/vendor", "/v1"));
        assert_eq!(request.base.described.as_deref(), Some("api.eu-1.example.com"));
        assert_eq!(account.get("auth", &[]).unwrap().base.authority, "auth.example.com");
    }

    #[test]
    fn an_override_that_is_none_is_refused_by_its_name() {
        for (name, url) in [("other", "https://127.0.0.1"), ("api", "http://example.com")] {
            let failure = account(&[(name, url)]).err().unwrap();
            assert!(failure.message().starts_with(&format!("/endpoints/{name} ")), "{}", failure.message());
        }
    }

    #[test]
    fn query_parameters_and_forms_are_encoded_and_may_repeat() {
        let account = account(&[]).unwrap();
        let request = account.get("api", &["v1"]).unwrap().query("user", "jo@example.com").query("user", "a&b");
        assert_eq!(request.query, "user=jo%40example.com&user=a%26b");
        let request = account.post("api", &[]).unwrap().form(&[("Action", "CreateKey"), ("User", "a+b c")]);
        assert_eq!(request.body.unwrap(), b"Action=CreateKey&User=a%2Bb%20c");
    }

    #[test]
    fn a_list_goes_on_with_the_query_of_a_link_and_nothing_else() {
        let account = account(&[]).unwrap();
        let list = || account.get("api", &["v1"]).unwrap().query("page", "1");
        assert_eq!(list().resume("page=2&per_page=20").unwrap().query, "page=2&per_page=20");
        for cursor in ["", "page=2#x", "page=2 ", "page=é"] {
            assert!(list().resume(cursor).is_err(), "{cursor}");
        }
    }
}
