//! Whether what is asked for lies within what is granted.

use http::HeaderName;
use keywright_settings::Template;

use crate::bound_path::is_between;
use crate::demand::{Demand, DemandLocation};
use crate::fold::same_key;
use crate::header::is_usual;
use crate::pairs::is_guarded_name;
use crate::path::{Fragment, PathTemplate, Segment};
use crate::rule::Rule;
use crate::rule_set::RuleSet;
use crate::secret::SecretLocation;

impl RuleSet {
    /// What `requested` asks for beyond this set: its rules, each with those of its operations that are not covered. Empty
    /// when all of it is granted: then, with any settings, no request passes `requested` that would not pass this set, with
    /// the same authentication, and all that this set hides of answers is hidden.
    ///
    /// One granted rule must cover all of a requested one. Two that do so only together, which takes an optional setting
    /// or the values of a demand, do not count.
    pub fn missing(&self, requested: &RuleSet) -> Vec<Rule> {
        let mut missing: Vec<Rule> = Vec::new();
        for rule in &requested.rules {
            let operations: Vec<String> =
                rule.operations.iter().filter(|operation| !self.grants(operation, rule)).cloned().collect();
            if !operations.is_empty() {
                missing.push(Rule { operations, ..rule.clone() });
            }
        }
        missing
    }

    /// What of `requested` this set grants: each requested rule with those of its operations that are covered, and of the
    /// others what a granted rule and the requested one both allow. Nothing passes the result that would not pass both sets,
    /// and what either of two such rules hides of an answer stays hidden.
    ///
    /// Two rules have nothing in common here when they hide one place in different ways, when a segment of the path of neither
    /// covers the other's, or when the granted one is for more requests than the requested one and hides what that does not
    /// let be hidden: it was written for other answers.
    pub fn effective(&self, requested: &RuleSet) -> RuleSet {
        let mut effective = RuleSet::default();
        for rule in &requested.rules {
            let (covered, open): (Vec<String>, Vec<String>) =
                rule.operations.iter().cloned().partition(|operation| self.grants(operation, rule));
            effective.add(&covered, rule.clone());
            for granted in &self.rules {
                let operations: Vec<String> =
                    open.iter().filter(|operation| granted.operations.contains(operation)).cloned().collect();
                if let Some(common) = granted.intersection(rule) {
                    effective.add(&operations, common);
                }
            }
        }
        effective
    }

    fn add(&mut self, operations: &[String], rule: Rule) {
        let operations: Vec<String> =
            operations.iter().filter(|operation| !self.grants(operation, &rule)).cloned().collect();
        if !operations.is_empty() {
            self.rules.push(Rule { operations, ..rule });
        }
    }

    fn grants(&self, operation: &str, requested: &Rule) -> bool {
        self.rules
            .iter()
            .any(|granted| granted.operations.iter().any(|name| name == operation) && granted.covers(requested))
    }
}

/// All that either list hides. None when they hide one place in different ways.
fn union(one: &[SecretLocation], other: &[SecretLocation]) -> Option<Vec<SecretLocation>> {
    let more = other.iter().filter(|secret| !one.contains(secret));
    let union: Vec<SecretLocation> = one.iter().chain(more).cloned().collect();
    let distinct = union
        .iter()
        .enumerate()
        .all(|(index, secret)| union[..index].iter().all(|other| other.location != secret.location));
    distinct.then_some(union)
}

impl Rule {
    /// Whether nothing that `other` allows goes beyond what this rule allows, the operations aside.
    fn covers(&self, other: &Self) -> bool {
        self.covers_requests_of(other)
            // What the grant hides from the adapter, the adapter lets be hidden.
            && self.secrets.iter().all(|secret| other.secrets.contains(secret))
            && (!self.mints || other.mints)
    }

    /// Whether every request that `other` matches is one that this rule matches, is authenticated in the same way, and
    /// carries no more headers and secrets. The operations and the answers aside.
    fn covers_requests_of(&self, other: &Self) -> bool {
        self.method == other.method
            && template_covers(&self.endpoint, &other.endpoint)
            && path_covers(&self.path.segments, &other.path.segments)
            && self.scheme == other.scheme
            && self.covers_keys_of(other)
            && self.demands.iter().all(|demand| other.demands.iter().any(|other| demand.is_implied_by(other)))
            && other.opened_headers().all(|name| self.opens(name))
            // What is sent is a right and a duty: nothing else may stand in its place.
            && other.sends.len() == self.sends.len()
            && other.sends.iter().all(|placement| self.sends.contains(placement))
    }

    fn covers_keys_of(&self, other: &Self) -> bool {
        // A key that only one of these demands stands in every request of the other, or in none.
        let is_demanded = |key: &str| self.demanded_keys().any(|name| name == key);
        let keys = match (self.listed_keys(), other.listed_keys()) {
            (Some(_), None) => return false,
            (None, None) => &[],
            (_, Some(keys)) => keys,
        };
        let mut keys = keys.iter().map(String::as_str).chain(other.demanded_keys());
        keys.all(|key| self.allows_key(key) || is_demanded(key))
    }

