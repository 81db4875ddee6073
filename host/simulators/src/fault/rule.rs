//! A fault aimed at some requests, and its text form `NAME[@OPERATION][*TIMES]`.

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use super::Fault;
use crate::Error;

/// A fault, the requests it is for, and how often it strikes.
///
/// ```
/// use keywright_simulators::{Fault, FaultRule};
///
/// let rule: FaultRule = "lose-answer@create*1".parse()?;
/// assert_eq!(rule.fault, Fault::LoseAnswer);
/// assert_eq!(rule.operation.as_deref(), Some("create"));
/// assert_eq!(rule.to_string(), "lose-answer@create*1");
/// # Ok::<(), keywright_simulators::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// The lifecycle operation whose requests are struck; all requests when absent.
    pub operation: Option<String>,
    /// How many requests are struck before the rule is used up; every one when absent.
    pub times: Option<NonZeroU32>,
}

/// The fault for every request.
impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self { fault, operation: None, times: None }
    }
}

impl FromStr for FaultRule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |problem: &str| Error::BadFault { text: text.to_owned(), problem: problem.to_owned() };
        let (rest, times) = match text.split_once('*') {
            None => (text, None),
            Some((rest, times)) => {
                let times = times.parse().map_err(|_| bad("TIMES must be a whole number from 1"))?;
                (rest, Some(times))
            }
        };
        let (name, operation) = match rest.split_once('@') {
            None => (rest, None),
            Some((_, "")) => return Err(bad("OPERATION is empty")),
            Some((name, operation)) => (name, Some(operation.to_owned())),
        };
        let (name, delay) = match name.split_once('=') {
            None => (name, None),
            Some((name, delay)) => {
                let delay = duration(delay).ok_or_else(|| bad("the delay must be like 250ms or 10s"))?;
                (name, Some(delay))
            }
        };
        let fault = Fault::named(name).ok_or_else(|| Error::UnknownFault {
            name: name.to_owned(),
            known: Fault::all().map(|(name, _)| name).collect::<Vec<_>>().join(", "),
        })?;
        let fault = match (fault, delay) {
            (Fault::Slow(_), Some(delay)) => Fault::Slow(delay),
            (_, Some(_)) => return Err(bad("only slow takes a delay")),
            (fault, None) => fault,
        };
        Ok(Self { fault, operation, times })
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        if let Some(operation) = &self.operation {
            write!(f, "@{operation}")?;
        }
        if let Some(times) = self.times {
            write!(f, "*{times}")?;
        }
        Ok(())
    }
}

fn duration(text: &str) -> Option<Duration> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse().ok().map(Duration::from_millis);
    }
    text.strip_suffix('s')?.parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_back_from_its_text() {
        for (name, _) in Fault::all() {
            for text in [name.to_owned(), format!("{name}@create"), format!("{name}*2"), format!("{name}@get*3")] {
                let rule: FaultRule = text.parse().unwrap();
                assert_eq!(rule.to_string(), text);
            }
        }
        for text in ["slow=250ms@list*1", "slow=10000ms"] {
            assert_eq!(text.parse::<FaultRule>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_delay_of_three_seconds_is_the_plain_slow() {
        assert_eq!("slow=3s".parse::<FaultRule>().unwrap().to_string(), "slow");
    }

    #[test]
    fn an_unknown_fault_is_refused_with_the_names_there_are() {
        let error = "loose-answer@create".parse::<FaultRule>().unwrap_err().to_string();
        assert!(error.contains("\"loose-answer\"") && error.contains("lose-answer, cut"), "{error}");
    }

    #[test]
    fn a_text_that_is_no_rule_is_refused_with_the_form_of_one() {
        for text in ["cut*0", "cut*", "cut*-1", "cut*x", "cut@", "slow=fast", "cut=3s", "slow=", "cut*1@create"] {
            let error = text.parse::<FaultRule>().unwrap_err().to_string();
            assert!(error.contains("NAME[@OPERATION][*TIMES]"), "{text}: {error}");
        }
    }
}
