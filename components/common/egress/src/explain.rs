//! Explanations: which rule decides on a request, and what the nearest rules name instead.

use std::fmt;

use http::{Method, Uri};

use crate::denial::{Denial, DenialReason};
use crate::origin::HTTPS;
use crate::path::{Segment, is_plain_segment};
use crate::policy::{BoundRule, Policy};
use crate::shown::{excerpt, shown};

/// Why a request is allowed or denied, operation by operation.
///
/// `Display` writes a few lines for a person, the last without a line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The method.
    pub method: String,
    /// The URL without its query and user name.
    pub url: String,
    /// The operations that may send it, each with the rule that decides.
    pub allowed: Vec<Decision>,
    /// The operations that may not.
    pub denied: Vec<Denial>,
    /// The rules that come nearest to allowing it for those that may not: the nearest first, three at most.
    pub nearest: Vec<Nearest>,
}

/// A rule that allows an operation to send the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The operation.
    pub operation: String,
    /// The rule's index, from 0.
    pub rule: usize,
    /// The rule's line.
    pub line: String,
}

/// A rule that does not apply, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The rule's index, from 0.
    pub rule: usize,
    /// The rule's line.
    pub line: String,
    /// What the rule names otherwise. Empty when it would apply, if the URL were written plainly.
    pub differences: Vec<Difference>,
}

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
    /// The request is not `https`.
    Scheme {
        /// The request's scheme; empty when it has none.
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

impl Policy {
    /// The operations that the rules are for, each once, in the order of the rules.
    pub fn operations(&self) -> Vec<&str> {
        let mut operations: Vec<&str> = Vec::new();
        for operation in self.rules.iter().flat_map(|rule| &rule.rule.operations) {
            if !operations.contains(&operation.as_str()) {
                operations.push(operation);
            }
        }
        operations
    }

    /// Why each of `operations` may or may not send this request. Decides as [`decide`](Self::decide) does; for all
    /// operations that there are rules for, hand it those of [`operations`](Self::operations).
    pub fn explain<'o>(
        &self,
        operations: impl IntoIterator<Item = &'o str>,
        method: &Method,
        uri: &Uri,
    ) -> Explanation {
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for operation in operations {
            match self.decide(operation, method, uri) {
                Ok(decision) => allowed.push(Decision {
                    operation: operation.to_owned(),
                    rule: decision.rule,
                    line: self.rules.get(decision.rule).map(|rule| rule.rule.to_string()).unwrap_or_default(),
                }),
                Err(denial) => denied.push(denial),
            }
        }
        let nearest = self.nearest(&denied, method, uri);
        Explanation { method: method.to_string(), url: shown(uri), allowed, denied, nearest }
    }

    fn nearest(&self, denied: &[Denial], method: &Method, uri: &Uri) -> Vec<Nearest> {
        const MOST: usize = 3;
        /// As far as a rule may be behind the nearest and still be told of: one difference or two small ones.
        const BEHIND: usize = 4;
        if denied.is_empty() {
            return Vec::new();
        }
        let mut nearest: Vec<(usize, Nearest)> = self
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                let differences = rule.differences(denied, method, uri);
                let distance = differences.iter().map(Difference::weight).sum();
                (distance, Nearest { rule: index, line: rule.rule.to_string(), differences })
            })
            .collect();
        nearest.sort_by_key(|(distance, _)| *distance);
        let farthest = nearest.first().map_or(0, |(distance, _)| distance + BEHIND);
        nearest.into_iter().take(MOST).filter(|(distance, _)| *distance <= farthest).map(|(_, rule)| rule).collect()
    }
}

impl BoundRule {
    /// Reads the request as leniently as a person would: the decision was made elsewhere.
    fn differences(&self, denied: &[Denial], method: &Method, uri: &Uri) -> Vec<Difference> {
        let mut differences = Vec::new();
        if uri.scheme_str() != Some("https") {
            differences.push(Difference::Scheme { found: uri.scheme_str().unwrap_or_default().to_owned() });
        }
        let host = uri.host().unwrap_or_default();
        if !self.origin.host().eq_ignore_ascii_case(host) {
            differences.push(Difference::Host { expected: self.origin.host().to_owned(), found: excerpt(host) });
        }
        let port = uri.port_u16().unwrap_or(HTTPS);
        if self.origin.port() != port {
            differences.push(Difference::Port { expected: self.origin.port(), found: port });
        }
        if self.rule.method != *method {
            let (expected, found) = (self.rule.method.to_string(), method.to_string());
            differences.push(Difference::Method { expected, found });
        }
        let segments: Vec<&str> = uri.path().split('/').skip(1).collect();
        if self.path.len() != segments.len() {
            differences.push(Difference::Length { expected: self.path.len(), found: segments.len() });
        }
        for (index, found) in segments.iter().enumerate() {
            let (Some(written), Some(bound)) = (self.rule.path.segments.get(index), self.path.get(index)) else {
                break;
            };
            if !bound.takes(found) || (matches!(written, Segment::Any(_)) && !is_plain_segment(found)) {
                let expected = written.to_string();
                differences.push(Difference::Segment { number: index + 1, expected, found: excerpt(found) });
            }
        }
        if !denied.iter().any(|denial| self.serves(&denial.operation)) {
            differences.push(Difference::Operation { serves: self.rule.operations.clone() });
        }
        differences
    }
}

