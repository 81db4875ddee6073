//! What Keywright needs to know of commercetools.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, LastUsed, Method};

use crate::API;

/// The characters that a name is taken to hold, the marker included. How many the vendor takes is not documented.
pub(crate) const NAME_LENGTH: usize = 256;

/// The part that is the client's id.
pub(crate) const CLIENT_ID: &str = "client_id";

/// The part that is minted.
pub(crate) const CLIENT_SECRET: &str = "client_secret";

const AUTH: &str = "auth";
const API_CLIENTS: &str = "/{settings.project_key}/api-clients";
const API_CLIENT: &str = "/{settings.project_key}/api-clients/{id}";

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("commercetools", "commercetools API clients", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.{settings.region}.commercetools.com")
        .endpoint(AUTH, "https://auth.{settings.region}.commercetools.com")
        // No scope is asked for, which asks for all that the client has: one that it lacks would be refused with a 400,
        // and whether `manage_api_clients` brings `view_api_clients` along is not documented.
        .oauth2_client_credentials(AUTH, "/oauth/token", "{parts.client_id}", "{parts.client_secret}", None)
        .id_part(CLIENT_ID, "client id", &["CTP_CLIENT_ID"])
        .secret_part(CLIENT_SECRET, "client secret", &["CTP_CLIENT_SECRET"])
        // Ids are opaque: about 24 characters that need no encoding in a URL, or a UUID in the vendor's examples.
        .id("^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$", &["CLIENT_ID"])
        .rule(&[Create], Method::Post, API, API_CLIENTS)
        .minting(CLIENT_SECRET, "/secret")
        .rule(&[Get, List, Revoke], Method::Get, API, API_CLIENTS)
        .rule(&[Check, Get, Verify], Method::Get, API, API_CLIENT)
        .rule(&[Revoke], Method::Delete, API, API_CLIENT)
        .expiry(ExpirySupport::AtCreation)
        // A name is never empty, and a space stands before the marker.
        .marker("name", NAME_LENGTH as u32 - 2)
        // Lists are not strongly consistent; how far behind they may be is not documented.
        .consistency_delay(30)
        .last_used(LastUsed::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Commercetools>(), Ok(()));
    }
}
