//! The line that would allow a request.

use http::Method;

use crate::bound_demand::Evidence;
use crate::demand::{Demand, DemandLocation};
use crate::pairs;
use crate::policy::{BoundRule, Policy};
use crate::rule::Rule;
use crate::target::Target;

impl Policy {
    /// The rule that would allow this request, in the words of the rules: with the endpoint's template where the request
    /// goes to an endpoint that is known, and with the demands of a rule for the same path, on the values that the request
    /// carries. None when no rule could: for a method or a host that no rule can name, and for an endpoint that is
    /// overridden.
    pub(crate) fn line(
        &self,
        operation: &str,
        method: &Method,
        target: &Target<'_>,
        evidence: &Evidence<'_>,
    ) -> Option<String> {
        /// What a person would still paste.
        const LONGEST: usize = 2000;
        let (endpoint, path) = self.place(target)?;
        let mut rule = Rule::at([operation], method.as_str(), &endpoint, path).ok()?;
        let mut neighbours: Vec<&BoundRule> =
            self.rules.iter().filter(|rule| rule.matches_head(method, target)).collect();
        neighbours.sort_by_key(|rule| !rule.serves(operation));
        if let Some(neighbour) = neighbours.first() {
            rule.scheme.clone_from(&neighbour.rule.scheme);
            for demand in &neighbour.rule.demands {
                rule.demands.push(demand.for_request(target.query, evidence)?);
            }
        }
        rule.query_keys = keys(neighbours.first().copied(), target.query);
        rule.validate().ok()?;
        let line = rule.to_string();
        (line.len() <= LONGEST).then_some(line)
    }

    /// The endpoint of a request, as a rule writes it, and its path there.
    fn place<'u>(&self, target: &Target<'u>) -> Option<(String, &'u str)> {
        let known = self.rules.iter().find_map(|rule| {
            let there = rule.url.origin.is(target.scheme, target.host, target.port);
            let path = target.path.strip_prefix(rule.url.path_prefix()).filter(|path| path.starts_with('/'));
            path.filter(|_| there).map(|path| (rule.rule.endpoint.to_string(), path))
        });
        // At its own URL, an endpoint that is overridden is not reached.
        known.or_else(|| {
            Some((target.origin(), target.path)).filter(|(endpoint, _)| self.overrides.get(endpoint).is_none())
        })
    }
}

impl Demand {
    /// The same demand, on what a request carries; as it is, where that is not known.
    fn for_request(&self, query: &str, evidence: &Evidence<'_>) -> Option<Self> {
        let known = match &self.location {
            DemandLocation::Query(_) => true,
            DemandLocation::Header(_) => evidence.headers.is_some(),
            DemandLocation::Form(_) | DemandLocation::Json(_) => evidence.body.is_some(),
        };
        let values = match known {
            true => vec![self.location.value_in(query, evidence)?],
            false => self.values.clone(),
        };
        Some(Self { location: self.location.clone(), values })
    }
}

/// The keys of a query, where a rule has to name them.
fn keys(neighbour: Option<&BoundRule>, query: &str) -> Option<Vec<String>> {
    let has_list = neighbour.is_some_and(|rule| rule.rule.query_keys.is_some());
    let is_open = |key| neighbour.map_or(!pairs::is_guarded(key), |rule| rule.allows_key(key));
    if !has_list && pairs::keys(query).all(is_open) {
        return None;
    }
    let mut keys: Vec<String> = Vec::new();
    for key in pairs::keys(query) {
        let key: String = pairs::decoded(key).collect();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Some(keys)
}
