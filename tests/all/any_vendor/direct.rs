//! Authenticated by the component itself, for runtimes without a broker: the life of a key under schemes of each kind, with
//! the administrator's credential and then the key's own.

use keywright_tests::ScriptedVendor;
use serde_json::{Value, json};

use super::login_session::Sessions;
use super::signed_client::{self, Clients};
use super::{account_keys, keys, query_key, stage};
use crate::embedding::bindings::keywright::vendor::failures::Reason;
use crate::embedding::bindings::keywright::vendor::lifecycle_types::{Account, Outcome};
use crate::embedding::{Embedded, account, creation};

/// A guest in a runtime that does nothing but send what it is given.
struct Direct {
    guest: &'static str,
    vendor: ScriptedVendor,
    endpoints: &'static [&'static str],
    settings: Value,
}

impl Direct {
    fn account(&self, parts: &[(&str, &str)]) -> Account {
        account(&self.vendor.url(), self.endpoints, self.settings.clone(), parts)
    }

    /// Makes a key, has it verified by its own parts, and ends it. A credential with another last part is refused.
    async fn lives(&self, administrator: &[(&str, &str)]) {
        let component = stage::component(self.guest);
        let mut embedded = Embedded::new(&component, self.vendor.ca_pem()).await;
        let (adapter, store) = embedded.parts();
        let proper = self.account(administrator);

        let mut wrong = administrator.to_vec();
        let (_, secret) = wrong.last_mut().expect("a part");
        let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        *secret = if secret.starts_with("-----BEGIN") { &other } else { "another secret" };
        let wanted = creation(&json!({"friendly_name": "ci", "name": "ci"}), None, None);
        let refused = adapter.call_create(&mut *store, &self.account(&wrong), &wanted).await.unwrap().unwrap_err();
        assert!(matches!(refused.reason, Reason::Unauthenticated), "{}: {refused:?}", self.guest);

        let issued = adapter.call_create(&mut *store, &proper, &wanted).await.unwrap();
        let issued = issued.unwrap_or_else(|failure| panic!("{}: {failure:?}", self.guest));
        let id = issued.credential.id.as_str();
        let parts: Vec<_> = issued.parts.iter().map(|part| (part.name.as_str(), part.value.as_str())).collect();
        assert!(adapter.call_get(&mut *store, &proper, id).await.unwrap().unwrap().is_some(), "{}", self.guest);

        let own = self.account(&parts);
        let verdict = adapter.call_verify(&mut *store, &own, id).await.unwrap().unwrap();
        assert!(matches!(verdict.outcome, Outcome::Active), "{}: {}", self.guest, verdict.explanation);

        adapter.call_revoke(&mut *store, &proper, id).await.unwrap().unwrap();
        assert!(adapter.call_get(&mut *store, &proper, id).await.unwrap().unwrap().is_none(), "{}", self.guest);
        let ended = adapter.call_verify(&mut *store, &own, id).await.unwrap();
        let is_refused = match &ended {
            Ok(verdict) => matches!(verdict.outcome, Outcome::Refused),
            // No token is given for it.
            Err(failure) => matches!(failure.reason, Reason::Unauthenticated),
        };
        assert!(is_refused, "{}: {ended:?}", self.guest);
    }
}

#[tokio::test]
async fn headers() {
    let guest = Direct {
        guest: "json_in_text",
        vendor: super::json_in_text::vendor(&keys::Keys::default()).await,
        endpoints: &["api"],
        settings: json!({}),
    };
    guest.lives(keys::CREDENTIAL).await;
}

#[tokio::test]
async fn a_key_in_the_query() {
    let vendor = query_key::vendor().await;
    let guest = Direct { guest: "query_key", vendor, endpoints: &["api"], settings: json!({}) };
    guest.lives(query_key::CREDENTIAL).await;
    for request in guest.vendor.arrived() {
        let query = request.query.unwrap();
        assert!(query.starts_with("api_key=") && !query.contains('&'), "{query}");
    }
}

/// The administrator's credential and the key's are of two shapes, and each has its own scheme.
#[tokio::test]
async fn basic_by_two_schemes() {
    let vendor = account_keys::vendor().await;
    let guest = Direct { guest: "account_keys", vendor, endpoints: &["api"], settings: account_keys::settings() };
    guest.lives(account_keys::CREDENTIAL).await;
}

#[tokio::test]
async fn a_session_behind_a_login() {
    let vendor = Sessions::default().start().await;
    let guest = Direct { guest: "login_session", vendor, endpoints: &["api"], settings: json!({}) };
    guest.lives(super::login_session::CREDENTIAL).await;
    assert!(guest.vendor.lines().contains(&"POST /login".to_owned()));
}

#[tokio::test]
async fn an_assertion_that_the_component_signs() {
    let clients = Clients::new();
    let vendor = clients.start().await;
    let guest = Direct { guest: "signed_client", vendor, endpoints: &["api", "auth"], settings: json!({}) };
    let administrator = [("client_id", signed_client::ADMINISTRATOR), ("private_key", clients.administrator.as_str())];
    guest.lives(&administrator).await;
    assert!(guest.vendor.lines().contains(&"POST /token".to_owned()));
}

/// A component cannot present one, and says so before anything is sent.
#[tokio::test]
async fn a_client_certificate_is_left_to_the_host() {
    let vendor = super::json_in_text::vendor(&keys::Keys::default()).await;
    let guest = Direct { guest: "client_certificate", vendor, endpoints: &["api"], settings: json!({}) };
    let mut embedded = Embedded::new(&stage::component(guest.guest), guest.vendor.ca_pem()).await;
    let (adapter, store) = embedded.parts();
    let account = guest.account(&[("certificate", "c"), ("private_key", "k")]);
    let wanted = creation(&json!({}), None, None);
    let failure = adapter.call_create(&mut *store, &account, &wanted).await.unwrap().unwrap_err();
    let Reason::Invalid(problems) = &failure.reason else { panic!("{failure:?}") };
    assert!(problems[0].message.contains("let Keywright's host authenticate"), "{failure:?}");
    assert_eq!(guest.vendor.lines(), [""; 0]);
}
