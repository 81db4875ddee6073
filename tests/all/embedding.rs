//! The very same component in a runtime that knows nothing of Keywright: a plain `wasi:http` host without a broker. The
//! adapter then authenticates by itself.

#![allow(unused_qualifications, reason = "generated code")]

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use keywright_tests::{Answer, Arrived, Https, Reply, ScalewayBench as Bench, ScriptedVendor, guests};
use serde_json::{Value, json};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    Error as WasiError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

#[allow(missing_docs, unreachable_pub, clippy::all)]
pub(crate) mod bindings {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package keywright:embedder;
            world embedder {
                export keywright:vendor/credential-lifecycle@0.2.0;
            }
        ",
        world: "keywright:embedder/embedder",
        exports: { default: async },
    });
}

use bindings::Embedder;
use bindings::exports::keywright::vendor::credential_lifecycle::Guest;
use bindings::keywright::vendor::failures::Reason;
use bindings::keywright::vendor::lifecycle_types::{
    Account, Authentication, CreateRequest, EndpointOverride, ExpiryChange, Filter, Outcome, Part, Timestamp,
    UpdateRequest,
};

/// A host as anyone would write it.
pub(crate) struct Host {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    sender: Sender,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.sender, table: &mut self.table, ctx: &mut self.http }
    }
}

/// Sends whatever it is asked to.
struct Sender(Https);

type Sent = Box<dyn Future<Output = Result<(), WasiError>> + Send>;

impl WasiHttpHooks for Sender {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Sent,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Sent), WasiError>> + Send> {
        let https = self.0.clone();
        Box::new(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let answer = https.send(http::Request::from_parts(head, body)).await;
            let Answer { status, headers, body } = answer.map_err(|_| WasiError::ConnectionTerminated)?;
            let body = Full::new(body).map_err(|never| match never {}).boxed_unsync();
            let mut response = http::Response::new(body);
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok((response, Box::new(async { Ok(()) }) as Sent))
        })
    }
}

/// A component in that host, and what it takes to call it.
pub(crate) struct Embedded {
    store: Store<Host>,
    instance: Embedder,
}

impl Embedded {
    pub(crate) async fn new(component: &[u8], ca_pem: &str) -> Self {
        let engine = Engine::default();
        let component = Component::new(&engine, component).expect("it compiles");
        let mut linker: Linker<Host> = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("WASI");
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker).expect("wasi:http");
        let host = Host {
            wasi: WasiCtx::builder().build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            sender: Sender(Https::trusting(ca_pem)),
        };
        let mut store = Store::new(&engine, host);
        let instance = Embedder::instantiate_async(&mut store, &component, &linker).await.expect("it starts");
        Self { store, instance }
    }

    pub(crate) fn parts(&mut self) -> (&Guest, &mut Store<Host>) {
        (self.instance.keywright_vendor_credential_lifecycle(), &mut self.store)
    }
}

/// An account whose endpoints of these names are all at one URL.
pub(crate) fn account(url: &str, endpoints: &[&str], settings: Value, parts: &[(&str, &str)]) -> Account {
    let parts = parts.iter().map(|(name, value)| Part { name: (*name).to_owned(), value: (*value).to_owned() });
    let endpoints = endpoints.iter().map(|name| EndpointOverride { name: (*name).to_owned(), url: url.to_owned() });
    Account {
        settings: settings.to_string(),
        endpoints: endpoints.collect(),
        authentication: Authentication::Direct(parts.collect()),
        extensions: None,
    }
}

/// A creation of these attributes, with this marker and this expiry in seconds.
pub(crate) fn creation(attributes: &Value, marker: Option<&str>, expires_at: Option<i64>) -> CreateRequest {
    CreateRequest {
        attributes: attributes.to_string(),
        marker: marker.map(str::to_owned),
        expires_at: expires_at.map(|seconds| Timestamp { seconds, nanoseconds: 0 }),
        parts: Vec::new(),
        idempotency_key: None,
        continuation: None,
        extensions: None,
    }
}

fn scaleway(bench: &Bench, secret_key: &str) -> Account {
    account(
        bench.simulator.base_url(),
        &["api"],
        json!({"organization_id": bench.organization()}),
        &[("access_key", &bench.own("access_key")), ("secret_key", secret_key)],
    )
}

