//! What tests of DigitalOcean Spaces share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Issued, UpdateRequest};
use keywright_simulators::digitalocean_spaces::DigitalOceanSpaces;
use keywright_simulators::{Error, Vendor as _};
use serde_json::{Value, json};

use super::{Bench, Seeded};
use crate::object;

impl Seeded for DigitalOceanSpaces {
    const NAME: &'static str = "digitalocean-spaces";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<DigitalOceanSpaces> {
    /// The bucket that is there from the start.
    pub fn bucket(&self) -> String {
        self.vendor.sample().attributes["grants"][0]["bucket"].as_str().expect("a bucket").to_owned()
    }

    /// A grant to read that bucket.
    pub fn reading(&self) -> Value {
        json!([{"bucket": self.bucket(), "permission": "read"}])
    }

    /// The grant for everything.
    pub fn full_access(&self) -> Value {
        json!([{"bucket": "", "permission": "fullaccess"}])
    }

    /// A creation of a key of this name and these grants.
    pub fn creation(&self, name: &str, grants: &Value) -> CreateRequest {
        CreateRequest { attributes: object(json!({"name": name, "grants": grants})), ..CreateRequest::default() }
    }

    /// A creation of a key that may read the bucket, with this marker.
    pub fn marked_creation(&self, name: &str, marker: &str) -> CreateRequest {
        CreateRequest { marker: Some(marker.to_owned()), ..self.creation(name, &self.reading()) }
    }

    /// A key of this name that may read the bucket.
    pub async fn key(&self, name: &str) -> Issued {
        self.key_with(name, &self.reading()).await
    }

    /// A key of this name and these grants.
    pub async fn key_with(&self, name: &str, grants: &Value) -> Issued {
        self.account.create(&self.creation(name, grants)).await.expect("a key")
    }

    /// A change of these attributes.
    pub fn patch(&self, attributes: Value) -> UpdateRequest {
        UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
    }
}
