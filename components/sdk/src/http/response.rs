//! An answer of the vendor.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::time::parse_http_date;
use crate::{Failure, Reason, Result, Timestamp};

/// An answer that arrived whole.
pub struct Response {
    /// Whether the request changes nothing at the vendor.
    pub(super) safe: bool,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

impl Response {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header's value, if it is there and is text. Names are lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    /// When the vendor sent it, by its own clock: the `Date` header.
    pub fn date(&self) -> Option<Timestamp> {
        parse_http_date(self.header("date")?)
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON. One that cannot be read is a failure; the answer to a request that acts leaves it in doubt
    /// whether it acted. The failure never quotes the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            Category::Data => self.unexpected("it is JSON of another shape"),
            _ if self.body.is_empty() => self.unreadable("it is empty"),
            _ => self.unreadable("it is no JSON"),
        })
    }

    /// This answer, if its status is 2xx; else [`failure`](Self::failure).
    pub fn success(self) -> Result<Self> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.failure()) }
    }

    /// What the status alone says: a start for vendors that say more in the body.
    pub fn failure(&self) -> Failure {
        let (reason, message) = match self.status {
            401 => (Reason::Unauthenticated, "the vendor does not accept the credential"),
            403 => (Reason::Forbidden, "the credential may not do this at the vendor"),
            404 | 410 => (Reason::NotFound, "the vendor knows no such credential"),
            409 | 412 | 423 => (Reason::Conflict, "the state of the credential does not allow this"),
            429 => {
                (Reason::RateLimited(self.retry_after()), "the vendor takes no more requests for now: try again later")
            }
            // The vendor was at work when it failed, so what acts may have acted.
            500.. if !self.safe => {
                (Reason::InDoubt, "the vendor failed while it worked on the request, which may have taken effect")
            }
            500.. => (Reason::Unavailable, "the vendor failed: try again later"),
            status => (Reason::Vendor(status.to_string()), "the vendor refused the request"),
        };
        self.because(reason, message)
    }

    /// A failure with this answer's status.
    pub fn because(&self, reason: Reason, message: impl AsRef<str>) -> Failure {
        Failure::new(reason, message).with_status(self.status)
    }

    /// A failure for an answer that is not what the vendor documents; `how` ends the sentence.
    pub fn unexpected(&self, how: &str) -> Failure {
        self.not_understood(Reason::Vendor("unexpected-answer".to_owned()), how)
    }

    fn unreadable(&self, how: &str) -> Failure {
        self.not_understood(Reason::Unavailable, how)
    }

    fn not_understood(&self, reason: Reason, how: &str) -> Failure {
        let status = self.status;
        if self.safe {
            self.because(reason, format!("the vendor's answer (status {status}) is not understood: {how}"))
        } else {
            self.because(
                Reason::InDoubt,
                format!(
                    "the request may have taken effect: the vendor's answer (status {status}) is not understood: {how}"
                ),
            )
        }
    }

    /// `Retry-After` in seconds; the form with a date is left to the caller's own patience.
    fn retry_after(&self) -> Option<u32> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(safe: bool, status: u16, body: &str) -> Response {
        Response { safe, status, headers: vec![("retry-after".into(), b"7".to_vec())], body: body.into() }
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
        let reason = |body| answer(true, 200, body).json::<String>().unwrap_err().reason().clone();
        assert_eq!(reason("<html>"), Reason::Unavailable);
        assert_eq!(reason(""), Reason::Unavailable);
        assert_eq!(reason("[]"), Reason::Vendor("unexpected-answer".into()));
    }

    #[test]
    fn a_server_error_leaves_in_doubt_only_what_acts() {
        assert_eq!(*answer(false, 502, "").failure().reason(), Reason::InDoubt);
        assert_eq!(*answer(true, 502, "").failure().reason(), Reason::Unavailable);
    }

    #[test]
    fn the_vendors_clock_is_its_date_header() {
        let mut answer = answer(true, 200, "");
        assert_eq!(answer.date(), None);
        answer.headers.push(("Date".into(), b"Sun, 06 Nov 1994 08:49:37 GMT".to_vec()));
        assert_eq!(answer.date(), crate::parse_rfc3339("1994-11-06T08:49:37Z"));
    }

    #[test]
    fn a_rate_limit_tells_how_long_to_wait() {
        assert_eq!(*answer(false, 429, "").failure().reason(), Reason::RateLimited(Some(7)));
    }
}
