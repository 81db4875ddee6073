//! A rule's line, read: its three parts and the clauses after them.

use std::iter::Peekable;
use std::str::FromStr;

use crate::demand::Demand;
use crate::header::parse_header;
use crate::placement::Placement;
use crate::rule::Rule;
use crate::rule_error::{RuleError, excerpt};
use crate::secret::SecretLocation;
use crate::word::{self, Word};

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(line: &str) -> Result<Self, RuleError> {
        let mut words = word::split(line)?.into_iter().peekable();
        let operations = comma_separated(&mut words).ok_or(RuleError::Form)?;
        let mut part = || words.next().and_then(|word| word.bare()).ok_or(RuleError::Form);
        let (method, url) = (part()?, part()?);
        let mut rule = Self::new(operations.split(','), method, url)?;
        rule.read_clauses(&mut words)?;
        rule.validate()?;
        Ok(rule)
    }
}

/// Spaces around the commas of a list are allowed, and are not part of the values.
fn comma_separated<'l>(words: &mut Peekable<impl Iterator<Item = Word<'l>>>) -> Option<String> {
    let mut list = words.next()?.bare()?.to_owned();
    while let Some(word) =
        words.next_if(|word| word.bare().is_some_and(|word| list.ends_with(',') || word.starts_with(',')))
    {
        list.push_str(word.text());
    }
    Some(list)
}

impl Rule {
    fn read_clauses<'l>(&mut self, words: &mut Peekable<impl Iterator<Item = Word<'l>>>) -> Result<(), RuleError> {
        let (mut mints_alone, mut hides) = (false, false);
        while let Some(word) = words.next() {
            match word.bare() {
                Some("as") => {
                    let scheme = words.next().ok_or(RuleError::Incomplete("as"))?;
                    if self.scheme.replace(scheme.text().to_owned()).is_some() {
                        return Err(RuleError::Repeated("as".to_owned()));
                    }
                }
                Some("where") => self.demands.push(Demand::read(words)?),
                Some("headers") => {
                    if !self.headers.is_empty() {
                        return Err(RuleError::Repeated("headers".to_owned()));
                    }
                    let names = comma_separated(words).ok_or(RuleError::Incomplete("headers"))?;
                    self.headers = names.split(',').map(parse_header).collect::<Result<_, _>>()?;
                }
                Some("sends") => {
                    let mut placement: Placement = operand(words).ok_or(RuleError::Incomplete("sends"))?.parse()?;
                    placement.base64 = words.next_if_eq(&Word::Bare("base64")).is_some();
                    self.sends.push(placement);
                }
                Some("mints") => {
                    self.mints = true;
                    match operand(words) {
                        Some(location) => self.secrets.push(read_secret(location, words)?),
                        None if std::mem::replace(&mut mints_alone, true) => {
                            return Err(RuleError::Repeated("mints".to_owned()));
                        }
                        None => {}
                    }
                }
                Some("hides") => {
                    hides = true;
                    let location = operand(words).ok_or(RuleError::Incomplete("hides"))?;
                    self.secrets.push(read_secret(location, words)?);
                }
                _ => return Err(RuleError::Clause(excerpt(word.text()))),
            }
        }
        if self.mints && hides { Err(RuleError::MintsAndHides) } else { Ok(()) }
    }
}

/// The word after a clause's first, unless another clause starts there.
fn operand<'l>(words: &mut Peekable<impl Iterator<Item = Word<'l>>>) -> Option<&'l str> {
    const CLAUSES: [&str; 6] = ["as", "where", "headers", "sends", "mints", "hides"];
    words.next_if(|word| word.bare().is_some_and(|word| !CLAUSES.contains(&word)))?.bare()
}

/// Reads a secret from its location on: `after CHARACTERS` and `base64` may follow, in either order.
fn read_secret<'l>(
    location: &str,
    words: &mut Peekable<impl Iterator<Item = Word<'l>>>,
) -> Result<SecretLocation, RuleError> {
    let mut secret: SecretLocation = location.parse()?;
    loop {
        if words.next_if_eq(&Word::Bare("after")).is_some() {
            let characters = words.next().ok_or(RuleError::Incomplete("after"))?;
            if !secret.public_prefix_ends_with.is_empty() {
                return Err(RuleError::Repeated("after".to_owned()));
            }
            if characters.text().is_empty() {
                return Err(RuleError::PublicPrefix(String::new()));
            }
            characters.text().clone_into(&mut secret.public_prefix_ends_with);
        } else if words.next_if_eq(&Word::Bare("base64")).is_some() {
            if std::mem::replace(&mut secret.base64, true) {
                return Err(RuleError::Repeated("base64".to_owned()));
            }
        } else {
            return Ok(secret);
        }
    }
}