#[tokio::test]
async fn an_api_key_lives_its_whole_life_in_another_runtime() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let administrator = scaleway(&bench, &bench.own("secret_key"));

    let descriptor = adapter.call_describe(&mut *store).await.unwrap();
    assert_eq!(descriptor.vendor, "scaleway");

    let principal = adapter.call_check(&mut *store, &administrator).await.unwrap().unwrap();
    assert_eq!(principal.credential_id, Some(bench.own("access_key")));

    let wanted = creation(&json!({"application_id": bench.application(), "description": "embedded"}), Some("g1"), None);
    let issued = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap();
    let id = issued.credential.id.clone();
    let secret = issued.parts.iter().find(|part| part.name == "secret_key").unwrap().value.clone();
    assert!(uuid::Uuid::parse_str(&secret).is_ok());
    assert_eq!(issued.credential.marker.as_deref(), Some("g1"));

    let found = adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().unwrap();
    let attributes: Value = serde_json::from_str(&found.attributes).unwrap();
    assert_eq!(attributes["description"], "embedded");

    let filter = Filter { marker: Some("g1".to_owned()), attributes: "{}".to_owned(), extensions: None };
    let page = adapter.call_list(&mut *store, &administrator, &filter, None).await.unwrap().unwrap();
    assert_eq!(page.credentials.len(), 1);

    let change = UpdateRequest {
        attributes: json!({"description": "changed"}).to_string(),
        marker: Some("g1".to_owned()),
        expiry: ExpiryChange::Keep,
        parts: Vec::new(),
        idempotency_key: None,
        extensions: None,
    };
    let updated = adapter.call_update(&mut *store, &administrator, &id, &change).await.unwrap().unwrap();
    assert_eq!(updated.credential.marker.as_deref(), Some("g1"));

    let verdict = adapter.call_verify(&mut *store, &scaleway(&bench, &secret), &id).await.unwrap().unwrap();
    assert!(matches!(verdict.outcome, Outcome::Active), "{}", verdict.explanation);

    adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap();
    assert!(adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().is_none());
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
}

#[tokio::test]
async fn requests_are_the_same_whoever_authenticates_them() {
    let bench = Bench::start().await;
    let sent = |mark: usize| -> Vec<(String, Bytes, Vec<String>)> {
        let names = |request: &keywright_simulators::Recorded| {
            let mut names: Vec<String> = request.headers.keys().map(ToString::to_string).collect();
            names.retain(|name| name != "host");
            names.sort();
            names
        };
        bench
            .since(mark)
            .iter()
            .map(|request| {
                (
                    format!("{} {} {:?}", request.method, request.path, request.query),
                    request.body.clone(),
                    names(request),
                )
            })
            .collect()
    };
    let mark = bench.mark();
    bench.account.check().await.unwrap();
    bench
        .account
        .create(&keywright_runtime::CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("x") })
        .await
        .unwrap();
    let by_us = sent(mark);

    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let administrator = scaleway(&bench, &bench.own("secret_key"));
    let mark = bench.mark();
    adapter.call_check(&mut *store, &administrator).await.unwrap().unwrap();
    let wanted = creation(&json!({"application_id": bench.application(), "description": "x"}), Some("g1"), None);
    adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap();
    let by_another = sent(mark);

    let body = |request: &(String, Bytes, Vec<String>)| serde_json::from_slice::<Value>(&request.1).unwrap_or_default();
    assert_eq!(by_us.len(), by_another.len());
    for (ours, other) in by_us.iter().zip(&by_another) {
        assert_eq!((&ours.0, body(ours), &ours.2), (&other.0, body(other), &other.2));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_failure_that_does_not_tell_it() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let secret = uuid::Uuid::new_v4().to_string();
    let failure = adapter.call_check(&mut *store, &scaleway(&bench, &secret)).await.unwrap().unwrap_err();
    assert!(matches!(failure.reason, Reason::Unauthenticated), "{failure:?}");
    assert!(!format!("{failure:?}").contains(&secret));
}

#[tokio::test]
async fn a_lost_answer_is_in_doubt_in_another_runtime_too() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let administrator = scaleway(&bench, &bench.own("secret_key"));
    let wanted = creation(&json!({"application_id": bench.application()}), Some("g1"), None);
    for fault in ["lose-answer", "cut", "truncate", "html", "server-error-after", "bad-gateway"] {
        bench.fault(&format!("{fault}@create*1"));
        let failure = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap_err();
        assert!(matches!(failure.reason, Reason::InDoubt), "{fault}: {failure:?}");
    }
}

