//! An account at a Gcore whose answers a test writes itself.

use keywright_runtime::{Account, Parts};
use keywright_tests::{Arrived, GcoreBench as Bench, Reply, ScriptedVendor, engine, object};
use serde_json::{Value, json};

pub(super) const CLIENT: u64 = 9_262_944;
pub(super) const ID: &str = "9262944/768660";

/// A vendor that answers so, and an account there.
pub(super) async fn answering(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(script).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"client_id": CLIENT}));
    let account = vendor.account(&adapter, settings, Parts::from_iter([("token", "768659_administrator")]));
    (vendor, account)
}

/// A vendor that always gives this answer.
pub(super) async fn always(status: u16, body: Value) -> (ScriptedVendor, Account) {
    answering(move |_| Reply::json(status, &body)).await
}

/// A token as the v2 API description has it.
pub(super) fn token() -> Value {
    json!({
        "id": 768_660, "name": "test", "description": "ci", "exp_date": null,
        "created": "2026-11-21T12:00:00.000000Z", "last_usage": null, "deleted": false, "expired": false,
        "client_user": {
            "role": {"id": 2, "name": "Users"}, "deleted": false, "user_id": 1_023_101, "user_name": "Jo Doe",
            "user_email": "jo@example.com", "client_id": CLIENT,
        },
    })
}

/// The answer to its creation.
pub(super) fn created() -> Value {
    let mut token = token();
    token["token"] = json!("768660_5f1d0c9e8b7a6f5e4d3c2b1a");
    token
}
