//! The kinds of faults.

use std::{fmt, time::Duration};

/// How long a `slow` answer takes when nothing else is said.
const SLOW: Duration = Duration::from_secs(3);

/// One way for a request to go wrong.
///
/// "Performed" means that the vendor did what was asked, whatever the caller is told: the faults after which a caller
/// is in doubt are those that look the same to it whether the request was performed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `lose-answer`: performed, then the connection is cut without an answer.
    LoseAnswer,
    /// `cut`: the connection is cut, nothing is performed.
    Cut,
    /// `truncate`: performed; the status, the headers with the full `Content-Length` and half of the body are sent,
    /// then the connection is cut. An answer without a body is lost whole.
    Truncate,
    /// `rate-limit`: 429 in the vendor's form, not performed.
    RateLimit,
    /// `server-error`: 500 in the vendor's form, not performed.
    ServerError,
    /// `server-error-after`: performed, then the same 500.
    ServerErrorAfter,
    /// `bad-gateway`: 502 with an HTML page, not performed.
    BadGateway,
    /// `html`: 200 with an HTML page, not performed.
    Html,
    /// `html-after`: performed, then the same page.
    HtmlAfter,
    /// `slow`: performed, but the answer comes only after this long: 3 seconds, or as in `slow=250ms` or `slow=10s`.
    Slow(Duration),
    /// `stall`: performed; headers and half of the body are sent, then nothing more, while the connection stays open.
    /// Of an answer without a body nothing is sent.
    Stall,
    /// `huge`: 200 with a JSON body that does not end before 64 MiB, not performed.
    Huge,
}

const ALL: [(&str, Fault, &str); 12] = [
    ("lose-answer", Fault::LoseAnswer, "performs the request, then cuts the connection without an answer"),
    ("cut", Fault::Cut, "cuts the connection before performing the request"),
    ("truncate", Fault::Truncate, "performs the request, sends half of the answer's body, then cuts the connection"),
    ("rate-limit", Fault::RateLimit, "answers 429 as the vendor does, without performing the request"),
    ("server-error", Fault::ServerError, "answers 500 without performing the request"),
    ("server-error-after", Fault::ServerErrorAfter, "performs the request, then answers 500"),
    ("bad-gateway", Fault::BadGateway, "answers 502 with an HTML page, without performing the request"),
    ("html", Fault::Html, "answers 200 with an HTML page, without performing the request"),
    ("html-after", Fault::HtmlAfter, "performs the request, then answers 200 with an HTML page"),
    ("slow", Fault::Slow(SLOW), "performs the request and answers late: after 3 s, or as in slow=250ms"),
    ("stall", Fault::Stall, "performs the request, sends half of the answer's body, then nothing more"),
    ("huge", Fault::Huge, "answers 200 with 64 MiB of JSON that never closes, without performing the request"),
];

impl Fault {
    /// Every fault's name and what it does in one line.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        ALL.iter().map(|(name, _, about)| (*name, *about))
    }

    /// The fault's name, without the delay of `slow`.
    pub fn name(self) -> &'static str {
        match self {
            Self::LoseAnswer => "lose-answer",
            Self::Cut => "cut",
            Self::Truncate => "truncate",
            Self::RateLimit => "rate-limit",
            Self::ServerError => "server-error",
            Self::ServerErrorAfter => "server-error-after",
            Self::BadGateway => "bad-gateway",
            Self::Html => "html",
            Self::HtmlAfter => "html-after",
            Self::Slow(_) => "slow",
            Self::Stall => "stall",
            Self::Huge => "huge",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|(known, ..)| *known == name).map(|(_, fault, _)| *fault)
    }
}

/// The name, and the delay of `slow` where it is not the usual one.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow(delay) if *delay != SLOW => write!(f, "slow={}ms", delay.as_millis()),
            _ => f.write_str(self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_names_agree() {
        for (name, fault, _) in ALL {
            assert_eq!(fault.name(), name);
        }
    }
}
