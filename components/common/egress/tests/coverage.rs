//! What is granted and what is asked for, compared with what they let through.
#![allow(clippy::unwrap_used)]

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Uri};
use keywright_egress::{
    DemandLocation, DemandValue, EndpointOverrides, Policy, Request, Rule, RuleSet, SecretLocation,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

/// Settings that no rule spells out: none, each alone, and both.
fn worlds() -> Vec<Map<String, Value>> {
    let world = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), format!("q{name}q").into())).collect();
    vec![world(&[]), world(&["a"]), world(&["b"]), world(&["a", "b"])]
}

const ENDPOINTS: [&str; 7] = [
    "https://a.example",
    "https://A.example:443",
    "https://b.example",
    "https://a.example:8443",
    "https://a.{settings.a}.example",
    "https://a.{settings.a?}b.example",
    "https://a.{settings.b}.example",
];

const SEGMENTS: [&str; 13] = [
    "k",
    "K",
    "{id}",
    "{key}",
    "{id/}",
    "y{id}",
    "yy{id}.z",
    "yyy.z",
    "%79%79.z",
    "{settings.a}",
    "x{settings.a}",
    "x{settings.a?}",
    "{settings.b}{settings.a}",
];

/// Every rule of one operation and one method with a path of one or two segments. Without those that need a setting and
/// call it optional as well: more rules cover them than the templates show.
fn rules() -> Vec<Rule> {
    let mut lines = Vec::new();
    for endpoint in ENDPOINTS {
        lines.push(format!("get GET {endpoint}/"));
        for first in SEGMENTS {
            lines.push(format!("get GET {endpoint}/{first}"));
            lines.extend(
                ["k", "", "{id}", "x{settings.a}"].map(|second| format!("get GET {endpoint}/{first}/{second}")),
            );
        }
    }
    lines.retain(|line| is_certain(line));
    lines.iter().map(|line| line.parse().unwrap()).collect()
}

fn is_certain(line: &str) -> bool {
    !(line.contains("{settings.a}") && line.contains("{settings.a?}"))
}

/// Rules with one world's settings in their places; none when they need others.
fn bound(rule: &Rule, world: &Map<String, Value>) -> Option<Policy> {
    RuleSet::from_iter([rule.clone()]).bind(world, &EndpointOverrides::none()).ok()
}

fn filled(template: &str, world: &Map<String, Value>) -> String {
    let mut text = template.to_owned();
    for name in ["a", "b"] {
        let value = world.get(name).and_then(Value::as_str).unwrap_or_default();
        text = text.replace(&format!("{{settings.{name}}}"), value).replace(&format!("{{settings.{name}?}}"), value);
    }
    text
}

/// A request that a rule allows.
struct Witness {
    uri: Uri,
    headers: HeaderMap,
    body: String,
}

impl Witness {
    fn request<'a>(&'a self, operation: &'a str, method: &'a Method) -> Request<'a> {
        Request { operation, method, uri: &self.uri, headers: &self.headers, body: self.body.as_bytes() }
    }
}

/// The requests that distinguish a rule from others: with a value of its own for every open segment, with every key that it
/// allows, and one for each value that it demands.
fn witnesses(rule: &Rule, world: &Map<String, Value>) -> Vec<Witness> {
    let most = rule.demands.iter().map(|demand| demand.values.len()).max().unwrap_or(1);
    (0..most).map(|index| witness(rule, world, index)).collect()
}

fn witness(rule: &Rule, world: &Map<String, Value>, index: usize) -> Witness {
    let path = filled(&rule.path.to_string(), world);
    let path = path.replace("{id}", "any-one").replace("{key}", "any-one").replace("{id/}", "any%2Fone");
    let (mut pairs, mut headers, mut body) = (Vec::new(), HeaderMap::new(), String::new());
    match &rule.query_keys {
        Some(keys) => pairs.extend(keys.iter().map(|key| format!("{key}=any"))),
        // A rule that mints and names no keys lets none through.
        None if rule.mints => {}
        None => pairs.push("anything=any".to_owned()),
    }
    for demand in &rule.demands {
        let value = match &demand.values[index % demand.values.len()] {
            DemandValue::Text(template) => filled(&template.to_string(), world),
            DemandValue::Number(number) => number.clone(),
            DemandValue::Bool(value) => value.to_string(),
            DemandValue::Null => "null".to_owned(),
        };
        let is_text = matches!(demand.values[index % demand.values.len()], DemandValue::Text(_));
        match &demand.location {
            DemandLocation::Query(key) => {
                pairs.retain(|pair| !pair.starts_with(&format!("{key}=")));
                pairs.push(format!("{key}={value}"));
            }
            DemandLocation::Form(key) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
                body = format!("{body}{key}={value}&").trim_start_matches('&').to_owned();
            }
            DemandLocation::Json(pointer) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                let value = if is_text { format!("\"{value}\"") } else { value };
                body = format!("{{\"{}\":{value}}}", pointer.to_string().trim_start_matches('/'));
            }
            DemandLocation::Header(name) => {
                headers.insert(name, HeaderValue::from_str(&value).unwrap());
            }
        }
    }
    let body = body.trim_end_matches('&').to_owned();
    let uri = format!("{}{path}?{}", filled(&rule.endpoint.to_string(), world), pairs.join("&")).parse().unwrap();
    Witness { uri, headers, body }
}

