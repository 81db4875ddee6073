//! What Keywright needs to know of Scaleway.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, Part, QuotaScope, Rule, Scheme};

use crate::API;

/// The characters that a description takes (IAM v1alpha1, `CreateAPIKeyRequest`).
pub(crate) const DESCRIPTION_LENGTH: usize = 200;

const API_KEYS: &str = "/iam/v1alpha1/api-keys";
const LIST: &str = "/iam/v1alpha1/api-keys?organization_id,order_by,page,page_size,bearer_id,bearer_type";
const API_KEY: &str = "/iam/v1alpha1/api-keys/{access_key}";

/// As the Go SDK checks it before it sends anything (validation/is.go).
const ACCESS_KEY: &str = "^SCW[A-Z0-9]{17}$";

/// A UUID (validation/is.go).
const SECRET_KEY: &str = "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$";

pub(crate) fn descriptor() -> Descriptor {
    let access_key =
        || Part::public("access_key", "access key").identifies().pattern(ACCESS_KEY).environment(&["SCW_ACCESS_KEY"]);
    Descriptor::new("scaleway", "Scaleway IAM API keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.scaleway.com")
        .scheme(Scheme::new("api").header("X-Auth-Token", "{parts.secret_key}"))
        // The secret key alone authenticates; with its access key, `check` finds the key itself.
        .administrator_part(access_key().optional())
        .issued_part(access_key())
        .part(Part::secret("secret_key", "secret key").pattern(SECRET_KEY).environment(&["SCW_SECRET_KEY"]))
        .id(ACCESS_KEY, &["ACCESS_KEY"])
        .rule(Rule::post(&[Create], API, API_KEYS).mints("secret_key", "/secret_key"))
        .rule(Rule::get(&[Check, List], API, LIST))
        .rule(Rule::get(&[Check, Get, Update, Verify], API, API_KEY))
        .rule(Rule::patch(&[Update], API, API_KEY))
        .rule(Rule::delete(&[Revoke], API, API_KEY))
        .expiry(ExpirySupport::AddOnce)
        .marker("description", DESCRIPTION_LENGTH as u32)
        // Keys are counted for the whole organization; the vendor's pages disagree on how many there may be.
        .quota(None, QuotaScope::Organization)
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
