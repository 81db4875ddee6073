//! The OUTSCALE adapter, against its simulator.

mod budgets;
mod create;
mod direct;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod revoke;
mod specification;
mod update;
mod verify;

use keywright_runtime::{Account, Parts};
use keywright_tests::{OutscaleBench, ScriptedVendor, engine, object};
use serde_json::json;

/// An account at a vendor whose answers the test writes itself.
async fn account_at(vendor: &ScriptedVendor) -> Account {
    let adapter = OutscaleBench::built_in().load(engine()).await.unwrap();
    let parts = Parts::from_iter([
        ("access_key", "ZYXWVUTSRQ9876543210"),
        ("secret_key", "administrators-secret"),
        ("owner", "123456789012"),
    ]);
    vendor.account(&adapter, object(json!({"region": "us-east-2"})), parts)
}
