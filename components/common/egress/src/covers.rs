//! Whether what is asked for lies within what is granted.

use keywright_settings::Template;

use crate::path::{Piece, Segment};
use crate::rule::{Rule, RuleSet};

impl RuleSet {
    /// What `requested` asks for beyond this set: its rules, each with those of its operations that are not covered. Empty
    /// when all of it is granted: then, with whatever settings, no request passes `requested` that would not pass this set.
    ///
    /// One granted rule must cover all of a requested one. Two that do so only together, which takes an optional setting,
    /// do not count.
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

    /// What of `requested` this set grants: each requested rule with those of its operations that are covered, and where a
    /// granted rule lies within a requested one, the granted one. Nothing passes the result that would not pass both sets,
    /// and what either of two rules that meet hides of an answer stays hidden.
    ///
    /// Two rules of which neither lies within the other have nothing in common here.
    pub fn effective(&self, requested: &RuleSet) -> RuleSet {
        let mut effective = RuleSet::default();
        for rule in &requested.rules {
            let (covered, open): (Vec<String>, Vec<String>) =
                rule.operations.iter().cloned().partition(|operation| self.grants(operation, rule));
            effective.add(&covered, rule.clone());
            for granted in self.rules.iter().filter(|granted| rule.reaches(granted)) {
                let operations: Vec<String> =
                    open.iter().filter(|operation| granted.operations.contains(operation)).cloned().collect();
                let hides = |one: &Rule, other: &Rule| other.mints.iter().all(|minted| one.mints.contains(minted));
                if hides(granted, rule) {
                    effective.add(&operations, granted.clone());
                } else if hides(rule, granted) {
                    effective.add(&operations, Rule { mints: rule.mints.clone(), ..granted.clone() });
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
        self.rules.iter().any(|granted| {
            granted.operations.iter().any(|name| name == operation)
                && granted.reaches(requested)
                // What the grant hides from the adapter, the adapter lets be hidden.
                && granted.mints.iter().all(|minted| requested.mints.contains(minted))
        })
    }
}

impl Rule {
    /// Whether every request that `other` names is one that this rule names, the operations and the answers aside.
    fn reaches(&self, other: &Rule) -> bool {
        self.method == other.method
            && template_covers(&self.endpoint, &other.endpoint)
            && path_covers(&self.path.segments, &other.path.segments)
    }
}

fn path_covers(granted: &[Segment], requested: &[Segment]) -> bool {
    granted.len() == requested.len()
        && granted.iter().zip(requested).all(|(granted, requested)| match (granted, requested) {
            (Segment::Any(_), _) => true,
            (Segment::Made(granted), Segment::Made(requested)) => pieces_cover(granted, requested),
            (granted, requested) => granted == requested,
        })
}

fn pieces_cover(granted: &[Piece], requested: &[Piece]) -> bool {
    granted.len() == requested.len()
        && granted.iter().zip(requested).all(|(granted, requested)| match (granted, requested) {
            (Piece::Setting(granted), Piece::Setting(requested)) => template_covers(granted, requested),
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
    fn what_either_side_hides_of_an_answer_stays_hidden() {
        let (open, hiding) =
            (set("create POST https://a.example/k"), set("create POST https://a.example/k mints t=/t"));
        assert_eq!(open.effective(&hiding), hiding);
        assert_eq!(hiding.effective(&open), hiding);
        let any = set("create POST https://a.example/{any}");
        assert_eq!(any.effective(&hiding), hiding);
        assert_eq!(hiding.effective(&any), hiding);
        assert_eq!(set("create POST https://a.example/{any} mints u=/u").effective(&hiding), RuleSet::default());
    }

    #[test]
    fn the_difference_names_only_what_goes_beyond() {
        let granted = set("get GET https://a.example/k/{id}");
        let missing =
            granted.missing(&set("get,revoke GET https://a.example/k/{id}\nget GET https://b.example/k/{id}"));
        let lines: Vec<String> = missing.iter().map(Rule::to_string).collect();
        assert_eq!(lines, ["revoke GET https://a.example/k/{id}", "get GET https://b.example/k/{id}"]);
    }
}
