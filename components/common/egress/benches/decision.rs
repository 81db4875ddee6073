//! What a decision costs, on a request and on the addresses of its host.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::net::SocketAddr;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Uri};
use keywright_egress::{AddressClass, AddressPolicy, EndpointOverrides, Policy, Request, RuleSet};

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

/// A vendor that has one path, and names the operation in a form.
const FORM_RULES: &str = "
    create      POST https://iam.example.com/? where form Action = CreateAccessKey where form Version = 2010-05-08 mints secret=xml:/R/S
    list        POST https://iam.example.com/? where form Action = ListAccessKeys where form Version = 2010-05-08
    set-enabled POST https://iam.example.com/? where form Action = UpdateAccessKey where form Version = 2010-05-08
    get         POST https://iam.example.com/? where form Action = GetAccessKeyLastUsed where form Version = 2010-05-08
";

fn bound(rules: &str) -> Policy {
    let settings = serde_json::json!({"region": "eu-1", "project": "p"});
    rules.parse::<RuleSet>().unwrap().bind(settings.as_object().unwrap(), &EndpointOverrides::none()).unwrap()
}

fn decision(criterion: &mut Criterion) {
    let policy = bound(RULES);
    let uri: Uri = "https://api.eu-1.example.com/p/keys/0123456789abcdef?expand=all".parse().unwrap();
    let headers = HeaderMap::new();
    // The last of the rules, so that all are looked at.
    let request = Request { operation: "revoke", method: &Method::DELETE, uri: &uri, headers: &headers, body: b"" };
    let other = Request { operation: "get", ..request };

    let mut group = criterion.benchmark_group("rule decision");
    group.bench_function("allowed", |bench| bench.iter(|| policy.decide(black_box(&request)).is_ok()));
    group.bench_function("denied", |bench| bench.iter(|| policy.decide(black_box(&other)).is_err()));

    let policy = bound(FORM_RULES);
    let uri: Uri = "https://iam.example.com/".parse().unwrap();
    let form = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))]);
    let body = b"Action=GetAccessKeyLastUsed&Version=2010-05-08&AccessKeyId=AKIAEXAMPLE000000002&UserName=ci%2Bdeploy%40example.com\
                 &MaxItems=100&Marker=0123456789abcdef&Status=Active&PathPrefix=%2Fteam%2F&Tag=one+two&Last=1";
    let request = Request { operation: "get", method: &Method::POST, uri: &uri, headers: &form, body };
    group.bench_function("a form of ten fields with two demands", |bench| {
        bench.iter(|| policy.decide(black_box(&request)).is_ok());
    });

    let policy = bound(
        "update PATCH https://api.example.com/k where json /data/type = key where json /data/attributes/enabled = true",
    );
    let uri: Uri = "https://api.example.com/k".parse().unwrap();
    let json = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let body = br#"{"data":{"type":"key","id":"0123456789abcdef","attributes":{"name":"ci deploy","enabled":true,"scopes":["a","b"]}}}"#;
    let request = Request { operation: "update", method: &Method::PATCH, uri: &uri, headers: &json, body };
    group.bench_function("a JSON document with two demands", |bench| {
        bench.iter(|| policy.decide(black_box(&request)).is_ok());
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
    let policy = AddressPolicy::default();
    group.bench_function("a lookup of four", |bench| {
        bench.iter_batched(
            || found.clone(),
            |found| policy.vet(black_box("api.example.com"), found),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, decision, addresses);
criterion_main!(benches);
