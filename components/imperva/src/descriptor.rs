//! What Keywright needs to know of Imperva.

use keywright_sdk::Operation::{Check, Create, Get, List, Regenerate, Revoke, SetEnabled, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, LastUsed, Method};

use crate::API;

const API_CLIENTS: &str = "/authorization/v3/api-clients";
const API_CLIENT: &str = "/authorization/v3/api-clients/{api_id}";

/// The characters of a description that Keywright counts on when it says how long a marker may be. How many Imperva takes
/// is not known; none is refused for its length here, and Imperva's own refusal is passed on.
const DESCRIPTION_LENGTH: u32 = 200;

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("imperva", "Imperva Cloud API clients", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.imperva.com")
        .header("x-API-Id", "{parts.api_id}")
        .header("x-API-Key", "{parts.api_key}")
        .id_part("api_id", "API ID", &["INCAPSULA_API_ID"])
        .secret_part("api_key", "API key", &["INCAPSULA_API_KEY"])
        // Without leading zeros, so that one API client has one id.
        .id("^([1-9][0-9]{0,17}/)?[1-9][0-9]{0,17}$", &["ID", "ACCOUNT/ID"])
        .rule(&[Create], Method::Post, API, API_CLIENTS)
        .minting("api_key", "/apiKey")
        .rule(&[Check, Get, List, Update, Verify, Revoke], Method::Get, API, API_CLIENTS)
        // Each of them, for whether a change of the date alone makes a new secret is not known.
        .rule(&[Update, SetEnabled, Regenerate], Method::Patch, API, API_CLIENT)
        .minting("api_key", "/apiKey")
        .rule(&[Revoke], Method::Delete, API, API_CLIENT)
        .expiry(ExpirySupport::Mutable)
        .marker("description", DESCRIPTION_LENGTH)
        // Imperva's documentation, "API Key Management".
        .max_live_per_owner(5)
        // New objects have been refused for some seconds (issue 648 of the Terraform provider).
        .consistency_delay(30)
        .last_used(LastUsed::Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Imperva>(), Ok(()));
    }
}
