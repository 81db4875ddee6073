//! What is granted and what is asked for, compared with what they let through.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use http::{Method, Uri};
use keywright_egress::{Policy, Rule, RuleSet};
use proptest::prelude::*;
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

const SEGMENTS: [&str; 8] =
    ["k", "K", "{id}", "{key}", "{settings.a}", "x{settings.a}", "x{settings.a?}", "{settings.b}{settings.a}"];

/// Every rule of one operation and one method with a path of one or two segments. Without those that need a setting and
/// call it optional as well: they are covered by less than is seen.
fn rules() -> Vec<Rule> {
    let mut lines = Vec::new();
    for endpoint in ENDPOINTS {
        for first in SEGMENTS {
            lines.push(format!("get GET {endpoint}/{first}"));
            lines.extend(["k", "{id}", "x{settings.a}"].map(|second| format!("get GET {endpoint}/{first}/{second}")));
        }
    }
    lines.retain(|line| !(line.contains("{settings.a}") && line.contains("{settings.a?}")));
    lines.iter().map(|line| line.parse().unwrap()).collect()
}

/// A rule with one world's settings in their places; none when it needs others.
fn bound(rule: &Rule, world: &Map<String, Value>) -> Option<Policy> {
    RuleSet::from_iter([rule.clone()]).bind(world, None).ok()
}

/// The request that a rule allows in a world and that has a value of its own for every open segment.
fn witness(rule: &Rule, world: &Map<String, Value>) -> Uri {
    let mut url = format!("{}{}", rule.endpoint, rule.path);
    for name in ["a", "b"] {
        let value = world.get(name).and_then(Value::as_str).unwrap_or_default();
        url = url.replace(&format!("{{settings.{name}}}"), value).replace(&format!("{{settings.{name}?}}"), value);
    }
    url.replace("{id}", "any-one").replace("{key}", "any-one").parse().unwrap()
}

/// Whether there is a world and a request in it that passes `requested` and not `granted`.
fn goes_beyond(requested: &Rule, granted: &[Rule], operation: &str) -> bool {
    worlds().iter().any(|world| {
        let Some(policy) = bound(requested, world) else { return false };
        let url = witness(requested, world);
        assert!(policy.decide(operation, &requested.method, &url).is_ok(), "{url} is no witness of {requested}");
        !granted.iter().any(|rule| {
            bound(rule, world).is_some_and(|policy| policy.decide(operation, &requested.method, &url).is_ok())
        })
    })
}

#[test]
fn a_rule_covers_another_exactly_when_nothing_passes_the_other_alone() {
    let rules = rules();
    let policies: Vec<Vec<Option<Policy>>> =
        rules.iter().map(|rule| worlds().iter().map(|world| bound(rule, world)).collect()).collect();
    let mut covered = 0;
    for requested in &rules {
        // The requests that tell, by world.
        let witnesses: HashMap<usize, Uri> = worlds()
            .iter()
            .enumerate()
            .filter(|(_, world)| bound(requested, world).is_some())
            .map(|(index, world)| (index, witness(requested, world)))
            .collect();
        for (granted, bound) in rules.iter().zip(&policies) {
            let beyond = witnesses.iter().any(|(world, url)| {
                bound[*world].as_ref().is_none_or(|policy| policy.decide("get", &Method::GET, url).is_err())
            });
            let missing = RuleSet::from_iter([granted.clone()]).missing(&RuleSet::from_iter([requested.clone()]));
            assert_eq!(missing.is_empty(), !beyond, "granted {granted}, requested {requested}");
            covered += usize::from(missing.is_empty());
        }
    }
    assert!(covered > rules.len(), "some rules cover others");
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let operations = prop::sample::subsequence(vec!["get", "list", "revoke"], 1..=3);
    let method = prop::sample::select(vec!["GET", "DELETE"]);
    let endpoint = prop::sample::select(ENDPOINTS.to_vec());
    let path = prop::collection::vec(prop::sample::select(SEGMENTS.to_vec()), 1..=2);
    (operations, method, endpoint, path).prop_map(|(operations, method, endpoint, path)| {
        Rule::new(operations, method, &format!("{endpoint}/{}", path.join("/"))).unwrap()
    })
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

    #[test]
    fn when_nothing_is_missing_all_that_is_requested_is_granted((requested, granted) in any_sets()) {
        let missing = granted.missing(&requested);
        for rule in &requested.rules {
            for operation in &rule.operations {
                let is_missing = missing.iter().any(|missing| {
                    missing.operations.contains(operation)
                        && (&missing.method, &missing.endpoint, &missing.path) == (&rule.method, &rule.endpoint, &rule.path)
                });
                if !is_missing {
                    prop_assert!(!goes_beyond(rule, &granted.rules, operation), "{} of {}", operation, rule);
                }
            }
        }
    }

    /// Without optional settings, which several rules can cover together.
    #[test]
    fn for_what_is_missing_there_is_a_request_that_only_the_requested_rules_let_through(
        (requested, granted) in any_sets()
    ) {
        let certain = |set: RuleSet| -> RuleSet {
            set.rules.into_iter().filter(|rule| !rule.to_string().contains('?')).collect()
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
