//! Ids: the number of an API client, with the account in front when it is another than the caller's.

use std::fmt;

use keywright_sdk::{FieldProblem, Problem, Request, Result};
use serde_json::Value;

/// The largest number that an id may have: 18 digits.
const LARGEST: u64 = 999_999_999_999_999_999;

/// Finds an API client again. Every request about one of another account must name that account.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientId {
    pub(crate) account: Option<u64>,
    pub(crate) number: u64,
}

impl ClientId {
    /// Reads `ID` or `ACCOUNT/ID`.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let (account, number) = match text.split_once('/') {
            Some((account, number)) => (Some(account), number),
            None => (None, text),
        };
        let account = account.map(|account| digits(account).ok_or(())).transpose();
        match (account, digits(number)) {
            (Ok(account), Some(number)) => Ok(Self { account, number }),
            _ => Err(FieldProblem::new("/id", Problem::Format, "must be ID or ACCOUNT/ID, in digits").into()),
        }
    }

    /// Lets a request choose the account.
    pub(crate) fn at<'a>(&self, request: Request<'a>) -> Request<'a> {
        in_account(request, self.account)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.account {
            Some(account) => write!(formatter, "{account}/{}", self.number),
            None => write!(formatter, "{}", self.number),
        }
    }
}

/// Lets a request choose this account; without one, Imperva takes the caller's own.
pub(crate) fn in_account(request: Request<'_>, account: Option<u64>) -> Request<'_> {
    match account {
        Some(account) => request.query("caid", &account.to_string()),
        None => request,
    }
}

/// The number of an account or an API client in an answer or an attribute: a number, or its digits.
pub(crate) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => digits(text),
        value => value.as_u64().filter(in_range),
    }
}

fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|number| plain && in_range(number))
}

fn in_range(number: &u64) -> bool {
    (1..=LARGEST).contains(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_what_it_is_written_as() {
        for text in ["2222", "1234/2222", "999999999999999999"] {
            assert_eq!(ClientId::read(text).map(|id| id.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_text_of_another_form_is_refused() {
        for text in
            ["", "/", "1/", "/1", "a", "a/1", "1/a", "1/2/3", "-1", "+1", "01", "0", "1 ", "1000000000000000000"]
        {
            assert!(ClientId::read(text).is_err(), "{text:?}");
        }
    }
}
