//! What a decision costs.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use http::{Method, Uri};
use keywright_egress::RuleSet;

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

criterion_group!(benches, decision);
criterion_main!(benches);