impl Difference {
    /// How far apart this keeps a rule and a request: another host is another world, another operation next door.
    fn weight(&self) -> usize {
        match self {
            Self::Host { .. } => 100,
            Self::Length { expected, found } => 4 * expected.abs_diff(*found),
            Self::Segment { .. } => 4,
            Self::Port { .. } | Self::Method { .. } => 3,
            Self::Operation { .. } => 1,
            Self::Scheme { .. } => 0,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { serves } => write!(formatter, "it is for {} only", serves.join(", ")),
            Self::Scheme { found } if found.is_empty() => write!(formatter, "its scheme is https"),
            Self::Scheme { found } => write!(formatter, "its scheme is https, not {found}"),
            Self::Host { expected, found } => write!(formatter, "its host is {expected}, not {found}"),
            Self::Port { expected, found } => write!(formatter, "its port is {expected}, not {found}"),
            Self::Method { expected, found } => write!(formatter, "its method is {expected}, not {found}"),
            Self::Length { expected, found } => {
                write!(formatter, "its path has {expected} segments, not {found}")
            }
            Self::Segment { number, expected, found } => {
                write!(formatter, "segment {number} of its path is `{expected}`, not `{found}`")
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.url)?;
        for group in self.allowed.chunk_by(|one, next| one.rule == next.rule) {
            let operations = join(group.iter().map(|decision| decision.operation.as_str()));
            if let Some(Decision { rule, line, .. }) = group.first() {
                write!(formatter, "\nallowed for {operations} by rule {}: {line}", rule + 1)?;
            }
        }
        if let Some(first) = self.denied.first() {
            let operations = join(self.denied.iter().map(|denial| denial.operation.as_str()));
            write!(formatter, "\ndenied for {operations}: {}", first.reason)?;
            match first.line.as_deref().and_then(|line| line.split_once(' ')) {
                // One line that serves them all, made of those that each would need.
                Some((_, rest)) => {
                    let keep = if self.denied.len() > 1 { ", of which keep the operations that need it" } else { "" };
                    let operations = operations.replace(", ", ",");
                    write!(formatter, "; this rule would{keep}:\n  {operations} {rest}")?;
                }
                None if first.reason == DenialReason::NoRule => {
                    formatter.write_str(", and none can be written for it")?
                }
                None => {}
            }
        }
        for Nearest { rule, line, differences } in &self.nearest {
            let differences = match differences.is_empty() {
                true => "it would allow this, were the URL written plainly".to_owned(),
                false => join(differences),
            };
            write!(formatter, "\nnear is rule {}, {line}: {differences}", rule + 1)?;
        }
        Ok(())
    }
}

fn join(parts: impl IntoIterator<Item = impl ToString>) -> String {
    parts.into_iter().map(|part| part.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::RuleSet;

    const RULES: &str = "
        create      POST    https://api.{settings.region}.example.com/{settings.project}/keys
        get,verify  GET     https://api.{settings.region}.example.com/{settings.project}/keys/{id}
        update      PATCH   https://api.{settings.region}.example.com/{settings.project}/keys/{id}
        revoke      DELETE  https://auth.example.com:8443/tokens/{id}
    ";

    fn policy() -> Policy {
        let settings = json!({"region": "eu-1", "project": "p"});
        RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), None).unwrap()
    }

    fn explain(operations: &[&str], method: Method, url: &str) -> Explanation {
        policy().explain(operations.iter().copied(), &method, &url.parse().unwrap())
    }

    /// What keeps the nearest rule from allowing this `get`.
    fn differences(method: Method, url: &str) -> Vec<String> {
        let explanation = explain(&["get"], method, url);
        explanation.nearest[0].differences.iter().map(Difference::to_string).collect()
    }

