//! Where a hostile adapter attacks: a vendor, a network and an account of its own, and what is checked after each attack.

use std::fmt::{Debug, Display};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use keywright_egress::{Denial, DenialReason};
use keywright_runtime::{
    Account, AccountConfig, Adapter, Allocation, Cache, CallError, CreateRequest, Credential, EndpointOverride, Engine,
    EngineConfig, Failure, Filter, Grant, Issued, Limits, LoadError, Page, Parts, Principal, Unpinned, UpdateRequest,
    Updated,
};
use keywright_tests::{Arrived, First, PlayedNetwork, Reply, ScriptedVendor, exposed, object};
use serde_json::{Map, Value, json};
use tokio::sync::RwLockReadGuard;

use super::canary::Canary;
use super::log;
use super::memory::{Watch, among_others};
use crate::outcome;

/// The one host that the rules name.
const VENDOR: &str = ScriptedVendor::NAME;

/// Where that is, if one believes the test's DNS.
const ADDRESS: &str = "10.0.0.7";

/// The directory of the guests, and of their compiled code.
const OUT: &str = env!("OUT_DIR");

/// By how much the process may grow in an attack that aims at its memory.
const GROWTH: usize = 128 << 20;

/// Secrets that must stay where they are.
#[derive(Clone, Debug)]
pub(super) struct Canaries {
    /// The administrator's own.
    pub(super) administrator: Canary,
    /// What the vendor mints.
    pub(super) minted: Canary,
}

type Script = dyn Fn(&Arrived, &Canaries) -> Reply + Send + Sync;

/// What an attack finds.
pub(super) struct Setup {
    script: Arc<Script>,
    first: Option<First>,
    limits: Limits,
    lookups: Option<Vec<&'static [&'static str]>>,
    stalls: bool,
    exposes: bool,
    watches: bool,
}

impl Setup {
    /// A vendor that behaves, limits that tests can wait for, an adapter that is blind.
    pub(super) fn usual() -> Self {
        let limits = Limits {
            memory: 16 << 20,
            cpu: Duration::from_secs(1),
            call: Duration::from_secs(20),
            resolve: Duration::from_millis(300),
            handshake: Duration::from_millis(500),
            first_byte: Duration::from_secs(2),
            between_bytes: Duration::from_millis(300),
            exchange: Duration::from_secs(3),
            ..Limits::default()
        };
        let script = Arc::new(proper);
        Self { script, first: None, limits, lookups: None, stalls: false, exposes: false, watches: false }
    }

    /// With a vendor that answers so.
    pub(super) fn vendor(script: impl Fn(&Arrived, &Canaries) -> Reply + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), ..Self::usual() }
    }

    /// With a vendor whose first connection meets this.
    pub(super) fn behind(first: First) -> Self {
        Self { first: Some(first), ..Self::usual() }
    }

    /// For attacks on the memory of the process, which is then watched.
    pub(super) fn watched(self) -> Self {
        Self { watches: true, ..self }
    }

    /// With other limits.
    pub(super) fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// At the vendor's own host, which DNS tells is there, one answer a lookup.
    pub(super) fn resolving(self, answers: &[&'static [&'static str]]) -> Self {
        Self { lookups: Some(answers.to_vec()), ..self }
    }

    /// With a DNS that does not answer.
    pub(super) fn without_dns(self) -> Self {
        Self { stalls: true, ..self }
    }

    /// With an adapter that is granted to see what it mints.
    pub(super) fn exposing(self) -> Self {
        Self { exposes: true, ..self }
    }
}

/// What a vendor answers that behaves.
pub(super) fn proper(request: &Arrived, canaries: &Canaries) -> Reply {
    match (request.method.as_str(), request.path.rsplit('/').next()) {
        ("POST", Some("keys" | "rotate")) => {
            Reply::json(200, &json!({"id": "k1", "secret_key": canaries.minted.secret()}))
        }
        ("DELETE", _) => Reply::empty(204),
        _ => Reply::json(200, &json!({"id": "k1"})),
    }
}

/// An attack under way.
pub(super) struct Stage {
    pub(super) name: &'static str,
    pub(super) vendor: ScriptedVendor,
    pub(super) network: Arc<PlayedNetwork>,
    pub(super) canaries: Canaries,
    pub(super) adapter: Adapter,
    engine: Engine,
    pub(super) account: Account,
    /// Everything that the host said, and everything that the adapter says that it saw.
    said: Mutex<Vec<String>>,
    logged: usize,
    started: SystemTime,
    is_at_the_vendors_own: bool,
    watch: Option<Watch>,
    _others: Option<RwLockReadGuard<'static, ()>>,
}

