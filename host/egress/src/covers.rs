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

    fn grants(&self, operation: &str, requested: &Rule) -> bool {
        self.rules.iter().any(|granted| {
            granted.operations.iter().any(|name| name == operation)
                && granted.method == requested.method
                && template_covers(&granted.endpoint, &requested.endpoint)
                && path_covers(&granted.path.segments, &requested.path.segments)
                // What the grant hides from the adapter, the adapter lets be hidden.
                && granted.mints.iter().all(|minted| requested.mints.contains(minted))
        })
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
    fn the_difference_names_only_what_goes_beyond() {
        let granted = set("get GET https://a.example/k/{id}");
        let missing =
            granted.missing(&set("get,revoke GET https://a.example/k/{id}\nget GET https://b.example/k/{id}"));
        let lines: Vec<String> = missing.iter().map(Rule::to_string).collect();
        assert_eq!(lines, ["revoke GET https://a.example/k/{id}", "get GET https://b.example/k/{id}"]);
    }
}
