//! Whether what is asked for lies within what is granted.

use crate::path::Segment;
use crate::rule::{Rule, RuleSet};

impl RuleSet {
    /// What `requested` asks for beyond this set: one rule for each operation that is not covered. Empty when all of it
    /// is granted.
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

    fn grants(&self, operation: &str, requested: &Rule) -> bool {
        self.rules.iter().any(|granted| {
            granted.operations.iter().any(|name| name == operation)
                && granted.method == requested.method
                && granted.endpoint == requested.endpoint
                && covers(&granted.path.segments, &requested.path.segments)
        })
    }
}

fn covers(granted: &[Segment], requested: &[Segment]) -> bool {
    granted.len() == requested.len()
        && granted.iter().zip(requested).all(|(granted, requested)| match (granted, requested) {
            (Segment::Any(_), _) => true,
            (granted, requested) => granted == requested,
        })
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
    fn the_difference_names_only_what_goes_beyond() {
        let granted = set("get GET https://a.example/k/{id}");
        let missing =
            granted.missing(&set("get,revoke GET https://a.example/k/{id}\nget GET https://b.example/k/{id}"));
        let lines: Vec<String> = missing.iter().map(Rule::to_string).collect();
        assert_eq!(lines, ["revoke GET https://a.example/k/{id}", "get GET https://b.example/k/{id}"]);
    }
}