#[tokio::test]
async fn malformed_input_from_an_embedder_is_refused_by_the_adapter_itself() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let proper = scaleway(&bench, &bench.own("secret_key"));
    let mark = bench.mark();
    for (settings, attributes) in
        [("[]", "{}"), ("no JSON", "{}"), ("{}", "[]"), ("{}", "no JSON"), ("{}", r#"{"description": 7}"#)]
    {
        let account = Account { settings: settings.to_owned(), ..proper.clone() };
        let wanted = CreateRequest { attributes: attributes.to_owned(), ..creation(&Value::Null, None, None) };
        let failure = adapter.call_create(&mut *store, &account, &wanted).await.unwrap().unwrap_err();
        assert!(matches!(failure.reason, Reason::Invalid(_)), "{settings} {attributes}: {failure:?}");
    }
    for url in ["http://vendor.example", "http://10.0.0.1:80", "ftp://127.0.0.1", "127.0.0.1"] {
        let endpoints = vec![EndpointOverride { name: "api".to_owned(), url: url.to_owned() }];
        let insecure = Account { endpoints, ..proper.clone() };
        let failure = adapter.call_get(&mut *store, &insecure, "SCWABSENT00000000000").await.unwrap().unwrap_err();
        assert!(matches!(failure.reason, Reason::Invalid(_)), "{url}: {failure:?}");
    }
    assert_eq!(bench.since(mark).len(), 0);
}

/// Nothing goes out unauthenticated where nobody authenticates it.
#[tokio::test]
async fn a_brokered_call_in_a_runtime_without_a_broker_says_so() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let brokered =
        Account { authentication: Authentication::Brokered(Vec::new()), ..scaleway(&bench, &bench.own("secret_key")) };
    let mark = bench.mark();
    let failure = adapter.call_check(&mut *store, &brokered).await.unwrap().unwrap_err();
    assert!(failure.message.contains("direct"), "{failure:?}");
    let wanted = creation(&json!({"application_id": bench.application()}), None, None);
    let failure = adapter.call_create(&mut *store, &brokered, &wanted).await.unwrap().unwrap_err();
    assert!(failure.message.contains("direct") && !matches!(failure.reason, Reason::InDoubt), "{failure:?}");
    assert_eq!(bench.since(mark).len(), 0);
}

/// A vendor that takes whom `accepts` says.
async fn vendor(accepts: impl Fn(&Arrived) -> bool + Send + Sync + 'static) -> ScriptedVendor {
    let accepts = Arc::new(accepts);
    ScriptedVendor::start(move |request| match request.path.as_str() {
        "/acme/token" => Reply::json(200, &json!({"access_token": "t1", "token_type": "Bearer", "expires_in": 60})),
        _ if !accepts(request) => Reply::empty(401),
        _ => Reply::json(200, &json!({"id": "k1", "secret": "a-minted-secret"})),
    })
    .await
}

#[tokio::test]
async fn the_other_schemes_work_in_another_runtime_too() {
    use keywright_auth::signature::{ReceivedRequest, verify};
    use secrecy::SecretString;
    let signed = |request: &Arrived| {
        let received = ReceivedRequest {
            method: request.method.as_str(),
            host: &request.host,
            path: &request.path,
            query: request.query.as_deref(),
            headers: &request.headers,
            body: &request.body,
        };
        verify(&received, |_| Some(SecretString::from("SK"))).is_ok()
    };
    let basic = |request: &Arrived| request.header("authorization") == "Basic am86cMOkOnNzd8O2cmQ=";
    let bearer = |request: &Arrived| request.header("authorization") == "Bearer t1";
    let (oauth2, osc4) = ([("client_id", "c"), ("client_secret", "s")], [("access_key", "AK"), ("secret_key", "SK")]);
    for (component, vendor, endpoints, settings, parts) in [
        (guests::BASIC, vendor(basic).await, &["api"][..], json!({}), [("user", "jo"), ("password", "pä:sswörd")]),
        (guests::OAUTH2, vendor(bearer).await, &["api", "auth"][..], json!({"tenant": "acme"}), oauth2),
        (guests::OSC4, vendor(signed).await, &["api"][..], json!({"region": "eu"}), osc4),
    ] {
        let mut embedded = Embedded::new(component, vendor.ca_pem()).await;
        let (adapter, store) = embedded.parts();
        let account = account(&vendor.url(), endpoints, settings, &parts);
        let wanted = creation(&json!({"name": "grün"}), None, None);
        let issued = adapter.call_create(&mut *store, &account, &wanted).await.unwrap().unwrap();
        assert_eq!(issued.credential.id, "k1");
        assert!(adapter.call_get(&mut *store, &account, "k1").await.unwrap().unwrap().is_some());
    }
}
