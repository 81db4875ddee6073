//! What tests of Gcore share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Issued};
use keywright_simulators::gcore::Gcore;
use keywright_simulators::{Error, Vendor as _};
use serde_json::json;

use super::{Bench, Seeded};
use crate::object;

impl Seeded for Gcore {
    const NAME: &'static str = "gcore";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Gcore> {
    /// The account's number.
    pub fn client_id(&self) -> u64 {
        self.vendor.account().settings["client_id"].as_u64().expect("a number")
    }

    /// The id of a token that does not exist.
    pub fn absent(&self) -> String {
        format!("{}/999999999", self.client_id())
    }

    /// A creation of a token with this role and description.
    pub fn creation(&self, role_id: u64, description: &str) -> CreateRequest {
        let attributes = json!({"name": "test", "description": description, "role_id": role_id});
        CreateRequest { attributes: object(attributes), ..CreateRequest::default() }
    }

    /// A token of the role Users.
    pub async fn token(&self, description: &str) -> Issued {
        self.token_of(2, description).await
    }

    /// A token of this role.
    pub async fn token_of(&self, role_id: u64, description: &str) -> Issued {
        self.account.create(&self.creation(role_id, description)).await.expect("a token")
    }
}
