//! Test adapter: OAuth 2.0 client credentials, with a tenant in the path of the token endpoint.

use keywright_guest_common as common;
use keywright_sdk::{Account, Adapter, Creation, Credential, Descriptor, Issued, Result};

/// The adapter.
pub struct OAuth2;

#[keywright_sdk::adapter]
impl Adapter for OAuth2 {
    fn describe() -> Descriptor {
        common::described(Descriptor::new("oauth2", "Keys of a oauth2 vendor", "1.0.0"), "client_secret")
            .settings(r#"{"type": "object", "properties": {"tenant": {"type": "string"}}, "required": ["tenant"]}"#)
            .endpoint("auth", "https://auth.vendor.example")
            .oauth2_client_credentials(
                "auth",
                "/{settings.tenant}/token",
                "{parts.client_id}",
                "{parts.client_secret}",
                Some("keys:{settings.tenant}"),
            )
            .public_part("client_id", "client id", &[])
            .secret_part("client_secret", "client secret", &[])
    }

    fn create(account: &Account, request: &Creation) -> Result<Issued> {
        common::create(account, request, "client_id", "client_secret")
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        common::get(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        common::revoke(account, id)
    }
}
