//! DigitalOcean Spaces: the access keys of the management API (`/v2/spaces/keys`), and of the S3 endpoint what it takes to
//! try a key.
//!
//! Facts come from DigitalOcean's API description and its Python SDK pydo, which is generated from it; its Go SDK godo; its
//! Terraform provider; its documentation; answers of the live service that others recorded; and Ceph's object gateway, on
//! which Spaces is built. They are named where they are used. Where nobody outside DigitalOcean knows what the service does,
//! the comment says "unknown; a choice", and where several ways are likely there is an option.
//!
//! The real service has two hosts, `api.digitalocean.com` and one for each region, such as `nyc3.digitaloceanspaces.com`.
//! Here both are one origin: paths under `/v2` are the management API's, all others are S3's. No bucket can be called `v2`,
//! because the names of buckets have at least three characters.

mod account;
mod authentication;
mod errors;
mod gateway;
mod grants;
mod key;
mod keys;
mod list;
mod quirks;
mod router;
mod s3;
mod throttle;

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, response::Response};
use http::Method;
use serde_json::json;

use crate::{Account, Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use account::SpacesAccount;
use quirks::Quirks;

/// The line of the list.
pub(crate) const ENTRY: Entry = Entry {
    name: NAME,
    options: quirks::OPTIONS,
    make: |options| Ok(Arc::new(DigitalOceanSpaces::from_options(options)?)),
};

const NAME: &str = "digitalocean-spaces";

/// One DigitalOcean account with a personal access token and a bucket called `keywright-demo`.
pub struct DigitalOceanSpaces {
    spaces: Arc<SpacesAccount>,
    account: Account,
}

impl DigitalOceanSpaces {
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
        let spaces = SpacesAccount::seed(Quirks::read(options)?);
        let account = Account {
            settings: json!({"region": account::REGION}),
            credential: BTreeMap::from([("token".to_owned(), spaces.token.clone())]),
        };
        Ok(Self { spaces: Arc::new(spaces), account })
    }

    /// Adds a bucket without a policy, as a person at the control panel would.
    pub fn add_bucket(&self, name: &str) {
        self.spaces.add_bucket(name);
    }

    /// Gives a bucket a bucket policy, or takes it away. Answers whether there is such a bucket. At DigitalOcean this takes
    /// a document; here it is a switch, and the policy allows nothing.
    pub fn set_bucket_policy(&self, bucket: &str, present: bool) -> bool {
        self.spaces.set_bucket_policy(bucket, present)
    }
}

impl Vendor for DigitalOceanSpaces {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        router::router(Arc::clone(&self.spaces))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "list", "get", "update", "revoke", "verify"]
    }

    /// A verification reads the list of buckets, or one bucket, at the S3 endpoint.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        if !router::is_management(path) {
            let is_read = *method == Method::GET || *method == Method::HEAD;
            return (is_read && s3::names_at_most_a_bucket(path)).then_some("verify");
        }
        match path.strip_prefix(router::KEYS)? {
            "" => match *method {
                Method::POST => Some("create"),
                Method::GET => Some("list"),
                _ => None,
            },
            key if key.starts_with('/') => match *method {
                Method::GET => Some("get"),
                Method::PUT | Method::PATCH => Some("update"),
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
                "name": "keywright-demo",
                "grants": [{"bucket": account::DEMO_BUCKET, "permission": "read"}],
            }),
            change: json!({"name": "keywright-demo-changed"}),
        }
    }

    fn issue_by_hand(&self) -> String {
        self.spaces.issue_by_hand()
    }

    fn clock(&self) -> &Clock {
        &self.spaces.clock
    }

    fn rate_limited(&self) -> Response {
        gateway::rate_limited(&self.spaces)
    }

    fn server_error(&self) -> Response {
        gateway::server_error(&self.spaces)
    }

    fn rate_limited_at(&self, path: &str) -> Response {
        if router::is_management(path) { self.rate_limited() } else { s3::slow_down(&self.spaces, path) }
    }

    fn server_error_at(&self, path: &str) -> Response {
        if router::is_management(path) { self.server_error() } else { s3::internal_error(&self.spaces, path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spaces(options: &[(&str, &str)]) -> Result<DigitalOceanSpaces, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        DigitalOceanSpaces::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_and_path() {
        let vendor = spaces(&[]).unwrap();
        let cases = [
            (Method::POST, "/v2/spaces/keys", Some("create")),
            (Method::GET, "/v2/spaces/keys", Some("list")),
            (Method::GET, "/v2/spaces/keys/DO00", Some("get")),
            (Method::PUT, "/v2/spaces/keys/DO00", Some("update")),
            (Method::PATCH, "/v2/spaces/keys/DO00", Some("update")),
            (Method::DELETE, "/v2/spaces/keys/DO00", Some("revoke")),
            (Method::DELETE, "/v2/spaces/keys", None),
            (Method::GET, "/v2/spaces/keys-of-others", None),
            (Method::GET, "/v2", None),
            (Method::GET, "/", Some("verify")),
            (Method::HEAD, "/photos", Some("verify")),
            (Method::GET, "/photos/", Some("verify")),
            (Method::GET, "/v21", Some("verify")),
            (Method::GET, "/photos/cat.png", None),
            (Method::PUT, "/photos", None),
        ];
        for (method, path, operation) in cases {
            assert_eq!(vendor.operation(&method, path), operation, "{method} {path}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }
}
