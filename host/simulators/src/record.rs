//! The record of the requests that arrived.

use std::{collections::VecDeque, fmt, sync::Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Version, header};

use crate::sync::lock;

/// How many requests are kept; older ones are forgotten, so that a simulator that runs for days does not grow.
const MOST_REQUESTS: usize = 10_000;

/// How many bytes of bodies are kept, for the same reason.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The headers whose values [`Recorded`]'s `Debug` shows. All others may carry authentication at one vendor or another.
const SHOWN: [HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::USER_AGENT,
];

/// A request as it arrived. Its `Debug` output shows no body and no header value that could authenticate anyone.
#[derive(Clone)]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query without its `?`, still percent-encoded.
    pub query: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body; empty when there was none.
    pub body: Bytes,
    /// The HTTP version it arrived over.
    pub version: Version,
    /// The connection it arrived on: 1 for the first that the simulator accepted, 2 for the next, and so on.
    pub connection: u64,
    /// The lifecycle operation that the vendor takes it for (see [`Vendor::operation`](crate::Vendor::operation)).
    pub operation: Option<&'static str>,
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &Redacted(&self.headers))
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("version", &self.version)
            .field("connection", &self.connection)
            .field("operation", &self.operation)
            .finish()
    }
}

struct Redacted<'a>(&'a HeaderMap);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if SHOWN.contains(name) {
                map.entry(name, value);
            } else {
                map.entry(name, &format_args!("[redacted]"));
            }
        }
        map.finish()
    }
}

/// The bounded record of a simulator.
#[derive(Default)]
pub(crate) struct Log {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    requests: VecDeque<Recorded>,
    bytes: usize,
}

impl Log {
    pub(crate) fn push(&self, request: Recorded) {
        let mut kept = lock(&self.kept);
        kept.bytes += request.body.len();
        kept.requests.push_back(request);
        while kept.requests.len() > MOST_REQUESTS || kept.bytes > MOST_BYTES {
            match kept.requests.pop_front() {
                Some(oldest) => kept.bytes -= oldest.body.len(),
                None => break,
            }
        }
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        lock(&self.kept).requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *lock(&self.kept) = Kept::default();
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn request(path: &str, body: Bytes) -> Recorded {
        let mut headers = HeaderMap::new();
        headers.insert("x-auth-token", HeaderValue::from_static("hush"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic hush"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Recorded {
            method: Method::POST,
            path: path.to_owned(),
            query: None,
            headers,
            body,
            version: Version::HTTP_11,
            connection: 1,
            operation: Some("create"),
        }
    }

    #[test]
    fn a_recorded_request_does_not_print_what_authenticates_it() {
        let printed = format!("{:?}", request("/keys", Bytes::from_static(b"client_secret=hush")));
        assert!(!printed.contains("hush"), "{printed}");
        assert!(printed.contains("x-auth-token") && printed.contains("application/json"), "{printed}");
    }

    #[test]
    fn the_record_forgets_its_oldest_requests() {
        let log = Log::default();
        for number in 0..=MOST_REQUESTS {
            log.push(request(&format!("/{number}"), Bytes::new()));
        }
        let kept = log.requests();
        assert_eq!(kept.len(), MOST_REQUESTS);
        assert_eq!(kept[0].path, "/1");
        log.clear();
        assert!(log.requests().is_empty());
    }

    #[test]
    fn the_record_forgets_large_bodies_before_they_fill_the_memory() {
        let log = Log::default();
        let large = Bytes::from(vec![0; MOST_BYTES / 2]);
        for number in 0..3 {
            log.push(request(&format!("/{number}"), large.clone()));
        }
        let paths: Vec<_> = log.requests().into_iter().map(|request| request.path).collect();
        assert_eq!(paths, ["/1", "/2"]);
    }
}
