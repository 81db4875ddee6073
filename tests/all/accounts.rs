//! What makes an account usable, found out before anything is sent.

use keywright_runtime::{Account, AccountConfig, AccountError, Adapter, EndpointOverride, Grant, Parts, Problem};
use keywright_tests::{ScalewayBench as Bench, engine, guests, object};
use serde_json::{Map, Value, json};

const SECRET: &str = "11111111-2222-4333-8444-555555555555";

async fn refused(config: AccountConfig) -> AccountError {
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    match Account::new(&adapter, config) {
        Err(error) => error,
        Ok(_) => panic!("it is usable"),
    }
}

fn config(settings: Value) -> AccountConfig {
    let credential = Parts::from_iter([("secret_key", SECRET)]);
    AccountConfig { settings: object(settings), credential, ..AccountConfig::default() }
}

fn proper() -> AccountConfig {
    config(json!({"organization_id": uuid::Uuid::new_v4()}))
}

#[tokio::test]
async fn settings_that_do_not_fit_are_refused_by_name() {
    let organization = uuid::Uuid::new_v4();
    for (settings, pointer, kind) in [
        (json!({}), "/settings/organization_id", Problem::Required),
        (json!({"organization_id": "acme"}), "/settings/organization_id", Problem::Format),
        (json!({"organization_id": 7}), "/settings/organization_id", Problem::Format),
        (json!({"organization_id": organization, "organisation": "x"}), "/settings/organisation", Problem::Unknown),
    ] {
        let error = refused(config(settings)).await;
        let AccountError::Settings(problems) = &error else { panic!("{error:?}") };
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].pointer.as_str(), problems[0].problem), (pointer, kind));
        assert!(error.to_string().contains(pointer), "{error}");
    }
}

#[tokio::test]
async fn a_credential_without_its_secret_is_refused_by_the_name_of_the_part() {
    for parts in [
        Parts::new(),
        Parts::from_iter([("access_key", "SCW0123456789ABCDEFG")]),
        Parts::from_iter([("secret_key", "")]),
    ] {
        let error = refused(AccountConfig { credential: parts, ..proper() }).await;
        assert!(matches!(error, AccountError::Credential(_)), "{error:?}");
        assert!(error.to_string().contains("secret_key"), "{error}");
    }
}

#[tokio::test]
async fn an_endpoint_is_a_url_without_user_query_and_fragment() {
    for url in [
        "http://vendor.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:8443",
        "https://127.0.0.1:8443/a/../b",
        "https://127.0.0.1:8443/?a=b",
        "https://127.0.0.1:8443/#a",
        "https://u@127.0.0.1",
        "https://user:hunter2@127.0.0.1",
        "https://",
        "HTTPS://127.0.0.1",
        " https://127.0.0.1",
    ] {
        let endpoints = vec![EndpointOverride { name: None, url: url.to_owned() }];
        let error = refused(AccountConfig { endpoints, ..proper() }).await;
        assert!(matches!(error, AccountError::Endpoint { .. }), "{url}: {error:?}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn endpoints_are_known_by_name() {
    let adapter = Adapter::load_unpinned(engine(), guests::OAUTH2, &Grant::as_requested()).await.unwrap();
    let account = |name: Option<&str>, url: &str| {
        let endpoints = vec![EndpointOverride { name: name.map(str::to_owned), url: url.to_owned() }];
        let credential = Parts::from_iter([("client_id", "c"), ("client_secret", "s")]);
        let settings = object(json!({"tenant": "acme"}));
        Account::new(&adapter, AccountConfig { settings, credential, endpoints, ca_pem: None, proxy: None })
    };
    assert!(account(Some("api"), "http://127.0.0.1:8080/prefix").is_ok());
    assert!(matches!(account(Some("nothing"), "https://127.0.0.1"), Err(AccountError::EndpointName(_))));
    let error = account(None, "https://127.0.0.1").err().unwrap();
    assert!(matches!(&error, AccountError::EndpointsAmbiguous(names) if names == &["api", "auth"]), "{error:?}");
    assert!(error.to_string().contains("NAME=URL"), "{error}");
}

#[tokio::test]
async fn a_ca_file_holds_a_certificate() {
    let torn = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for ca_pem in ["", "no PEM", torn, "-----BEGIN CERTIFICATE-----\nAAAA"] {
        let endpoints = vec![EndpointOverride { name: None, url: "https://127.0.0.1:1".to_owned() }];
        let error = refused(AccountConfig { endpoints, ca_pem: Some(ca_pem.to_owned()), ..proper() }).await;
        assert!(matches!(error, AccountError::Ca(_)), "{ca_pem:?}: {error:?}");
    }
}

#[tokio::test]
async fn an_account_prints_no_secret() {
    let text = format!("{:?}", proper());
    assert!(text.contains("secret_key") && !text.contains(SECRET), "{text}");
}

#[tokio::test]
async fn an_empty_setting_does_not_pass_for_one() {
    let adapter = Adapter::load_unpinned(engine(), guests::OAUTH2, &Grant::as_requested()).await.unwrap();
    let parts = || Parts::from_iter([("client_id", "c"), ("client_secret", "s")]);
    let account = |settings: Map<String, Value>| {
        Account::new(&adapter, AccountConfig { settings, credential: parts(), ..AccountConfig::default() })
    };
    assert!(matches!(account(Map::new()), Err(AccountError::Settings(_))));
    assert!(account(object(json!({"tenant": null}))).is_err());
}
