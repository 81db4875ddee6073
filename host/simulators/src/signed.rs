//! A request as what its signature is checked against.

use http::{header, request::Parts};
use keywright_auth::signature::ReceivedRequest;

/// What arrived, for [`Claim::check`](keywright_auth::signature::Claim::check). Without a `Host` header the host is that of
/// the address, as HTTP/2 has it.
pub(crate) fn received<'r>(head: &'r Parts, body: &'r [u8]) -> ReceivedRequest<'r> {
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    ReceivedRequest {
        method: head.method.as_str(),
        host: host.or_else(|| head.uri.authority().map(|authority| authority.as_str())).unwrap_or_default(),
        path: head.uri.path(),
        query: head.uri.query(),
        headers: &head.headers,
        body,
    }
}