/// Headers that rules of these tests name, and one that every adapter may set.
const HEADERS: [&str; 3] = ["x-h", "x-i", "accept"];

/// Whether a granted rule lets a request of the requested one through, as the requested one would, and hides no more.
fn lets_through(granted: &Policy, requested: &Policy, request: &Request<'_>) -> bool {
    let asked = requested.decide(request).unwrap();
    let Ok(allowed) = granted.decide(request) else { return false };
    let hides = |policy: &Policy, allowed, secret: &SecretLocation| policy.secrets(allowed).contains(secret);
    granted.scheme(allowed) == requested.scheme(asked)
        && (!granted.mints(allowed) || requested.mints(asked))
        && requested.sends(asked).iter().all(|placement| granted.sends(allowed).contains(placement))
        && granted.sends(allowed).iter().all(|placement| requested.sends(asked).contains(placement))
        && granted.secrets(allowed).iter().all(|secret| hides(requested, asked, secret))
        && HEADERS
            .map(HeaderName::from_static)
            .iter()
            .all(|name| !requested.allows_header(asked, name) || granted.allows_header(allowed, name))
}

/// Whether there is a world and a request in it that goes by `requested` beyond each of `granted`.
fn goes_beyond(requested: &Rule, granted: &[Rule], operation: &str) -> bool {
    worlds().iter().any(|world| {
        let Some(policy) = bound(requested, world) else { return false };
        let bound: Vec<Policy> = granted.iter().filter_map(|rule| bound(rule, world)).collect();
        witnesses(requested, world).iter().any(|witness| {
            let request = witness.request(operation, &requested.method);
            assert!(policy.decide(&request).is_ok(), "{} is not a witness of {requested}", witness.uri);
            !bound.iter().any(|granted| lets_through(granted, &policy, &request))
        })
    })
}

#[test]
fn a_rule_covers_another_exactly_when_nothing_passes_the_other_alone() {
    let (rules, worlds) = (rules(), worlds());
    let bind = |rule: &Rule| worlds.iter().map(|world| bound(rule, world)).collect();
    let policies: Vec<Vec<Option<Policy>>> = rules.iter().map(bind).collect();
    let mut covered = 0;
    for requested in &rules {
        // The requests that distinguish it, by world.
        let witnesses: Vec<(usize, Witness)> = worlds
            .iter()
            .enumerate()
            .filter(|(_, world)| bound(requested, world).is_some())
            .map(|(index, world)| (index, witness(requested, world, 0)))
            .collect();
        for (granted, bound) in rules.iter().zip(&policies) {
            let beyond = witnesses.iter().any(|(world, witness)| {
                let request = witness.request("get", &Method::GET);
                bound[*world].as_ref().is_none_or(|policy| policy.decide(&request).is_err())
            });
            let missing = RuleSet::from_iter([granted.clone()]).missing(&RuleSet::from_iter([requested.clone()]));
            assert_eq!(missing.is_empty(), !beyond, "granted {granted}, requested {requested}");
            covered += usize::from(missing.is_empty());
        }
    }
    assert!(covered > rules.len(), "some rules cover others");
}

const KEYS: [&str; 6] = ["", "?", "?a", "?a,token", "?q,token", "?f,J"];
const SCHEMES: [&str; 2] = ["", " as x"];
const DEMANDS: [&str; 12] = [
    "",
    " where query q = v",
    " where query q = v | w",
    " where query token = v",
    " where form f = 1",
    " where form f = 1 | 2",
    " where form f = {settings.a}",
    " where form f = 1 where form g = 2",
    " where json /j = true",
    " where json /j = true | \"true\"",
    " where json /j = 1 | null",
    " where header x-h = h",
];
const OPENED: [&str; 4] = ["", " headers x-h", " headers x-h,x-i", " headers accept"];
const SENDS: [&str; 3] = ["", " sends p=/p", " sends p=/p base64"];
const SECRETS: [&str; 7] = [
    "",
    " mints",
    " mints t=/t",
    " mints t=/t mints u=/u",
    " hides t=/t",
    " hides t=/t hides u=/u",
    " hides t=/t after _",
];

