//! OUTSCALE's API, version 1.40.1: access keys, and of EIM users and accounts what keys need.
//!
//! Facts come from OUTSCALE's API description, its Python and Go SDKs, its user guide, and answers of other calls recorded on
//! the live API, named where they are used. Where nobody outside OUTSCALE knows what the API does, the comment says "unknown;
//! a choice", and where both ways are likely there is an option.

mod access_key;
mod access_keys;
mod account;
mod authentication;
mod date;
mod errors;
mod gateway;
mod input;
mod lockout;
mod public;
mod quirks;
mod router;
mod users;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::{Method, Uri};
use serde_json::{Value, json};

use crate::{Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use account::Account;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Outscale::from_options(options)?)) };

const NAME: &str = "outscale";

/// One OUTSCALE account with a root user, an administrator's access key, and an EIM user called `keywright-demo`.
pub struct Outscale {
    account: Arc<Account>,
    shown: crate::Account,
}

impl Outscale {
    /// A freshly seeded account. For the options see [`options`](crate::options); [`vendor`](crate::vendor) makes the same,
    /// but without the switches.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let account = Account::seed(Quirks::read(options)?);
        let administrator = account.administrator();
        let shown = crate::Account {
            settings: json!({"region": account::REGION}),
            credential: BTreeMap::from([
                ("access_key".to_owned(), administrator.id),
                ("secret_key".to_owned(), administrator.secret_key),
                ("owner".to_owned(), administrator.owner.of(&account.id)),
            ]),
        };
        Ok(Self { account: Arc::new(account), shown })
    }

    /// Gives an EIM user the right to make every call, or takes it away; a new user has none. Answers whether there is such a
    /// user. At OUTSCALE this takes a policy; here it is a switch, and it works at once.
    pub fn set_rights(&self, user_name: &str, granted: bool) -> bool {
        self.account.set_rights(user_name, granted)
    }

    /// Adds an EIM user without rights, as a person at the console would.
    pub fn add_user(&self, user_name: &str) {
        self.account.add_user(user_name);
    }

    /// Gives an EIM user another name, as `UpdateUser` does; its keys stay. Answers whether there is such a user.
    pub fn rename_user(&self, user_name: &str, new_name: &str) -> bool {
        self.account.rename_user(user_name, new_name)
    }

    /// The id of the account.
    pub fn account_id(&self) -> &str {
        &self.account.id
    }

    /// The root user's e-mail address and password.
    pub fn login(&self) -> (&'static str, &str) {
        (account::EMAIL, &self.account.password)
    }
}

impl Vendor for Outscale {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.account))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "get", "list", "update", "revoke"]
    }

    /// To disable a key is an `update`, to verify one a `get`. A list of keys is one that names none, which only the body
    /// tells.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        match path.strip_prefix(router::PREFIX).filter(|_| *method == Method::POST)? {
            "CreateAccessKey" => Some("create"),
            "ReadAccessKeys" => Some("get"),
            "UpdateAccessKey" => Some("update"),
            "DeleteAccessKey" => Some("revoke"),
            _ => None,
        }
    }

    fn operation_of(&self, method: &Method, uri: &Uri, body: &[u8]) -> Option<&'static str> {
        let operation = self.operation(method, uri.path())?;
        let names_none = || {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            body.pointer("/Filters/AccessKeyIds").is_none()
        };
        if operation == "get" && names_none() { Some("list") } else { Some(operation) }
    }

    fn account(&self) -> crate::Account {
        self.shown.clone()
    }

    fn sample(&self) -> Sample {
        Sample {
            attributes: json!({"user_name": account::DEMO_USER, "tag": "made by keywright demo"}),
            change: json!({"tag": "changed by keywright demo"}),
        }
    }

    fn issue_by_hand(&self) -> String {
        self.account.issue_by_hand()
    }

    fn clock(&self) -> &Clock {
        &self.account.clock
    }

    fn rate_limited(&self) -> Response {
        gateway::rate_limited(&self.account)
    }

    fn server_error(&self) -> Response {
        gateway::server_error(&self.account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outscale(options: &[(&str, &str)]) -> Result<Outscale, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Outscale::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_path_and_body() {
        let vendor = outscale(&[]).unwrap();
        let one = r#"{"Filters":{"AccessKeyIds":["A"]}}"#;
        let cases = [
            (Method::POST, "/api/v1/CreateAccessKey", "{}", Some("create")),
            (Method::POST, "/api/v1/ReadAccessKeys", one, Some("get")),
            (Method::POST, "/api/v1/ReadAccessKeys", r#"{"UserName":"jo"}"#, Some("list")),
            (Method::POST, "/api/v1/ReadAccessKeys", "", Some("list")),
            (Method::POST, "/api/v1/UpdateAccessKey", "{}", Some("update")),
            (Method::POST, "/api/v1/DeleteAccessKey", "{}", Some("revoke")),
            (Method::POST, "/api/v1/ReadUsers", "{}", None),
            (Method::GET, "/api/v1/ReadAccessKeys", one, None),
            (Method::POST, "/ReadAccessKeys", one, None),
        ];
        for (method, path, body, operation) in cases {
            let told = vendor.operation_of(&method, &Uri::from_static(path), body.as_bytes());
            assert_eq!(told, operation, "{method} {path} {body}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }
}