    /// Whether the list of query keys allows this one, or the lack of a list.
    fn allows_key(&self, key: &str) -> bool {
        match self.listed_keys() {
            Some(keys) => keys.iter().any(|name| name == key),
            None => !is_guarded_name(key) && !self.stands_in_body(key),
        }
    }

    /// What this rule and a requested one both allow, for the operations of the requested one. What either hides of an
    /// answer is hidden.
    fn intersection(&self, requested: &Self) -> Option<Self> {
        let is_for_more = self.covers_requests_of(requested) && !requested.covers_requests_of(self);
        if self.method != requested.method || self.scheme != requested.scheme || is_for_more {
            return None;
        }
        let segments = narrower_path(&self.path.segments, &requested.path.segments)?;
        let common = Self {
            operations: requested.operations.clone(),
            method: self.method.clone(),
            endpoint: narrower(&self.endpoint, &requested.endpoint, template_covers)?,
            endpoint_name: requested.endpoint_name.clone(),
            path: PathTemplate { segments },
            query_keys: self.common_keys(requested),
            scheme: self.scheme.clone(),
            demands: Demand::all_of(&self.demands, &requested.demands)?,
            headers: requested.headers.iter().filter(|name| self.opens(name)).cloned().collect(),
            sends: requested.sends.clone(),
            mints: self.mints || requested.mints,
            secrets: union(&self.secrets, &requested.secrets)?,
        };
        // A demand of one may be for what the other never lets through.
        let is_within = self.covers_requests_of(&common) && requested.covers_requests_of(&common);
        (is_within && common.validate().is_ok()).then_some(common)
    }

    fn common_keys(&self, requested: &Self) -> Option<Vec<String>> {
        if self.query_keys.is_none() && requested.query_keys.is_none() {
            return None;
        }
        let (keys, other) = match (self.listed_keys(), requested.listed_keys()) {
            (_, Some(keys)) => (keys, self),
            (Some(keys), None) => (keys, requested),
            (None, None) => return None,
        };
        Some(keys.iter().filter(|key| other.allows_key(key)).cloned().collect())
    }

    /// Whether the rule demands a value of the body by a name that some server takes for this query key.
    fn stands_in_body(&self, key: &str) -> bool {
        let demanded = self.demands.iter().filter_map(|demand| demand.location.body_name());
        let mut names = demanded.chain(self.sends.iter().filter_map(|placement| placement.location.body_name()));
        names.any(|name| same_key(key.chars(), name.chars()))
    }

