//! Signed by the component itself, for runtimes without a broker.

use keywright_tests::AwsIamBench as Bench;
use serde_json::json;

use crate::embedding::bindings::keywright::vendor::failures::Reason;
use crate::embedding::bindings::keywright::vendor::lifecycle_types::{Account, Outcome};
use crate::embedding::{Embedded, account, creation};

fn direct(bench: &Bench, parts: &[(&str, &str)]) -> Account {
    account(bench.simulator.base_url(), &["iam", "sts"], json!({}), parts)
}

#[tokio::test]
async fn an_access_key_lives_its_whole_life_in_another_runtime() {
    for administrator in ["user", "session"] {
        let bench = Bench::builder().option("administrator", administrator).start().await;
        let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
        let (adapter, store) = embedded.parts();
        let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
        let token = if administrator == "session" { bench.own("session_token") } else { String::new() };
        let mut parts = vec![("access_key_id", own.as_str()), ("secret_access_key", secret.as_str())];
        if !token.is_empty() {
            parts.push(("session_token", &token));
        }
        let administrator = direct(&bench, &parts);
        adapter.call_check(&mut *store, &administrator).await.unwrap().unwrap();

        let wanted = creation(&json!({"user_name": bench.user(), "status": "Active"}), None, None);
        let issued = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap();
        let id = issued.credential.id.clone();
        let part = |name: &str| issued.parts.iter().find(|part| part.name == name).unwrap().value.clone();
        assert!(adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().is_some());

        let access_key_id = part("access_key_id");
        for (secret, outcome) in [(part("secret_access_key"), "active"), ("0".repeat(40), "refused")] {
            let own = direct(&bench, &[("access_key_id", &access_key_id), ("secret_access_key", &secret)]);
            let verdict = adapter.call_verify(&mut *store, &own, &id).await.unwrap().unwrap();
            let is = match verdict.outcome {
                Outcome::Active => "active",
                Outcome::Refused => "refused",
                Outcome::Inconclusive | Outcome::Other(_) => "neither",
            };
            assert_eq!(is, outcome, "{}", verdict.explanation);
        }
        adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap();
        assert!(adapter.call_get(&mut *store, &administrator, &id).await.unwrap().unwrap().is_none());
    }
}

/// What Keywright's host looks at before a call, the component looks at where there is no such host.
#[tokio::test]
async fn what_aws_does_not_keep_and_what_would_be_regretted_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mut embedded = Embedded::new(Bench::built_in().component, bench.simulator.ca_pem().unwrap()).await;
    let (adapter, store) = embedded.parts();
    let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
    let administrator = direct(&bench, &[("access_key_id", &own), ("secret_access_key", &secret)]);
    let attributes = json!({"user_name": bench.user()});
    for (wanted, says) in [
        (creation(&attributes, Some("g1"), None), "/marker is not kept by AWS"),
        (creation(&attributes, None, Some(4_000_000_000)), "/expires_at is not kept by AWS"),
        (creation(&json!({}), None, None), "/attributes/user_name is missing"),
    ] {
        let refused = adapter.call_create(&mut *store, &administrator, &wanted).await.unwrap().unwrap_err();
        assert!(matches!(refused.reason, Reason::Invalid(_)), "{refused:?}");
        assert!(refused.message.starts_with(says), "{}", refused.message);
    }
    let id = format!("keywright-admin/{own}");
    let revoked = adapter.call_revoke(&mut *store, &administrator, &id).await.unwrap().unwrap_err();
    let disabled = adapter.call_set_enabled(&mut *store, &administrator, &id, false).await.unwrap().unwrap_err();
    let unnamed = adapter.call_revoke(&mut *store, &administrator, &own).await.unwrap().unwrap_err();
    for (refused, says) in
        [(revoked, "is the key that signs"), (disabled, "is the key that signs"), (unnamed, "does not have the form")]
    {
        assert!(refused.message.starts_with("/id ") && refused.message.contains(says), "{}", refused.message);
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}
