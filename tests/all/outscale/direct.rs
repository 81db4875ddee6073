//! Signed by the component itself, for runtimes without a broker.

use keywright_tests::OutscaleBench as Bench;
use serde_json::{Value, json};

use crate::embedding::{
    Embedded, account,
    bindings::keywright::vendor::{
        failures::Reason,
        lifecycle_types::{Account, Outcome},
    },
    creation,
};

fn direct(bench: &Bench, signature: &str, access_key: &str, secret_key: &str) -> Account {
    let settings = json!({"region": "eu-west-2", "signature": signature});
    account(bench.simulator.base_url(), &["api"], settings, &[("access_key", access_key), ("secret_key", secret_key)])
}

#[tokio::test]
async fn an_access_key_lives_its_whole_life_in_another_runtime() {
    for signature in ["osc4", "aws4"] {
        let bench = Bench::start().await;
        let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
        let (adapter, store) = embedded.parts();
        let administrator = direct(&bench, signature, &bench.own("access_key"), &bench.own("secret_key"));
        let wanted = creation(&json!({"user_name": bench.user(), "tag": "embedded"}), Some("g1"), None);
        let issued = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap();
        let id = issued.credential.id.clone();
        let part = |name: &str| issued.parts.iter().find(|part| part.name == name).unwrap().value.clone();

        let found = adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().unwrap();
        let attributes: Value = serde_json::from_str(&found.attributes).unwrap();
        assert_eq!((&attributes["tag"], found.marker.as_deref()), (&json!("embedded"), Some("g1")));

        let own = direct(&bench, signature, &part("access_key"), &part("secret_key"));
        let verdict = adapter.call_verify(&mut *store, &own, &id).await.unwrap().unwrap();
        assert!(matches!(verdict.outcome, Outcome::Active), "{}", verdict.explanation);
        let wrong = direct(&bench, signature, &part("access_key"), &"0".repeat(40));
        let verdict = adapter.call_verify(&mut *store, &wrong, &id).await.unwrap().unwrap();
        assert!(matches!(verdict.outcome, Outcome::Refused), "{}", verdict.explanation);

        adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_cannot_be_signed_with_is_refused_in_words() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let settings = json!({"region": "eu-west-2"});
    let base = bench.simulator.base_url();
    for (account, says) in [
        (account(base, &["api"], settings.clone(), &[("access_key", "A")]), "secret_key is missing"),
        (account(base, &["api"], settings, &[("access_key", ""), ("secret_key", "s")]), "access_key is empty"),
        (direct(&bench, "osc4", "A/B", "s"), "the access key to sign with"),
        (direct(&bench, "md5", "A", "s"), "choose `osc4` or `aws4`"),
    ] {
        let id = "123456789012/jo/ABCDEFGHIJ0123456789";
        let refused = adapter.call_get(&mut *store, &account, id).await.unwrap().unwrap_err();
        assert!(matches!(refused.reason, Reason::Invalid(_)), "{refused:?}");
        assert!(refused.message.contains(says), "{}", refused.message);
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}
