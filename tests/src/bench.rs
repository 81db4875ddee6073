//! The built-in adapter for Scaleway, at work on a simulated organisation.

use std::collections::BTreeMap;
use std::sync::Arc;

use keywright_adapters::BuiltIn;
use keywright_runtime::{
    Account, AccountConfig, Adapter, Creation, Credential, Engine, Filter, Issued, Limits, OwnEndpoint, Parts,
};
use keywright_simulators::scaleway::Scaleway;
use keywright_simulators::{FaultRule, Recorded, Simulator, Vendor as _};
use serde_json::{Value, json};

use crate::{engine, engine_with, object};

/// A simulated organisation, and an account for it.
pub struct Bench {
    /// The organisation.
    pub scaleway: Arc<Scaleway>,
    /// Its server.
    pub simulator: Simulator,
    /// The owner's account.
    pub account: Account,
    /// The application that is there from the start.
    pub application: String,
}

/// How a bench is to be.
#[must_use = "a builder does nothing before `start`"]
#[derive(Default)]
pub struct Builder {
    options: BTreeMap<String, String>,
    limits: Option<Limits>,
    without_access_key: bool,
}

impl Builder {
    /// With this option of the simulator.
    pub fn option(mut self, name: &str, value: impl ToString) -> Self {
        self.options.insert(name.to_owned(), value.to_string());
        self
    }

    /// With other limits than the usual.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// With an account that knows only its secret key.
    pub fn without_access_key(mut self) -> Self {
        self.without_access_key = true;
        self
    }

    /// Starts it.
    pub async fn start(self) -> Bench {
        let scaleway = Arc::new(Scaleway::new(&self.options).expect("options"));
        let simulator = Simulator::builder(scaleway.clone()).start().await.expect("a simulator");
        let application = scaleway.sample().attributes["application_id"].as_str().expect("an id").to_owned();
        let mut credential = scaleway.account().credential;
        if self.without_access_key {
            credential.remove("access_key");
        }
        let engine = self.limits.map_or_else(|| engine().clone(), engine_with);
        let adapter = load(&engine).await;
        let account = account(&adapter, &scaleway, &simulator, Parts::from_iter(credential));
        Bench { scaleway, simulator, account, application }
    }
}

impl Bench {
    /// A bench that is to differ from the usual.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The usual bench.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// The adapter as it is built in.
    pub fn built_in() -> &'static BuiltIn {
        keywright_adapters::find("scaleway").expect("scaleway is built in")
    }

    /// Another account of the same organisation, with this credential and connections of its own.
    pub fn account_with(&self, parts: Parts) -> Account {
        account(self.account.adapter(), &self.scaleway, &self.simulator, parts)
    }

    /// Makes the next requests of an operation go wrong, as in `cut@create*1`.
    pub fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().expect("a fault")).expect("an operation");
    }

    /// How many requests have arrived.
    pub fn mark(&self) -> usize {
        self.simulator.requests().len()
    }

    /// What has arrived since.
    pub fn since(&self, mark: usize) -> Vec<Recorded> {
        self.simulator.requests().split_off(mark)
    }

    /// The methods of what has arrived since, in order.
    pub fn methods_since(&self, mark: usize) -> Vec<String> {
        self.since(mark).iter().map(|request| request.method.to_string()).collect()
    }

    /// A creation for the application, with this description.
    pub fn creation(&self, description: &str) -> Creation {
        let attributes = object(json!({"application_id": self.application, "description": description}));
        Creation { attributes, ..Creation::default() }
    }

    /// A key of the application.
    pub async fn key(&self, description: &str) -> Issued {
        self.account.create(&self.creation(description)).await.expect("a key")
    }

    /// The key as it is at the vendor.
    pub async fn stored(&self, id: &str) -> Credential {
        self.account.get(id).await.expect("an answer").expect("the key is there")
    }

    /// The keys that carry a marker.
    pub async fn marked(&self, marker: &str) -> Vec<Credential> {
        let filter = Filter { marker: Some(marker.to_owned()), ..Filter::default() };
        self.account.list_all(&filter).await.expect("a list")
    }

    /// The administrator's own access key.
    pub fn own_key(&self) -> String {
        self.scaleway.account().credential["access_key"].clone()
    }

    /// The administrator's secret.
    pub fn own_secret(&self) -> String {
        self.scaleway.account().credential["secret_key"].clone()
    }

    /// The organisation's id.
    pub fn organization(&self) -> String {
        self.scaleway.account().settings["organization_id"].as_str().expect("an id").to_owned()
    }

    /// The user who owns the organisation.
    pub async fn owner(&self) -> String {
        self.account.check().await.expect("an answer").owner.expect("an owner")
    }
}

async fn load(engine: &Engine) -> Adapter {
    Bench::built_in().load(engine).await.expect("the adapter loads with its own grant")
}

fn account(adapter: &Adapter, scaleway: &Scaleway, simulator: &Simulator, credential: Parts) -> Account {
    let settings: Value = scaleway.account().settings;
    let endpoint = OwnEndpoint { url: simulator.base_url().to_owned(), ca_pem: simulator.ca_pem().map(str::to_owned) };
    adapter
        .account(AccountConfig { settings: object(settings), credential, endpoint: Some(endpoint) })
        .expect("the seeded account is usable")
}
