//! Rules bound to an account, and what they say of a request that they allow.

use http::{HeaderName, Method};
use serde_json::{Map, Value};

use crate::address_policy::AddressPolicy;
use crate::bind_error::BindError;
use crate::bound_demand::{BoundDemand, Evidence, Verdict};
use crate::bound_path::BoundSegment;
use crate::demand::DemandLocation;
use crate::denial::DenialReason;
use crate::endpoint::{EndpointOverrides, EndpointUrl};
use crate::header::{is_forbidden_header, is_usual};
use crate::origin::Origin;
use crate::pairs;
use crate::placement::Placement;
use crate::request::Allowed;
use crate::rule::Rule;
use crate::rule_set::RuleSet;
use crate::secret::{AnswerLocation, SecretLocation};
use crate::target::Target;

/// The rules of one account: every setting is in its place, and every endpoint is one URL.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) rules: Box<[BoundRule]>,
    /// The rules of the grant that mint: a broader rule is not a way around them.
    pub(crate) minting_grants: Box<[BoundRule]>,
    pub(crate) overrides: EndpointOverrides,
}

#[derive(Clone, Debug)]
pub(crate) struct BoundRule {
    pub(crate) rule: Rule,
    pub(crate) url: EndpointUrl,
    /// With the prefix of the endpoint.
    pub(crate) path: Box<[BoundSegment]>,
    pub(crate) demands: Box<[BoundDemand]>,
    /// The secrets of every rule that a request of this one could match too.
    secrets: Box<[SecretLocation]>,
    /// Those of them that a rule mints.
    minted: Box<[SecretLocation]>,
}

impl RuleSet {
    /// Puts an account's settings in their places, and its overrides in those of the endpoints.
    ///
    /// # Errors
    ///
    /// When a setting is missing, does not make the name of a host of an endpoint, or does not make one segment of a path.
    pub fn bind(&self, settings: &Map<String, Value>, overrides: &EndpointOverrides) -> Result<Policy, BindError> {
        self.bind_within(&RuleSet::default(), settings, overrides)
    }

    /// [`bind`](Self::bind) of what an adapter asks for, under a grant: what the grant hides of an answer stays hidden, and
    /// what it says mints counts as minting, also where another rule allows the request.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    pub fn bind_within(
        &self,
        granted: &RuleSet,
        settings: &Map<String, Value>,
        overrides: &EndpointOverrides,
    ) -> Result<Policy, BindError> {
        let mut rules: Box<[BoundRule]> =
            self.rules.iter().map(|rule| rule.bind(settings, overrides)).collect::<Result<_, _>>()?;
        // A granted rule whose settings the account lacks matches no request.
        let granted: Vec<BoundRule> =
            granted.rules.iter().filter_map(|rule| rule.bind(settings, overrides).ok()).collect();
        let minting = || rules.iter().chain(&granted).filter(|rule| rule.rule.mints);
        let secrets: Vec<[Box<[SecretLocation]>; 2]> = rules
            .iter()
            .map(|rule| {
                let own = if rule.rule.mints { rule.rule.secrets.clone() } else { Vec::new() };
                let all = rule.secrets_among(rule.rule.secrets.clone(), rules.iter().chain(&granted));
                [all, rule.secrets_among(own, minting())]
            })
            .collect();
        for (rule, [secrets, minted]) in rules.iter_mut().zip(secrets) {
            (rule.secrets, rule.minted) = (secrets, minted);
        }
        let minting_grants = granted.into_iter().filter(|rule| rule.rule.mints).collect();
        Ok(Policy { rules, minting_grants, overrides: overrides.clone() })
    }
}

impl Rule {
    fn bind(&self, settings: &Map<String, Value>, overrides: &EndpointOverrides) -> Result<BoundRule, BindError> {
        let url = overrides.resolve(&self.endpoint, settings)?;
        let path = self.path.bind(url.path_prefix(), settings)?;
        let demands = self.demands.iter().map(|demand| demand.bind(settings)).collect::<Result<_, _>>()?;
        let secrets = self.secrets.as_slice().into();
        Ok(BoundRule { rule: self.clone(), url, path, demands, secrets, minted: Box::default() })
    }
}

