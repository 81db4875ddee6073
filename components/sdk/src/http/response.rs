//! An answer of the vendor.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::Request;
use crate::time::{now, parse_http_date};
use crate::{Failure, Reason, Result, Timestamp};

/// An answer that arrived whole.
#[derive(Clone, Debug)]
pub struct Response {
    /// Whether the request changes nothing at the vendor.
    pub(super) safe: bool,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    /// Where the request went, without scheme and query; and where it would have gone by the descriptor.
    pub(super) addresses: Vec<String>,
}

/// The headers in which vendors give the id of a request.
const REQUEST_IDS: [&str; 6] =
    ["x-request-id", "request-id", "x-amzn-requestid", "x-amz-request-id", "x-correlation-id", "x-trace-id"];

impl Response {
    pub(super) fn new(safe: bool, status: u16, headers: Vec<(String, Vec<u8>)>, body: Vec<u8>) -> Self {
        Self { safe, status, headers, body, addresses: Vec::new() }
    }

    /// An answer made up, for the unit tests of an adapter; `safe` says whether its request changes nothing at the vendor.
    #[cfg(not(target_family = "wasm"))]
    pub fn made_up(safe: bool, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        Self::new(safe, status, headers, body.into())
    }

    pub(super) fn came_from(&mut self, request: Request<'_>) {
        let Request { base, path, .. } = request;
        self.addresses.extend(base.described.map(|described| [&described, path.as_str()].concat()));
        self.addresses.push([&base.authority, base.prefix.as_str(), &path].concat());
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The values of a header that are text, in their order.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.filter_map(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    /// A header that is a number of seconds.
    pub fn header_seconds(&self, name: &str) -> Option<u32> {
        self.header(name)?.trim().parse().ok()
    }

    /// When the vendor sent it, by its own clock: the `Date` header.
    pub fn date(&self) -> Option<Timestamp> {
        parse_http_date(self.header("date")?)
    }

    /// The vendor's id of the request, from a header that is known to hold it.
    pub fn request_id(&self) -> Option<&str> {
        REQUEST_IDS.iter().find_map(|name| self.header(name))
    }

    /// `Retry-After` (RFC 9110 section 10.2.3), in seconds. Its form with a date is counted from now.
    pub fn retry_after(&self) -> Option<u32> {
        self.header_seconds("retry-after").or_else(|| {
            let at = parse_http_date(self.header("retry-after")?)?;
            Some(seconds_between(now(), at))
        })
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, with or without a byte order mark. One that cannot be read is a failure; the answer to a request
    /// that acts leaves it in doubt whether it acted. The failure never quotes the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.without_mark();
        serde_json::from_slice(body).map_err(|error| {
            self.unexpected(match error.classify() {
                Category::Data => "it is JSON of another shape",
                _ if body.is_empty() => "it is empty",
                _ => "it is not JSON",
            })
        })
    }

    pub(super) fn without_mark(&self) -> &[u8] {
        self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body)
    }

    /// What the status alone says: a start for vendors whose errors the adapter reads itself. See
    /// [`refusal`](Self::refusal).
    pub fn failure(&self) -> Failure {
        let (reason, message) = match self.status {
            401 => (Reason::Unauthenticated, "the vendor does not accept the credential"),
            403 => (Reason::Forbidden, "the credential may not do this at the vendor"),
            404 | 410 if self.is_page() => (
                Reason::Vendor(self.status.to_string()),
                "a web page says that there is no such address: it is not the vendor's own answer",
            ),
            404 | 410 => (Reason::NotFound, "the vendor knows no such credential"),
            409 | 412 | 423 => (Reason::Conflict, "the state of the credential does not allow this"),
            429 => (Reason::RateLimited, "the vendor takes no more requests for now: try again later"),
            // The vendor was at work when it failed, so what acts may have acted.
            408 | 425 | 500.. if !self.safe => {
                (Reason::InDoubt, "the vendor failed while it worked on the request, which may have taken effect")
            }
            408 | 425 | 500.. => (Reason::Unavailable, "the vendor failed: try again later"),
            400.. => (Reason::Vendor(self.status.to_string()), "the vendor refused the request"),
            _ => return self.unexpected("it is neither a result nor a refusal"),
        };
        self.because(reason, message)
    }

    /// Whether the body is a web page: of a gateway or a proxy, not of an API.
    fn is_page(&self) -> bool {
        let body = self.without_mark().trim_ascii_start();
        let starts = |with: &[u8]| body.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        starts(b"<!doctype html") || starts(b"<html")
    }

    /// A failure with this answer's status, request id and `Retry-After`.
    pub fn because(&self, reason: Reason, message: impl AsRef<str>) -> Failure {
        Failure::new(reason, message)
            .with_status(self.status)
            .with_request_id(self.request_id())
            .with_retry_after(self.retry_after())
    }

    /// A failure for an answer that is not what the vendor documents; `how` ends the sentence. The answer to a request that
    /// acts leaves it in doubt whether it acted.
    #[inline(never)]
    pub fn unexpected(&self, how: &str) -> Failure {
        let (reason, before) = match self.safe {
            true => (Reason::UnexpectedResponse, ""),
            false => (Reason::InDoubt, "the request may have taken effect: "),
        };
        let status = self.status.to_string();
        let message = [before, "the vendor's answer (status ", &status, ") is not understood: ", how].concat();
        self.because(reason, message)
    }
}

/// The seconds from one instant to a later one, rounded up.
fn seconds_between(now: Timestamp, later: Timestamp) -> u32 {
    let left = later - now;
    let seconds = left.num_seconds() + i64::from(left.subsec_nanos() > 0);
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_rfc3339;

    fn answer(safe: bool, status: u16, body: &str) -> Response {
        Response::made_up(safe, status, &[("Retry-After", "7"), ("X-Amzn-RequestId", "r-1")], body)
    }

    #[test]
    fn an_unreadable_answer_to_a_request_that_acts_leaves_it_in_doubt() {
        for body in ["", "<html>secret</html>", "[1", "[]"] {
            let failure = answer(false, 200, body).json::<String>().unwrap_err();
            assert_eq!(*failure.reason(), Reason::InDoubt, "{body}");
            assert!(!failure.message().contains("secret"));
        }
    }

    #[test]
    fn an_unreadable_answer_to_a_request_that_reads_does_not() {
        for body in ["<html>", "", "[]"] {
            let failure = answer(true, 200, body).json::<String>().unwrap_err();
            assert_eq!(*failure.reason(), Reason::UnexpectedResponse, "{body}");
        }
    }

    #[test]
    fn a_byte_order_mark_before_json_is_read_over() {
        assert_eq!(answer(true, 200, "\u{feff}\"a\"").json::<String>().as_deref(), Ok("a"));
    }

    #[test]
    fn a_status_says_what_can_be_done() {
        for (status, safe, unsafe_) in [
            (302, Reason::UnexpectedResponse, Reason::InDoubt),
            (401, Reason::Unauthenticated, Reason::Unauthenticated),
            (404, Reason::NotFound, Reason::NotFound),
            (408, Reason::Unavailable, Reason::InDoubt),
            (409, Reason::Conflict, Reason::Conflict),
            (418, Reason::Vendor("418".to_owned()), Reason::Vendor("418".to_owned())),
            (429, Reason::RateLimited, Reason::RateLimited),
            (502, Reason::Unavailable, Reason::InDoubt),
        ] {
            assert_eq!(*answer(true, status, "").failure().reason(), safe, "{status}");
            assert_eq!(*answer(false, status, "").failure().reason(), unsafe_, "{status}");
        }
    }

    #[test]
    fn a_web_page_does_not_say_that_a_credential_is_gone() {
        for body in ["<!DOCTYPE html><title>404</title>", " <html>"] {
            assert_eq!(*answer(false, 404, body).failure().reason(), Reason::Vendor("404".to_owned()));
        }
        assert_eq!(
            *answer(false, 404, "<Error><Code>NoSuchEntity</Code></Error>").failure().reason(),
            Reason::NotFound
        );
    }

    #[test]
    fn the_vendors_clock_is_its_date_header() {
        assert_eq!(answer(true, 200, "").date(), None);
        let answer = Response::made_up(true, 200, &[("date", "Sun, 06 Nov 1994 08:49:37 GMT")], "");
        assert_eq!(answer.date(), parse_rfc3339("1994-11-06T08:49:37Z"));
    }

    #[test]
    fn a_failure_says_how_long_to_wait_and_what_to_quote() {
        let failure = answer(false, 429, "").failure();
        assert_eq!((failure.retry_after(), failure.request_id()), (Some(7), Some("r-1")));
        let at = |text| parse_rfc3339(text).unwrap();
        let now = at("2030-01-01T00:00:00.5Z");
        assert_eq!(seconds_between(now, at("2030-01-01T00:01:00Z")), 60);
        assert_eq!(seconds_between(now, at("2029-12-31T00:00:00Z")), 0);
    }
}
