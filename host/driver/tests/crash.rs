//! A process that ends at each boundary of its work in turn, before and after each record and each effect, and what the next
//! one makes of it. Judged by what the vendor was sent, by what it lists, and by what stands in the sink.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use keywright_driver::{DriveError, Driver, DriverConfig, End, Target};
use keywright_lifecycle::{Command, MARKER_PREFIX, Policy, Spec};
use keywright_runtime::{
    Account, AccountConfig, Cache, Credential, EndpointOverride, Engine, EngineConfig, Filter, Outcome, Parts,
};
use keywright_sealing::KeyFile;
use keywright_simulators::Simulator;
use keywright_sinks::{Locations, Sink, SinkConfig};
use keywright_store::{NewCredential, SqliteOptions, SqliteStore, Store};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

/// A vendor that keeps markers.
const VENDOR: &str = "scaleway";

/// The part that is the credential's id.
const ID: &str = "access_key";

/// The credential.
const NAME: &str = "ci";

/// Where the child works.
const HOME: &str = "KEYWRIGHT_TEST_HOME";

/// The boundary at which it ends.
const CRASH_AT: &str = "KEYWRIGHT_CRASH_AT";

/// Children at once: most of their time is waiting.
const AT_ONCE: u64 = 16;

/// More boundaries than there can be.
const MOST: u64 = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_process_ends_the_next_one_loses_nothing_and_ends_nothing_that_is_in_use() {
    let mut next = 1;
    loop {
        let mut runs = JoinSet::new();
        for boundary in next..next + AT_ONCE {
            runs.spawn(crash_and_recover(boundary));
        }
        let crashed = runs.join_all().await.into_iter().filter(|crashed| *crashed).count() as u64;
        next += crashed;
        if crashed < AT_ONCE {
            break;
        }
        assert!(next < MOST, "the work never ends");
    }
    // A creation and a rotation are more than ten steps, each with a boundary before and after.
    assert!(next > 30, "there were only {} boundaries", next - 1);
}

/// Nothing is made that would be sealed under a key that is on its way out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_driver_whose_key_was_replaced_makes_nothing_more() {
    let home = tempfile::tempdir().unwrap();
    let simulator = Simulator::builder(keywright_simulators::vendor(VENDOR, &BTreeMap::new()).unwrap());
    let simulator = simulator.start().await.unwrap();
    let account = account_of(&simulator);
    set_up(home.path()).await;
    let (driver, target) = installation(home.path(), &account).await;
    let old = Arc::new(KeyFile::new(home.path().join("key/key")).load().unwrap());
    let new = Arc::new(KeyFile::new(home.path().join("key/new")).create().unwrap());
    keywright_driver::rotate_key(&**driver.store(), old, new, None).await.unwrap();
    let error = driver.run(&target, NAME, Some(create(&account)), None).await.unwrap_err();
    assert!(matches!(error, DriveError::KeyReplaced), "{error}");
    assert!(simulator.requests().iter().all(|request| request.operation != Some("create")));
}

/// The child: makes the credential and rotates it, until the boundary at which it ends.
#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn child() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else { return };
    let account: Value = serde_json::from_slice(&std::fs::read(home.join("account.json")).unwrap()).unwrap();
    let (driver, target) = installation(&home, &account).await;
    for command in [create(&account), rotate(&account)] {
        assert_eq!(driver.run(&target, NAME, Some(command), None).await.unwrap().end, End::Done);
    }
}

/// Runs the child until the boundary, recovers, and looks; whether there is such a boundary.
async fn crash_and_recover(boundary: u64) -> bool {
    let vendor = keywright_simulators::vendor(VENDOR, &BTreeMap::new()).unwrap();
    let simulator = Simulator::builder(vendor).start().await.unwrap();
    let home = TempDir::new().unwrap();
    let account = account_of(&simulator);
    std::fs::write(home.path().join("account.json"), account.to_string()).unwrap();
    set_up(home.path()).await;
    let (driver, target) = installation(home.path(), &account).await;
    let foreign = target.account.import(&simulator.vendor().issue_by_hand()).await.unwrap().id;
    let look = Look { simulator: &simulator, target: &target, home: home.path(), foreign: &foreign, boundary };

    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child", "--ignored"]).env(HOME, home.path()).env(CRASH_AT, boundary.to_string());
    child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let status = child.status().await.unwrap();
    let crashed = status.signal().is_some();
    assert!(crashed || status.success(), "boundary {boundary}: the child fails by itself");

    if let Some(parts) = look.sink() {
        look.expect_works(&parts).await;
    }
    let recovered = driver.run(&target, NAME, None, None).await.unwrap();
    assert_eq!(recovered.end, End::Done, "boundary {boundary}");
    if recovered.state.current.is_none() {
        // It ended before anything was recorded.
        driver.run(&target, NAME, Some(create(&account)), None).await.unwrap();
    }
    look.expect_nothing_lost().await;
    driver.run(&target, NAME, Some(rotate(&account)), None).await.unwrap();
    look.expect_nothing_lost().await;
    simulator.stop().await;
    crashed
}

/// What is looked at after a crash.
struct Look<'l> {
    simulator: &'l Simulator,
    target: &'l Target,
    home: &'l Path,
    /// The id of a key that someone made by hand.
    foreign: &'l str,
    boundary: u64,
}