/// The component of a guest.
pub(super) fn component(name: &str) -> Vec<u8> {
    let file = Path::new(OUT).join(name).with_extension("wasm");
    fs::read(&file).unwrap_or_else(|_| panic!("there is no guest `{name}` in tests/guests/hostile/examples"))
}

pub(super) fn engine(limits: Limits, network: Arc<PlayedNetwork>) -> Engine {
    let cache = Cache::At(Path::new(OUT).join("aot"));
    Engine::new(EngineConfig { allocation: Allocation::OnDemand, cache, limits, network, ..EngineConfig::default() })
        .expect("an engine")
}

/// Loads a guest that is expected not to be loaded, or not always; then sees that another still is.
pub(super) async fn load(name: &str, grant: &Grant<Unpinned>) -> Result<Adapter, LoadError> {
    load_bytes(&component(name), grant).await
}

/// The same of these bytes.
pub(super) async fn load_bytes(bytes: &[u8], grant: &Grant<Unpinned>) -> Result<Adapter, LoadError> {
    let network = Arc::new(PlayedNetwork::new(([127, 0, 0, 1], 1).into(), [&[ADDRESS] as &[_]]));
    let engine = engine(Setup::usual().limits, network.clone());
    let outcome = Adapter::load_unpinned(&engine, bytes, grant).await;
    Adapter::load_unpinned(&engine, &component("userinfo"), &Grant::as_requested()).await.expect("another one loads");
    assert_eq!(network.looked_up(), [""; 0], "the network was reached while it was loaded");
    outcome
}

impl Stage {
    pub(super) async fn set(name: &'static str, setup: Setup) -> Self {
        let exposes = setup.exposes;
        let grant = || if exposes { Grant::as_requested().exposing_secrets() } else { Grant::as_requested() };
        Self::granted(name, setup, grant).await
    }

    /// With a grant of the test's own.
    pub(super) async fn granted(name: &'static str, setup: Setup, grant: impl Fn() -> Grant<Unpinned>) -> Self {
        let canaries = Canaries { administrator: Canary::new("administrator"), minted: Canary::new("minted") };
        let (script, known) = (setup.script, canaries.clone());
        let script = move |request: &Arrived| match request.path.as_str() {
            "/keys/afterwards" => proper(request, &known),
            _ => script(request, &known),
        };
        let vendor = match setup.first {
            None => ScriptedVendor::start(script).await,
            Some(first) => ScriptedVendor::behind(first, script).await,
        };
        let is_at_the_vendors_own = setup.lookups.is_some();
        let lookups = setup.lookups.unwrap_or_else(|| vec![&[ADDRESS]]);
        let network = Arc::new(PlayedNetwork::new(vendor.address(), lookups));
        network.stall(setup.stalls);
        let engine = engine(setup.limits, network.clone());
        let logged = log::start();
        let adapter = Adapter::load_unpinned(&engine, &component(name), &grant()).await;
        let adapter = adapter.unwrap_or_else(|error| panic!("{name}: {error}"));
        let ca_pem = (!is_at_the_vendors_own).then(|| vendor.ca_pem());
        let account = account(&adapter, &canaries, ca_pem);
        let started = SystemTime::now();
        let (watch, others) = match setup.watches {
            true => (Some(Watch::start().await), None),
            false => (None, Some(among_others().await)),
        };
        Self {
            name,
            vendor,
            network,
            canaries,
            adapter,
            engine,
            account,
            said: Mutex::default(),
            logged,
            started,
            is_at_the_vendors_own,
            watch,
            _others: others,
        }
    }

    /// Another account at the same vendor, with the same credential.
    pub(super) fn another_account(&self) -> Account {
        self.account_of(&self.adapter)
    }

