//! What a decision costs, on a request and on the addresses of its host.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::net::SocketAddr;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{Method, Uri};
use keywright_egress::{AddressClass, Reach, RuleSet};

/// As many rules as a vendor with two endpoints and every operation has.
const RULES: &str = "
    create                POST    https://api.{settings.region}.example.com/{settings.project}/keys
    check,list            GET     https://api.{settings.region}.example.com/{settings.project}/keys
    check,get,verify      GET     https://api.{settings.region}.example.com/{settings.project}/keys/{id}
    update,set-enabled    PATCH   https://api.{settings.region}.example.com/{settings.project}/keys/{id}
    regenerate            POST    https://api.{settings.region}.example.com/{settings.project}/keys/{id}/regenerate
    authenticate          POST    https://auth.{settings.region}.example.com/oauth/token
    revoke                DELETE  https://api.{settings.region}.example.com/{settings.project}/keys/{id}
";

fn decision(criterion: &mut Criterion) {
    let settings = serde_json::json!({"region": "eu-1", "project": "p"});
    let policy = RULES.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), None).unwrap();
    let key: Uri = "https://api.eu-1.example.com/p/keys/0123456789abcdef?expand=all".parse().unwrap();

    let mut group = criterion.benchmark_group("rule decision");
    // The last of the rules, so that all are looked at.
    group.bench_function("allowed", |bench| {
        bench.iter(|| policy.decide(black_box("revoke"), black_box(&Method::DELETE), black_box(&key)).is_ok());
    });
    group.bench_function("denied", |bench| {
        bench.iter(|| policy.decide(black_box("get"), black_box(&Method::DELETE), black_box(&key)).is_err());
    });
    group.finish();
}

fn addresses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("address check");
    // Public addresses are the slow ones: they are looked up in all of a table.
    for (name, address) in [("IPv4", "8.8.8.8"), ("IPv6", "2a00::1"), ("NAT64", "64:ff9b::808:808")] {
        let address = address.parse().unwrap();
        group.bench_function(name, |bench| bench.iter(|| AddressClass::of(black_box(address))));
    }
    // As many as a vendor behind a content network has.
    let found: Vec<SocketAddr> = ["8.8.8.8:443", "8.8.4.4:443", "[2a00::1]:443", "[2a00::2]:443"]
        .map(|address| address.parse().unwrap())
        .to_vec();
    let reach = Reach::default();
    group.bench_function("a lookup of four", |bench| {
        bench.iter_batched(
            || found.clone(),
            |found| reach.resolved(black_box("api.example.com"), found),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, decision, addresses);
criterion_main!(benches);
