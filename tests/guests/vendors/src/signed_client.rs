//! A vendor whose clients prove themselves to its token endpoint by a token that they sign (`private_key_jwt`, RFC 7523
//! section 2.2). It makes the key pair of a new client, and shows the private key once, in PEM.

use keywright_sdk::{Client, Jwt, OAuth2};

use crate::*;

/// The vendor.
pub struct SignedClient;

impl Vendor for SignedClient {
    fn describe() -> Descriptor {
        let claims =
            r#"{"iss": "{parts.client_id}", "sub": "{parts.client_id}", "aud": "https://auth.vendor.example/token"}"#;
        let assertion = Jwt::new("ES256", "{parts.private_key}", claims, 60).key_id("{parts.client_id}");
        let client = Client::private_key_jwt("{parts.client_id}", assertion);
        let tokens = OAuth2::client_credentials("auth", "/token", client).scope("keys");
        described("signed-client", "Clients that sign", "client")
            .endpoint("auth", "https://auth.vendor.example")
            .scheme(Scheme::new("client").oauth2(tokens))
            .part(Part::public("client_id", "client id").identifies())
            .part(Part::secret("private_key", "private key"))
            .rule(creation().mints("private_key", "/private_key"))
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        let answer = account.post("api", &["keys"])?.json(&json!({})).send()?.success()?;
        let body: Value = answer.json()?;
        let (id, key) = (member(&answer, &body, "id")?, member(&answer, &body, "private_key")?);
        Ok(Issued::new(Credential::new(id, json!({}))).part("client_id", id).part("private_key", key))
    }
}
