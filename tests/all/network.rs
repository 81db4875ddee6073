//! Names, addresses and connections: what was judged is what is dialled, and nothing else is.

use std::sync::Arc;

use keywright_runtime::{
    Account, AccountConfig, Adapter, CallError, EndpointOverride, Engine, EngineConfig, Grant, Parts, Reason,
};
use keywright_tests::{PlayedNetwork, Reply, ScriptedVendor, guests};
use serde_json::json;

use crate::outcome::{failure, reason};

/// The host of the probe's vendor.
const HOST: &str = "api.probe.example";

/// The probe on a network that the test plays, at its vendor's own host or at an endpoint of the account's own.
struct Played {
    vendor: ScriptedVendor,
    network: Arc<PlayedNetwork>,
    account: Account,
}

impl Played {
    async fn at(own: Option<&str>, answers: &[&[&str]]) -> Self {
        let vendor = ScriptedVendor::start(|_| Reply::json(200, &json!({}))).await;
        let network = Arc::new(PlayedNetwork::new(vendor.address(), answers.iter().copied()));
        let engine = Engine::new(EngineConfig { network: network.clone(), ..EngineConfig::default() }).unwrap();
        let adapter = Adapter::load_unpinned(&engine, guests::PROBE, &Grant::as_requested()).await.unwrap();
        let endpoints = own.map(|url| EndpointOverride { name: None, url: url.to_owned() });
        let (endpoints, ca_pem) = (endpoints.into_iter().collect(), own.map(|_| vendor.ca_pem().to_owned()));
        let credential = Parts::from_iter([("access_key", "own"), ("secret_key", "the-administrators-secret")]);
        let config = AccountConfig { credential, endpoints, ca_pem, ..AccountConfig::default() };
        let account = Account::new(&adapter, config).unwrap();
        Self { vendor, network, account }
    }

    async fn at_the_vendor(answers: &[&[&str]]) -> Self {
        Self::at(None, answers).await
    }
}

#[tokio::test]
async fn a_vendor_that_resolves_to_no_public_address_is_not_dialled() {
    for (address, class) in [
        ("127.0.0.1", "a loopback address"),
        ("10.1.2.3", "a private address"),
        ("169.254.169.254", "a cloud's metadata address"),
        ("100.64.0.1", "an address shared behind a provider's translation"),
        ("0.0.0.0", "the unspecified address"),
        ("224.0.0.1", "a multicast address"),
        ("::1", "a loopback address"),
        ("fe80::1", "a link-local address"),
        ("fd00::1", "a unique local address"),
        ("::ffff:127.0.0.1", "a loopback address"),
        ("64:ff9b::a9fe:a9fe", "a cloud's metadata address"),
        ("2002:7f00:1::", "a loopback address"),
    ] {
        let played = Played::at_the_vendor(&[&[address]]).await;
        let failure = failure(played.account.get("k1").await);
        assert_eq!(failure.reason, Reason::Unavailable, "{address}");
        assert!(failure.message.contains(HOST) && failure.message.contains(class), "{address}: {failure}");
        assert_eq!(played.network.dialled(), [], "{address}");
    }
}

#[tokio::test]
async fn one_bad_address_among_good_ones_spoils_them_all() {
    let played = Played::at_the_vendor(&[&["8.8.8.8", "127.0.0.1", "2a00::1"]]).await;
    assert_eq!(reason(played.account.get("k1").await), Reason::Unavailable);
    assert_eq!(played.network.dialled(), []);
}

/// The answer that was judged is the one that is dialled: there is no second lookup between the two that could be another.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_anew_for_each_connection() {
    let played = Played::at_the_vendor(&[&["8.8.8.8"], &["127.0.0.1"]]).await;
    // The far end has no certificate that a machine trusts, so no request is made.
    played.account.get("k1").await.unwrap_err();
    assert_eq!(played.network.looked_up(), [HOST]);
    assert_eq!(played.network.dialled(), ["8.8.8.8:443".parse().unwrap()]);
    let failure = failure(played.account.get("k1").await);
    assert!(failure.message.contains("a loopback address"), "{failure}");
    assert_eq!(played.network.looked_up(), [HOST, HOST]);
    assert_eq!(played.network.dialled().len(), 1);
    assert_eq!(played.vendor.lines(), [""; 0]);
}

#[tokio::test]
async fn a_request_that_is_denied_costs_no_lookup_and_no_connection() {
    let played = Played::at_the_vendor(&[&["8.8.8.8"]]).await;
    let error = played.account.get("beyond").await.unwrap_err();
    assert!(matches!(error, CallError::Denied(_)), "{error:?}");
    assert_eq!((played.network.looked_up().len(), played.network.dialled().len()), (0, 0));
}

#[tokio::test]
async fn the_host_that_is_judged_dialled_asked_for_and_named_is_one() {
    let name = ScriptedVendor::NAME;
    let played = Played::at(Some(&format!("https://{name}:8443")), &[&["10.0.0.7"]]).await;
    assert!(played.account.get("k1").await.unwrap().is_some());
    assert_eq!(played.network.looked_up(), [name]);
    assert_eq!(played.network.dialled(), ["10.0.0.7:8443".parse().unwrap()]);
    let arrived = &played.vendor.arrived()[0];
    assert_eq!(arrived.server_name.as_deref(), Some(name));
    assert_eq!(arrived.host, format!("{name}:8443"));
}

#[tokio::test]
async fn an_endpoint_of_ones_own_may_be_private_but_no_metadata_service() {
    let url = format!("https://{}", ScriptedVendor::NAME);
    for address in ["10.0.0.7", "127.0.0.1", "fd12::7"] {
        let played = Played::at(Some(&url), &[&[address]]).await;
        assert!(played.account.get("k1").await.unwrap().is_some(), "{address}");
    }
    for address in ["169.254.169.254", "0.0.0.0", "fe80::1"] {
        let played = Played::at(Some(&url), &[&[address]]).await;
        assert_eq!(reason(played.account.get("k1").await), Reason::Unavailable, "{address}");
        assert_eq!(played.network.dialled(), [], "{address}");
    }
}