    #[test]
    fn an_explanation_reads_as_a_few_plain_lines() {
        let policy = policy();
        let url = "https://api.eu-1.example.com/p/keys/42?token=hunter2".parse().unwrap();
        let explanation = policy.explain(policy.operations(), &Method::GET, &url);
        assert_eq!(
            explanation.to_string(),
            "\
GET https://api.eu-1.example.com/p/keys/42
allowed for get, verify by rule 2: get,verify GET https://api.{settings.region}.example.com/{settings.project}/keys/{id}
denied for create, update, revoke: no rule allows it; this rule would, of which keep the operations that need it:
  create,update,revoke GET https://api.{settings.region}.example.com/p/keys/42
near is rule 2, get,verify GET https://api.{settings.region}.example.com/{settings.project}/keys/{id}: it is for get, verify only
near is rule 3, update PATCH https://api.{settings.region}.example.com/{settings.project}/keys/{id}: its method is PATCH, not GET"
        );
    }

    #[test]
    fn what_is_allowed_for_all_names_the_rule_and_nothing_else() {
        let explanation = explain(&["get", "verify"], Method::GET, "https://api.eu-1.example.com/p/keys/42");
        assert_eq!(explanation.allowed.iter().map(|decision| decision.rule).collect::<Vec<_>>(), [1, 1]);
        assert_eq!((explanation.denied.len(), explanation.nearest.len()), (0, 0));
    }

    #[test]
    fn the_nearest_rule_tells_each_thing_that_differs() {
        for (method, url, expected) in [
            (Method::PUT, "https://api.eu-1.example.com/p/keys/42", "its method is GET, not PUT"),
            (Method::GET, "http://api.eu-1.example.com/p/keys/42", "its scheme is https, not http"),
            (Method::GET, "https://api.eu-1.example.com:8443/p/keys/42", "its port is 443, not 8443"),
            (
                Method::GET,
                "https://api.eu-2.example.com/p/keys/42",
                "its host is api.eu-1.example.com, not api.eu-2.example.com",
            ),
            (
                Method::GET,
                "https://api.eu-1.example.com/q/keys/42",
                "segment 1 of its path is `{settings.project}`, not `q`",
            ),
            (Method::GET, "https://api.eu-1.example.com/p/users/42", "segment 2 of its path is `keys`, not `users`"),
            (Method::GET, "https://api.eu-1.example.com/p/keys/4%2f2", "segment 3 of its path is `{id}`, not `4%2f2`"),
            (Method::GET, "https://api.eu-1.example.com/p/keys/42/x", "its path has 3 segments, not 4"),
            (Method::DELETE, "https://auth.example.com:8443/tokens/42", "it is for revoke only"),
        ] {
            assert_eq!(differences(method, url), [expected], "{url}");
        }
    }

    #[test]
    fn a_url_that_is_only_written_strangely_is_told_so() {
        let explanation = explain(&["get"], Method::GET, "https://u:hunter2@api.eu-1.example.com/p/keys/42");
        assert_eq!(explanation.denied[0].reason, DenialReason::Host);
        let told = explanation.to_string();
        assert!(told.contains("near is rule 2") && told.contains("were the URL written plainly"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }

    #[test]
    fn a_vendor_without_rules_has_none_that_is_near() {
        let policy = RuleSet::default().bind(&serde_json::Map::new(), None).unwrap();
        let url = "https://api.example.com/k".parse().unwrap();
        let explanation = policy.explain(["get"], &Method::GET, &url);
        assert_eq!(explanation.nearest, []);
        assert!(explanation.to_string().ends_with("\n  get GET https://api.example.com/k"), "{explanation}");
    }

    #[test]
    fn the_line_that_is_shown_for_several_operations_allows_them_all() {
        let url = "https://api.eu-1.example.com/p/other".parse().unwrap();
        let explanation = policy().explain(["get", "create", "check"], &Method::HEAD, &url);
        let told = explanation.to_string();
        let line = told.lines().find_map(|line| line.strip_prefix("  ")).unwrap();
        let rules: RuleSet = format!("{RULES}\n{line}").parse().unwrap();
        let settings = json!({"region": "eu-1", "project": "p"});
        let policy = rules.bind(settings.as_object().unwrap(), None).unwrap();
        let after = policy.explain(["get", "create", "check"], &Method::HEAD, &url);
        assert_eq!((after.allowed.len(), after.denied.len()), (3, 0), "{after}");
    }
}
