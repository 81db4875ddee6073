//! Sets of rules, as text.

use std::fmt;
use std::str::FromStr;

use crate::rule::Rule;
use crate::rule_error::RuleError;
use crate::word;

/// A set of rules: what an adapter asks for, or what an operator grants. One rule a line; a `#` that starts a word starts a
/// comment. Anything that is not understood is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
}

impl FromStr for RuleSet {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, word::without_comment(line).trim_ascii()));
        let rules = lines
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| line.parse().map_err(|cause| RuleError::Line { number, cause: Box::new(cause) }))
            .collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        Self { rules: rules.into_iter().collect() }
    }
}

impl fmt::Display for RuleSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules.iter().try_for_each(|rule| writeln!(formatter, "{rule}"))
    }
}
