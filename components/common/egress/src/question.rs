//! Requests to explain.

use http::{HeaderMap, Method, Uri};

use crate::bound_demand::Evidence;

/// A request to explain, as far as it is known. Demands on what is not known count as satisfied.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URL.
    pub uri: &'a Uri,
    /// The headers, if they are known.
    pub headers: Option<&'a HeaderMap>,
    /// The body, if it is known.
    pub body: Option<&'a [u8]>,
}

impl<'a> Question<'a> {
    /// A request of which no more is known than this.
    pub fn head(method: &'a Method, uri: &'a Uri) -> Self {
        Self { method, uri, headers: None, body: None }
    }

    pub(crate) fn evidence(&self) -> Evidence<'a> {
        Evidence::new(self.headers, self.body)
    }
}
