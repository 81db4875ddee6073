//! What Keywright needs to know of OUTSCALE.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, SetEnabled, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, Part, QuotaScope, Rule, Scheme, Signature};

use crate::answer::{LOCK, TRIES};
use crate::calls::API;

/// The characters that a tag takes. OUTSCALE says nothing of it; this is what its resource tags take.
pub(crate) const TAG_LENGTH: usize = 255;

/// What a marker takes of them, so that one fits although the true length is not known.
const MARKED_LENGTH: u32 = 76;

/// A user name is as in `CreateUserRequest`. In the examples of the API description an account has 12 digits and an access
/// key 20 characters; other lengths are taken too, because no text says so: a choice.
const ID: &str = "^[0-9]{1,32}/(?:[A-Za-z0-9+=,.@_-]{1,64}/)?[A-Z0-9]{16,128}$";
const OWNER: &str = "^[0-9]{1,32}(?:/[A-Za-z0-9+=,.@_-]{1,64})?$";
const ACCESS_KEY: &str = "^[A-Z0-9]{16,128}$";

/// In the examples 40 letters and digits. What is longer than nothing and has no space is taken: a choice.
const SECRET_KEY: &str = "^[!-~]{16,256}$";

pub(crate) fn descriptor() -> Descriptor {
    let secret_key = Part::secret("secret_key", "secret key").pattern(SECRET_KEY).environment(&["OSC_SECRET_KEY"]);
    let access_key = Part::public("access_key", "access key").identifies().pattern(ACCESS_KEY);
    Descriptor::new("outscale", "OUTSCALE access keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.{settings.region}.outscale.com")
        .scheme(Scheme::new("api").signature(Signature::new(
            "{settings.signature}",
            "{parts.access_key}",
            "{parts.secret_key}",
            "{settings.region}",
            "api",
        )))
        .part(access_key.environment(&["OSC_ACCESS_KEY"]))
        .part(secret_key)
        .administrator_part(
            Part::public("owner", "whose the key is: ACCOUNT_ID for the root user, ACCOUNT_ID/USER for an EIM user")
                .optional()
                .pattern(OWNER)
                .environment(&["OSC_ACCESS_KEY_OWNER"]),
        )
        .id(ID, &["ACCOUNT_ID/USER/ACCESS_KEY", "ACCOUNT_ID/ACCESS_KEY"])
        .rule(Rule::post(&[Create], API, "/api/v1/CreateAccessKey").mints("secret_key", "/AccessKey/SecretKey"))
        // A creation and a revocation may disable a key, and do nothing else to one.
        .rule(Rule::post(&[Create, Revoke], API, "/api/v1/UpdateAccessKey").demand_json("/State", &[r#""INACTIVE""#]))
        .rule(Rule::post(&[Update, SetEnabled], API, "/api/v1/UpdateAccessKey"))
        .rule(Rule::post(&[Check, Get, List, Update, SetEnabled, Verify, Revoke], API, "/api/v1/ReadAccessKeys"))
        .rule(Rule::post(&[Revoke], API, "/api/v1/DeleteAccessKey"))
        .rule(Rule::post(&[Check, Create, Get, List, Update, SetEnabled, Revoke], API, "/api/v1/ReadAccounts"))
        .rule(Rule::post(&[Get, List, Update, SetEnabled, Revoke], API, "/api/v1/ReadUsers"))
        .expiry(ExpirySupport::Mutable)
        .marker("tag", MARKED_LENGTH)
        // For the root user and for each EIM user (user guide, "About Access Keys").
        .quota(Some(10), QuotaScope::Owner)
        .disabling(true, None)
        .lock_out(TRIES, Some(LOCK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Outscale>(), Ok(()));
    }
}
