//! The AWS IAM adapter, against its simulator, and against moto where that is installed.

mod administrators;
mod answers;
mod budgets;
mod create;
mod direct;
mod faults;
mod grant;
mod list;
mod moto;
mod mutations;
mod read;
mod refusals;
mod renamed;
mod revoke;
mod status;
mod verify;

use keywright_runtime::{Account, Parts};
use keywright_tests::{AwsIamBench, ScriptedVendor, engine};
use serde_json::Map;

/// An account at a vendor whose answers the test writes itself.
async fn account_at(vendor: &ScriptedVendor) -> Account {
    let adapter = AwsIamBench::built_in().load(engine()).await.unwrap();
    let parts = Parts::from_iter([("access_key_id", "AKIAEXAMPLE000000001"), ("secret_access_key", "s")]);
    vendor.account(&adapter, Map::new(), parts)
}
