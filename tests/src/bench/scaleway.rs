//! What tests of Scaleway share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Issued};
use keywright_simulators::scaleway::Scaleway;
use keywright_simulators::{Error, Vendor as _};
use serde_json::json;

use super::{Bench, Seeded};
use crate::object;

impl Seeded for Scaleway {
    const NAME: &'static str = "scaleway";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Scaleway> {
    /// The application that is there from the start.
    pub fn application(&self) -> String {
        self.vendor.sample().attributes["application_id"].as_str().expect("an id").to_owned()
    }

    /// A creation for the application, with this description.
    pub fn creation(&self, description: &str) -> CreateRequest {
        let attributes = object(json!({"application_id": self.application(), "description": description}));
        CreateRequest { attributes, ..CreateRequest::default() }
    }

    /// A key of the application.
    pub async fn key(&self, description: &str) -> Issued {
        self.account.create(&self.creation(description)).await.expect("a key")
    }

    /// The organisation's id.
    pub fn organization(&self) -> String {
        self.vendor.account().settings["organization_id"].as_str().expect("an id").to_owned()
    }

    /// The user who owns the organisation.
    pub async fn owner(&self) -> String {
        self.account.check().await.expect("an answer").owner.expect("an owner")
    }
}
