//! Scaleway's IAM API, version v1alpha1: API keys, and of applications, users and organisations what keys need.
//!
//! Facts come from Scaleway's documentation, its Go SDK, and recorded answers of the live API, named where they are
//! used. Where nobody outside Scaleway knows what the API does, the comment says "unknown; a choice".

mod api_key;
mod api_keys;
mod applications;
mod authentication;
mod errors;
mod gateway;
mod list;
mod organization;
mod organizations;
mod paging;
mod quirks;
mod router;
mod timestamp;
mod users;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::Method;
use serde_json::json;

use crate::{Account, Clock, Error, Sample, Vendor, fields::hyphenated_uuid, options::Options, vendor::Entry};
use organization::Organization;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Scaleway::from_options(options)?)) };

const NAME: &str = "scaleway";

/// One Scaleway organisation with an owner, the owner's API key, and an application called `keywright-demo`.
pub struct Scaleway {
    organization: Arc<Organization>,
    account: Account,
}

impl Scaleway {
    /// A freshly seeded organisation. For the options see [`options`](crate::options); [`vendor`](crate::vendor)
    /// makes the same, but without [`set_iam_rights`](Self::set_iam_rights).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let organization = Organization::seed(Quirks::read(options)?);
        let administrator = organization.administrator();
        let account = Account {
            settings: json!({"organization_id": organization.id}),
            credential: BTreeMap::from([
                ("access_key".to_owned(), administrator.access_key),
                ("secret_key".to_owned(), administrator.secret_key.to_string()),
            ]),
        };
        Ok(Self { organization: Arc::new(organization), account })
    }

    /// Gives an application the right to manage IAM, or takes it away; a new application has none. Answers whether
    /// there is such an application. At Scaleway this takes a policy; here it is a switch, and it works at once.
    pub fn set_iam_rights(&self, application_id: &str, granted: bool) -> bool {
        hyphenated_uuid(application_id).is_some_and(|id| self.organization.set_iam_rights(id, granted))
    }
}

impl Vendor for Scaleway {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.organization))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "list", "get", "update", "revoke"]
    }

    /// A verification is a `get` with another token: method and path do not tell the two apart.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        match path.strip_prefix(router::API_KEYS)? {
            "" => match *method {
                Method::POST => Some("create"),
                Method::GET => Some("list"),
                _ => None,
            },
            key if key.starts_with('/') => match *method {
                Method::GET => Some("get"),
                Method::PATCH => Some("update"),
                Method::DELETE => Some("revoke"),
                _ => None,
            },
            _ => None,
        }
    }

    fn account(&self) -> Account {
        self.account.clone()
    }

    fn sample(&self) -> Sample {
        Sample {
            attributes: json!({
                "application_id": self.organization.demo_application,
                "description": "made by keywright demo",
            }),
            change: json!({"description": "changed by keywright demo"}),
        }
    }

    fn issue_by_hand(&self) -> String {
        self.organization.issue_by_hand()
    }

    fn clock(&self) -> &Clock {
        &self.organization.clock
    }

    fn rate_limited(&self) -> Response {
        gateway::rate_limited()
    }

    fn server_error(&self) -> Response {
        gateway::server_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaleway(options: &[(&str, &str)]) -> Result<Scaleway, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Scaleway::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let vendor = scaleway(&[]).unwrap();
        let cases = [
            (Method::POST, "/iam/v1alpha1/api-keys", Some("create")),
            (Method::GET, "/iam/v1alpha1/api-keys", Some("list")),
            (Method::GET, "/iam/v1alpha1/api-keys/SCW", Some("get")),
            (Method::PATCH, "/iam/v1alpha1/api-keys/SCW", Some("update")),
            (Method::DELETE, "/iam/v1alpha1/api-keys/SCW", Some("revoke")),
            (Method::DELETE, "/iam/v1alpha1/api-keys", None),
            (Method::POST, "/iam/v1alpha1/applications", None),
            (Method::GET, "/iam/v1alpha1/api-keys-of-others", None),
            (Method::GET, "/metadata", None),
        ];
        for (method, path, operation) in cases {
            assert_eq!(vendor.operation(&method, path), operation, "{method} {path}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused_with_what_may_be_given() {
        let cases = [
            ("max-key-duration", "-1", "a whole number of seconds"),
            ("consistency-delay", "1s", "a whole number of milliseconds"),
        ];
        for (option, value, expected) in cases {
            let error = scaleway(&[(option, value)]).err().unwrap().to_string();
            assert!(error.contains(option) && error.contains(expected), "{error}");
        }
    }
}
