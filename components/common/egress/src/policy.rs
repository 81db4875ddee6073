//! Rules bound to an account, and the decision.

use http::{Method, Uri};
use keywright_settings::ExpandError;
use serde_json::{Map, Value};

use crate::denial::{Denial, DenialReason};
use crate::mint::Minted;
use crate::origin::{Origin, OriginError};
use crate::path::BoundSegment;
use crate::reach::Reach;
use crate::rule::{Rule, RuleSet};
use crate::shown::shown;
use crate::target::Target;

/// The rules of one account: every setting is in its place, and every endpoint is one origin.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) rules: Box<[BoundRule]>,
    own_endpoint: Option<Origin>,
}

#[derive(Clone, Debug)]
pub(crate) struct BoundRule {
    pub(crate) rule: Rule,
    pub(crate) origin: Origin,
    pub(crate) path: Box<[BoundSegment]>,
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
    /// When a setting is missing, does not make the name of a host of an endpoint, or does not make one segment of a path.
    pub fn bind(&self, settings: &Map<String, Value>, endpoint: Option<&Origin>) -> Result<Policy, BindError> {
        self.bind_within(&RuleSet::default(), settings, endpoint)
    }

    /// [`bind`](Self::bind) of what an adapter asks for, under a grant: what the grant hides of an answer stays hidden,
    /// whichever rule of these the request passes by.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    pub fn bind_within(
        &self,
        granted: &RuleSet,
        settings: &Map<String, Value>,
        endpoint: Option<&Origin>,
    ) -> Result<Policy, BindError> {
        let mut rules: Box<[BoundRule]> =
            self.rules.iter().map(|rule| rule.bind(settings, endpoint)).collect::<Result<_, _>>()?;
        let minting = |rule: &&BoundRule| !rule.rule.mints.is_empty();
        // Of those that apply to one request, any could be the one that decides: each hides what all of them hide.
        let own: Vec<BoundRule> = rules.iter().filter(minting).cloned().collect();
        for rule in rules.iter_mut().filter(|rule| !rule.rule.mints.is_empty()) {
            own.iter().for_each(|other| rule.hide_as(other));
        }
        // A granted rule whose settings the account lacks names no request.
        let granted: Vec<BoundRule> =
            granted.rules.iter().filter_map(|rule| rule.bind(settings, endpoint).ok()).collect();
        for rule in &mut rules {
            granted.iter().filter(minting).for_each(|other| rule.hide_as(other));
        }
        Ok(Policy { rules, own_endpoint: endpoint.cloned() })
    }
}

impl Rule {
    fn bind(&self, settings: &Map<String, Value>, endpoint: Option<&Origin>) -> Result<BoundRule, BindError> {
        let origin = match endpoint {
            Some(origin) => origin.clone(),
            None => {
                let url = self.endpoint.expand(settings, &|_| None)?;
                let refused = |cause| BindError::Origin { template: self.endpoint.to_string(), cause };
                let origin: Origin = url.parse().map_err(refused)?;
                if origin.is_address() {
                    return Err(refused(OriginError::Address));
                }
                origin
            }
        };
        Ok(BoundRule { rule: self.clone(), origin, path: self.path.bind(settings)? })
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
        let applies = |rule: &&BoundRule| rule.serves(operation) && rule.matches(method, &target);
        // Where several apply, one that mints decides: no other opens a way around it.
        let minting = self.rules.iter().position(|rule| !rule.rule.mints.is_empty() && applies(&rule));
        match minting.or_else(|| self.rules.iter().position(|rule| applies(&rule))) {
            Some(rule) => Ok(Allowed { rule }),
            None => {
                let line = self.line(operation, method, &target, uri);
                Err(denial(operation, method, uri, DenialReason::NoRule, line))
            }
        }
    }

    /// The denial of a request that a rule allows once in a call, when it is sent again.
    pub fn deny_again(&self, operation: &str, method: &Method, uri: &Uri) -> Denial {
        denial(operation, method, uri, DenialReason::MintsAgain, None)
    }

    /// The secrets that the answer to an allowed request holds.
    pub fn mints(&self, allowed: Allowed) -> &[Minted] {
        self.rules.get(allowed.rule).map(|rule| rule.rule.mints.as_slice()).unwrap_or_default()
    }

    /// Where an allowed request goes: the origin of its rule, which is what to dial, to name in TLS and in the `Host` header.
    pub fn origin(&self, allowed: Allowed) -> Option<&Origin> {
        self.rules.get(allowed.rule).map(|rule| &rule.origin)
    }

    /// Where `operation` may be sent first, if anywhere: for requests that the host makes itself.
    pub fn origin_of(&self, operation: &str) -> Option<&Origin> {
        self.rules.iter().find(|rule| rule.serves(operation)).map(|rule| &rule.origin)
    }

    /// How far the account's connections reach.
    pub fn reach(&self) -> Reach {
        Reach::new(self.own_endpoint.clone())
    }

