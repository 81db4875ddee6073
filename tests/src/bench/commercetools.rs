//! What tests of commercetools share.

use std::collections::BTreeMap;

use keywright_runtime::{Account, CreateRequest, Issued, Parts};
use keywright_simulators::commercetools::Commercetools;
use keywright_simulators::{Error, Vendor as _};
use serde_json::json;

use super::{Bench, Seeded};
use crate::{Arrived, Reply, ScriptedVendor, engine, object};

impl Seeded for Commercetools {
    const NAME: &'static str = "commercetools";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<Commercetools> {
    /// The project's key.
    pub fn project_key(&self) -> String {
        self.vendor.account().settings["project_key"].as_str().expect("a key").to_owned()
    }

    /// A scope of the project.
    pub fn scope(&self, name: &str) -> String {
        format!("{name}:{}", self.project_key())
    }

    /// The path of the project's API clients.
    pub fn path(&self) -> String {
        format!("/{}/api-clients", self.project_key())
    }

    /// A creation with this name and one scope.
    pub fn creation(&self, name: &str) -> CreateRequest {
        let attributes = object(json!({"name": name, "scope": [self.scope("view_products")]}));
        CreateRequest { attributes, ..CreateRequest::default() }
    }

    /// An API client with this name and one scope.
    pub async fn client(&self, name: &str) -> Issued {
        self.account.create(&self.creation(name)).await.expect("an API client")
    }

    /// An account of the project `pk` at a vendor whose answers are written by the test, but for those to requests for
    /// an access token: it gives `t`.
    pub async fn scripted(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
        let vendor =
            ScriptedVendor::start(move |arrived| Self::token(arrived).unwrap_or_else(|| script(arrived))).await;
        let adapter = Self::built_in().load(engine()).await.expect("the adapter loads with its own grant");
        let settings = object(json!({"project_key": "pk", "region": "europe-west1.gcp"}));
        let parts = Parts::from_iter([("client_id", "administrator"), ("client_secret", "s3cr3t")]);
        let account = vendor.account(&adapter, settings, parts);
        (vendor, account)
    }

    /// The answer to a request for an access token.
    pub fn token(arrived: &Arrived) -> Option<Reply> {
        let answer = json!({"access_token": "t", "token_type": "Bearer", "expires_in": 172_800, "scope": "a:pk"});
        (arrived.path == "/oauth/token").then(|| Reply::json(200, &answer))
    }
}