impl Look<'_> {
    /// Each creation was sent once, what lives and is marked is what is delivered, and what is not ours is left alone.
    async fn expect_nothing_lost(&self) {
        let boundary = self.boundary;
        let mut marked = BTreeSet::new();
        for request in self.simulator.requests().iter().filter(|request| request.operation == Some("create")) {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let description = body["description"].as_str().unwrap().to_owned();
            assert!(description.contains(MARKER_PREFIX), "boundary {boundary}: {description}");
            assert!(marked.insert(description), "boundary {boundary}: a creation was sent twice");
        }
        let listed = self.target.account.list_all(&Filter::default()).await.unwrap();
        let is_ours = |it: &&Credential| it.marker.as_ref().is_some_and(|marker| marker.starts_with(MARKER_PREFIX));
        let ours: Vec<&str> = listed.iter().filter(is_ours).map(|it| it.id.as_str()).collect();
        let parts = self.sink().unwrap_or_else(|| panic!("boundary {boundary}: nothing is delivered"));
        assert_eq!(ours, [id(&parts)], "boundary {boundary}: what lives, and what is delivered");
        self.expect_works(&parts).await;
        assert!(listed.iter().any(|it| it.id == self.foreign), "boundary {boundary}: what was made by hand is gone");
    }

    async fn expect_works(&self, parts: &Parts) {
        let verdict = self.target.account.verify(id(parts), parts).await.unwrap();
        assert_eq!(verdict.outcome, Outcome::Active, "boundary {}: {}", self.boundary, verdict.explanation);
    }

    /// What the sink holds.
    fn sink(&self) -> Option<Parts> {
        let text = std::fs::read(self.home.join("ci.json")).ok().filter(|text| !text.is_empty())?;
        let mut members: Map<String, Value> = serde_json::from_slice(&text).unwrap();
        members.remove("keywright").unwrap();
        Some(members.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned())).collect())
    }
}

fn id(parts: &Parts) -> &str {
    parts.get(ID).unwrap().expose_secret()
}

/// What a process needs to use the simulator's account.
fn account_of(simulator: &Simulator) -> Value {
    let account = simulator.vendor().account();
    json!({
        "settings": account.settings,
        "credential": account.credential,
        "url": simulator.base_url(),
        "ca": simulator.ca_pem(),
        "attributes": simulator.vendor().sample().attributes,
    })
}

/// A key, a store, and the credential in it.
async fn set_up(home: &Path) {
    let options = SqliteOptions { create: true, ..SqliteOptions::default() };
    let store = SqliteStore::open(home.join("store.db"), options).unwrap();
    let key = KeyFile::new(home.join("key/key")).create().unwrap();
    keywright_driver::initialise(&store, Arc::new(key), None).await.unwrap();
    let credential =
        NewCredential { name: NAME.into(), id: "ci-1".into(), account: "lab".into(), vendor: VENDOR.into() };
    store.register(credential).await.unwrap();
}

async fn installation(home: &Path, account: &Value) -> (Driver, Target) {
    let cache = Cache::At(Path::new(env!("CARGO_TARGET_TMPDIR")).join("components"));
    let engine = Engine::new(EngineConfig { cache, ..EngineConfig::default() }).unwrap();
    let adapter = keywright_adapters::find(VENDOR).unwrap().load(&engine).await.unwrap();
    let credential = account["credential"].as_object().unwrap().iter();
    let config = AccountConfig {
        settings: account["settings"].as_object().cloned().unwrap(),
        credential: credential.map(|(name, it)| (name.clone(), it.as_str().unwrap().to_owned())).collect(),
        endpoints: EndpointOverride::every(adapter.descriptor(), account["url"].as_str().unwrap()),
        ca_pem: account["ca"].as_str().map(str::to_owned),
        ..AccountConfig::default()
    };
    let sink = json!({ "type": "file", "format": "json", "path": "{credential}.json" });
    let sink: SinkConfig = serde_json::from_value(sink).unwrap();
    let sink: Arc<dyn Sink> = Arc::from(sink.build(&Locations::new(home, None)).unwrap());
    let target = Target {
        account: Account::new(&adapter, config).unwrap(),
        sinks: BTreeMap::from([("file".to_owned(), sink)]),
        accounts: BTreeSet::from(["lab".to_owned()]),
        own_ids: BTreeSet::new(),
        consistency_delay: Some(0),
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(home.join("store.db"), SqliteOptions::default()).unwrap());
    let key = KeyFile::new(home.join("key/key")).load().unwrap();
    let vault = keywright_driver::open(&*store, Arc::new(key)).await.unwrap();
    let config = DriverConfig {
        // A process that ended keeps its lease for this long and a second more.
        call: Duration::from_secs(2),
        settle: Duration::ZERO,
        ..DriverConfig::new(format!("test/{}", std::process::id()), "user:test")
    };
    (Driver::new(store, vault, config), target)
}

fn spec(account: &Value) -> Spec {
    Spec {
        attributes: account["attributes"].as_object().cloned().unwrap(),
        publish: vec!["file".to_owned()],
        policy: Policy { grace: 0, soak: 0, gate_on_use: false, ..Policy::default() },
        ..Spec::default()
    }
}

fn create(account: &Value) -> Command {
    Command::Create { spec: spec(account), reason: None }
}

fn rotate(account: &Value) -> Command {
    let spec = spec(account);
    Command::Rotate { spec, reason: None, compromised: false, revoke_first: false, allow_downtime: false }
}