    /// The same through another adapter.
    pub(super) async fn account_of_another(&self, name: &str) -> Account {
        let adapter = Adapter::load_unpinned(&self.engine, &component(name), &Grant::as_requested()).await;
        self.account_of(&adapter.unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    fn account_of(&self, adapter: &Adapter) -> Account {
        account(adapter, &self.canaries, Some(self.vendor.ca_pem()))
    }

    pub(super) async fn check(&self) -> Result<Principal, CallError> {
        let outcome = self.account.check().await;
        if let Ok(principal) = &outcome {
            self.note(&json!(principal));
            self.note(&unveiled(&principal.details));
        }
        self.heard(outcome)
    }

    pub(super) async fn create(&self) -> Result<Issued, CallError> {
        self.create_with(json!({})).await
    }

    pub(super) async fn create_with(&self, attributes: Value) -> Result<Issued, CallError> {
        let creation = CreateRequest { attributes: object(attributes), ..CreateRequest::default() };
        self.heard(self.account.create(&creation).await)
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<Credential>, CallError> {
        self.heard(self.account.get(id).await)
    }

    pub(super) async fn list(&self) -> Result<Page, CallError> {
        self.heard(self.account.list(&Filter::default(), None).await)
    }

    pub(super) async fn list_all(&self) -> Result<Vec<Credential>, CallError> {
        let outcome = self.account.list_all(&Filter::default()).await;
        outcome.inspect_err(|error| self.note(error))
    }

    pub(super) async fn update(&self) -> Result<Updated, CallError> {
        self.heard(self.account.update("k1", &UpdateRequest::default()).await)
    }

    pub(super) async fn revoke(&self) -> Result<(), CallError> {
        self.heard(self.account.revoke("k1").await)
    }

    /// The denial of what `check` wanted to send: it has this reason, and nothing was sent.
    pub(super) async fn is_denied(&self, reason: DenialReason) -> Denial {
        let denial = denial(self.check().await);
        assert_eq!((denial.operation.as_str(), denial.reason), ("check", reason), "{}: {denial}", self.name);
        assert!(denial.to_string().contains(&format!("may not send {} {}", denial.method, denial.url)), "{denial}");
        self.sent_nothing();
        denial
    }

    /// What `check` wanted to send was refused before it was a request: the adapter got no further than this.
    pub(super) async fn gets_no_further_than(&self, step: &str) {
        let failure = self.failure(self.check().await);
        assert!(failure.message.contains(step), "{}: {failure}", self.name);
        self.sent_nothing();
    }

    /// The header of `check`'s request is the host's, and nothing was sent.
    pub(super) async fn may_not_set(&self, header: &str) {
        let error = outcome::found(self.check().await);
        let CallError::ReservedHeader { header: named, .. } = &error else { panic!("{}: {error:?}", self.name) };
        assert_eq!(named, header, "{}", self.name);
        assert!(error.to_string().contains(&format!("`{header}`")), "{error}");
        self.sent_nothing();
    }

    /// `check` ran into a limit whose text holds this.
    pub(super) async fn is_limited(&self, limit: &str) {
        let error = self.check().await.expect_err("a limit");
        assert_limit(&error, limit);
    }

    /// The vendor got this in place of what the adapter wrote, and nothing more.
    pub(super) async fn arrives_as(&self, line: &str) {
        self.check().await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let arrived = self.vendor.arrived();
        let [one] = arrived.as_slice() else { panic!("{}: {arrived:?}", self.name) };
        assert_eq!((one.line().as_str(), one.host.as_str()), (line, VENDOR), "{}", self.name);
        assert_eq!(one.server_name.as_deref(), Some(VENDOR), "{}", self.name);
    }

    /// What the adapter says that it saw in the answer to `check`.
    pub(super) async fn sees(&self) -> String {
        let principal = self.check().await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        unveiled(&principal.details)
    }

    pub(super) fn failure<T: Debug>(&self, outcome: Result<T, CallError>) -> Failure {
        outcome::failure(outcome)
    }

    pub(super) fn sent_nothing(&self) {
        assert_eq!(self.vendor.lines(), [""; 0], "{}", self.name);
    }

    /// What was logged since the attack began.
    pub(super) fn logged(&self) -> String {
        log::since(self.logged)
    }

    /// The part as it was handed to whoever asked for the key.
    pub(super) fn secret_of(&self, parts: &Parts) -> String {
        exposed(parts, "secret_key")
    }

    /// What is to be searched for secrets.
    pub(super) fn note(&self, said: &(impl Debug + Display)) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{said} {said:?}"));
    }

    fn heard<T: Debug>(&self, outcome: Result<T, CallError>) -> Result<T, CallError> {
        match &outcome {
            Ok(value) => self.note(&format!("{value:?}")),
            Err(error) => self.note(error),
        }
        outcome
    }

    /// After every attack: the next call of the same adapter works, at the vendor and nowhere else; no secret is found in
    /// anything that was said, logged, kept or sent but where it belongs; and the process has not grown.
    pub(super) async fn withstood(self) {
        let name = self.name;
        self.network.stall(false);
        if !self.is_at_the_vendors_own {
            let before = self.vendor.arrived().len();
            let begun = Instant::now();
            let found = self.get("afterwards").await.unwrap_or_else(|error| panic!("after {name}: {error}"));
            assert!(found.is_some() && begun.elapsed() < Duration::from_secs(5), "after {name}");
            let line = self.vendor.lines().get(before..).and_then(<[_]>::last).cloned();
            assert_eq!(line.as_deref(), Some("GET /keys/afterwards"), "after {name}");
            assert!(self.network.looked_up().iter().all(|host| host == VENDOR), "{name}: {:?}", self.network);
            let address = format!("{ADDRESS}:443").parse().expect("an address");
            assert!(self.network.dialled().iter().all(|dialled| *dialled == address), "{name}: {:?}", self.network);
        }
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).join("\n");
        self.holds_no_secret("what was said", &said);
        self.holds_no_secret("the log", &log::since(self.logged));
        self.kept_no_secret(Path::new(OUT));
        for mut arrived in self.vendor.arrived() {
            assert_eq!(arrived.header("x-auth-token"), self.canaries.administrator.secret(), "{name}");
            arrived.headers.remove("x-auth-token");
            self.holds_no_secret("a request", &format!("{arrived:?}"));
            self.holds_no_secret("a request's body", &String::from_utf8_lossy(&arrived.body));
        }
        if let Some(growth) = self.watch.as_ref().and_then(Watch::growth) {
            assert!(growth < GROWTH, "{name}: the process grew by {} MiB", growth >> 20);
        }
    }

    fn holds_no_secret(&self, place: &str, text: &str) {
        for canary in [&self.canaries.administrator, &self.canaries.minted] {
            assert!(!canary.is_in(text), "{}: {} is in {place}", self.name, canary.secret());
        }
    }

    /// What was written below the directory since the attack began: the cache of compiled components is there.
    fn kept_no_secret(&self, directory: &Path) {
        for entry in fs::read_dir(directory).expect("a directory").flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                self.kept_no_secret(&path);
            } else if metadata.modified().is_ok_and(|modified| modified >= self.started) {
                let kept = fs::read(&path).unwrap_or_default();
                self.holds_no_secret(&path.display().to_string(), &String::from_utf8_lossy(&kept));
            }
        }
    }
}

