//! An account at a Datadog whose answers a test writes itself.

use keywright_runtime::{Account, Parts};
use keywright_tests::{Arrived, DatadogBench as Bench, Reply, ScriptedVendor, engine, object};
use serde_json::{Value, json};

pub(super) const ID: &str = "11111111-2222-4333-8444-555555555555";
pub(super) const OWN_ID: &str = "99999999-2222-4333-8444-555555555555";
pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A vendor that answers so, and an account there.
pub(super) async fn answering(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(script).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let credential = Parts::from_iter([("api_key", "administrator"), ("application_key", "application")]);
    let account = vendor.account(&adapter, object(json!({"site": "datadoghq.com"})), credential);
    (vendor, account)
}

/// A vendor that always gives this answer.
pub(super) async fn always(reply: Reply) -> (ScriptedVendor, Account) {
    answering(move |_| reply.clone()).await
}

/// A key as Datadog shows it in a list.
pub(super) fn key() -> Value {
    let user = json!({"data": {"type": "users", "id": "aaaaaaaa-0000-4000-8000-000000000001"}});
    json!({
        "type": "api_keys", "id": ID,
        "attributes": {
            "name": "ci [keywright:g1]", "last4": "cdef", "created_at": "2026-11-25T10:00:00.123456+00:00",
            "modified_at": "2026-11-25T10:00:00.123456+00:00", "date_last_used": null,
            "remote_config_read_enabled": false,
        },
        "relationships": {"created_by": user, "modified_by": user, "leak_information": {"data": null}},
    })
}

/// The answer to its creation, and to a reading where the key is told again.
pub(super) fn with_its_value() -> Value {
    let mut key = key();
    key["attributes"]["key"] = json!(KEY);
    json!({"data": key})
}

/// What `/api/v2/validate` says of the administrator's API key.
pub(super) fn own() -> Value {
    let attributes = json!({"api_key_id": OWN_ID, "api_key_scopes": [], "valid": true});
    json!({"data": {"type": "validate_v2", "id": "cccccccc-0000-4000-8000-000000000001", "attributes": attributes}})
}

/// An error in Datadog's form.
pub(super) fn error(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"errors": [text]}))
}
