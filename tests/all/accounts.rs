//! What makes an account usable, found out before anything is sent.

use keywright_runtime::{AccountConfig, AccountError, Adapter, EndpointOverride, Grant, Parts, Problem};
use keywright_tests::{ScalewayBench as Bench, engine, guests, object};
use serde_json::{Map, Value, json};

async fn refused(config: AccountConfig) -> AccountError {
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    match adapter.account(config) {
        Err(error) => error,
        Ok(_) => panic!("it is usable"),
    }
}

fn config(settings: Value) -> AccountConfig {
    let credential = Parts::from_iter([("secret_key", "a-secret")]);
    AccountConfig { settings: object(settings), credential, endpoint: None }
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
    for parts in [Parts::new(), Parts::from_iter([("access_key", "x")]), Parts::from_iter([("secret_key", "")])] {
        let error = refused(AccountConfig { credential: parts, ..proper() }).await;
        assert!(matches!(error, AccountError::Credential(_)), "{error:?}");
        assert!(error.to_string().contains("secret_key"), "{error}");
    }
}

#[tokio::test]
async fn an_endpoint_is_https_a_host_and_a_port() {
    for url in
        ["http://127.0.0.1:80", "127.0.0.1:8443", "https://127.0.0.1:8443/iam", "https://u@127.0.0.1", "https://"]
    {
        let endpoint = Some(EndpointOverride { url: url.to_owned(), ca_pem: None });
        let error = refused(AccountConfig { endpoint, ..proper() }).await;
        assert!(matches!(error, AccountError::Endpoint { .. }), "{url}: {error:?}");
        assert!(error.to_string().contains(url), "{error}");
    }
}

#[tokio::test]
async fn a_ca_file_holds_a_certificate() {
    let torn = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for ca_pem in ["", "no PEM", torn, "-----BEGIN CERTIFICATE-----\nAAAA"] {
        let endpoint =
            Some(EndpointOverride { url: "https://127.0.0.1:1".to_owned(), ca_pem: Some(ca_pem.to_owned()) });
        let error = refused(AccountConfig { endpoint, ..proper() }).await;
        assert!(matches!(error, AccountError::Ca(_)), "{ca_pem:?}: {error:?}");
    }
}

#[tokio::test]
async fn an_account_prints_no_secret() {
    let text = format!("{:?}", proper());
    assert!(text.contains("secret_key") && !text.contains("a-secret"), "{text}");
}

#[tokio::test]
async fn an_empty_setting_does_not_pass_for_one() {
    let adapter = Adapter::load(engine(), guests::OAUTH2, &Grant::as_requested()).await.unwrap();
    let parts = || Parts::from_iter([("client_id", "c"), ("client_secret", "s")]);
    let account =
        |settings: Map<String, Value>| adapter.account(AccountConfig { settings, credential: parts(), endpoint: None });
    assert!(matches!(account(Map::new()), Err(AccountError::Settings(_))));
    assert!(account(object(json!({"tenant": null}))).is_err());
}
