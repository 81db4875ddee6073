//! AWS IAM's access keys (Query API, version 2010-05-08), of users what keys need, and `GetCallerIdentity` of STS (version
//! 2011-06-15), both at one origin: a request says by its action and version which of the two it is for.
//!
//! Facts come from botocore's service models, from answers recorded on AWS by LocalStack's tests (access keys and users) and
//! asserted by a conformance program that runs against AWS's own STS (how the Query protocol is read), from AWS's
//! documentation, and from what clients sent and quoted in their issues. Where nobody outside AWS knows what the API does, the
//! comment says "unknown; a choice", and where both ways are likely there is an option.

mod access_key;
mod access_keys;
mod account;
mod actions;
mod authentication;
mod caller_identity;
mod errors;
mod form;
mod gateway;
mod input;
mod paging;
mod quirks;
mod records;
mod service;
mod user;
mod users;
mod xml;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::{Method, Uri};
use serde_json::json;

use crate::{Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use account::Account;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(AwsIam::from_options(options)?)) };

const NAME: &str = "aws-iam";

/// One AWS account with an administrator's credential, and an IAM user called `keywright-demo` who has no rights.
pub struct AwsIam {
    account: Arc<Account>,
    shown: crate::Account,
}

impl AwsIam {
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
        let (account, credential) = Account::seed(Quirks::read(options)?);
        let shown = crate::Account { settings: json!({"region": account.quirks.region.name()}), credential };
        Ok(Self { account: Arc::new(account), shown })
    }

    /// Gives an IAM user the right to make every call of IAM, or takes it away; a new user has none. Answers whether there is
    /// such a user. At AWS this takes a policy; here it is a switch, and it works at once.
    pub fn set_rights(&self, user_name: &str, granted: bool) -> bool {
        self.account.records().set_rights(user_name, granted)
    }

    /// Adds an IAM user without rights, as a person at the console would.
    pub fn add_user(&self, user_name: &str) {
        self.account.add_user(user_name, "/");
    }

    /// Gives an access key the status `Expired`, which the API's model has and no call can set. Answers whether there is such a
    /// key.
    pub fn expire(&self, access_key_id: &str) -> bool {
        self.account.expire(access_key_id)
    }
}

impl Vendor for AwsIam {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        Router::new().fallback(gateway::answer).with_state(Arc::clone(&self.account))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "get", "list", "update", "revoke", "verify"]
    }

    /// Method and path are the same for every call.
    fn operation(&self, _: &Method, _: &str) -> Option<&'static str> {
        None
    }

    /// To disable a key is an `update`. No call reads one key: a client lists its owner's keys (a `list`) and asks for
    /// its last use (a `get`).
    fn operation_of(&self, method: &Method, uri: &Uri, body: &[u8]) -> Option<&'static str> {
        if uri.path() != "/" {
            return None;
        }
        let parameters = match *method {
            Method::GET => form::parse(uri.query().unwrap_or_default().as_bytes()),
            Method::POST => form::parse(body),
            _ => return None,
        };
        actions::find(&parameters).ok().flatten()?.operation
    }

    fn account(&self) -> crate::Account {
        self.shown.clone()
    }

    fn sample(&self) -> Sample {
        Sample { attributes: json!({"user_name": account::DEMO_USER}), change: json!({"status": "Inactive"}) }
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

    fn aws_iam(options: &[(&str, &str)]) -> Result<AwsIam, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsIam::new(&options.collect())
    }

    #[test]
    fn requests_are_identified_by_their_action_and_version() {
        let vendor = aws_iam(&[]).unwrap();
        let cases = [
            ("/", "Action=CreateAccessKey&Version=2010-05-08&UserName=jo", Some("create")),
            ("/", "Version=2010-05-08&Action=ListAccessKeys", Some("list")),
            ("/", "Action=GetAccessKeyLastUsed&Version=2010-05-08&AccessKeyId=A", Some("get")),
            ("/", "Action=UpdateAccessKey&Version=2010-05-08", Some("update")),
            ("/", "Action=DeleteAccessKey&Version=2010-05-08", Some("revoke")),
            ("/", "Action=GetCallerIdentity&Version=2011-06-15", Some("verify")),
            ("/", "Action=GetCallerIdentity&Version=2010-05-08", None),
            ("/", "Action=ListUsers&Version=2010-05-08", None),
            ("/", "Action=CreateAccessKey", None),
            ("/keys", "Action=CreateAccessKey&Version=2010-05-08", None),
        ];
        for (path, form, operation) in cases {
            let found = vendor.operation_of(&Method::POST, &Uri::from_static(path), form.as_bytes());
            assert_eq!(found, operation, "{path} {form}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
            let uri: Uri = format!("{path}?{form}").parse().unwrap();
            assert_eq!(vendor.operation_of(&Method::GET, &uri, b""), operation, "{uri}");
            assert_eq!(vendor.operation_of(&Method::PUT, &uri, form.as_bytes()), None);
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused_with_what_may_be_given() {
        for (name, value) in [("page-size", "0"), ("page-size", "1001"), ("throttle", "AccessDenied")] {
            let error = aws_iam(&[(name, value)]).err().unwrap().to_string();
            let option = quirks::OPTIONS.iter().find(|option| option.name == name).unwrap();
            assert!(error.contains(name) && error.contains(value) && error.contains(option.values), "{error}");
        }
    }

    #[test]
    fn the_administrators_credential_has_the_parts_of_its_kind() {
        for (administrator, parts) in [
            ("user", vec!["access_key_id", "secret_access_key"]),
            ("root", vec!["access_key_id", "secret_access_key"]),
            ("session", vec!["access_key_id", "secret_access_key", "session_token"]),
        ] {
            let account = aws_iam(&[("administrator", administrator)]).unwrap().account();
            assert_eq!(account.credential.keys().collect::<Vec<_>>(), parts, "{administrator}");
        }
    }
}
