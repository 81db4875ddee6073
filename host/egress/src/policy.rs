//! Rules bound to an account, and the decision.

use http::{Method, Uri};
use keywright_settings::{ExpandError, Template};
use serde_json::{Map, Value};

use crate::denial::{Denial, DenialReason};
use crate::origin::{Origin, OriginError};
use crate::path::BoundSegment;
use crate::rule::{Rule, RuleSet};
use crate::target::Target;

/// The rules of one account: every setting is in its place, and every endpoint is one origin.
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Box<[BoundRule]>,
}

#[derive(Clone, Debug)]
struct BoundRule {
    operations: Box<[Box<str>]>,
    method: Method,
    origin: Origin,
    path: Box<[BoundSegment]>,
    endpoint: Template,
}

/// A request that a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The index of the rule in the set that the policy was bound from.
    pub rule: usize,
}

impl RuleSet {
    /// Puts an account's settings in their places. With `endpoint`, that origin takes the place of every endpoint: the
    /// account's own installation or a simulator.
    ///
    /// # Errors
    ///
    /// When a setting is missing, or does not make a host of an endpoint.
    pub fn bind(&self, settings: &Map<String, Value>, endpoint: Option<&Origin>) -> Result<Policy, BindError> {
        let rules = self.rules.iter().map(|rule| rule.bind(settings, endpoint)).collect::<Result<_, _>>()?;
        Ok(Policy { rules })
    }
}

impl Rule {
    fn bind(&self, settings: &Map<String, Value>, endpoint: Option<&Origin>) -> Result<BoundRule, BindError> {
        let origin = match endpoint {
            Some(origin) => origin.clone(),
            None => {
                let url = self.endpoint.expand(settings, &|_| None)?;
                url.parse().map_err(|cause| BindError::Origin { template: self.endpoint.to_string(), cause })?
            }
        };
        Ok(BoundRule {
            operations: self.operations.iter().map(|operation| operation.as_str().into()).collect(),
            method: self.method.clone(),
            origin,
            path: self.path.bind(settings)?,
            endpoint: self.endpoint.clone(),
        })
    }
}

impl Policy {
    /// Whether `operation` may send this request. Allocates nothing unless it is denied.
    ///
    /// # Errors
    ///
    /// The denial, which names the request and the rule that would allow it.
    pub fn decide(&self, operation: &str, method: &Method, uri: &Uri) -> Result<Allowed, Denial> {
        let target = Target::read(uri).map_err(|reason| denial(operation, method, uri, reason, None))?;
        let allowed = self
            .rules
            .iter()
            .position(|rule| rule.operations.iter().any(|name| &**name == operation) && rule.matches(method, &target));
        match allowed {
            Some(rule) => Ok(Allowed { rule }),
            None => {
                // Of methods that no rule can name there is no such line.
                let line = Some(self.line(operation, method, &target, uri)).filter(|line| line.parse::<Rule>().is_ok());
                Err(denial(operation, method, uri, DenialReason::NoRule, line))
            }
        }
    }

    /// The denial of a request that a rule allows once in a call, when it is sent again.
    pub fn deny_again(&self, operation: &str, method: &Method, uri: &Uri) -> Denial {
        denial(operation, method, uri, DenialReason::MintsAgain, None)
    }

    /// Where an allowed request goes: the origin of its rule, which is what to dial, to name in TLS and in the `Host` header.
    pub fn origin(&self, allowed: Allowed) -> Option<&Origin> {
        self.rules.get(allowed.rule).map(|rule| &rule.origin)
    }

    /// Where `operation` may be sent first, if anywhere: for requests that the host makes itself.
    pub fn origin_of(&self, operation: &str) -> Option<&Origin> {
        let serves = |rule: &&BoundRule| rule.operations.iter().any(|name| &**name == operation);
        self.rules.iter().find(serves).map(|rule| &rule.origin)
    }

