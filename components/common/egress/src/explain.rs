//! Explanations: which rule decides on a request, and what the nearest rules name instead.

use std::fmt;

use crate::denial::{Denial, DenialReason};
use crate::difference::{Difference, join};
use crate::display::display;
use crate::policy::Policy;
use crate::question::Question;

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

impl Policy {
    /// Why each of `operations` may or may not send this request. Decides as [`decide`](Self::decide) does; for all
    /// operations that there are rules for, pass it those of [`operations`](Self::operations).
    pub fn explain<'o>(&self, operations: impl IntoIterator<Item = &'o str>, question: &Question<'_>) -> Explanation {
        let Question { method, uri, .. } = *question;
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for operation in operations {
            match self.decide_on(operation, method, uri, &question.evidence()) {
                Ok(decision) => allowed.push(Decision {
                    operation: operation.to_owned(),
                    rule: decision.rule,
                    line: self.rule(decision).map(ToString::to_string).unwrap_or_default(),
                }),
                Err(denial) => denied.push(denial),
            }
        }
        let nearest = self.nearest(&denied, question);
        Explanation { method: method.to_string(), url: display(uri), allowed, denied, nearest }
    }

    fn nearest(&self, denied: &[Denial], question: &Question<'_>) -> Vec<Nearest> {
        const MOST: usize = 3;
        /// As far as a rule may be behind the nearest and still be shown: one difference or two small ones.
        const BEHIND: usize = 4;
        if denied.is_empty() {
            return Vec::new();
        }
        let mut nearest: Vec<(usize, Nearest)> = self
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                let differences = rule.differences(denied, question);
                let distance = differences.iter().map(Difference::weight).sum();
                (distance, Nearest { rule: index, line: rule.rule.to_string(), differences })
            })
            .collect();
        nearest.sort_by_key(|(distance, _)| *distance);
        let farthest = nearest.first().map_or(0, |(distance, _)| distance + BEHIND);
        nearest.into_iter().take(MOST).filter(|(distance, _)| *distance <= farthest).map(|(_, rule)| rule).collect()
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
                true => "it would allow this, if the URL were written plainly".to_owned(),
                false => join(differences),
            };
            write!(formatter, "\nnear is rule {}, {line}: {differences}", rule + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};
    use serde_json::json;

    use super::*;
    use crate::{EndpointOverrides, RuleSet};

    const RULES: &str = "
        create      POST    https://api.{settings.region}.example.com/{settings.project}/keys
        get,verify  GET     https://api.{settings.region}.example.com/{settings.project}/keys/{id}
        update      PATCH   https://api.{settings.region}.example.com/{settings.project}/keys/{id}
        revoke      DELETE  https://auth.example.com:8443/tokens/{id}
    ";

    fn policy() -> Policy {
        let settings = json!({"region": "eu-1", "project": "p"});
        RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), &EndpointOverrides::none()).unwrap()
    }

    fn explain(operations: &[&str], method: Method, url: &str) -> Explanation {
        policy().explain(operations.iter().copied(), &Question::head(&method, &url.parse().unwrap()))
    }

    /// What keeps the nearest rule from allowing this `get`.
    fn differences(method: Method, url: &str) -> Vec<String> {
        let explanation = explain(&["get"], method, url);
        explanation.nearest[0].differences.iter().map(Difference::to_string).collect()
    }

    #[test]
    fn an_explanation_reads_as_a_few_plain_lines() {
        let policy = policy();
        let url = "https://api.eu-1.example.com/p/keys/42?page=hunter2".parse().unwrap();
        let explanation = policy.explain(policy.operations(), &Question::head(&Method::GET, &url));
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
    fn the_nearest_rule_names_each_thing_that_differs() {
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
            (
                Method::GET,
                "https://api.eu-1.example.com/p/keys/42?token=hunter2",
                "it does not allow the query key `token`",
            ),
        ] {
            assert_eq!(differences(method, url), [expected], "{url}");
        }
    }

    #[test]
    fn a_url_that_is_only_written_strangely_is_called_so() {
        let explanation = explain(&["get"], Method::GET, "https://u:hunter2@api.eu-1.example.com/p/keys/42");
        assert_eq!(explanation.denied[0].reason, DenialReason::Host);
        let text = explanation.to_string();
        assert!(text.contains("near is rule 2") && text.contains("if the URL were written plainly"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_vendor_without_rules_has_none_that_is_near() {
        let policy = RuleSet::default().bind(&serde_json::Map::new(), &EndpointOverrides::none()).unwrap();
        let url = "https://api.example.com/k".parse().unwrap();
        let explanation = policy.explain(["get"], &Question::head(&Method::GET, &url));
        assert_eq!(explanation.nearest, []);
        assert!(explanation.to_string().ends_with("\n  get GET https://api.example.com/k"), "{explanation}");
    }

    #[test]
    fn the_line_that_is_shown_for_several_operations_allows_them_all() {
        let url = "https://api.eu-1.example.com/p/other".parse().unwrap();
        let explanation = policy().explain(["get", "create", "check"], &Question::head(&Method::HEAD, &url));
        let text = explanation.to_string();
        let line = text.lines().find_map(|line| line.strip_prefix("  ")).unwrap();
        let rules: RuleSet = format!("{RULES}\n{line}").parse().unwrap();
        let settings = json!({"region": "eu-1", "project": "p"});
        let policy = rules.bind(settings.as_object().unwrap(), &EndpointOverrides::none()).unwrap();
        let after = policy.explain(["get", "create", "check"], &Question::head(&Method::HEAD, &url));
        assert_eq!((after.allowed.len(), after.denied.len()), (3, 0), "{after}");
    }

    #[test]
    fn what_is_known_of_headers_and_body_is_explained() {
        let rules = "create POST https://a.example/ where form Action = CreateKey mints\nlist POST https://a.example/ where form Action = ListKeys";
        let policy =
            rules.parse::<RuleSet>().unwrap().bind(&serde_json::Map::new(), &EndpointOverrides::none()).unwrap();
        let url = "https://a.example/".parse().unwrap();
        let (mut headers, body) = (HeaderMap::new(), b"Action=DeleteKey");
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/x-www-form-urlencoded"));
        let head = Question::head(&Method::POST, &url);
        assert_eq!(policy.explain(["create", "list"], &head).allowed.len(), 2);

        let question = Question { headers: Some(&headers), body: Some(body), ..head };
        let text = policy.explain(["list"], &question).to_string();
        assert!(text.contains("\n  list POST https://a.example/ where form Action = DeleteKey\n"), "{text}");
        assert!(
            text.ends_with(
                "where form Action = ListKeys: it demands form Action = ListKeys\n\
            near is rule 1, create POST https://a.example/ where form Action = CreateKey mints: \
            it demands form Action = CreateKey, it is for create only"
            ),
            "{text}"
        );

        let (twice, no_headers) = (b"Action=ListKeys&Action=ListKeys", HeaderMap::new());
        for (question, problem) in [
            (Question { body: Some(twice), ..question }, "stands there more than once"),
            (Question { headers: Some(&no_headers), ..question }, "the content type is another"),
            (Question { body: Some(b"Action=%ff"), ..question }, "the body is malformed"),
        ] {
            let text = policy.explain(["list"], &question).nearest[0].differences[0].to_string();
            assert!(text.contains(problem), "{text}");
        }
    }
}
