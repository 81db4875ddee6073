//! What tests of Datadog share.

use std::collections::BTreeMap;

use keywright_runtime::{Account, CreateRequest, Issued, Parts};
use keywright_simulators::Error;
use keywright_simulators::datadog::{Datadog, Permission};
use serde_json::json;

use super::{Bench, Seeded};
use crate::object;

impl Seeded for Datadog {
    const NAME: &'static str = "datadog";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Datadog> {
    /// A creation of a key of this name.
    pub fn creation(&self, name: &str) -> CreateRequest {
        CreateRequest { attributes: object(json!({"name": name})), ..CreateRequest::default() }
    }

    /// A creation of a key of this name and marker.
    pub fn marked_creation(&self, name: &str, marker: &str) -> CreateRequest {
        CreateRequest { marker: Some(marker.to_owned()), ..self.creation(name) }
    }

    /// A key of this name.
    pub async fn key(&self, name: &str) -> Issued {
        self.account.create(&self.creation(name)).await.expect("a key")
    }

    /// An account with the administrator's API key and another application key, which has these permissions.
    pub fn permitted(&self, permissions: &[Permission]) -> Account {
        let application_key = self.vendor.issue_application_key(permissions);
        self.account_with(Parts::from_iter([("api_key", self.own("api_key")), ("application_key", application_key)]))
    }
}
