//! Where tokens are: the account's settings as requests, and ids of tokens.

use keywright_sdk::{Account, Failure, FieldProblem, Method, Problem, Request, Result};
use serde_json::Value;

use crate::API;
use crate::descriptor::{Path, TOKEN, TOKENS};

/// The account, from the settings.
pub(crate) fn client_id(account: &Account) -> Result<u64> {
    account.settings().get("client_id").and_then(positive).ok_or_else(|| {
        let message = "is missing, or is not a whole number from 1";
        FieldProblem::new("/settings/client_id", Problem::Required, message).into()
    })
}

/// A request about all tokens of the account.
pub(crate) fn all(account: &Account, method: Method) -> Result<Request<'_>> {
    account.request_at(method, API, path(account, &TOKENS)?, &[])
}

/// A request about one token.
pub(crate) fn one(account: &Account, method: Method, token_id: u64) -> Result<Request<'_>> {
    account.request_at(method, API, path(account, &TOKEN)?, &[&token_id.to_string()])
}

/// The path in the version that the account is set to.
fn path(account: &Account, path: &Path) -> Result<&'static str> {
    match account.setting("api_version")? {
        "v2" => Ok(path.v2),
        "v1" => Ok(path.v1),
        _ => Err(FieldProblem::new("/settings/api_version", Problem::Constraint, "must be v2 or v1").into()),
    }
}

/// The credential's id of a token of this account.
pub(crate) fn credential_id(client_id: u64, token_id: u64) -> String {
    format!("{client_id}/{token_id}")
}

/// The token that a credential's id names, which must be one of this account.
pub(crate) fn token_id(account: &Account, id: &str) -> Result<u64> {
    let own = client_id(account)?;
    let refused = |problem, message: String| Failure::from(FieldProblem::new("/id", problem, message));
    let parts = id.split_once('/').and_then(|(client, token)| Some((number(client)?, number(token)?)));
    match parts {
        Some((client, token)) if client == own => Ok(token),
        Some((client, _)) => Err(refused(
            Problem::Constraint,
            format!("is a token of account {client}, but the client_id of this account is {own}"),
        )),
        None => {
            Err(refused(Problem::Format, "is not the id of a token, which has the form CLIENT_ID/TOKEN_ID".to_owned()))
        }
    }
}

/// An id of Gcore's in an answer or a setting: a whole number from 1.
pub(crate) fn positive(value: &Value) -> Option<u64> {
    value.as_u64().filter(|number| *number > 0)
}

/// An id of Gcore's in its one written form.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_in_one_way() {
        assert_eq!(number("768660"), Some(768_660));
        for text in ["", "0", "042", "+42", "-42", "42 ", "4.2", "99999999999999999999", "４２"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