impl BoundRule {
    pub(crate) fn serves(&self, operation: &str) -> bool {
        self.rule.operations.iter().any(|name| name == operation)
    }

    /// Whether the rule is about such a method, host and path.
    pub(crate) fn matches_head(&self, method: &Method, target: &Target<'_>) -> bool {
        let mut segments = target.segments();
        self.rule.method == *method
            && self.url.origin.is(target.scheme, target.host, target.port)
            && self.path.iter().all(|expected| segments.next().is_some_and(|segment| expected.matches(segment)))
            && segments.next().is_none()
    }

    /// Whether the rule is about a request, its operation aside. Allocates nothing.
    pub(crate) fn verdict(&self, method: &Method, target: &Target<'_>, evidence: &Evidence<'_>) -> Verdict {
        if !self.matches_head(method, target) {
            return Verdict::Mismatch(DenialReason::NoRule);
        }
        let keys = match pairs::keys(target.query).all(|key| self.allows_key(key)) {
            true => Verdict::Match,
            // A server that does not know the key does not mind it.
            false => Verdict::Unclear(DenialReason::QueryKey),
        };
        let mut verdict = keys;
        for demand in &self.demands {
            verdict = verdict.and(|| demand.verdict(target.query, evidence));
        }
        verdict
    }

    /// Whether a key of a query, not decoded, may be sent.
    pub(crate) fn allows_key(&self, key: &str) -> bool {
        let demanded =
            |demand: &BoundDemand| matches!(&demand.location, DemandLocation::Query(name) if pairs::is(key, name));
        // Some servers take a parameter from the query that they do not find in the body, or before they look there.
        let in_body = |demand: &BoundDemand| demand.location.body_name().is_some_and(|name| pairs::is_same(key, name));
        let named = match self.rule.listed_keys() {
            Some(keys) => keys.iter().any(|name| pairs::is(key, name)),
            None => {
                let placed = |it: &Placement| it.location.body_name().is_some_and(|name| pairs::is_same(key, name));
                !pairs::is_guarded(key) && !self.demands.iter().any(in_body) && !self.rule.sends.iter().any(placed)
            }
        };
        named || self.demands.iter().any(demanded)
    }

    /// These secrets, and those of the rules among `others` that a request of this one could match.
    fn secrets_among<'r>(
        &self,
        mut secrets: Vec<SecretLocation>,
        others: impl Iterator<Item = &'r Self>,
    ) -> Box<[SecretLocation]> {
        for other in others.filter(|other| !other.rule.secrets.is_empty() && self.overlaps(other)) {
            let more = other.rule.secrets.iter().filter(|secret| !secrets.contains(secret));
            let more: Vec<SecretLocation> = more.cloned().collect();
            secrets.extend(more);
        }
        secrets.into()
    }

    /// Whether one request could match both rules, their operations aside.
    fn overlaps(&self, other: &Self) -> bool {
        self.rule.method == other.rule.method
            && self.url.origin == other.url.origin
            && self.path.len() == other.path.len()
            && self.path.iter().zip(&other.path).all(|(segment, other)| segment.overlaps(other))
            && self.demands.iter().all(|demand| other.demands.iter().all(|other| demand.is_compatible(other)))
    }
}

impl Policy {
    fn bound(&self, allowed: Allowed) -> Option<&BoundRule> {
        self.rules.get(allowed.rule)
    }

    /// The rule that decided.
    pub fn rule(&self, allowed: Allowed) -> Option<&Rule> {
        self.bound(allowed).map(|bound| &bound.rule)
    }

    /// Whether an allowed request makes a credential, or a new secret of one.
    pub fn mints(&self, allowed: Allowed) -> bool {
        allowed.mints
    }

