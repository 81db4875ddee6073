//! Test adapter: OAuth 2.0 client credentials, with a tenant in the path of the token endpoint.

use keywright_guest_common as common;
use keywright_sdk::{
    Account, Adapter, Client, CreateRequest, Credential, Descriptor, Issued, OAuth2 as Tokens, Part, Result, Scheme,
};

/// The adapter.
pub struct OAuth2;

#[keywright_sdk::adapter]
impl Adapter for OAuth2 {
    fn describe() -> Descriptor {
        let client = Client::basic("{parts.client_id}", "{parts.client_secret}");
        let tokens =
            Tokens::client_credentials("auth", "/{settings.tenant}/token", client).scope("keys:{settings.tenant}");
        common::described(Descriptor::new("oauth2", "Keys of a oauth2 vendor", "1.0.0"), "client_secret")
            .settings(r#"{"type": "object", "properties": {"tenant": {"type": "string"}}, "required": ["tenant"]}"#)
            .endpoint("auth", "https://auth.vendor.example")
            .scheme(Scheme::new("api").oauth2(tokens))
            .part(Part::public("client_id", "client id"))
            .part(Part::secret("client_secret", "client secret"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        common::create(account, request, "client_id", "client_secret")
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        common::get(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        common::revoke(account, id)
    }
}