    /// The rule that would allow this request, in the words of the rules: with the endpoint's template where the request
    /// goes to an endpoint that is known.
    fn line(&self, operation: &str, method: &Method, target: &Target<'_>, uri: &Uri) -> String {
        let endpoint =
            self.rules.iter().find(|rule| rule.origin.is(target.host, target.port)).map(|rule| &rule.endpoint);
        match endpoint {
            Some(endpoint) => format!("{operation} {method} {endpoint}{}", uri.path()),
            None => format!("{operation} {method} {}", without_query(uri)),
        }
    }
}

impl BoundRule {
    fn matches(&self, method: &Method, target: &Target<'_>) -> bool {
        let mut segments = target.segments();
        self.method == *method
            && self.origin.is(target.host, target.port)
            && self.path.iter().all(|expected| match (expected, segments.next()) {
                (BoundSegment::Any, Some(_)) => true,
                (BoundSegment::Literal(expected), Some(segment)) => **expected == *segment,
                (_, None) => false,
            })
            && segments.next().is_none()
    }
}

fn denial(operation: &str, method: &Method, uri: &Uri, reason: DenialReason, line: Option<String>) -> Denial {
    const LONGEST: usize = 300;
    let mut url = without_query(uri);
    if let Some((end, _)) = url.char_indices().nth(LONGEST) {
        url.truncate(end);
        url.push('…');
    }
    Denial { operation: operation.to_owned(), method: method.to_string(), url, reason, line }
}

/// The URL as it came; its query may hold what is nobody's business.
fn without_query(uri: &Uri) -> String {
    let mut url = uri.to_string();
    if let Some(query) = url.find('?') {
        url.truncate(query);
    }
    url
}

