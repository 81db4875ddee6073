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
    Account, AccountConfig, Adapter, Allocation, Cache, Creation, Engine, EngineConfig, OwnEndpoint, Parts,
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
        let creation = Creation {
            attributes: simulator.vendor().sample().attributes.as_object().unwrap().clone(),
            ..Creation::default()
        };
        group.bench_function(BenchmarkId::new("adapter", name), |bench| {
            bench.to_async(&runtime).iter(|| async { black_box(account.create(&creation).await.unwrap()) });
        });
    }
    group.finish();
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
    adapter
        .account(AccountConfig {
            settings: seeded.settings.as_object().unwrap().clone(),
            credential: Parts::from_iter(seeded.credential),
            endpoint: Some(OwnEndpoint {
                url: simulator.base_url().to_owned(),
                ca_pem: simulator.ca_pem().map(str::to_owned),
            }),
        })
        .unwrap()
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

criterion_group!(benches, load, instance, create);
criterion_main!(benches);