/// One of each kind of clause; mostly none.
fn clauses() -> impl Strategy<Value = [&'static str; 6]> {
    let mostly_none = |clauses: &'static [&'static str]| prop_oneof![1 => Just(""), 1 => select(clauses)];
    (
        mostly_none(&KEYS),
        mostly_none(&SCHEMES),
        mostly_none(&DEMANDS),
        mostly_none(&OPENED),
        mostly_none(&SENDS),
        mostly_none(&SECRETS),
    )
        .prop_map(|(keys, scheme, demand, headers, sends, secrets)| [keys, scheme, demand, headers, sends, secrets])
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let operations = prop::sample::subsequence(vec!["create", "update", "regenerate"], 1..=3);
    let method = select(vec!["POST", "DELETE"]);
    let path = prop::collection::vec(select(SEGMENTS.to_vec()), 1..=2);
    (operations, method, select(ENDPOINTS.to_vec()), path, clauses()).prop_map(
        |(operations, method, endpoint, path, clauses)| {
            let line = format!("{} {method} {endpoint}/{}{}", operations.join(","), path.join("/"), clauses.concat());
            line.parse().unwrap()
        },
    )
}

/// Some rules, and more, of which some may cover them.
fn any_sets() -> impl Strategy<Value = (RuleSet, RuleSet)> {
    (prop::collection::vec(any_rule(), 1..4), prop::collection::vec(any_rule(), 0..8), any::<u64>()).prop_map(
        |(requested, mut granted, copied)| {
            let copies = requested.iter().enumerate().filter(|(index, _)| copied >> index & 1 == 1);
            granted.extend(copies.map(|(_, rule)| rule.clone()));
            (RuleSet::from_iter(requested), RuleSet::from_iter(granted))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Clauses of one rule and of one that differs from it in a few.
    #[test]
    fn a_clause_covers_another_exactly_when_nothing_passes_the_other_alone(
        granted in clauses(),
        other in clauses(),
        kept in prop::array::uniform6(prop::bool::weighted(0.75)),
    ) {
        let mut requested = other;
        for (index, clause) in granted.iter().enumerate().filter(|(index, _)| kept[*index]) {
            requested[index] = clause;
        }
        let [granted, requested] = [granted, requested]
            .map(|clauses| format!("create POST https://a.example/k{}", clauses.concat()).parse::<Rule>().unwrap());
        let missing = RuleSet::from_iter([granted.clone()]).missing(&RuleSet::from_iter([requested.clone()]));
        let beyond = goes_beyond(&requested, std::slice::from_ref(&granted), "create");
        prop_assert_eq!(missing.is_empty(), !beyond, "granted {}, requested {}", granted, requested);
    }

    #[test]
    fn when_nothing_is_missing_all_that_is_requested_is_granted((requested, granted) in any_sets()) {
        let missing = granted.missing(&requested);
        for rule in &requested.rules {
            for operation in &rule.operations {
                let is_missing = missing.iter().any(|missing| {
                    missing.operations.contains(operation)
                        && Rule { operations: rule.operations.clone(), ..missing.clone() } == *rule
                });
                if !is_missing {
                    prop_assert!(!goes_beyond(rule, &granted.rules, operation), "{} of {}", operation, rule);
                }
            }
        }
    }

    /// Without optional settings and values to choose from, which several rules can cover together.
    #[test]
    fn for_what_is_missing_there_is_a_request_that_only_the_requested_rules_let_through(
        (requested, granted) in any_sets()
    ) {
        let certain = |set: RuleSet| -> RuleSet {
            let certain = |line: &str| !line.contains("?}") && !line.contains('|');
            set.rules.into_iter().filter(|rule| certain(&rule.to_string())).collect()
        };
        let (requested, granted) = (certain(requested), certain(granted));
        for rule in granted.missing(&requested) {
            for operation in &rule.operations {
                prop_assert!(goes_beyond(&rule, &granted.rules, operation), "{} of {}", operation, rule);
            }
        }
    }

    #[test]
    fn what_is_in_effect_is_within_both_and_is_all_that_is_covered((requested, granted) in any_sets()) {
        let effective = granted.effective(&requested);
        prop_assert_eq!(effective.to_string().parse::<RuleSet>(), Ok(effective.clone()));
        prop_assert_eq!(granted.missing(&effective), []);
        prop_assert_eq!(requested.missing(&effective), []);
        for rule in &effective.rules {
            for operation in &rule.operations {
                prop_assert!(!goes_beyond(rule, &granted.rules, operation), "{} of {}", operation, rule);
                prop_assert!(!goes_beyond(rule, &requested.rules, operation), "{} of {}", operation, rule);
            }
        }
        // What is asked for and not in effect is what is missing.
        let missing = granted.missing(&requested);
        for rule in effective.missing(&requested) {
            prop_assert!(missing.contains(&rule), "{}", rule);
        }
    }

    #[test]
    fn what_is_missing_is_all_that_has_to_be_added((requested, granted) in any_sets()) {
        let mut granted = granted;
        let missing = granted.missing(&requested);
        granted.rules.extend(missing);
        prop_assert_eq!(granted.missing(&requested), []);
    }
}
