//! What the host costs: loading an adapter, an instance, a call beside the same request without any of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use keywright_adapters::BuiltIn;
use keywright_runtime::{
    Account, AccountConfig, Adapter, Allocation, Cache, CreateRequest, EndpointOverride, Engine, EngineConfig, Limits,
    Parts,
};
use keywright_simulators::{FaultRule, Simulator};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tokio::runtime::Runtime;

const ALLOCATIONS: [(&str, Allocation); 2] =
    [("on demand", Allocation::OnDemand), ("pooled", Allocation::Pooling { instances: 100 })];

/// What the calls are made on: one thread, as the command line does.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What a simulator runs on: a thread of its own, as a vendor does.
fn vendors_runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn scaleway() -> &'static BuiltIn {
    keywright_adapters::find("scaleway").expect("it is built in")
}

fn engine(allocation: Allocation, cache: &Path) -> Engine {
    Engine::new(EngineConfig { allocation, cache: Cache::At(cache.to_owned()), ..EngineConfig::default() }).unwrap()
}

/// Everything from the bytes of a component to an adapter that is ready for accounts, its machine code cached.
fn load(criterion: &mut Criterion) {
    let runtime = runtime();
    let cache = tempfile::tempdir().unwrap();
    let engine = engine(Allocation::OnDemand, cache.path());
    runtime.block_on(scaleway().load(&engine)).unwrap();
    criterion.bench_function("load an adapter from the cache", |bench| {
        bench.to_async(&runtime).iter(|| async { black_box(scaleway().load(&engine).await.unwrap()) });
    });
}

/// A fresh store, an instance, a call of `describe` and the end of both.
fn instance(criterion: &mut Criterion) {
    let runtime = runtime();
    let cache = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group("instantiate, describe, drop");
    for (name, allocation) in ALLOCATIONS {
        let engine = engine(allocation, cache.path());
        let adapter = runtime.block_on(scaleway().load(&engine)).unwrap();
        group.bench_function(name, |bench| {
            bench.to_async(&runtime).iter(|| async { black_box(adapter.describe_again().await.unwrap()) });
        });
    }
    group.finish();
}

/// `create` over a warm connection, beside the same request by plain hyper: at a vendor that answers at once, which no
/// vendor does, and at one that takes five milliseconds.
fn create(criterion: &mut Criterion) {
    create_at(criterion, "create over a warm connection, answered at once", None);
    create_at(criterion, "create over a warm connection, answered after 5 ms", Some("slow=5ms"));
}

