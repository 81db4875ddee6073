//! Test adapter: OSC4 signatures.

use keywright_guest_common as common;
use keywright_sdk::{Account, Adapter, CreateRequest, Credential, Descriptor, Issued, Part, Result, Scheme, Signature};

/// The adapter.
pub struct Osc4;

#[keywright_sdk::adapter]
impl Adapter for Osc4 {
    fn describe() -> Descriptor {
        let signature = Signature::new("osc4", "{parts.access_key}", "{parts.secret_key}", "{settings.region}", "api");
        common::described(Descriptor::new("osc4", "Keys of a osc4 vendor", "1.0.0"), "secret_key")
            .settings(r#"{"type": "object", "properties": {"region": {"type": "string"}}, "required": ["region"]}"#)
            .scheme(Scheme::new("api").signature(signature))
            .part(Part::public("access_key", "access key"))
            .part(Part::secret("secret_key", "secret key"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        common::create(account, request, "access_key", "secret_key")
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        common::get(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        common::revoke(account, id)
    }
}