    /// The rule that would allow this request, in the words of the rules: with the endpoint's template where the request
    /// goes to an endpoint that is known. None when no rule could: for a method or a host that no rule can name, and away
    /// from an account's own endpoint.
    fn line(&self, operation: &str, method: &Method, target: &Target<'_>, uri: &Uri) -> Option<String> {
        /// What a person would still paste.
        const LONGEST: usize = 2000;
        let known = self.rules.iter().find(|rule| rule.origin.is(target.host, target.port));
        let endpoint = match (known, &self.own_endpoint) {
            (Some(known), _) => known.rule.endpoint.to_string(),
            (None, Some(own)) if !own.is(target.host, target.port) => return None,
            (None, _) => target.origin(),
        };
        let line = format!("{operation} {method} {endpoint}{}", uri.path());
        (line.len() <= LONGEST && line.parse::<Rule>().is_ok()).then_some(line)
    }
}

impl BoundRule {
    /// Hides what the other rule hides, where a request could pass by either.
    fn hide_as(&mut self, other: &Self) {
        let meet = self.rule.method == other.rule.method
            && self.origin == other.origin
            && self.path.len() == other.path.len()
            && self.path.iter().zip(&other.path).all(|(segment, other)| segment.meets(other))
            && self.rule.operations.iter().any(|operation| other.rule.operations.contains(operation));
        if meet {
            let more = other.rule.mints.iter().filter(|minted| !self.rule.mints.contains(minted));
            let more: Vec<Minted> = more.cloned().collect();
            self.rule.mints.extend(more);
        }
    }

    pub(crate) fn serves(&self, operation: &str) -> bool {
        self.rule.operations.iter().any(|name| name == operation)
    }

    fn matches(&self, method: &Method, target: &Target<'_>) -> bool {
        let mut segments = target.segments();
        self.rule.method == *method
            && self.origin.is(target.host, target.port)
            && self.path.iter().all(|expected| segments.next().is_some_and(|segment| expected.takes(segment)))
            && segments.next().is_none()
    }
}

fn denial(operation: &str, method: &Method, uri: &Uri, reason: DenialReason, line: Option<String>) -> Denial {
    Denial { operation: operation.to_owned(), method: method.to_string(), url: shown(uri), reason, line }
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
    /// With the account's settings, a segment of a path is none that a request may have.
    #[error("the account's settings make `{segment}` of the path segment `{template}`, and no request may have that")]
    Segment {
        /// The segment.
        template: String,
        /// What the settings make of it, encoded.
        segment: String,
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
        for region in ["evil.example/", "evil.example/x?", "a@evil", "a b", "", "x#", "a:1", "-", "a.", "xn--a"] {
            let settings = json!({"region": region, "project": "p"});
            let bound = RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), None);
            assert!(bound.is_err(), "{region:?}");
        }
    }

    #[test]
    fn no_setting_makes_an_address_of_an_endpoint() {
        let rules: RuleSet =
            "get GET https://{settings.host}/k\nget GET https://10.0.0.{settings.host}/k".parse().unwrap();
        for host in ["127.0.0.1", "[::1]", "1", "0x7f.1", "2130706433"] {
            let error = rules.bind(json!({"host": host}).as_object().unwrap(), None).unwrap_err();
            assert!(matches!(error, BindError::Origin { .. }), "{host}: {error}");
        }
    }

    #[test]
    fn a_request_away_from_an_accounts_own_endpoint_is_one_that_no_rule_could_allow() {
        let settings = json!({"region": "eu-1", "project": "p"});
        let own = "https://127.0.0.1:8443".parse().unwrap();
        let policy = RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), Some(&own)).unwrap();
        for url in ["https://api.eu-1.example.com/p/keys/a", "https://127.0.0.1/p/keys/a", "https://10.0.0.1/p/keys/a"]
        {
            let denial = policy.decide("get", &Method::GET, &url.parse().unwrap()).unwrap_err();
            assert_eq!((denial.reason, denial.line), (DenialReason::NoRule, None), "{url}");
        }
    }

    #[test]
    fn a_denial_tells_no_query_and_no_password_and_writes_nothing_strange_to_a_terminal() {
        for url in [
            "https://api.eu-1.example.com/other?token=hunter2",
            "https://user:hunter2@api.eu-1.example.com/other",
            "https://hunter2@api.eu-1.example.com",
            "https://api.eu-1.example.com/\u{202e}\u{9b}?hunter2",
        ] {
            let denial = decide("get", Method::GET, url).unwrap_err();
            let told = format!("{denial:?} {denial}");
            assert!(!told.contains("hunter2") && told.is_ascii(), "{told}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_to_paste_is_not_offered() {
        let url = format!("https://api.eu-1.example.com/{}", "a".repeat(5000));
        let denial = decide("get", Method::GET, &url).unwrap_err();
        assert_eq!(denial.line, None);
        assert!(denial.to_string().len() < 1000);
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
