//! Datadog's API keys (`/api/v2/api_keys`), and the endpoints that tell whether a key is valid.
//!
//! Facts come from Datadog's API reference and guides, its generated Python client 2.62.0 (which restates the API
//! description), the recorded answers of the live API in the tests of its Go client and of its Terraform provider, and that
//! provider's code. Where nobody outside Datadog knows what the API does, the comment says "unknown; a choice", or there is
//! an [option](crate::options).
//!
//! Not here: authentication by OAuth and by personal access tokens, the application keys' own API, and version 1 of the key
//! management, which has the key itself in its paths.

mod api_key;
mod api_keys;
mod authentication;
mod body;
mod errors;
mod gateway;
mod included;
mod list;
mod organization;
mod quirks;
mod rate;
mod router;
mod timestamp;
mod users;
mod validate;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::Method;
use serde_json::json;

use crate::{Account, Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
pub use authentication::Permission;
use organization::Organization;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Datadog::from_options(options)?)) };

const NAME: &str = "datadog";

/// One Datadog organization with two users, and the API key and the application key of the first.
pub struct Datadog {
    organization: Arc<Organization>,
    account: Account,
}

impl Datadog {
    /// A freshly seeded organization. For the options see [`options`](crate::options); [`vendor`](crate::vendor) makes the
    /// same, but without what only this type can do.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let (organization, api_key, application_key) = Organization::seed(Quirks::read(options)?);
        let account = Account {
            settings: json!({"site": organization.quirks.site.name()}),
            credential: BTreeMap::from([
                ("api_key".to_owned(), api_key),
                ("application_key".to_owned(), application_key),
            ]),
        };
        Ok(Self { organization: Arc::new(organization), account })
    }

    /// The id (UUID) of the API key that the administrator's requests are made with.
    pub fn administrator_key_id(&self) -> String {
        self.organization.administrator_key.to_string()
    }

    /// The organization's id (UUID), as [`/api/v2/validate`](https://docs.datadoghq.com/api/latest/key-management/) tells
    /// it.
    pub fn organization_id(&self) -> String {
        self.organization.id.to_string()
    }

    /// Makes an application key of the second user's with these permissions and no others, and returns its value.
    pub fn issue_application_key(&self, permissions: &[Permission]) -> String {
        self.organization.issue_application_key(self.organization.colleague.id, permissions)
    }
}

impl Vendor for Datadog {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.organization))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "list", "get", "update", "verify", "revoke"]
    }

    /// A verification asks whether the key is valid; `validate_keys` is about the administrator's own keys.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        if [router::VALIDATE_V1, router::VALIDATE_V2].contains(&path) {
            return (*method == Method::GET).then_some("verify");
        }
        match (path.strip_prefix(router::API_KEYS)?, method) {
            ("", &Method::POST) => Some("create"),
            ("", &Method::GET) => Some("list"),
            (key, method) if key.starts_with('/') => match *method {
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
            attributes: json!({"name": "made by keywright demo"}),
            change: json!({"name": "changed by keywright demo"}),
        }
    }

    /// The second user makes it. Names are unique, so every one has its own.
    fn issue_by_hand(&self) -> String {
        self.organization.issue_by_hand().to_string()
    }

    fn clock(&self) -> &Clock {
        &self.organization.clock
    }

    fn rate_limited(&self) -> Response {
        gateway::rate_limited(&self.organization.quirks)
    }

    fn server_error(&self) -> Response {
        gateway::server_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datadog(options: &[(&str, &str)]) -> Result<Datadog, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Datadog::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let vendor = datadog(&[]).unwrap();
        let cases = [
            (Method::POST, "/api/v2/api_keys", Some("create")),
            (Method::GET, "/api/v2/api_keys", Some("list")),
            (Method::GET, "/api/v2/api_keys/11111111-2222-4333-8444-555555555555", Some("get")),
            (Method::PATCH, "/api/v2/api_keys/1", Some("update")),
            (Method::DELETE, "/api/v2/api_keys/1", Some("revoke")),
            (Method::GET, "/api/v1/validate", Some("verify")),
            (Method::GET, "/api/v2/validate", Some("verify")),
            (Method::POST, "/api/v1/validate", None),
            (Method::GET, "/api/v2/validate_keys", None),
            (Method::PUT, "/api/v2/api_keys/1", None),
            (Method::DELETE, "/api/v2/api_keys", None),
            (Method::GET, "/api/v2/api_keys_of_others", None),
            (Method::GET, "/api/v2/application_keys", None),
            (Method::GET, "/", None),
        ];
        for (method, path, operation) in cases {
            assert_eq!(vendor.operation(&method, path), operation, "{method} {path}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }

    #[test]
    fn the_settings_name_the_site() {
        for site in ["datadoghq.com", "datadoghq.eu", "us3.datadoghq.com", "us2.ddog-gov.com"] {
            assert_eq!(datadog(&[("site", site)]).unwrap().account().settings, json!({"site": site}));
        }
        assert_eq!(datadog(&[]).unwrap().account().settings, json!({"site": "datadoghq.com"}));
    }
}
