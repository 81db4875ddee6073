//! What tests of Imperva share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Issued};
use keywright_simulators::Error;
use keywright_simulators::imperva::Imperva;
use serde_json::{Value, json};

use super::{Bench, Seeded};
use crate::object;

impl Seeded for Imperva {
    const NAME: &'static str = "imperva";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Imperva> {
    /// A creation of an enabled API client with this name for the administrator, and these attributes beside.
    pub fn creation(&self, name: &str, more: Value) -> CreateRequest {
        let mut attributes = object(json!({"name": name, "enabled": true}));
        attributes.extend(object(more));
        CreateRequest { attributes, ..CreateRequest::default() }
    }

    /// An enabled API client of the administrator.
    pub async fn client(&self, name: &str) -> Issued {
        self.client_with(name, json!({})).await
    }

    /// An enabled API client with these attributes beside its name.
    pub async fn client_with(&self, name: &str, more: Value) -> Issued {
        self.account.create(&self.creation(name, more)).await.expect("an API client")
    }
}