    /// The secrets that the answer to an allowed request may hold: those that any rule names which the request could match,
    /// for any operation, the grant's included. The deciding rule's own come first.
    pub fn secrets(&self, allowed: Allowed) -> &[SecretLocation] {
        self.bound(allowed).map(|bound| &*bound.secrets).unwrap_or_default()
    }

    /// Those of the [secrets](Self::secrets) of which a rule for any operation, or of the grant, says that they are minted:
    /// should the answer hold one, then it was made now, whichever operation asked.
    pub fn minted(&self, allowed: Allowed) -> &[SecretLocation] {
        self.bound(allowed).map(|bound| &*bound.minted).unwrap_or_default()
    }

    /// Whether the adapter may ask for this form of the answer to an allowed request. Where the request mints, the form is
    /// the rule's: what it demands, or else the plain one in which its secrets stand. In another they could stand elsewhere.
    pub fn allows_accept(&self, allowed: Allowed, value: &[u8]) -> bool {
        let Some(rule) = self.rule(allowed).filter(|_| allowed.mints) else { return true };
        let is_accept = |location: &DemandLocation| matches!(location, DemandLocation::Header(name) if *name == http::header::ACCEPT);
        if rule.demands.iter().any(|demand| is_accept(&demand.location)) {
            return true;
        }
        let is_plain = |secret: &SecretLocation| match &secret.location {
            AnswerLocation::Json(_) | AnswerLocation::EmbeddedJson { .. } => value == b"application/json",
            AnswerLocation::Xml(_) => value == b"application/xml" || value == b"text/xml",
            AnswerLocation::Form(_) => value == b"application/x-www-form-urlencoded",
            AnswerLocation::Text => value == b"text/plain",
            AnswerLocation::Header(_) => false,
        };
        value == b"*/*" || self.secrets(allowed).iter().any(is_plain)
    }

    /// The secrets that the host puts into an allowed request.
    pub fn sends(&self, allowed: Allowed) -> &[Placement] {
        self.rule(allowed).map(|rule| rule.sends.as_slice()).unwrap_or_default()
    }

    /// The authentication scheme of an allowed request; none for the adapter's first.
    pub fn scheme(&self, allowed: Allowed) -> Option<&str> {
        self.rule(allowed).and_then(|rule| rule.scheme.as_deref())
    }

    /// Where an allowed request goes: the origin of its rule, which is what to dial, to name in TLS and in the `Host` header.
    pub fn origin(&self, allowed: Allowed) -> Option<&Origin> {
        self.bound(allowed).map(|bound| &bound.url.origin)
    }

    /// Whether the adapter may set a header of an allowed request: `accept`, `content-type`, `content-length`, `user-agent`,
    /// `if-match`, `if-none-match`, `idempotency-key`, `x-idempotency-key`, `x-request-id`, and those that the rule names or
    /// demands.
    pub fn allows_header(&self, allowed: Allowed, name: &HeaderName) -> bool {
        let named = |rule: &Rule| {
            let demanded =
                |location: &DemandLocation| matches!(location, DemandLocation::Header(header) if header == name);
            rule.headers.contains(name) || rule.demands.iter().any(|demand| demanded(&demand.location))
        };
        !is_forbidden_header(name) && (is_usual(name) || self.rule(allowed).is_some_and(named))
    }

    /// Where the endpoint is that the adapter calls `name`, if a rule is for it.
    pub fn endpoint_url(&self, name: &str) -> Option<&EndpointUrl> {
        let is = |rule: &&BoundRule| rule.rule.endpoint_name.as_deref() == Some(name);
        self.rules.iter().find(is).map(|rule| &rule.url)
    }

    /// The origin of the endpoint that the adapter calls `name`, if a rule is for it.
    pub fn endpoint_origin(&self, name: &str) -> Option<&Origin> {
        self.endpoint_url(name).map(|url| &url.origin)
    }

    /// Which addresses the account's connections may be made to.
    pub fn address_policy(&self) -> AddressPolicy {
        AddressPolicy::new(self.overrides.origins().cloned())
    }

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
}
