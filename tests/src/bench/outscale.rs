//! What tests of OUTSCALE share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Issued};
use keywright_simulators::outscale::Outscale;
use keywright_simulators::{Error, Vendor as _};
use serde_json::{Value, json};

use super::{Bench, Seeded};
use crate::object;

impl Seeded for Outscale {
    const NAME: &'static str = "outscale";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Outscale> {
    /// The EIM user who is there from the start, without rights.
    pub fn user(&self) -> String {
        self.vendor.sample().attributes["user_name"].as_str().expect("a name").to_owned()
    }

    /// A creation for that user, with this tag.
    pub fn creation(&self, tag: &str) -> CreateRequest {
        let attributes = object(json!({"user_name": self.user(), "tag": tag}));
        CreateRequest { attributes, ..CreateRequest::default() }
    }

    /// A key of that user.
    pub async fn key(&self, tag: &str) -> Issued {
        self.account.create(&self.creation(tag)).await.expect("a key")
    }

    /// A key of the administrator's own.
    pub async fn own_key(&self) -> Issued {
        self.account.create(&CreateRequest::default()).await.expect("a key")
    }

    /// The calls of what has arrived since, in order.
    pub fn calls_since(&self, mark: usize) -> Vec<String> {
        let name = |path: &str| path.strip_prefix("/api/v1/").expect("a call").to_owned();
        self.since(mark).iter().map(|request| name(&request.path)).collect()
    }

    /// The bodies of what has arrived since, in order.
    pub fn bodies_since(&self, mark: usize) -> Vec<Value> {
        self.since(mark).iter().map(|request| serde_json::from_slice(&request.body).expect("JSON")).collect()
    }
}