/// Each has a simulator of its own, so that both find the same number of keys there.
fn create_at(criterion: &mut Criterion, name: &str, fault: Option<&str>) {
    let runtime = runtime();
    let cache = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group(name);

    let vendor = vendors_runtime();
    let simulator = vendor.block_on(simulator(fault));
    let client = plain_client(&simulator);
    let request = plain_request(&simulator);
    group.bench_function("plain hyper", |bench| {
        bench.to_async(&runtime).iter(|| async {
            let answer = client.request(request()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            black_box(answer.into_body().collect().await.unwrap().to_bytes())
        });
    });
    drop(simulator);

    for (name, allocation) in ALLOCATIONS {
        let simulator = vendor.block_on(self::simulator(fault));
        let engine = engine(allocation, cache.path());
        let adapter = runtime.block_on(scaleway().load(&engine)).unwrap();
        let account = account(&adapter, &simulator);
        let creation = CreateRequest {
            attributes: simulator.vendor().sample().attributes.as_object().unwrap().clone(),
            ..CreateRequest::default()
        };
        group.bench_function(BenchmarkId::new("adapter", name), |bench| {
            bench.to_async(&runtime).iter(|| async { black_box(account.create(&creation).await.unwrap()) });
        });
    }
    group.finish();
}

/// What the outbound handler adds to one exchange: the rule, the headers, authentication, and in an answer of 4 KB the
/// capture of its secret and the search for all others.
fn outbound(criterion: &mut Criterion) {
    let runtime = runtime();
    let vendor = vendors_runtime();
    let simulator = vendor.block_on(simulator(None));
    let cache = tempfile::tempdir().unwrap();
    let engine = engine(Allocation::OnDemand, cache.path());
    let adapter = runtime.block_on(scaleway().load(&engine)).unwrap();
    let account = account(&adapter, &simulator);
    let url = format!("{}/iam/v1alpha1/api-keys", simulator.base_url());
    let body = json!({"application_id": "a", "description": "d".repeat(100)}).to_string();
    let secret = "3f9e2a52-1c4b-4c0e-9a5d-4f6b1f1e7a10";
    let answer = json!({"access_key": "SCWXXXXXXXXXXXXXXXXX", "secret_key": secret, "description": "d".repeat(4000)});
    let answer = Bytes::from(answer.to_string());
    criterion.bench_function("the hooks, with a request of 150 bytes and an answer of 4 KB", |bench| {
        bench.to_async(&runtime).iter(|| async {
            let request =
                Request::post(&url).header("content-type", "application/json").body(Bytes::from(body.clone()));
            let seen = account.dry_run(request.unwrap(), http::Response::new(answer.clone())).await.unwrap();
            assert!(seen.len() > 4000 && !seen.windows(secret.len()).any(|window| window == secret.as_bytes()));
            black_box(seen)
        });
    });
}

/// How much memory a thousand calls take that are all under way at once, at a vendor that takes its time. A measurement,
/// not a time: it is printed.
#[allow(clippy::print_stdout, reason = "this is where measurements go")]
fn memory(_: &mut Criterion) {
    const CALLS: usize = 1000;
    let limits = Limits { calls: CALLS, ..Limits::default() };
    for (name, allocation) in [("on demand", Allocation::OnDemand), ("pooled", Allocation::Pooling { instances: 1000 })]
    {
        let (runtime, vendor) = (runtime(), vendors_runtime());
        let simulator = vendor.block_on(simulator(Some("slow=500ms")));
        let cache = tempfile::tempdir().unwrap();
        let cache = Cache::At(cache.path().to_owned());
        let config = EngineConfig { allocation, cache, limits: limits.clone(), ..EngineConfig::default() };
        let engine = Engine::new(config).unwrap();
        let adapter = runtime.block_on(scaleway().load(&engine)).unwrap();
        let account = account(&adapter, &simulator);
        let Some(before) = start_peak() else { return };
        let found = runtime.block_on(async {
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..CALLS {
                let account = account.clone();
                calls.spawn(async move { account.check().await.is_ok() });
            }
            calls.join_all().await.into_iter().filter(|found| *found).count()
        });
        let grown = peak().unwrap_or_default().saturating_sub(before);
        println!("{found} of {CALLS} calls at once, {name}: {} MiB more resident, of host and simulator", grown >> 20);
    }
}

/// Resident memory in bytes, of which the highest is remembered from here on (proc(5)); none on other systems.
fn start_peak() -> Option<usize> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS:")
}

fn peak() -> Option<usize> {
    status("VmHWM:")
}

fn status(field: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().strip_suffix(" kB")?.parse::<usize>().ok().map(|kilobytes| kilobytes << 10)
}

async fn simulator(fault: Option<&str>) -> Simulator {
    let options = BTreeMap::from([("quota".to_owned(), "100000000".to_owned())]);
    let vendor = keywright_simulators::vendor("scaleway", &options).unwrap();
    let mut builder = Simulator::builder(vendor);
    if let Some(fault) = fault {
        builder = builder.fault(fault.parse::<FaultRule>().unwrap());
    }
    builder.start().await.unwrap()
}

fn account(adapter: &Adapter, simulator: &Simulator) -> Account {
    let seeded = simulator.vendor().account();
    let config = AccountConfig {
        settings: seeded.settings.as_object().unwrap().clone(),
        credential: Parts::from_iter(seeded.credential),
        endpoints: EndpointOverride::every(adapter.descriptor(), simulator.base_url()),
        ca_pem: simulator.ca_pem().map(str::to_owned),
        proxy: None,
    };
    Account::new(adapter, config).unwrap()
}

type Https = hyper_rustls::HttpsConnector<HttpConnector>;

fn plain_client(simulator: &Simulator) -> Client<Https, Full<Bytes>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(simulator.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    // As the host's connections: without it, each request would wait for an acknowledgement.
    tcp.set_nodelay(true);
    let https = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_only()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new()).build(https)
}

fn plain_request(simulator: &Simulator) -> impl Fn() -> Request<Full<Bytes>> + use<> {
    let sample = simulator.vendor().sample().attributes;
    let body = json!({"application_id": sample["application_id"], "description": sample["description"]}).to_string();
    let url = format!("{}/iam/v1alpha1/api-keys", simulator.base_url());
    let secret = simulator.vendor().account().credential["secret_key"].clone();
    move || {
        Request::post(&url)
            .header("x-auth-token", &secret)
            .header("content-type", "application/json")
            .body(Full::from(body.clone()))
            .unwrap()
    }
}

criterion_group!(benches, load, instance, create, outbound, memory);
criterion_main!(benches);
