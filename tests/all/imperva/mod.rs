//! The adapter for Imperva, at work on a simulated account.

mod accounts;
mod answers;
mod budgets;
mod create;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod regenerate;
mod update;
mod verify;

use keywright_runtime::{Account, Parts};
use keywright_tests::{Arrived, ImpervaBench, Reply, ScriptedVendor, engine, object};
use serde_json::{Value, json};

const ID: &str = "482913";

const SECRET: &str = "7d0b6c1e-3f7a-4a53-9f0e-0f4c0a9b2d11";

/// Every form of errors, and whether refusals come with status 200.
const FORMS: [(&str, bool); 5] = [("v3", false), ("v2", false), ("v1", false), ("role", false), ("v1", true)];

/// Every way to say that an API client is not there.
const ABSENT: [&str; 4] = ["empty", "404", "bare-404", "2002"];

/// An API client as Imperva tells of it.
fn told(secret: Value) -> Value {
    json!({
        "id": 482913, "userEmail": "ops@example.com", "name": "First", "description": "ci [keywright:g1]",
        "apiKey": secret, "enabled": true, "expirationDate": "2127-09-12T10:33:29Z",
        "lastActionTime": "2026-11-01T08:15:00Z",
    })
}

fn envelope(clients: &[Value]) -> Value {
    json!({
        "meta": {"total": clients.len(), "pageNumber": 0, "pageSize": 50, "maxApiKeyLimit": 5},
        "data": clients,
    })
}

/// A vendor whose answers are scripted, and an account there.
async fn scripted(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(script).await;
    let adapter = ImpervaBench::built_in().load(engine()).await.unwrap();
    let credential = Parts::from_iter([("api_id", "101"), ("api_key", "administrator")]);
    let account = vendor.account(&adapter, object(json!({})), credential);
    (vendor, account)
}

/// One that always gives this answer.
async fn answering(reply: Reply) -> (ScriptedVendor, Account) {
    scripted(move |_| reply.clone()).await
}
