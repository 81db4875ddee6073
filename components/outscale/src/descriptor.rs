//! What Keywright needs to know of OUTSCALE.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, SetEnabled, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, Method};

use crate::calls::API;

/// The characters that a tag takes. OUTSCALE says nothing of it; this is what its resource tags take.
pub(crate) const TAG_LENGTH: usize = 255;

/// What a marker takes of them, so that one fits although the true length is not known.
const MARKED_LENGTH: u32 = 76;

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("outscale", "OUTSCALE access keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.{settings.region}.outscale.com")
        .signature("{settings.signature}", "{parts.access_key}", "{parts.secret_key}", "{settings.region}", "api")
        .id_part("access_key", "access key", &["OSC_ACCESS_KEY"])
        .secret_part("secret_key", "secret key", &["OSC_SECRET_KEY"])
        // A key does not say whose it is, and every call but those on one's own keys must: so the id does. User names as
        // in `CreateUserRequest`; the examples of the API description show access keys of 20 characters.
        .id("^(?:[A-Za-z0-9+=,.@_-]{1,64}/)?[A-Z0-9]{16,128}$", &["ACCESS_KEY", "USER/ACCESS_KEY"])
        .rule(&[Create], Method::Post, API, "/api/v1/CreateAccessKey")
        .minting("secret_key", "/AccessKey/SecretKey")
        .rule(&[Create, Update, SetEnabled, Revoke], Method::Post, API, "/api/v1/UpdateAccessKey")
        .rule(&[Check, Get, List, Update, SetEnabled, Verify, Revoke], Method::Post, API, "/api/v1/ReadAccessKeys")
        .rule(&[Revoke], Method::Post, API, "/api/v1/DeleteAccessKey")
        .rule(&[Check], Method::Post, API, "/api/v1/ReadAccounts")
        .rule(&[List], Method::Post, API, "/api/v1/ReadUsers")
        .expiry(ExpirySupport::Mutable)
        .marker("tag", MARKED_LENGTH)
        // For the root user and for each EIM user (user guide, "About Access Keys").
        .max_live_per_owner(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Outscale>(), Ok(()));
    }
}
