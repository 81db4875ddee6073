//! Test adapter: OSC4 signatures.

use keywright_guest_common as common;
use keywright_sdk::{Account, Adapter, Creation, Credential, Descriptor, Issued, Result};

/// The adapter.
pub struct Osc4;

#[keywright_sdk::adapter]
impl Adapter for Osc4 {
    fn describe() -> Descriptor {
        common::described(Descriptor::new("osc4", "Keys of a osc4 vendor", "1.0.0"), "secret_key")
            .settings(r#"{"type": "object", "properties": {"region": {"type": "string"}}, "required": ["region"]}"#)
            .signature("osc4", "{parts.access_key}", "{parts.secret_key}", "{settings.region}", "api")
            .public_part("access_key", "access key", &[])
            .secret_part("secret_key", "secret key", &[])
    }

    fn create(account: &Account, request: &Creation) -> Result<Issued> {
        common::create(account, request, "access_key", "secret_key")
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        common::get(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        common::revoke(account, id)
    }
}