/// An account at the vendor, which an authority of the test vouches for, or at the vendor's own host.
fn account(adapter: &Adapter, canaries: &Canaries, ca_pem: Option<&str>) -> Account {
    let endpoints = match ca_pem {
        Some(_) => EndpointOverride::every(adapter.descriptor(), &format!("https://{VENDOR}")),
        None => Vec::new(),
    };
    let ca_pem = ca_pem.map(str::to_owned);
    let credential = Parts::from_iter([("access_key", "own"), ("secret_key", canaries.administrator.secret())]);
    let config = AccountConfig { credential, endpoints, ca_pem, ..AccountConfig::default() };
    Account::new(adapter, config).expect("an account")
}

/// What an adapter says that it saw: it says so backwards, for the host would take secrets out of it.
pub(super) fn unveiled(told: &Map<String, Value>) -> String {
    told.get("veiled").and_then(Value::as_str).unwrap_or_default().chars().rev().collect()
}

#[track_caller]
pub(super) fn denial<T: Debug>(outcome: Result<T, CallError>) -> Denial {
    match outcome {
        Err(CallError::Denied(denial)) => *denial,
        other => panic!("no denial: {other:?}"),
    }
}

#[track_caller]
pub(super) fn assert_limit(error: &CallError, limit: &str) {
    assert!(matches!(error, CallError::Limit { .. }), "no limit: {error:?}");
    assert!(error.to_string().contains(limit), "{error}");
}

/// How a call ended that had minted something, and the secret, which is not lost.
#[track_caller]
pub(super) fn in_doubt<T: Debug>(outcome: Result<T, CallError>, canaries: &Canaries) -> CallError {
    match outcome {
        Err(CallError::InDoubt { cause, minted, .. }) => {
            assert_eq!(exposed(&minted, "secret_key"), canaries.minted.secret());
            *cause
        }
        other => panic!("not in doubt: {other:?}"),
    }
}