    fn demanded_keys(&self) -> impl Iterator<Item = &str> {
        self.demands.iter().filter_map(|demand| match &demand.location {
            DemandLocation::Query(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// The headers that the adapter may set under this rule, apart from the usual ones.
    fn opened_headers(&self) -> impl Iterator<Item = &HeaderName> {
        let demanded = self.demands.iter().filter_map(|demand| match &demand.location {
            DemandLocation::Header(name) => Some(name),
            _ => None,
        });
        self.headers.iter().chain(demanded)
    }

    fn opens(&self, name: &HeaderName) -> bool {
        is_usual(name) || self.opened_headers().any(|own| own == name)
    }
}

impl Demand {
    /// Whether every request that satisfies the other demand satisfies this one.
    fn is_implied_by(&self, other: &Self) -> bool {
        self.location == other.location && other.values.iter().all(|value| self.values.contains(value))
    }

    /// The demands that a request satisfies when it satisfies all of both lists. None when no request can: where both demand
    /// something of one place, and no value is in both.
    fn all_of(one: &[Self], other: &[Self]) -> Option<Vec<Self>> {
        let mut all = other.to_vec();
        for demand in one {
            match all.iter_mut().find(|known| known.location == demand.location) {
                Some(known) => known.values.retain(|value| demand.values.contains(value)),
                None => all.push(demand.clone()),
            }
        }
        all.iter().all(|demand| !demand.values.is_empty()).then_some(all)
    }
}

/// Of two parts of rules the one that the other covers.
fn narrower<Part: Clone>(own: &Part, requested: &Part, covers: impl Fn(&Part, &Part) -> bool) -> Option<Part> {
    if covers(own, requested) {
        return Some(requested.clone());
    }
    covers(requested, own).then(|| own.clone())
}

fn path_covers(granted: &[Segment], requested: &[Segment]) -> bool {
    granted.len() == requested.len()
        && granted.iter().zip(requested).all(|(granted, requested)| segment_covers(granted, requested))
}

fn narrower_path(own: &[Segment], requested: &[Segment]) -> Option<Vec<Segment>> {
    let pairs = (own.len() == requested.len()).then(|| own.iter().zip(requested))?;
    pairs.map(|(own, requested)| narrower(own, requested, segment_covers)).collect()
}

fn segment_covers(granted: &Segment, requested: &Segment) -> bool {
    match (granted, requested) {
        (Segment::Open { prefix, suffix, slashes, .. }, requested) => match requested {
            Segment::Literal(text) => is_between(text, prefix, suffix),
            // Settings may be of any length and content, but never make an empty segment.
            Segment::Interpolated(_) => prefix.is_empty() && suffix.is_empty(),
            Segment::Open { prefix: starts, suffix: ends, slashes: more, .. } => {
                starts.starts_with(prefix.as_str()) && ends.ends_with(suffix.as_str()) && (*slashes || !more)
            }
        },
        (Segment::Interpolated(granted), Segment::Interpolated(requested)) => fragments_cover(granted, requested),
        (granted, requested) => granted == requested,
    }
}

fn fragments_cover(granted: &[Fragment], requested: &[Fragment]) -> bool {
    granted.len() == requested.len()
        && granted.iter().zip(requested).all(|(granted, requested)| match (granted, requested) {
            (Fragment::Setting(granted), Fragment::Setting(requested)) => template_covers(granted, requested),
            (granted, requested) => granted == requested,
        })
}

/// Whether two templates are the same, but for settings that the granted one can do without and the requested one cannot:
/// where the request has them, both are the same text.
fn template_covers(granted: &Template, requested: &Template) -> bool {
    let (granted, requested) = (granted.to_string(), requested.to_string());
    let mut requested = requested.split('}');
    // Neither a host nor the text of a path has `?` or `}`, so each chunk ends with a placeholder, but for the last.
    granted.split('}').all(|granted| {
        requested.next().is_some_and(|requested| granted == requested || granted.strip_suffix('?') == Some(requested))
    }) && requested.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> RuleSet {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_granted_word_for_word_is_covered() {
        let rules = set("get,verify GET https://a.example/k/{id}\ncreate POST https://a.example/k");
        assert_eq!(rules.missing(&rules), []);
    }

    #[test]
    fn an_open_segment_covers_a_fixed_one_and_not_the_other_way() {
        let open = set("get GET https://a.example/k/{id}");
        let fixed = set("get GET https://a.example/k/me");
        assert_eq!(open.missing(&fixed), []);
        assert_eq!(fixed.missing(&open), open.rules);
        assert_eq!(set("get GET https://a.example/k/{key}").missing(&open), []);
    }

    #[test]
    fn of_two_rules_the_narrower_is_in_effect() {
        let granted = set("get,revoke GET https://a.example/k/{id}\nrevoke DELETE https://a.example/k/me");
        let requested = set("get,list GET https://a.example/k/{key}\nrevoke DELETE https://a.example/k/{key}");
        let effective = granted.effective(&requested);
        assert_eq!(effective, set("get GET https://a.example/k/{key}\nrevoke DELETE https://a.example/k/me"));
        assert_eq!(granted.effective(&set("list GET https://a.example/k")), RuleSet::default());
    }

    #[test]
    fn what_two_rules_both_allow_is_in_effect_where_neither_lies_within_the_other() {
        let rule = |clauses: &str| set(&format!("create POST https://a.example/{clauses}"));
        for (granted, requested, both) in [
            // Each is narrower in something.
            ("k/me", "k/{id}?", "k/me?"),
            ("k/me/{b}", "k/{a}/x?", "k/me/x?"),
            ("k?a,b", "k?b,c", "k?b"),
            ("{any}?a,token", "k", "k?a"),
            ("k headers x-a,x-b", "k headers x-b,x-c", "k headers x-b"),
            ("k where form a = 1 | 2", "k where form a = 2 | 3", "k where form a = 2"),
            ("k where form a = 1", "k where form b = 2", "k where form b = 2 where form a = 1"),
            ("k where form a = 1", "k? headers x-a", "k? where form a = 1"),
        ] {
            assert_eq!(rule(granted).effective(&rule(requested)), rule(both), "{granted} and {requested}");
        }
        for (granted, requested) in [
            ("k where form a = 1", "k where form a = 2"),
            ("k where form a = 1", "k where json /a = 1"),
            ("k where query a = 1", "k?"),
            ("k?a where query b = 1", "{any}?a"),
            ("k as one", "k? as other"),
            ("k sends t=/t sends u=/u", "k sends u=/u sends v=/v"),
            ("k sends t=/t", "k?"),
            ("k", "k? sends t=/t"),
            ("k", "l?"),
        ] {
            assert_eq!(rule(granted).effective(&rule(requested)), RuleSet::default(), "{granted} and {requested}");
        }
    }

    #[test]
    fn what_either_side_hides_of_an_answer_stays_hidden() {
        let (open, hiding) =
            (set("create POST https://a.example/k"), set("create POST https://a.example/k mints t=/t"));
        assert_eq!(open.effective(&hiding), hiding);
        assert_eq!(hiding.effective(&open), hiding);
        let any = set("create POST https://a.example/{any}");
        assert_eq!(any.effective(&hiding), hiding);
        assert_eq!(hiding.effective(&any), hiding);
        let other = set("create POST https://a.example/{any} mints u=/u");
        let both = set("create POST https://a.example/k mints t=/t mints u=/u");
        assert_eq!(other.effective(&hiding), RuleSet::default());
        assert_eq!(hiding.effective(&other), both);
        assert_eq!(set("create POST https://a.example/{any} mints u=/t").effective(&hiding), RuleSet::default());
    }

    #[test]
    fn the_difference_names_only_what_goes_beyond() {
        let granted = set("get GET https://a.example/k/{id}");
        let missing =
            granted.missing(&set("get,revoke GET https://a.example/k/{id}\nget GET https://b.example/k/{id}"));
        let lines: Vec<String> = missing.iter().map(Rule::to_string).collect();
        assert_eq!(lines, ["revoke GET https://a.example/k/{id}", "get GET https://b.example/k/{id}"]);
    }

    fn covers(granted: &str, requested: &str) -> bool {
        let set = |clauses: &str| set(&format!("create POST https://a.example/k{clauses}"));
        set(granted).missing(&set(requested)).is_empty()
    }

    #[test]
    fn asking_for_more_in_any_clause_is_asking_for_more() {
        for (granted, requested, covered) in [
            // Query keys.
            ("?a,b", "?b", true),
            ("?a", "?a,b", false),
            ("?", "?", true),
            ("?a", "", false),
            ("", "?a", true),
            ("", "?token", false),
            ("?token", "?token", true),
            ("?a", "?a where query b = c", false),
            ("?a,b", "?a where query b = c", true),
            ("", " where query b = c", true),
            ("", " where query token = c", false),
            // Schemes.
            (" as x", " as x", true),
            (" as x", "", false),
            ("", " as x", false),
            // Demands.
            ("", " where form a = b", true),
            (" where form a = b", "", false),
            (" where form a = b | c", " where form a = c", true),
            (" where form a = b", " where form a = b | c", false),
            (" where form a = b", " where form a = b where form d = e", true),
            (" where form a = b", " where query a = b", false),
            (" where json /a = 1", " where json /a = \"1\"", false),
            // Headers and secrets that are sent.
            (" headers x-a,x-b", " headers x-b", true),
            ("", " headers x-a", false),
            ("", " headers accept", true),
            (" headers x-a", " where header x-a = b", true),
            ("", " where header x-a = b", false),
            (" where header x-a = b", " headers x-a", false),
            (" sends t=/t sends u=/u", " sends u=/u sends t=/t", true),
            (" sends t=/t sends u=/u", " sends u=/u", false),
            (" sends t=/t", "", false),
            ("", " sends t=/t", false),
            ("", "?t sends t=/t", false),
            (" sends t=/t", " sends t=/u", false),
            (" sends t=/t", " sends t=/t base64", false),
            // Secrets that are hidden.
            ("", " mints", true),
            (" mints", "", false),
            (" mints", " mints t=/t", true),
            (" mints t=/t", " mints t=/t", true),
            (" mints t=/t", " mints", false),
            (" mints t=/t", " hides t=/t", false),
            (" hides t=/t", " mints t=/t", true),
            (" hides t=/t", " hides /t", false),
            (" hides t=/t", " hides t=/t after _", false),
            (" hides t=/t after _", " hides t=/t", false),
            (" hides t=/t", " hides t=/t base64", false),
        ] {
            assert_eq!(covers(granted, requested), covered, "granted {granted:?}, requested {requested:?}");
        }
    }

    #[test]
    fn text_around_a_placeholder_narrows_it() {
        let covers = |granted: &str, requested: &str| {
            let set = |path: &str| set(&format!("get GET https://a.example/{path}"));
            set(granted).missing(&set(requested)).is_empty()
        };
        for (granted, requested, covered) in [
            ("{id}", "{id}.json", true),
            ("{id}.json", "{id}", false),
            ("{id}.json", "a.json", true),
            ("{id}.json", ".json", false),
            ("a{id}.json", "ab{id}x.json", true),
            ("{id/}", "{id}", true),
            ("{id}", "{id/}", false),
            ("{id/}", "a{id/}", true),
            ("{id}", "{settings.a}", true),
            ("{id}.json", "{settings.a}.json", false),
            ("{id}", "", false),
            ("k/", "k", false),
            ("k", "k/", false),
        ] {
            assert_eq!(covers(granted, requested), covered, "granted {granted}, requested {requested}");
        }
    }
}
