//! commercetools Composable Commerce: API clients of one project, and the access tokens that they get.
//!
//! Facts come from commercetools' API description and documentation, its SDKs, and the requests that its Terraform
//! provider sends, named where they are used. Where nobody outside commercetools knows what the API does, the comment
//! says "unknown, a choice".

mod api_client;
mod api_clients;
mod authentication;
mod errors;
mod gateway;
mod list;
mod predicate;
mod project;
mod quirks;
mod router;
mod scopes;
mod settings;
mod timestamp;
mod tokens;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::{HeaderValue, Method, header};
use serde_json::{Value, json};

use crate::{Account, Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use project::Project;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Commercetools::from_options(options)?)) };

const NAME: &str = "commercetools";

/// One project with an API client that may make others.
pub struct Commercetools {
    project: Arc<Project>,
    account: Account,
}

impl Commercetools {
    /// A freshly seeded project. For the options see [`options`](crate::options).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let project = Project::seed(Quirks::read(options)?);
        let administrator = project.administrator();
        let account = Account {
            settings: json!({"project_key": project.key, "region": "europe-west1.gcp"}),
            credential: BTreeMap::from([
                ("client_id".to_owned(), administrator.id),
                ("client_secret".to_owned(), administrator.secret),
            ]),
        };
        Ok(Self { project: Arc::new(project), account })
    }

    /// How many API clients there are now.
    pub fn clients(&self) -> usize {
        self.project.records().clients.len()
    }
}

impl Vendor for Commercetools {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.project))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["token", "create", "list", "get", "revoke"]
    }

    /// A verification is a `get` with another token: method and path do not tell the two apart.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let first_four = [segments.next(), segments.next(), segments.next(), segments.next()];
        match (method.as_str(), first_four) {
            ("POST", [Some("oauth"), Some("token"), None, _]) => Some("token"),
            ("POST", [Some(_), Some("api-clients"), None, _]) => Some("create"),
            ("GET" | "HEAD", [Some(_), Some("api-clients"), None, _]) => Some("list"),
            ("GET" | "HEAD", [Some(_), Some("api-clients"), Some(_), None]) => Some("get"),
            ("DELETE", [Some(_), Some("api-clients"), Some(_), None]) => Some("revoke"),
            _ => None,
        }
    }

    fn account(&self) -> Account {
        self.account.clone()
    }

    /// The example of the Terraform resource's page.
    fn sample(&self) -> Sample {
        let scope = ["manage_orders", "manage_payments"].map(|name| scopes::of(name, &self.project.key));
        Sample {
            attributes: json!({
                "name": "My API Client",
                "scope": scope,
                "access_token_validity_seconds": 3600,
                "refresh_token_validity_seconds": 60,
            }),
            change: Value::Null,
        }
    }

    fn issue_by_hand(&self) -> String {
        self.project.issue_by_hand()
    }

    fn clock(&self) -> &Clock {
        &self.project.clock
    }

    fn rate_limited(&self) -> Response {
        let mut answer = errors::rate_limited();
        gateway::sign(answer.headers_mut(), None);
        if let Some(seconds) = self.project.quirks.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    fn server_error(&self) -> Response {
        let mut answer = errors::server_error();
        gateway::sign(answer.headers_mut(), None);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commercetools(options: &[(&str, &str)]) -> Result<Commercetools, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Commercetools::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let vendor = commercetools(&[]).unwrap();
        let cases = [
            (Method::POST, "/oauth/token", Some("token")),
            (Method::POST, "/oauth/introspect", None),
            (Method::POST, "/keywright-demo/api-clients", Some("create")),
            (Method::GET, "/keywright-demo/api-clients", Some("list")),
            (Method::GET, "/keywright-demo/api-clients/a", Some("get")),
            (Method::DELETE, "/keywright-demo/api-clients/a", Some("revoke")),
            (Method::DELETE, "/keywright-demo/api-clients", None),
            (Method::GET, "/keywright-demo/api-clients/a/b", None),
            (Method::GET, "/keywright-demo", None),
            (Method::GET, "/keywright-demo/orders", None),
        ];
        for (method, path, operation) in cases {
            assert_eq!(vendor.operation(&method, path), operation, "{method} {path}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused_with_what_may_be_given() {
        let cases = [
            ("project-key", "a key", "letters, digits"),
            ("administrator-scope", "manage_project:pk", "names of scopes"),
            ("new-client-delay", "1s", "a whole number of milliseconds"),
        ];
        for (option, value, expected) in cases {
            let error = commercetools(&[(option, value)]).err().unwrap().to_string();
            assert!(error.contains(option) && error.contains(expected), "{error}");
        }
    }

    #[test]
    fn ids_and_secrets_have_the_vendors_lengths() {
        let account = commercetools(&[]).unwrap().account();
        assert_eq!((account.credential["client_id"].len(), account.credential["client_secret"].len()), (24, 32));
    }
}