/// Why rules do not fit an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A setting is missing or has no text form.
    #[error(transparent)]
    Setting(#[from] ExpandError),
    /// With the account's settings, an endpoint is no origin.
    #[error("the account's settings do not make a host of `{template}`: {cause}")]
    Origin {
        /// The endpoint.
        template: String,
        /// What is wrong.
        cause: OriginError,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const RULES: &str = "
        create  POST    https://api.{settings.region}.example.com/{settings.project}/keys
        get     GET     https://api.{settings.region}.example.com/{settings.project}/keys/{id}
        revoke  DELETE  https://api.{settings.region}.example.com/{settings.project}/keys/{id}
    ";

    fn policy() -> Policy {
        let settings = json!({"region": "eu-1", "project": "p"});
        RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), None).unwrap()
    }

    fn decide(operation: &str, method: Method, url: &str) -> Result<Allowed, Denial> {
        policy().decide(operation, &method, &url.parse().unwrap())
    }

    #[test]
    fn what_a_rule_names_is_allowed() {
        assert_eq!(decide("create", Method::POST, "https://api.eu-1.example.com/p/keys"), Ok(Allowed { rule: 0 }));
        assert_eq!(
            decide("get", Method::GET, "https://API.eu-1.example.com:443/p/keys/a?x=1"),
            Ok(Allowed { rule: 1 })
        );
    }

    #[test]
    fn whatever_no_rule_names_is_denied() {
        for (operation, method, url) in [
            ("get", Method::DELETE, "https://api.eu-1.example.com/p/keys/a"),
            ("list", Method::GET, "https://api.eu-1.example.com/p/keys/a"),
            ("get", Method::GET, "https://api.eu-2.example.com/p/keys/a"),
            ("get", Method::GET, "https://api.eu-1.example.com:8443/p/keys/a"),
            ("get", Method::GET, "https://api.eu-1.example.com/q/keys/a"),
            ("get", Method::GET, "https://api.eu-1.example.com/p/keys"),
            ("get", Method::GET, "https://api.eu-1.example.com/p/keys/a/b"),
            ("get", Method::GET, "https://api.eu-1.example.com/p/Keys/a"),
            ("get", Method::GET, "https://api.eu-1.example.com.evil.example/p/keys/a"),
        ] {
            let denial = decide(operation, method, url).unwrap_err();
            assert_eq!(denial.reason, DenialReason::NoRule, "{url}");
        }
    }

    #[test]
    fn what_has_two_readings_is_denied_whatever_the_rules_say() {
        for (url, reason) in [
            ("http://api.eu-1.example.com/p/keys/a", DenialReason::NotHttps),
            ("https://api.eu-1.example.com@evil.example/p/keys/a", DenialReason::Host),
            ("https://api.eu-1.example.com:/p/keys/a", DenialReason::Host),
            ("https://api.eu-1.example.com./p/keys/a", DenialReason::Host),
            ("https://api.eu-1.example.com/p/keys/..", DenialReason::Path),
            ("https://api.eu-1.example.com/p/keys/%2e%2e", DenialReason::Path),
            ("https://api.eu-1.example.com/p/keys/a%2fb", DenialReason::Path),
            ("https://api.eu-1.example.com/p//keys", DenialReason::Path),
            ("https://api.eu-1.example.com/p/keys/", DenialReason::Path),
            ("https://api.eu-1.example.com/p/keys/a;b", DenialReason::Path),
        ] {
            assert_eq!(decide("get", Method::GET, url).unwrap_err().reason, reason, "{url}");
        }
    }

    #[test]
    fn the_line_of_a_denial_allows_the_request_once_it_is_added() {
        let settings = json!({"region": "eu-1", "project": "p"});
        let own = "https://127.0.0.1:8443".parse().unwrap();
        for (endpoint, url) in [
            (None, "https://api.eu-1.example.com/p/other/a%20b"),
            (None, "https://other.example:8443/x"),
            (Some(&own), "https://127.0.0.1:8443/p/other"),
        ] {
            let url: Uri = url.parse().unwrap();
            let mut rules: RuleSet = RULES.parse().unwrap();
            let bind = |rules: &RuleSet| rules.bind(settings.as_object().unwrap(), endpoint).unwrap();
            let denial = bind(&rules).decide("get", &Method::PUT, &url).unwrap_err();
            let line = denial.line.clone().unwrap();
            assert!(denial.to_string().ends_with(&line));
            rules.rules.push(line.parse().unwrap());
            assert_eq!(bind(&rules).decide("get", &Method::PUT, &url), Ok(Allowed { rule: 3 }), "{line}");
        }
    }

    #[test]
    fn a_setting_cannot_lead_an_endpoint_elsewhere() {
        for region in ["evil.example/", "evil.example/x?", "a@evil", "a b", "", "x#", "a:1"] {
            let settings = json!({"region": region, "project": "p"});
            let bound = RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), None);
            assert!(bound.is_err(), "{region:?}");
        }
    }

    #[test]
    fn a_denial_tells_no_query() {
        let denial = decide("get", Method::GET, "https://api.eu-1.example.com/other?token=hunter2").unwrap_err();
        assert!(!format!("{denial:?} {denial}").contains("hunter2"));
    }

    proptest! {
        #[test]
        fn whatever_is_allowed_is_on_the_origin_and_has_the_segments_of_its_rule(
            host in "[a-zA-Z0-9.@:%-]{0,30}",
            path in "[a-z0-9./%;?#\\\\-]{0,30}",
            near in prop::bool::ANY,
        ) {
            let url = if near { format!("https://api.eu-1.example.com/p/keys/{path}") } else { format!("https://{host}/{path}") };
            if let Ok(uri) = url.parse::<Uri>()
                && policy().decide("get", &Method::GET, &uri).is_ok()
            {
                let host = uri.host().unwrap_or_default();
                prop_assert!(host.eq_ignore_ascii_case("api.eu-1.example.com"), "{}", host);
                prop_assert!(matches!(uri.port_u16(), None | Some(443)));
                prop_assert_eq!(uri.path().split('/').count(), 4);
            }
        }
    }
}
