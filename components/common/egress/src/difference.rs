//! Where a rule and a request differ.

use std::fmt;

use http::Uri;

use crate::bound_demand::Verdict;
use crate::denial::{Denial, DenialReason};
use crate::display::excerpt;
use crate::key::display_key;
use crate::origin::Scheme;
use crate::pairs;
use crate::policy::BoundRule;
use crate::question::Question;
use crate::segment;
use crate::target::plain_scheme;

/// Where a rule and a request differ.
///
/// `Display` writes a clause about the rule, such as "its method is GET, not PUT".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The rule is for other operations.
    Operation {
        /// Those that the rule is for.
        serves: Vec<String>,
    },
    /// Another scheme.
    Scheme {
        /// The rule's.
        expected: String,
        /// The request's; empty when it has none.
        found: String,
    },
    /// Another host.
    Host {
        /// The rule's.
        expected: String,
        /// The request's.
        found: String,
    },
    /// Another port.
    Port {
        /// The rule's.
        expected: u16,
        /// The request's.
        found: u16,
    },
    /// Another method.
    Method {
        /// The rule's.
        expected: String,
        /// The request's.
        found: String,
    },
    /// The path is longer or shorter.
    Length {
        /// How many segments the rule's path has.
        expected: usize,
        /// How many the request's has.
        found: usize,
    },
    /// A key of the query that the rule does not allow.
    QueryKey {
        /// The key, percent-encoded.
        key: String,
    },
    /// A value that the rule demands is another, or cannot be read for sure.
    Demand {
        /// What the rule demands, as it is written there without `where`.
        expected: String,
        /// Why the request does not satisfy it.
        reason: DenialReason,
    },
    /// A segment of the path is another.
    Segment {
        /// Which segment, from 1.
        number: usize,
        /// The rule's, as it is written there.
        expected: String,
        /// The request's.
        found: String,
    },
}

impl BoundRule {
    /// Reads the request as leniently as a person would: the decision was made elsewhere.
    pub(crate) fn differences(&self, denied: &[Denial], question: &Question<'_>) -> Vec<Difference> {
        let Question { method, uri, .. } = *question;
        let mut differences = self.place_differences(uri);
        if self.rule.method != *method {
            let (expected, found) = (self.rule.method.to_string(), method.to_string());
            differences.push(Difference::Method { expected, found });
        }
        self.path_differences(uri, &mut differences);
        self.content_differences(question, &mut differences);
        if !denied.iter().any(|denial| self.serves(&denial.operation)) {
            differences.push(Difference::Operation { serves: self.rule.operations.clone() });
        }
        differences
    }

    fn place_differences(&self, uri: &Uri) -> Vec<Difference> {
        let mut differences = Vec::new();
        let origin = &self.url.origin;
        let scheme = plain_scheme(uri);
        if scheme.map(Scheme::as_str) != Some(origin.scheme()) {
            let (expected, found) = (origin.scheme().to_owned(), uri.scheme_str().unwrap_or_default().to_owned());
            differences.push(Difference::Scheme { expected, found });
        }
        let host = uri.host().unwrap_or_default();
        if !origin.host().eq_ignore_ascii_case(host) {
            differences.push(Difference::Host { expected: origin.host().to_owned(), found: excerpt(host) });
        }
        let port = uri.port_u16().unwrap_or(scheme.unwrap_or(Scheme::Https).default_port());
        // The default port of another scheme is no difference of its own.
        if origin.port() != port && (scheme.map(Scheme::as_str) == Some(origin.scheme()) || uri.port_u16().is_some()) {
            differences.push(Difference::Port { expected: origin.port(), found: port });
        }
        differences
    }

    fn path_differences(&self, uri: &Uri, differences: &mut Vec<Difference>) {
        let segments: Vec<&str> = uri.path().split('/').skip(1).collect();
        if self.path.len() != segments.len() {
            differences.push(Difference::Length { expected: self.path.len(), found: segments.len() });
        }
        // Those of an override's prefix are not written in the rule.
        let prefix: Vec<&str> = self.url.path_prefix().split('/').skip(1).collect();
        let written =
            prefix.iter().map(ToString::to_string).chain(self.rule.path.segments.iter().map(ToString::to_string));
        for (index, ((found, bound), expected)) in segments.iter().zip(&self.path).zip(written).enumerate() {
            let is_read = found.is_empty() || segment::read(found).is_some();
            if !is_read || !bound.matches(found) {
                differences.push(Difference::Segment { number: index + 1, expected, found: excerpt(found) });
            }
        }
    }

    fn content_differences(&self, question: &Question<'_>, differences: &mut Vec<Difference>) {
        let query = question.uri.query().unwrap_or_default();
        if pairs::validate_query(query).is_err() {
            return;
        }
        for key in pairs::keys(query).filter(|key| !self.allows_key(key)) {
            let key: String = pairs::decoded(key).collect();
            differences.push(Difference::QueryKey { key: excerpt(&display_key(&key)) });
        }
        let evidence = question.evidence();
        for (bound, written) in self.demands.iter().zip(&self.rule.demands) {
            if let Verdict::Mismatch(reason) | Verdict::Unclear(reason) = bound.verdict(query, &evidence) {
                let expected = written.to_string();
                let expected = expected.strip_prefix("where ").unwrap_or(&expected).to_owned();
                differences.push(Difference::Demand { expected, reason });
            }
        }
    }
}

impl Difference {
    /// How far apart this keeps a rule and a request: another host is far, another operation is near.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Host { .. } => 100,
            Self::Length { expected, found } => 4 * expected.abs_diff(*found),
            Self::Segment { .. } => 4,
            Self::Port { .. } | Self::Method { .. } => 3,
            Self::QueryKey { .. } | Self::Demand { .. } => 2,
            Self::Operation { .. } => 1,
            Self::Scheme { .. } => 0,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { serves } => write!(formatter, "it is for {} only", serves.join(", ")),
            Self::Scheme { expected, found } if found.is_empty() => write!(formatter, "its scheme is {expected}"),
            Self::Scheme { expected, found } => write!(formatter, "its scheme is {expected}, not {found}"),
            Self::Host { expected, found } => write!(formatter, "its host is {expected}, not {found}"),
            Self::Port { expected, found } => write!(formatter, "its port is {expected}, not {found}"),
            Self::Method { expected, found } => write!(formatter, "its method is {expected}, not {found}"),
            Self::Length { expected, found } => {
                write!(formatter, "its path has {expected} segments, not {found}")
            }
            Self::QueryKey { key } => write!(formatter, "it does not allow the query key `{key}`"),
            Self::Demand { expected, reason: DenialReason::Demand } => write!(formatter, "it demands {expected}"),
            Self::Demand { expected, reason } => {
                let problem = match reason {
                    DenialReason::ContentType => "the content type is another",
                    DenialReason::Duplicate => "the name stands there more than once, or in another spelling",
                    _ => "the body is malformed",
                };
                write!(formatter, "it demands {expected}, and {problem}")
            }
            Self::Segment { number, expected, found } => {
                write!(formatter, "segment {number} of its path is `{expected}`, not `{found}`")
            }
        }
    }
}

/// Texts with commas between them.
pub(crate) fn join(parts: impl IntoIterator<Item = impl ToString>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join(", ")
}
