//! What Keywright needs to know of Scaleway.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, Method};

use crate::API;

/// The characters that a description takes (IAM v1alpha1, `CreateAPIKeyRequest`).
pub(crate) const DESCRIPTION_LENGTH: usize = 200;

const API_KEYS: &str = "/iam/v1alpha1/api-keys";
const API_KEY: &str = "/iam/v1alpha1/api-keys/{access_key}";

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("scaleway", "Scaleway IAM API keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.scaleway.com")
        .header("X-Auth-Token", "{parts.secret_key}")
        .id_part("access_key", "access key", &["SCW_ACCESS_KEY"])
        .secret_part("secret_key", "secret key", &["SCW_SECRET_KEY"])
        // As the Go SDK checks it before it sends anything (validation/is.go).
        .id("^SCW[A-Z0-9]{17}$", &["ACCESS_KEY"])
        .rule(&[Create], Method::Post, API, API_KEYS)
        .minting("secret_key", "/secret_key")
        .rule(&[Check, List], Method::Get, API, API_KEYS)
        .rule(&[Check, Get, Update, Verify], Method::Get, API, API_KEY)
        .rule(&[Update], Method::Patch, API, API_KEY)
        .rule(&[Revoke], Method::Delete, API, API_KEY)
        .expiry(ExpirySupport::AddOnce)
        .marker("description", DESCRIPTION_LENGTH as u32)
        // The Terraform provider's own tests wait up to three minutes for a deletion to show.
        .consistency_delay(180)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Scaleway>(), Ok(()));
    }
}
