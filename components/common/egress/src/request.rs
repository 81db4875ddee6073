//! Requests, and what the decision on one says.

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use crate::bound_demand::Evidence;

/// A request that an adapter wants to send.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The operation that wants to send it.
    pub operation: &'a str,
    /// The method.
    pub method: &'a Method,
    /// The URL, with an endpoint override's origin and path prefix where there is one. Its scheme may start with
    /// [`BROKERED_PREFIX`](crate::BROKERED_PREFIX).
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// A request that a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The index of the rule that decides, in the set that the policy was bound from.
    pub rule: usize,
    /// Whether the request makes a credential, or a new secret of one.
    pub mints: bool,
}

/// What to send of an allowed request: it reads only one way, as it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The path with its query, to send to the rule's origin.
    pub path_and_query: String,
    /// The body, where the rule demands a value of it. Otherwise it is to be sent as it came.
    pub body: Option<Bytes>,
}

impl<'a> Request<'a> {
    pub(crate) fn evidence(&self) -> Evidence<'a> {
        Evidence::new(Some(self.headers), Some(self.body))
    }
}
