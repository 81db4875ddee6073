//! Authenticated by the component itself, for runtimes without a broker: with the token or with a signature, by where a
//! request goes.

use keywright_tests::SpacesBench as Bench;
use serde_json::{Value, json};

use crate::embedding::{
    Embedded, account,
    bindings::keywright::vendor::{
        failures::Reason,
        lifecycle_types::{Account, Outcome},
    },
    creation,
};

fn direct(bench: &Bench, parts: &[(&str, &str)]) -> Account {
    account(bench.simulator.base_url(), &["api", "spaces"], json!({"region": "nyc3"}), parts)
}

#[tokio::test]
async fn a_key_lives_its_whole_life_in_another_runtime() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let administrator = direct(&bench, &[("token", &bench.own("token"))]);
    for grants in [bench.reading(), bench.full_access()] {
        let wanted = creation(&json!({"name": "embedded", "grants": grants}), Some("g1"), None);
        let issued = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap();
        let id = issued.credential.id.clone();
        let part = |name: &str| issued.parts.iter().find(|part| part.name == name).unwrap().value.clone();

        let found = adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().unwrap();
        let attributes: Value = serde_json::from_str(&found.attributes).unwrap();
        assert_eq!((attributes, found.marker.as_deref()), (json!({"name": "embedded", "grants": grants}), Some("g1")));

        let mark = bench.mark();
        let own = direct(&bench, &[("access_key", &part("access_key")), ("secret_key", &part("secret_key"))]);
        let verdict = adapter.call_verify(&mut *store, &own, &id).await.unwrap().unwrap();
        assert!(matches!(verdict.outcome, Outcome::Active), "{}", verdict.explanation);
        let sent = &bench.since(mark)[0];
        assert!(sent.headers["authorization"].to_str().unwrap().starts_with("AWS4-HMAC-SHA256 Credential="));

        let wrong = direct(&bench, &[("access_key", &id), ("secret_key", "wrong")]);
        let verdict = adapter.call_verify(&mut *store, &wrong, &id).await.unwrap().unwrap();
        assert!(matches!(verdict.outcome, Outcome::Refused), "{}", verdict.explanation);

        adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None);
    }
}

/// What Keywright's host would find before it calls, the adapter finds too.
#[tokio::test]
async fn what_would_be_misread_is_refused_without_a_host_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let administrator = direct(&bench, &[("token", &bench.own("token"))]);
    let grants = bench.reading();
    for (attributes, expires_at, pointer) in [
        (json!({"name": "ci", "grants": grants}), Some(4_102_444_800), "/expires_at"),
        (json!({"name": "", "grants": grants}), None, "/attributes/name"),
        (json!({"name": "ci"}), None, "/attributes/grants"),
        (json!({"name": "ci", "grants": [{"bucket": "photos", "permission": "write"}]}), None, "/attributes/grants"),
        (
            json!({"name": "ci", "grants": [{"bucket": "photos", "permission": "fullaccess"}]}),
            None,
            "/attributes/grants",
        ),
    ] {
        let wanted = creation(&attributes, None, expires_at);
        let refused = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap_err();
        let Reason::Invalid(problems) = &refused.reason else { panic!("{refused:?}") };
        assert_eq!(problems[0].pointer, pointer);
    }
    let own = direct(&bench, &[("access_key", "DO00"), ("secret_key", "s")]);
    let refused = adapter.call_verify(&mut *store, &own, "DO01").await.unwrap().unwrap_err();
    let Reason::Invalid(problems) = &refused.reason else { panic!("{refused:?}") };
    assert_eq!(problems[0].pointer, "/id");
    assert_eq!(bench.mark(), 0);
}
