//! The decision on a request.

use bytes::Bytes;
use http::{Method, Uri};

use crate::bound_demand::{Evidence, Verdict};
use crate::canonical_json;
use crate::content_type::BodyFormat;
use crate::denial::{Denial, DenialReason};
use crate::display::display;
use crate::pairs;
use crate::policy::Policy;
use crate::request::{Allowed, Canonical, Request};
use crate::target::Target;

impl Policy {
    /// Whether `operation` may send a request with such a head, if its headers and its body are as a rule demands: for a
    /// decision before the body is read.
    ///
    /// # Errors
    ///
    /// The denial, which names the request and the rule that would allow it.
    pub fn could_allow(&self, operation: &str, method: &Method, uri: &Uri) -> Result<(), Denial> {
        self.decide_on(operation, method, uri, &Evidence::new(None, None)).map(drop)
    }

    /// Whether an adapter may send this request, with the headers that [`allows_header`](Self::allows_header) names, in the
    /// form of [`canonical`](Self::canonical). Allocates nothing unless it is denied.
    ///
    /// Of several rules that match, the first that mints decides, or else the first.
    ///
    /// # Errors
    ///
    /// The denial, which names the request and the rule that would allow it.
    pub fn decide(&self, request: &Request<'_>) -> Result<Allowed, Denial> {
        self.decide_on(request.operation, request.method, request.uri, &request.evidence())
    }

    pub(crate) fn decide_on(
        &self,
        operation: &str,
        method: &Method,
        uri: &Uri,
        evidence: &Evidence<'_>,
    ) -> Result<Allowed, Denial> {
        let target = Target::read(uri).map_err(|reason| denial(operation, method, uri, reason, None))?;
        let (mut first, mut minting, mut mints) = (None, None, false);
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.serves(operation)) {
            match rule.verdict(method, &target, evidence) {
                Verdict::Match if rule.rule.mints => minting = minting.or(Some(index)),
                Verdict::Match => first = first.or(Some(index)),
                // What could be read as a request that mints counts as one.
                Verdict::Unclear(_) => mints |= rule.rule.mints,
                Verdict::Mismatch(_) => {}
            }
        }
        let Some(rule) = minting.or(first) else { return Err(self.deny(operation, method, uri, &target, evidence)) };
        let by_grant = || {
            let mut grants = self.minting_grants.iter().filter(|rule| rule.serves(operation));
            grants.any(|rule| !matches!(rule.verdict(method, &target, evidence), Verdict::Mismatch(_)))
        };
        Ok(Allowed { rule, mints: minting.is_some() || mints || by_grant() })
    }

    fn deny(
        &self,
        operation: &str,
        method: &Method,
        uri: &Uri,
        target: &Target<'_>,
        evidence: &Evidence<'_>,
    ) -> Denial {
        let is_known = |scheme| self.rules.iter().any(|rule| rule.url.origin.is(scheme, target.host, target.port));
        if target.scheme != crate::origin::Scheme::Https && !is_known(target.scheme) {
            return denial(operation, method, uri, DenialReason::NotHttps, None);
        }
        // Of the rules that do not match, the one that comes nearest says why.
        let reasons = self.rules.iter().filter(|rule| rule.serves(operation)).filter_map(|rule| {
            match rule.verdict(method, target, evidence) {
                Verdict::Match => None,
                Verdict::Mismatch(reason) | Verdict::Unclear(reason) => Some(reason),
            }
        });
        let reason = match reasons.max().unwrap_or(DenialReason::NoRule) {
            DenialReason::NoRule if target.has_encoded_slash => DenialReason::Path,
            reason => reason,
        };
        let line = match reason {
            DenialReason::NoRule | DenialReason::Demand | DenialReason::QueryKey => {
                self.line(operation, method, target, evidence)
            }
            _ => None,
        };
        denial(operation, method, uri, reason, line)
    }

    /// What to send of an allowed request. Where its rule demands a value of its body, the body is written anew, so that the
    /// vendor reads what was checked.
    ///
    /// # Errors
    ///
    /// When such a body is a JSON document in which a member stands twice, anywhere.
    pub fn canonical(&self, allowed: Allowed, request: &Request<'_>) -> Result<Canonical, Denial> {
        let target = Target::read(request.uri).map_err(|reason| request.denial(reason))?;
        let path_and_query = target.canonical().map_err(|_| request.denial(DenialReason::Path))?;
        let demands = self.rules.get(allowed.rule).map(|rule| &*rule.demands).unwrap_or_default();
        let body = match demands.iter().find_map(|demand| demand.body_format()) {
            None => None,
            Some(BodyFormat::Json) => {
                Some(canonical_json::canonical(request.body).map_err(|reason| request.denial(reason))?)
            }
            Some(BodyFormat::Form) => {
                let form = std::str::from_utf8(request.body).ok();
                let form = form.filter(|form| pairs::validate_form(form).is_ok());
                Some(pairs::canonical_form(form.ok_or_else(|| request.denial(DenialReason::Body))?))
            }
        };
        Ok(Canonical { path_and_query, body: body.map(Bytes::from) })
    }

    /// The denial of a request that mints, when the call has sent one already.
    pub fn deny_again(&self, operation: &str, method: &Method, uri: &Uri) -> Denial {
        denial(operation, method, uri, DenialReason::MintsAgain, None)
    }

    /// The denial of a request that mints, when the call may not: one that goes on with a creation, for example.
    pub fn deny_minting(&self, operation: &str, method: &Method, uri: &Uri) -> Denial {
        denial(operation, method, uri, DenialReason::MintingNotAllowed, None)
    }
}

impl Request<'_> {
    fn denial(&self, reason: DenialReason) -> Denial {
        denial(self.operation, self.method, self.uri, reason, None)
    }
}

fn denial(operation: &str, method: &Method, uri: &Uri, reason: DenialReason, line: Option<String>) -> Denial {
    Denial { operation: operation.to_owned(), method: method.to_string(), url: display(uri), reason, line }
}
