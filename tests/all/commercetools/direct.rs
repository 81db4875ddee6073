//! Another runtime, without a broker: the component gets its access tokens itself.

use chrono::{TimeDelta, Utc};
use keywright_tests::CommercetoolsBench as Bench;
use serde_json::json;

use crate::embedding::{
    Embedded, account,
    bindings::keywright::vendor::{
        failures::Reason,
        lifecycle_types::{Account, CreateRequest, Filter, Outcome},
    },
    creation as request,
};

fn client(bench: &Bench, id: &str, secret: &str) -> Account {
    let settings = json!({"project_key": bench.project_key(), "region": "europe-west1.gcp"});
    account(bench.simulator.base_url(), &["api", "auth"], settings, &[("client_id", id), ("client_secret", secret)])
}

fn administrator(bench: &Bench) -> Account {
    client(bench, &bench.own("client_id"), &bench.own("client_secret"))
}

fn creation(bench: &Bench) -> CreateRequest {
    let seconds = (Utc::now() + TimeDelta::days(30)).timestamp();
    let attributes = json!({"name": "embedded", "scope": [bench.scope("view_products")]});
    request(&attributes, Some("g1"), Some(seconds))
}

async fn embedded(bench: &Bench) -> Embedded {
    Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await
}

#[tokio::test]
async fn an_api_client_lives_its_whole_life_in_another_runtime() {
    let bench = Bench::start().await;
    let mut embedded = embedded(&bench).await;
    let (adapter, store) = embedded.parts();
    let administrator = administrator(&bench);
    let principal = adapter.call_check(&mut *store, &administrator).await.unwrap().unwrap();
    assert_eq!(principal.credential_id, Some(bench.own("client_id")));

    let mark = bench.mark();
    let issued = adapter.call_create(&mut *store, &administrator, &creation(&bench)).await.unwrap().unwrap();
    assert_eq!(bench.lines_since(mark), ["POST /oauth/token".to_owned(), format!("POST {}", bench.path())]);
    assert!(issued.warnings.is_empty(), "{:?}", issued.warnings);
    let sent: serde_json::Value = serde_json::from_slice(&bench.since(mark)[1].body).unwrap();
    assert_eq!(sent["deleteDaysAfterCreation"], 30, "the component reads the runtime's clock");
    let id = issued.credential.id.clone();
    let secret = issued.parts.iter().find(|part| part.name == "client_secret").unwrap().value.clone();

    let filter = Filter { marker: Some("g1".to_owned()), attributes: "{}".to_owned(), extensions: None };
    let page = adapter.call_list(&mut *store, &administrator, &filter, None).await.unwrap().unwrap();
    assert_eq!(page.credentials.len(), 1);
    let own = client(&bench, &id, &secret);
    let verdict = adapter.call_verify(&mut *store, &own, &id).await.unwrap().unwrap();
    assert!(matches!(verdict.outcome, Outcome::Active), "{}", verdict.explanation);

    adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap();
    assert!(adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().is_none());
    let verdict = adapter.call_verify(&mut *store, &own, &id).await.unwrap().unwrap();
    assert!(matches!(verdict.outcome, Outcome::Refused), "{}", verdict.explanation);
}

#[tokio::test]
async fn a_wrong_secret_is_unauthenticated_and_not_told() {
    let bench = Bench::start().await;
    let mut embedded = embedded(&bench).await;
    let (adapter, store) = embedded.parts();
    let wrong = client(&bench, &bench.own("client_id"), "hush-1");
    let failure = adapter.call_create(&mut *store, &wrong, &creation(&bench)).await.unwrap().unwrap_err();
    assert!(matches!(failure.reason, Reason::Unauthenticated), "{failure:?}");
    assert!(failure.message.contains("invalid_client") && !format!("{failure:?}").contains("hush-1"), "{failure:?}");
    assert_eq!(bench.lines_since(0), ["POST /oauth/token"]);
}

#[tokio::test]
async fn a_token_that_does_not_come_leaves_nothing_in_doubt_in_another_runtime_too() {
    let bench = Bench::start().await;
    let mut embedded = embedded(&bench).await;
    let (adapter, store) = embedded.parts();
    let administrator = administrator(&bench);
    for fault in ["lose-answer", "cut", "truncate", "html", "server-error", "bad-gateway"] {
        bench.fault(&format!("{fault}@token*1"));
        let failure = adapter.call_create(&mut *store, &administrator, &creation(&bench)).await.unwrap().unwrap_err();
        assert!(matches!(failure.reason, Reason::Unavailable), "{fault}: {failure:?}");
    }
    bench.fault("rate-limit@token*1");
    let failure = adapter.call_create(&mut *store, &administrator, &creation(&bench)).await.unwrap().unwrap_err();
    assert!(matches!(failure.reason, Reason::RateLimited) && failure.retry_after == Some(1), "{failure:?}");
    assert_eq!(bench.vendor.clients(), 1);
    bench.fault("lose-answer@create*1");
    let failure = adapter.call_create(&mut *store, &administrator, &creation(&bench)).await.unwrap().unwrap_err();
    assert!(matches!(failure.reason, Reason::InDoubt), "{failure:?}");
}
