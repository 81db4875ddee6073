//! Gcore's IAM API, versions v1 and v2: permanent API tokens, and who a token is.
//!
//! Facts come from Gcore's API descriptions (v1 with its Go SDK; v2), its Python and Go SDKs, its documentation, and what
//! its Terraform provider's branch `iam` sends. Where nobody outside Gcore knows what the API does, the comment says
//! "unknown; a choice".

mod account;
mod authentication;
mod creation;
mod dates;
mod errors;
mod gateway;
mod list;
mod me;
mod quirks;
mod roles;
mod router;
mod token;
mod tokens;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::Method;
use serde_json::{Value, json};

use crate::{Account, Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use account::GcoreAccount;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Gcore::from_options(options)?)) };

const NAME: &str = "gcore";

/// One Gcore account with two users, an administrator and another, and a token of the administrator's.
pub struct Gcore {
    client: Arc<GcoreAccount>,
    account: Account,
}

impl Gcore {
    /// A freshly seeded account. For the options see [`options`](crate::options).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let (client, token) = GcoreAccount::seed(Quirks::read(options)?);
        let account = Account {
            settings: json!({"client_id": client.id}),
            credential: BTreeMap::from([("token".to_owned(), token)]),
        };
        Ok(Self { client: Arc::new(client), account })
    }
}

impl Vendor for Gcore {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.client))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "list", "get", "revoke", "verify"]
    }

    /// A verification asks for the account that the token belongs to.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let rest = match segments.as_slice() {
            ["iam", "clients", "me"] if *method == Method::GET => return Some("verify"),
            ["iam", "v2", "clients", _, "tokens", rest @ ..] | ["iam", "clients", _, "tokens", rest @ ..] => rest,
            _ => return None,
        };
        match (rest, method) {
            ([], &Method::POST) => Some("create"),
            ([], &Method::GET) => Some("list"),
            ([_], &Method::GET) => Some("get"),
            ([_], &Method::DELETE) => Some("revoke"),
            _ => None,
        }
    }

    fn account(&self) -> Account {
        self.account.clone()
    }

    fn sample(&self) -> Sample {
        Sample {
            attributes: json!({
                "name": "keywright-demo",
                "description": "made by keywright demo",
                "role_name": "Users",
            }),
            change: Value::Null,
        }
    }

    /// The other user makes it, so that it is not the administrator's own.
    fn issue_by_hand(&self) -> String {
        format!("{}/{}", self.client.id, self.client.issue_by_hand())
    }

    fn clock(&self) -> &Clock {
        &self.client.clock
    }

    fn rate_limited(&self) -> Response {
        gateway::rate_limited(self.client.quirks.retry_after)
    }

    fn server_error(&self) -> Response {
        gateway::server_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gcore(options: &[(&str, &str)]) -> Result<Gcore, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Gcore::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let vendor = gcore(&[]).unwrap();
        let cases = [
            (Method::POST, "/iam/v2/clients/7/tokens", Some("create")),
            (Method::POST, "/iam/clients/7/tokens", Some("create")),
            (Method::GET, "/iam/v2/clients/7/tokens", Some("list")),
            (Method::GET, "/iam/clients/7/tokens/42", Some("get")),
            (Method::DELETE, "/iam/v2/clients/7/tokens/42", Some("revoke")),
            (Method::GET, "/iam/clients/me", Some("verify")),
            (Method::POST, "/iam/clients/me", None),
            (Method::GET, "/iam/users/me", None),
            (Method::PATCH, "/iam/v2/clients/7/tokens/42", None),
            (Method::GET, "/iam/v3/clients/7/tokens", None),
            (Method::GET, "/iam/clients/7/tokens/42/x", None),
            (Method::GET, "/", None),
        ];
        for (method, path, operation) in cases {
            assert_eq!(vendor.operation(&method, path), operation, "{method} {path}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }
}
