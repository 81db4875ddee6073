//! A built-in adapter at work on its simulated vendor.

mod aws_iam;
mod commercetools;
mod datadog;
mod digitalocean_spaces;
mod gcore;
mod imperva;
mod outscale;
mod scaleway;

use std::collections::BTreeMap;
use std::sync::Arc;

use keywright_adapters::BuiltIn;
use keywright_runtime::{
    Account, AccountConfig, AccountError, Adapter, CallError, CreateRequest, Credential, EndpointOverride, Filter,
    Limits, Parts,
};
use keywright_simulators::{Error, FaultRule, Recorded, Simulator, Vendor};
use serde_json::{Map, Value};

use crate::{engine, engine_with, object};

/// A bench for AWS IAM.
pub type AwsIamBench = Bench<keywright_simulators::aws_iam::AwsIam>;

/// A bench for commercetools.
pub type CommercetoolsBench = Bench<keywright_simulators::commercetools::Commercetools>;

/// A bench for Datadog.
pub type DatadogBench = Bench<keywright_simulators::datadog::Datadog>;

/// A bench for DigitalOcean Spaces.
pub type SpacesBench = Bench<keywright_simulators::digitalocean_spaces::DigitalOceanSpaces>;

/// A bench for Gcore.
pub type GcoreBench = Bench<keywright_simulators::gcore::Gcore>;

/// A bench for Imperva.
pub type ImpervaBench = Bench<keywright_simulators::imperva::Imperva>;

/// A bench for OUTSCALE.
pub type OutscaleBench = Bench<keywright_simulators::outscale::Outscale>;

/// A bench for Scaleway.
pub type ScalewayBench = Bench<keywright_simulators::scaleway::Scaleway>;

/// A vendor's fake that a bench can seed.
pub trait Seeded: Vendor + Sized {
    /// The vendor's short name.
    const NAME: &'static str;

    /// A freshly seeded fake with these options.
    ///
    /// # Errors
    ///
    /// When an option is none of the fake's.
    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error>;
}

/// A simulated vendor, and an account there for the built-in adapter. What tests of one vendor share beyond this is an
/// `impl Bench<Vendor>` in a file of its own beside this one.
pub struct Bench<V: ?Sized> {
    /// What the vendor remembers.
    pub vendor: Arc<V>,
    /// Its server.
    pub simulator: Simulator,
    /// The account of the seeded administrator.
    pub account: Account,
}

/// Makes a vendor's fake of its name and options: as what tests know it for, and as what is served.
type Make<V> = fn(&str, &BTreeMap<String, String>) -> Result<(Arc<V>, Arc<dyn Vendor>), Error>;

/// How a bench is to be.
#[must_use = "a builder does nothing before `start`"]
pub struct Builder<V: ?Sized> {
    name: String,
    make: Make<V>,
    adapter: BuiltIn,
    options: BTreeMap<String, String>,
    settings: Map<String, Value>,
    without: Vec<String>,
    limits: Option<Limits>,
}

impl<V: Seeded> Bench<V> {
    /// The usual bench.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// A bench that is to differ from the usual.
    pub fn builder() -> Builder<V> {
        Builder::new(V::NAME, |_, options| {
            let vendor = Arc::new(V::seeded(options)?);
            Ok((vendor.clone(), vendor))
        })
    }

    /// The adapter as it is built in.
    pub fn built_in() -> &'static BuiltIn {
        built_in(V::NAME)
    }
}

impl Bench<dyn Vendor> {
    /// The usual bench of any vendor that is built in, by its name.
    pub fn of(vendor: &str) -> Builder<dyn Vendor> {
        Builder::new(vendor, |name, options| {
            let vendor = keywright_simulators::vendor(name, options)?;
            Ok((vendor.clone(), vendor))
        })
    }
}

impl<V: ?Sized> Builder<V> {
    fn new(name: &str, make: Make<V>) -> Self {
        Self {
            name: name.to_owned(),
            make,
            adapter: *built_in(name),
            options: BTreeMap::new(),
            settings: Map::new(),
            without: Vec::new(),
            limits: None,
        }
    }

