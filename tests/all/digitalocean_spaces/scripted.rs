//! An account at a DigitalOcean whose answers a test writes itself.

use keywright_runtime::{Account, Parts};
use keywright_tests::{Arrived, Reply, ScriptedVendor, SpacesBench as Bench, engine, object};
use serde_json::{Value, json};

pub(super) const ID: &str = "DO00AAAABBBBCCCCDDDD";
pub(super) const SECRET: &str = "bWFkZS11cC1zZWNyZXQtb2YtYS1rZXktZm9yLXRlc3Rz";

/// A vendor that answers so, and an account there.
pub(super) async fn answering(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(script).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let credential = Parts::from_iter([("token", "administrator")]);
    let account = vendor.account(&adapter, object(json!({"region": "nyc3"})), credential);
    (vendor, account)
}

/// A vendor that always gives this answer.
pub(super) async fn always(reply: Reply) -> (ScriptedVendor, Account) {
    answering(move |_| reply.clone()).await
}

/// The parts of the key that the answers are about.
pub(super) fn parts() -> Parts {
    Parts::from_iter([("access_key", ID), ("secret_key", SECRET)])
}

/// A grant to read a bucket.
pub(super) fn reading() -> Value {
    json!([{"bucket": "photos", "permission": "read"}])
}

/// A key as DigitalOcean shows it.
pub(super) fn key() -> Value {
    json!({
        "name": "ci [keywright:g1]", "access_key": ID, "grants": reading(), "created_at": "2026-11-25T10:00:00Z",
    })
}

/// The answer that is about one key.
pub(super) fn one(key: Value) -> Value {
    json!({"key": key})
}

/// The answer to its creation.
pub(super) fn with_its_secret() -> Value {
    let mut key = key();
    key["secret_key"] = json!(SECRET);
    one(key)
}

/// An error in DigitalOcean's form.
pub(super) fn error(id: &str, message: &Value) -> Value {
    json!({"id": id, "message": message, "request_id": "4d9d8375-3c56-4925-a3e7-eb137fed17e9"})
}
