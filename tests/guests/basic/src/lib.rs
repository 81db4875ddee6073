//! Test adapter: HTTP Basic.

use keywright_guest_common as common;
use keywright_sdk::{Account, Adapter, CreateRequest, Credential, Descriptor, Issued, Part, Result, Scheme};

/// The adapter.
pub struct Basic;

#[keywright_sdk::adapter]
impl Adapter for Basic {
    fn describe() -> Descriptor {
        common::described(Descriptor::new("basic", "Keys of a basic vendor", "1.0.0"), "password")
            .scheme(Scheme::new("api").basic("{parts.user}", "{parts.password}"))
            .part(Part::public("user", "user name"))
            .part(Part::secret("password", "password"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        common::create(account, request, "user", "password")
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        common::get(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        common::revoke(account, id)
    }
}