    /// With this option of the simulator.
    pub fn option(mut self, name: &str, value: impl ToString) -> Self {
        self.options.insert(name.to_owned(), value.to_string());
        self
    }

    /// With this setting of the account, in place of the seeded one.
    pub fn setting(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    /// With an account that does not know this part of its credential.
    pub fn without_part(mut self, name: &str) -> Self {
        self.without.push(name.to_owned());
        self
    }

    /// With another adapter for the vendor than the one that is built in.
    pub fn adapter(mut self, adapter: BuiltIn) -> Self {
        self.adapter = adapter;
        self
    }

    /// With other limits than the usual.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Starts it.
    pub async fn start(self) -> Bench<V> {
        let (vendor, served) = (self.make)(&self.name, &self.options).expect("options");
        let simulator = Simulator::builder(served).start().await.expect("a simulator");
        let engine = self.limits.map_or_else(|| engine().clone(), engine_with);
        let adapter = self.adapter.load(&engine).await.expect("the adapter loads with its own grant");
        let seeded = simulator.vendor().account();
        let mut settings = object(seeded.settings);
        settings.extend(self.settings);
        let parts = seeded.credential.into_iter().filter(|(name, _)| !self.without.contains(name));
        let account = account(&adapter, &simulator, settings, Parts::from_iter(parts));
        Bench { vendor, simulator, account: account.expect("the seeded account is usable") }
    }
}

impl<V: ?Sized> Bench<V> {
    /// Another account at the same vendor, with this credential and connections of its own.
    pub fn account_with(&self, parts: Parts) -> Account {
        let settings = object(self.simulator.vendor().account().settings);
        account(self.account.adapter(), &self.simulator, settings, parts).expect("an account")
    }

    /// The seeded administrator's account with other settings, which are put in the place of the seeded ones by name.
    ///
    /// # Errors
    ///
    /// When they do not make a usable account.
    pub fn account_at(&self, settings: Value) -> Result<Account, AccountError> {
        let seeded = self.simulator.vendor().account();
        let mut all = object(seeded.settings);
        all.extend(object(settings));
        account(self.account.adapter(), &self.simulator, all, Parts::from_iter(seeded.credential))
    }

    /// A part of the administrator's credential.
    pub fn own(&self, part: &str) -> String {
        self.simulator.vendor().account().credential[part].clone()
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

    /// Methods and paths of what has arrived since, in order: for vendors whose every call is a POST.
    pub fn lines_since(&self, mark: usize) -> Vec<String> {
        self.since(mark).iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }

    /// The methods of the requests that a call sends, and what comes of it.
    pub async fn sent<T>(&self, call: impl Future<Output = Result<T, CallError>>) -> (String, T) {
        let mark = self.mark();
        let outcome = call.await.expect("it works");
        (self.methods_since(mark).join(" "), outcome)
    }

    /// A creation as the vendor's demonstration makes it.
    pub fn sample(&self) -> CreateRequest {
        CreateRequest { attributes: object(self.simulator.vendor().sample().attributes), ..CreateRequest::default() }
    }

    /// The credential as it is at the vendor.
    pub async fn stored(&self, id: &str) -> Credential {
        self.account.get(id).await.expect("an answer").expect("the credential is there")
    }

    /// The credentials that carry a marker.
    pub async fn marked(&self, marker: &str) -> Vec<Credential> {
        let filter = Filter { marker: Some(marker.to_owned()), ..Filter::default() };
        self.account.list_all(&filter).await.expect("a list")
    }
}

fn built_in(vendor: &str) -> &'static BuiltIn {
    keywright_adapters::find(vendor).unwrap_or_else(|| panic!("{vendor} is not built in"))
}

fn account(
    adapter: &Adapter,
    simulator: &Simulator,
    settings: Map<String, Value>,
    credential: Parts,
) -> Result<Account, AccountError> {
    let endpoints = EndpointOverride::every(adapter.descriptor(), simulator.base_url());
    let ca_pem = simulator.ca_pem().map(str::to_owned);
    Account::new(adapter, AccountConfig { settings, credential, endpoints, ca_pem, proxy: None })
}
